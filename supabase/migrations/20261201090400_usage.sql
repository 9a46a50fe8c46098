-- Limits and the charging of questions.

create table public.usage_days (
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  day date not null,
  questions integer not null default 0 check (questions >= 0),
  early_searches integer not null default 0 check (early_searches >= 0),
  primary key (user_id, group_id, day)
);
comment on table public.usage_days is 'The number of questions that a person asked in a restaurant on a day.';
comment on column public.usage_days.early_searches is 'Searches for words of questions that were still spoken. They are not charged.';
comment on column public.usage_days.day is 'The day in the time zone of the restaurant.';

create table public.group_usage_days (
  group_id uuid not null references public.groups (id) on delete cascade,
  day date not null,
  questions integer not null default 0 check (questions >= 0),
  primary key (group_id, day)
);
comment on table public.group_usage_days is
  'The number of questions that all people of a restaurant asked on a day, without names.';
comment on column public.group_usage_days.day is 'The day in the time zone of the restaurant.';

create table public.counted_questions (
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  question_id uuid not null,
  searches integer not null default 1 check (searches >= 1),
  searches_ahead integer not null default 0 check (searches_ahead >= 0),
  charged_at timestamptz not null default now(),
  primary key (group_id, question_id)
);
create index counted_questions_user_id on public.counted_questions (user_id);
comment on table public.counted_questions is
  'Counted questions, each with the person who asked it. The first person who uses an id in a restaurant owns it.';
comment on column public.counted_questions.searches is 'Searches since the last time that the question was counted.';
comment on column public.counted_questions.searches_ahead is 'Searches that charge_question has counted and that are not done yet.';

alter table public.usage_days enable row level security;
alter table public.usage_days force row level security;
alter table public.group_usage_days enable row level security;
alter table public.group_usage_days force row level security;
alter table public.counted_questions enable row level security;
alter table public.counted_questions force row level security;

create policy "people read their own usage" on public.usage_days
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "managers read their groups' usage" on public.group_usage_days
  for select to authenticated
  using (group_id in (select private.groups_readable_by_manager()));

create policy "people read their own questions" on public.counted_questions
  for select to authenticated
  using (user_id = (select auth.uid()));

revoke all on public.usage_days, public.group_usage_days, public.counted_questions from public, anon, authenticated;
grant select on public.usage_days, public.group_usage_days, public.counted_questions to authenticated;
grant all on public.usage_days, public.group_usage_days, public.counted_questions to service_role;

create function private.usage_of(_user_id uuid, _group_id uuid)
returns table (
  role text,
  group_name text,
  organisation_id uuid,
  voice_enabled boolean,
  can_use_ai boolean,
  today date,
  daily_count integer,
  daily_limit integer,
  monthly_count integer,
  monthly_limit integer,
  group_daily_count integer,
  group_daily_limit integer,
  group_monthly_count integer,
  group_monthly_limit integer,
  is_group_at_limit boolean,
  can_ask boolean
)
language plpgsql stable set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
    select
      m.role,
      g.name,
      g.organisation_id,
      coalesce(p.voice_enabled, false),
      coalesce(p.can_use_ai, false),
      d.today,
      u.daily,
      case when p.role is null then 0 else p.daily_limit end,
      u.monthly,
      case when p.role is null then 0 else p.monthly_limit end,
      a.daily,
      g.daily_limit,
      a.monthly,
      g.monthly_limit,
      l.is_group_at_limit,
      coalesce(p.can_use_ai, false)
        and (p.daily_limit is null or u.daily < p.daily_limit)
        and (p.monthly_limit is null or u.monthly < p.monthly_limit)
        and not l.is_group_at_limit
    from public.group_memberships m
    join public.groups g on g.id = m.group_id
    left join public.role_policies p on p.group_id = m.group_id and p.role = m.role
    cross join lateral (select (now() at time zone g.time_zone)::date as today) d
    cross join lateral (
      select
        coalesce(sum(c.questions) filter (where c.day = d.today), 0)::integer as daily,
        coalesce(sum(c.questions), 0)::integer as monthly
      from public.usage_days c
      where c.user_id = m.user_id
        and c.group_id = m.group_id
        and c.day >= date_trunc('month', d.today)::date
        and c.day <= d.today
    ) u
    cross join lateral (
      select
        coalesce(sum(c.questions) filter (where c.day = d.today), 0)::integer as daily,
        coalesce(sum(c.questions), 0)::integer as monthly
      from public.group_usage_days c
      where c.group_id = m.group_id
        and c.day >= date_trunc('month', d.today)::date
        and c.day <= d.today
    ) a
    cross join lateral (
      select coalesce(a.daily >= g.daily_limit, false) or coalesce(a.monthly >= g.monthly_limit, false)
        as is_group_at_limit
    ) l
    where m.user_id = _user_id and m.group_id = _group_id;
end
$$;
comment on function private.usage_of is
  'Rights, counts and limits of a member: one row, or none for other people. A role without a policy has false and zero.
  In PL/pgSQL, which keeps its plans: SQL was planned again for each question and took several times as long.';

create function private.count_question(
  _user_id uuid,
  _group_id uuid,
  _question_id uuid,
  _is_ahead boolean default false
) returns void
language plpgsql set search_path = ''
as $$
declare
  _searches_per_charge constant integer := 5;
  _usage record;
  _counted record;
begin
  if _question_id is null then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'question id is missing';
  end if;

  -- Only members may lock the row of a restaurant.
  if not exists (
    select from public.group_memberships m where m.user_id = _user_id and m.group_id = _group_id
  ) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  perform from public.groups g where g.id = _group_id for no key update;
  perform from public.group_memberships m
    where m.user_id = _user_id and m.group_id = _group_id
    for no key update;
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;

  -- After the locks, so that the snapshot has what another charge wrote while this one waited.
  select * into _usage from private.usage_of(_user_id, _group_id);
  if not _usage.can_use_ai then
    raise exception using errcode = 'HR002', message = 'ai_disabled';
  end if;

  select q.user_id, q.searches, q.searches_ahead into _counted
    from public.counted_questions q where q.group_id = _group_id and q.question_id = _question_id;
  if _counted.user_id <> _user_id then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'another person asked this question';
  end if;
  if _counted.searches_ahead > 0 and not _is_ahead then
    update public.counted_questions q set searches_ahead = q.searches_ahead - 1
      where q.group_id = _group_id and q.question_id = _question_id;
    return;
  end if;
  if _counted.searches < _searches_per_charge then
    update public.counted_questions q
      set searches = q.searches + 1, searches_ahead = q.searches_ahead + _is_ahead::integer
      where q.group_id = _group_id and q.question_id = _question_id;
    return;
  end if;

  if not _usage.can_ask then
    raise exception using
      errcode = 'HR003',
      message = 'limit_exceeded',
      detail = jsonb_build_object(
        'whose', case when _usage.is_group_at_limit then 'group' else 'person' end,
        'daily_count', _usage.daily_count, 'daily_limit', _usage.daily_limit,
        'monthly_count', _usage.monthly_count, 'monthly_limit', _usage.monthly_limit,
        'group_daily_count', _usage.group_daily_count, 'group_daily_limit', _usage.group_daily_limit,
        'group_monthly_count', _usage.group_monthly_count,
        'group_monthly_limit', _usage.group_monthly_limit)::text;
  end if;

  insert into public.counted_questions as q (user_id, group_id, question_id, searches_ahead)
    values (_user_id, _group_id, _question_id, _is_ahead::integer)
    on conflict (group_id, question_id) do update
      set searches = 1, searches_ahead = q.searches_ahead + excluded.searches_ahead, charged_at = now();
  insert into public.usage_days as d (user_id, group_id, day, questions)
    values (_user_id, _group_id, _usage.today, 1)
    on conflict (user_id, group_id, day) do update set questions = d.questions + 1;
  insert into public.group_usage_days as d (group_id, day, questions)
    values (_group_id, _usage.today, 1)
    on conflict (group_id, day) do update set questions = d.questions + 1;
end
$$;
comment on function private.count_question is
  'Counts a question once, also when requests arrive twice or at the same moment.
  Locks the row of the restaurant, then the membership, always in this order: charges never deadlock.
  Counts are read after the locks, so the checked count is the raised count.
  A question of a model may search again: one id pays for five searches, and the sixth counts as a new question.
  Refusing it would strand a person; letting it pass would make one id a free pass.
  `_is_ahead`: counts a search that a later call without it does.
  Raises HR001 not_a_member, HR002 ai_disabled, HR003 limit_exceeded, HR400 bad_request (also for another person''s id).';

create function private.is_question_of_caller(_group_id uuid, _question_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select exists (
    select from public.counted_questions q
    where q.group_id = _group_id and q.question_id = _question_id and q.user_id = auth.uid())
$$;
comment on function private.is_question_of_caller is
  'True for a question that the caller asked. The record of a question has no account; only its charge has one.';

create function private.count_early_search(_user_id uuid, _group_id uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  -- A question takes up to three. The rest is for holds that were no question.
  _each_question constant integer := 4;
  _each_day constant integer := 200;
  _usage record;
begin
  select * into _usage from private.usage_of(_user_id, _group_id);
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if not _usage.can_use_ai then
    raise exception using errcode = 'HR002', message = 'ai_disabled';
  end if;
  if _usage.can_ask then
    insert into public.usage_days as d (user_id, group_id, day, early_searches)
      values (_user_id, _group_id, _usage.today, 1)
      on conflict (user_id, group_id, day) do update set early_searches = d.early_searches + 1
        where d.early_searches < _each_day + _each_question * d.questions;
    if found then
      return;
    end if;
  end if;
  raise exception using errcode = 'HR003', message = 'limit_exceeded', detail = '{"whose": "person"}';
end
$$;
comment on function private.count_early_search is
  'Checks the rights of a search for words of a question that is still spoken, as private.count_question does.
  Such a search is not charged, so a day has a limit of them: otherwise they would be questions without one.
  Raises HR001 not_a_member, HR002 ai_disabled, HR003 limit_exceeded.';

create function private.handbook_table_of_contents(
  _organisation_id uuid,
  _group_id uuid,
  _language text,
  _max_sections integer
) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  _counted_for constant interval := '90 days';
  _overridden constant uuid[] := private.overridden_sections(_organisation_id, _group_id);
begin
  return (
    with answers as (
      select coalesce(q.answered_section_id, q.section_id) as section_id, count(*)::integer as asked
      from public.asked_questions q
      where q.group_id = _group_id and q.asked_at > now() - _counted_for and q.outcome is distinct from 'not_found'
      group by 1
    ),
    visible as (
      select s.slug, v.category, coalesce(a.asked, 0) as asked,
        case _language when 'es' then coalesce(v.title_es, v.title_en) else coalesce(v.title_en, v.title_es) end as title,
        row_number() over (order by v.sort_order, s.slug) as place
      from public.manual_section_versions v
      join public.manual_sections s on s.id = v.section_id
      left join answers a on a.section_id = v.section_id
      where v.organisation_id = _organisation_id and (v.group_id = _group_id or v.group_id is null)
        and v.status = 'published'
        and not exists (select from unnest(_overridden) h (section_id) where h.section_id = v.section_id)
    ),
    ordered as (
      select w.*, min(w.place) over (partition by w.category) as category_place,
        row_number() over (order by w.asked desc, w.place) <= _max_sections as is_listed
      from visible w
    )
    select jsonb_build_object(
      'sections', coalesce(
        jsonb_agg(
          jsonb_build_object('slug', o.slug, 'title', o.title, 'category', o.category, 'asked', o.asked)
          order by o.category_place, o.place) filter (where o.is_listed),
        '[]'),
      'omitted', coalesce(
        (
          select jsonb_agg(jsonb_build_object('category', c.category, 'sections', c.sections) order by c.category_place)
          from (
            select n.category, n.category_place, count(*) as sections
            from ordered n where not n.is_listed
            group by n.category, n.category_place
          ) c
        ),
        '[]'))
    from ordered o);
end
$$;
comment on function private.handbook_table_of_contents is
  'The table of contents of the handbook that a restaurant sees:
  {sections: [{slug, title, category, asked}], omitted: [{category, sections}]}.
  A category stands where its first section by sort_order stands. Inside it, sections are in sort_order, then by slug.
  `_language`: es, or any other for English. A title that is missing is given in the other language.
  `asked`: answers from the section in this restaurant in the last 90 days.
  Where there are more than `_max_sections`, those asked most are listed and `omitted` counts the others.';

revoke execute on all functions in schema private from public;

create function public.get_voice_access(_group_id uuid, _language text)
returns table (
  role text,
  group_name text,
  organisation_id uuid,
  voice_enabled boolean,
  can_use_ai boolean,
  daily_count integer,
  daily_limit integer,
  monthly_count integer,
  monthly_limit integer,
  group_daily_count integer,
  group_daily_limit integer,
  group_monthly_count integer,
  group_monthly_limit integer,
  can_ask boolean,
  -- [{term, means}]: terms that the voice has to know.
  kitchen_words jsonb,
  -- The table of contents, as private.handbook_table_of_contents returns it.
  contents jsonb
)
language plpgsql stable security definer set search_path = ''
as $$
declare
  -- The edge functions pass on as many (_shared/kitchen-words.ts).
  _max_words constant integer := 100;
  -- More titles than fit into the instructions of a session.
  _max_sections constant integer := 1500;
begin
  return query
    select u.role, u.group_name, u.organisation_id, u.voice_enabled, u.can_use_ai,
      u.daily_count, u.daily_limit, u.monthly_count, u.monthly_limit,
      u.group_daily_count, u.group_daily_limit, u.group_monthly_count, u.group_monthly_limit, u.can_ask,
      private.kitchen_words(u.organisation_id, _max_words),
      private.handbook_table_of_contents(u.organisation_id, _group_id, _language, _max_sections)
    from private.usage_of(auth.uid(), _group_id) u;
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
end
$$;
comment on function public.get_voice_access is
  'All that realtime-session has to know before it mints a key, in one round trip. Counts nothing.
  `_language`: language of the titles in `contents`, as in private.handbook_table_of_contents.
  Raises HR001 not_a_member.';

create function public.charge_question(_group_id uuid, _question_id uuid) returns text
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.count_question(auth.uid(), _group_id, _question_id, _is_ahead => true);
  return (
    select o.embedding_model from public.groups g join public.organisations o on o.id = g.organisation_id
    where g.id = _group_id);
end
$$;
comment on function public.charge_question is
  'Counts a question and one search of it, before its texts are embedded, which costs money. The next search_handbook of
  the question is then counted already. Returns the model to embed with. Raises as private.count_question.';

revoke execute on function public.get_voice_access from public, anon;
grant execute on function public.get_voice_access to authenticated, service_role;
revoke execute on function public.charge_question from public, anon;
grant execute on function public.charge_question to authenticated, service_role;
