-- Limits of a restaurant beside those of a person: both are checked, and counted, in one transaction.

drop function private.usage_of(uuid, uuid);
drop function private.refuse_over_limit(integer, integer, integer, integer);
drop function public.get_user_usage(uuid, uuid);
drop function public.get_voice_access(uuid);
drop function public.increment_usage(uuid, uuid, uuid);

-- One row when the person is a member, none otherwise. A role without a policy gets false and zero. In a language whose
-- plans outlive the statement: in SQL it was planned again for every question, which took several times as long.
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

-- Counts a question once, whatever happens to arrive twice or at the same moment.
--
-- Locks are taken in one order, the restaurant's row and then the membership's, so that no two charges wait for each
-- other; and the counts are read after them, so that the count that is checked is the count that is raised. A
-- restaurant's questions queue for as long as a search takes, some tens of milliseconds.
--
-- A model may rephrase and search again within one question, so a question id is good for five searches;
-- the sixth is counted as a new question (and may meet the limit). Refusing it instead would strand a
-- person in the middle of a question; letting it pass would make one id a free pass.
create or replace function private.charge_question(_user_id uuid, _group_id uuid, _question_id uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  _searches_per_charge constant integer := 5;
  _usage record;
begin
  if _question_id is null then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'question id is missing';
  end if;

  -- Nobody locks a restaurant that is not theirs.
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

  -- After the locks: what another charge wrote while this one waited must be in this statement's snapshot.
  select * into _usage from private.usage_of(_user_id, _group_id);
  if not _usage.can_use_ai then
    raise exception using errcode = 'HR002', message = 'ai_disabled';
  end if;

  update public.questions_charged q set searches = q.searches + 1
    where q.user_id = _user_id and q.group_id = _group_id and q.question_id = _question_id
      and q.searches < _searches_per_charge;
  if found then
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

  insert into public.questions_charged (user_id, group_id, question_id)
    values (_user_id, _group_id, _question_id)
    on conflict (user_id, group_id, question_id) do update set searches = 1, charged_at = now();
  insert into public.usage_days as d (user_id, group_id, day, questions)
    values (_user_id, _group_id, _usage.today, 1)
    on conflict (user_id, group_id, day) do update set questions = d.questions + 1;
  insert into public.group_usage_days as d (group_id, day, questions)
    values (_group_id, _usage.today, 1)
    on conflict (group_id, day) do update set questions = d.questions + 1;
end
$$;

revoke execute on function private.usage_of(uuid, uuid) from public;

-- What a person, and their whole restaurant, have asked today and this month. `_user_id` defaults to the caller;
-- asking about somebody else is for service_role only.
create function public.get_user_usage(_group_id uuid, _user_id uuid default null)
returns table (
  daily_count integer,
  daily_limit integer,
  monthly_count integer,
  monthly_limit integer,
  group_daily_count integer,
  group_daily_limit integer,
  group_monthly_count integer,
  group_monthly_limit integer,
  can_ask boolean
)
language plpgsql stable security definer set search_path = ''
as $$
declare
  _whose uuid := coalesce(_user_id, auth.uid());
begin
  if _whose is null or (_whose is distinct from auth.uid() and not private.is_service()) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  return query
    select u.daily_count, u.daily_limit, u.monthly_count, u.monthly_limit,
      u.group_daily_count, u.group_daily_limit, u.group_monthly_count, u.group_monthly_limit, u.can_ask
    from private.usage_of(_whose, _group_id) u;
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
end
$$;

-- All that must be known before a voice session is minted, in one round trip and without counting anything.
create function public.get_voice_access(_group_id uuid)
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
  can_ask boolean
)
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
    select u.role, u.group_name, u.organisation_id, u.voice_enabled, u.can_use_ai,
      u.daily_count, u.daily_limit, u.monthly_count, u.monthly_limit,
      u.group_daily_count, u.group_daily_limit, u.group_monthly_count, u.group_monthly_limit, u.can_ask
    from private.usage_of(auth.uid(), _group_id) u;
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
end
$$;

-- Counts a question, once per question id, and returns the usage as it then is.
create function public.increment_usage(_user_id uuid, _group_id uuid, _question_id uuid)
returns table (
  daily_count integer,
  daily_limit integer,
  monthly_count integer,
  monthly_limit integer,
  group_daily_count integer,
  group_daily_limit integer,
  group_monthly_count integer,
  group_monthly_limit integer,
  can_ask boolean
)
language plpgsql security definer set search_path = ''
as $$
begin
  if _user_id is null or (_user_id is distinct from auth.uid() and not private.is_service()) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  perform private.charge_question(_user_id, _group_id, _question_id);
  return query select * from public.get_user_usage(_group_id, _user_id);
end
$$;

revoke execute on function public.get_user_usage(uuid, uuid) from public, anon;
revoke execute on function public.get_voice_access(uuid) from public, anon;
revoke execute on function public.increment_usage(uuid, uuid, uuid) from public, anon;
grant execute on function public.get_user_usage(uuid, uuid) to authenticated, service_role;
grant execute on function public.get_voice_access(uuid) to authenticated, service_role;
grant execute on function public.increment_usage(uuid, uuid, uuid) to authenticated, service_role;
