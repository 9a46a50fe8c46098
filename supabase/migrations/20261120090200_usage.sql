-- How many questions a person has asked a restaurant's handbook, and which questions have been counted.

create table public.usage_days (
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  -- The day in the restaurant's time zone.
  day date not null,
  questions integer not null default 0 check (questions >= 0),
  primary key (user_id, group_id, day)
);

-- One row per question counted. The key begins with the person and the restaurant, so that nobody can
-- use up, or ride on, a question id of somebody else.
create table public.questions_charged (
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  question_id uuid not null,
  -- Searches since the question was last counted.
  searches integer not null default 1 check (searches >= 1),
  charged_at timestamptz not null default now(),
  primary key (user_id, group_id, question_id)
);

alter table public.usage_days enable row level security;
alter table public.usage_days force row level security;
alter table public.questions_charged enable row level security;
alter table public.questions_charged force row level security;

create policy "people read their own usage" on public.usage_days
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "people read their own questions" on public.questions_charged
  for select to authenticated
  using (user_id = (select auth.uid()));

revoke all on public.usage_days, public.questions_charged from public, anon, authenticated;
grant select on public.usage_days, public.questions_charged to authenticated;
grant all on public.usage_days, public.questions_charged to service_role;

-- One row when the person is a member, none otherwise. A role without a policy gets false and zero.
create function private.usage_of(_user_id uuid, _group_id uuid)
returns table (
  role text,
  voice_enabled boolean,
  can_use_ai boolean,
  today date,
  daily_count integer,
  daily_limit integer,
  monthly_count integer,
  monthly_limit integer,
  can_ask boolean
)
language sql stable set search_path = ''
as $$
  select
    m.role,
    coalesce(p.voice_enabled, false),
    coalesce(p.can_use_ai, false),
    d.today,
    u.daily,
    case when p.role is null then 0 else p.daily_limit end,
    u.monthly,
    case when p.role is null then 0 else p.monthly_limit end,
    coalesce(p.can_use_ai, false)
      and (p.daily_limit is null or u.daily < p.daily_limit)
      and (p.monthly_limit is null or u.monthly < p.monthly_limit)
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
  where m.user_id = _user_id and m.group_id = _group_id
$$;

-- Refusals have an SQLSTATE of their own and a code for a message, which the edge functions map:
--   HR001 not_a_member · HR002 ai_disabled · HR003 limit_exceeded (detail: counts as JSON) · HR400 bad_request
create function private.refuse_over_limit(_daily_count integer, _daily_limit integer,
  _monthly_count integer, _monthly_limit integer) returns void
language plpgsql set search_path = ''
as $$
begin
  raise exception using
    errcode = 'HR003',
    message = 'limit_exceeded',
    detail = jsonb_build_object(
      'daily_count', _daily_count, 'daily_limit', _daily_limit,
      'monthly_count', _monthly_count, 'monthly_limit', _monthly_limit)::text;
end
$$;

-- Counts a question once, whatever happens to arrive twice or at the same moment.
--
-- The membership row is the lock: every charge of one person in one restaurant waits its turn there, so
-- that the count that is checked is the count that is raised, and two people never wait for each other.
--
-- A model may rephrase and search again within one question, so a question id is good for five searches;
-- the sixth is counted as a new question (and may meet the limit). Refusing it instead would strand a
-- person in the middle of a question; letting it pass would make one id a free pass.
create function private.charge_question(_user_id uuid, _group_id uuid, _question_id uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  _searches_per_charge constant integer := 5;
  _searches integer;
  _usage record;
begin
  if _question_id is null then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'question id is missing';
  end if;

  perform 1 from public.group_memberships m
    where m.user_id = _user_id and m.group_id = _group_id
    for no key update;
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;

  -- After the lock: what another charge wrote while this one waited must be in this statement's snapshot.
  select * into _usage from private.usage_of(_user_id, _group_id);
  if not _usage.can_use_ai then
    raise exception using errcode = 'HR002', message = 'ai_disabled';
  end if;

  update public.questions_charged q set searches = q.searches + 1
    where q.user_id = _user_id and q.group_id = _group_id and q.question_id = _question_id
      and q.searches < _searches_per_charge
    returning q.searches into _searches;
  if found then
    return;
  end if;

  if not _usage.can_ask then
    perform private.refuse_over_limit(_usage.daily_count, _usage.daily_limit,
      _usage.monthly_count, _usage.monthly_limit);
  end if;

  insert into public.questions_charged (user_id, group_id, question_id)
    values (_user_id, _group_id, _question_id)
    on conflict (user_id, group_id, question_id) do update set searches = 1, charged_at = now();
  insert into public.usage_days as d (user_id, group_id, day, questions)
    values (_user_id, _group_id, _usage.today, 1)
    on conflict (user_id, group_id, day) do update set questions = d.questions + 1;
end
$$;

revoke execute on function private.usage_of(uuid, uuid) from public;
revoke execute on function private.refuse_over_limit(integer, integer, integer, integer) from public;
revoke execute on function private.charge_question(uuid, uuid, uuid) from public;

-- What a person has asked today and this month. `_user_id` defaults to the caller; asking about somebody
-- else is for service_role only.
create function public.get_user_usage(_group_id uuid, _user_id uuid default null)
returns table (
  daily_count integer,
  daily_limit integer,
  monthly_count integer,
  monthly_limit integer,
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
    select u.daily_count, u.daily_limit, u.monthly_count, u.monthly_limit, u.can_ask
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
  voice_enabled boolean,
  can_use_ai boolean,
  daily_count integer,
  daily_limit integer,
  monthly_count integer,
  monthly_limit integer,
  can_ask boolean
)
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
    select u.role, u.voice_enabled, u.can_use_ai, u.daily_count, u.daily_limit,
      u.monthly_count, u.monthly_limit, u.can_ask
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
  can_ask boolean
)
language plpgsql security definer set search_path = ''
as $$
begin
  if _user_id is null or (_user_id is distinct from auth.uid() and not private.is_service()) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  perform private.charge_question(_user_id, _group_id, _question_id);
  return query
    select u.daily_count, u.daily_limit, u.monthly_count, u.monthly_limit, u.can_ask
    from private.usage_of(_user_id, _group_id) u;
end
$$;

revoke execute on function public.get_user_usage(uuid, uuid) from public, anon;
revoke execute on function public.get_voice_access(uuid) from public, anon;
revoke execute on function public.increment_usage(uuid, uuid, uuid) from public, anon;
grant execute on function public.get_user_usage(uuid, uuid) to authenticated, service_role;
grant execute on function public.get_voice_access(uuid) to authenticated, service_role;
grant execute on function public.increment_usage(uuid, uuid, uuid) to authenticated, service_role;
