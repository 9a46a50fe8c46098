-- Limits, the charging of questions, and the metering of voice: keys, calls and money.
-- See docs/decisions/0011-edge-functions.md.

create table public.usage_days (
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  day date not null,
  questions integer not null default 0 check (questions >= 0),
  early_searches integer not null default 0 check (early_searches >= 0),
  turns integer not null default 0 check (turns >= 0),
  keys integer not null default 0 check (keys >= 0),
  calls integer not null default 0 check (calls >= 0),
  call_seconds integer not null default 0 check (call_seconds >= 0),
  cost numeric(14, 6) not null default 0 check (cost >= 0),
  primary key (user_id, group_id, day)
);
comment on table public.usage_days is 'The usage of a person in a restaurant on a day.';
comment on column public.usage_days.early_searches is 'Searches for words of questions that were still spoken. They are not charged.';
comment on column public.usage_days.day is 'The day in the time zone of the restaurant.';
comment on column public.usage_days.turns is 'Turns with a reported cost. A turn without a search is no question.';
comment on column public.usage_days.keys is 'Ephemeral keys, and calls that the server opened.';
comment on column public.usage_days.call_seconds is 'Length of the calls that ended.';
comment on column public.usage_days.cost is 'In dollars, by the reported tokens and model_prices.';

create table public.group_usage_days (
  group_id uuid not null references public.groups (id) on delete cascade,
  day date not null,
  questions integer not null default 0 check (questions >= 0),
  turns integer not null default 0 check (turns >= 0),
  keys integer not null default 0 check (keys >= 0),
  calls integer not null default 0 check (calls >= 0),
  call_seconds integer not null default 0 check (call_seconds >= 0),
  cost numeric(14, 6) not null default 0 check (cost >= 0),
  primary key (group_id, day)
);
comment on table public.group_usage_days is
  'The usage of all people of a restaurant on a day, without names. Columns as in usage_days.';
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

create table public.voice_keys (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  minted_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index voice_keys_group_id on public.voice_keys (group_id, minted_at);
create index voice_keys_user_id on public.voice_keys (user_id);
comment on table public.voice_keys is
  'Ephemeral keys of the last day, for the limits of an hour and of live keys. The keys themselves are not stored.';
comment on column public.voice_keys.expires_at is
  'Until then a key can open calls. Equal to minted_at for a call that the server opened.';

create table public.voice_calls (
  key_id uuid not null references public.voice_keys (id) on delete cascade,
  call_id text not null check (length(call_id) between 1 and 200),
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  opened_at timestamptz not null default now(),
  seconds integer check (seconds between 0 and 3600),
  primary key (key_id, call_id)
);
create index voice_calls_group_id on public.voice_calls (group_id, opened_at);
create index voice_calls_user_id on public.voice_calls (user_id);
comment on table public.voice_calls is 'Calls of the last day, as the kiosks report them.';
comment on column public.voice_calls.seconds is
  'Length of the call. Null: the call is open. The service ends a call after an hour.';

create table public.usage_limits (
  group_id uuid references public.groups (id) on delete cascade,
  whose text not null check (whose in ('person', 'group')),
  measure text not null check (measure in ('live_keys', 'keys', 'calls', 'call_seconds')),
  period text not null check (period in ('now', 'hour', 'day', 'month')),
  most integer check (most >= 0),
  unique nulls not distinct (group_id, whose, measure, period),
  check ((measure = 'live_keys') = (period = 'now')),
  check (measure <> 'live_keys' or whose = 'person')
);
comment on table public.usage_limits is
  'Limits of voice. The limits of questions and of money are in role_policies and groups.';
comment on column public.usage_limits.group_id is 'Null: for every restaurant without a row of its own.';
comment on column public.usage_limits.whose is 'person: of each account. group: of all accounts of the restaurant.';
comment on column public.usage_limits.most is 'Null: no limit.';
insert into public.usage_limits (group_id, whose, measure, period, most)
values
  -- A kiosk has one live key. The others: a restart, a second language, a key that the service refused.
  (null, 'person', 'live_keys', 'now', 4),
  -- A kiosk mints a key when it opens a call, and one in ten minutes while it is idle: at most 200 a day.
  -- On a bad network it opens a call every ten seconds at most, and its key lasts for a minute.
  (null, 'person', 'keys', 'hour', 90),
  (null, 'person', 'keys', 'day', 600),
  (null, 'person', 'keys', 'month', 9000),
  (null, 'person', 'calls', 'hour', 400),
  (null, 'person', 'calls', 'day', 2000),
  -- A call and its standby call, all day.
  (null, 'person', 'call_seconds', 'day', 180000);

create table public.model_prices (
  model text not null check (length(model) between 1 and 100),
  valid_from date not null,
  currency text not null default 'USD' check (currency = 'USD'),
  text_input numeric check (text_input >= 0),
  text_cached numeric check (text_cached >= 0),
  text_output numeric check (text_output >= 0),
  audio_input numeric check (audio_input >= 0),
  audio_cached numeric check (audio_cached >= 0),
  audio_output numeric check (audio_output >= 0),
  transcription_minute numeric check (transcription_minute >= 0),
  source text not null,
  primary key (model, valid_from),
  -- A model that speaks has all token prices; a model that transcribes has the price of a minute.
  check (num_nulls(text_input, text_cached, text_output, audio_input, audio_cached, audio_output)
    = case when transcription_minute is null then 0 else 6 end)
);
comment on table public.model_prices is
  'Prices of the service per million tokens by kind, and per minute of transcribed audio.
  A new price is a new row with its date: costs that are recorded stay.';
comment on column public.model_prices.valid_from is 'The first day of the price.';
comment on column public.model_prices.currency is 'One for all rows, because costs are sums.';
comment on column public.model_prices.source is 'The document, and the day on which it was read.';
insert into public.model_prices
  (model, valid_from, text_input, text_cached, text_output, audio_input, audio_cached, audio_output, source)
select p.*, 'platform.openai.com/docs/pricing, read 2026-11-20'
from (values
  ('gpt-realtime-2.1', date '2026-11-20', 4, 0.4, 24, 32, 0.4, 64),
  ('gpt-realtime-2', '2026-11-20', 4, 0.4, 24, 32, 0.4, 64),
  ('gpt-realtime-2.1-mini', '2026-11-20', 0.6, 0.06, 2.4, 10, 0.3, 20),
  ('gpt-realtime-1.5', '2026-11-20', 4, 0.4, 16, 32, 0.4, 64)
) p;
insert into public.model_prices (model, valid_from, transcription_minute, source)
select p.*, 'platform.openai.com/docs/pricing, read 2026-11-20'
from (values
  ('gpt-live-transcribe', date '2026-11-20', 0.017),
  ('gpt-realtime-whisper', '2026-11-20', 0.017),
  ('gpt-transcribe', '2026-11-20', 0.0045)
) p;

create table public.turn_costs (
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  question_id uuid not null,
  reported_at timestamptz not null default now(),
  model text not null check (length(model) between 1 and 100),
  text_input integer not null check (text_input >= 0),
  text_cached integer not null check (text_cached between 0 and text_input),
  text_output integer not null check (text_output >= 0),
  audio_input integer not null check (audio_input >= 0),
  audio_cached integer not null check (audio_cached between 0 and audio_input),
  audio_output integer not null check (audio_output >= 0),
  transcription_model text not null check (length(transcription_model) between 1 and 100),
  transcription_seconds integer not null check (transcription_seconds >= 0),
  cost numeric(14, 6) not null check (cost >= 0),
  primary key (user_id, group_id, question_id)
);
create index turn_costs_reported_at on public.turn_costs (group_id, reported_at);
comment on table public.turn_costs is
  'Tokens and cost of a turn, as the kiosk reports them, for as long as the brand keeps questions.
  The question id is that of asked_questions, where the turn searched.';
comment on column public.turn_costs.text_input is 'Includes text_cached; audio_input includes audio_cached.';
comment on column public.turn_costs.cost is 'In dollars, by the prices of the day of the report.';

alter table public.usage_days enable row level security;
alter table public.usage_days force row level security;
alter table public.group_usage_days enable row level security;
alter table public.group_usage_days force row level security;
alter table public.counted_questions enable row level security;
alter table public.counted_questions force row level security;
alter table public.voice_keys enable row level security;
alter table public.voice_keys force row level security;
alter table public.voice_calls enable row level security;
alter table public.voice_calls force row level security;
alter table public.usage_limits enable row level security;
alter table public.usage_limits force row level security;
alter table public.model_prices enable row level security;
alter table public.model_prices force row level security;
alter table public.turn_costs enable row level security;
alter table public.turn_costs force row level security;

create policy "people read their own usage" on public.usage_days
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "managers read their groups' usage" on public.group_usage_days
  for select to authenticated
  using (group_id in (select private.groups_readable_by_manager()));

create policy "people read their own questions" on public.counted_questions
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "people read their own keys" on public.voice_keys
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "people read their own calls" on public.voice_calls
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "people read their own costs" on public.turn_costs
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "members and managers read their groups' limits" on public.usage_limits
  for select to authenticated
  using (
    group_id is null
    or group_id in (select private.groups_of_caller())
    or group_id in (select private.groups_readable_by_manager())
  );

create policy "people read prices" on public.model_prices
  for select to authenticated
  using (true);

revoke all on public.usage_days, public.group_usage_days, public.counted_questions, public.voice_keys,
  public.voice_calls, public.usage_limits, public.model_prices, public.turn_costs from public, anon, authenticated;
grant select on public.usage_days, public.group_usage_days, public.counted_questions, public.voice_keys,
  public.voice_calls, public.usage_limits, public.model_prices, public.turn_costs to authenticated;
grant all on public.usage_days, public.group_usage_days, public.counted_questions, public.voice_keys,
  public.voice_calls, public.usage_limits, public.model_prices, public.turn_costs to service_role;

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
  daily_cost numeric,
  daily_cost_limit numeric,
  group_daily_cost numeric,
  group_daily_cost_limit numeric,
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
      u.cost,
      case when p.role is null then 0 else p.daily_cost_limit end,
      a.cost,
      g.daily_cost_limit,
      l.is_group_at_limit,
      coalesce(p.can_use_ai, false)
        and (p.daily_limit is null or u.daily < p.daily_limit)
        and (p.monthly_limit is null or u.monthly < p.monthly_limit)
        and (p.daily_cost_limit is null or u.cost < p.daily_cost_limit)
        and not l.is_group_at_limit
    from public.group_memberships m
    join public.groups g on g.id = m.group_id
    left join public.role_policies p on p.group_id = m.group_id and p.role = m.role
    cross join lateral (select (now() at time zone g.time_zone)::date as today) d
    cross join lateral (
      select
        coalesce(sum(c.questions) filter (where c.day = d.today), 0)::integer as daily,
        coalesce(sum(c.questions), 0)::integer as monthly,
        coalesce(sum(c.cost) filter (where c.day = d.today), 0) as cost
      from public.usage_days c
      where c.user_id = m.user_id
        and c.group_id = m.group_id
        and c.day >= date_trunc('month', d.today)::date
        and c.day <= d.today
    ) u
    cross join lateral (
      select
        coalesce(sum(c.questions) filter (where c.day = d.today), 0)::integer as daily,
        coalesce(sum(c.questions), 0)::integer as monthly,
        coalesce(sum(c.cost) filter (where c.day = d.today), 0) as cost
      from public.group_usage_days c
      where c.group_id = m.group_id
        and c.day >= date_trunc('month', d.today)::date
        and c.day <= d.today
    ) a
    cross join lateral (
      select coalesce(a.daily >= g.daily_limit, false) or coalesce(a.monthly >= g.monthly_limit, false)
        or coalesce(a.cost >= g.daily_cost_limit, false) as is_group_at_limit
    ) l
    where m.user_id = _user_id and m.group_id = _group_id;
end
$$;
comment on function private.usage_of is
  'Rights, counts and limits of a member: one row, or none for other people. A role without a policy has false and zero.
  In PL/pgSQL, which keeps its plans: SQL was planned again for each question and took several times as long.';

create function private.lock_member(_user_id uuid, _group_id uuid) returns date
language plpgsql set search_path = ''
as $$
declare
  _time_zone text;
begin
  -- Only members may lock the row of a restaurant.
  if not exists (
    select from public.group_memberships m where m.user_id = _user_id and m.group_id = _group_id
  ) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  select g.time_zone into _time_zone from public.groups g where g.id = _group_id for no key update;
  perform from public.group_memberships m
    where m.user_id = _user_id and m.group_id = _group_id
    for no key update;
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  return (now() at time zone _time_zone)::date;
end
$$;
comment on function private.lock_member is
  'Locks the row of the restaurant, then the membership, always in this order: two charges never deadlock.
  Returns the day in the restaurant. What is read afterwards has what another charge wrote while this one waited.
  Raises HR001 not_a_member.';

create function private.add_usage(
  _user_id uuid,
  _group_id uuid,
  _day date,
  _questions integer default 0,
  _turns integer default 0,
  _keys integer default 0,
  _calls integer default 0,
  _call_seconds integer default 0,
  _cost numeric default 0
) returns void
language plpgsql set search_path = ''
as $$
begin
  insert into public.usage_days as d (user_id, group_id, day, questions, turns, keys, calls, call_seconds, cost)
    values (_user_id, _group_id, _day, _questions, _turns, _keys, _calls, _call_seconds, _cost)
    on conflict (user_id, group_id, day) do update set
      questions = d.questions + excluded.questions,
      turns = d.turns + excluded.turns,
      keys = d.keys + excluded.keys,
      calls = d.calls + excluded.calls,
      call_seconds = d.call_seconds + excluded.call_seconds,
      cost = d.cost + excluded.cost;
  insert into public.group_usage_days as d (group_id, day, questions, turns, keys, calls, call_seconds, cost)
    values (_group_id, _day, _questions, _turns, _keys, _calls, _call_seconds, _cost)
    on conflict (group_id, day) do update set
      questions = d.questions + excluded.questions,
      turns = d.turns + excluded.turns,
      keys = d.keys + excluded.keys,
      calls = d.calls + excluded.calls,
      call_seconds = d.call_seconds + excluded.call_seconds,
      cost = d.cost + excluded.cost;
end
$$;
comment on function private.add_usage is 'Adds to the day of a person and of the restaurant, after lock_member.';

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

  perform private.lock_member(_user_id, _group_id);
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
        'group_monthly_limit', _usage.group_monthly_limit,
        'daily_cost', _usage.daily_cost, 'daily_cost_limit', _usage.daily_cost_limit,
        'group_daily_cost', _usage.group_daily_cost,
        'group_daily_cost_limit', _usage.group_daily_cost_limit)::text;
  end if;

  insert into public.counted_questions as q (user_id, group_id, question_id, searches_ahead)
    values (_user_id, _group_id, _question_id, _is_ahead::integer)
    on conflict (group_id, question_id) do update
      set searches = 1, searches_ahead = q.searches_ahead + excluded.searches_ahead, charged_at = now();
  perform private.add_usage(_user_id, _group_id, _usage.today, _questions => 1);
end
$$;
comment on function private.count_question is
  'Counts a question once, also when requests arrive twice or at the same moment.
  Counts are read after the locks of lock_member, so the checked count is the raised count.
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

-- Voice.

create function private.usage_counts(_user_id uuid, _group_id uuid)
returns table (whose text, measure text, period text, counted numeric, most numeric)
language sql stable set search_path = ''
as $$
  with today as (
    select (now() at time zone g.time_zone)::date as day, g.daily_limit, g.monthly_limit, g.daily_cost_limit
    from public.groups g
    where g.id = _group_id
  ),
  calls as (
    select c.user_id, c.opened_at, c.seconds is null as is_open,
      coalesce(c.seconds, least(extract(epoch from now() - c.opened_at), 3600)) as seconds
    from public.voice_calls c
    where c.group_id = _group_id
  ),
  days as (
    select 'person' as whose, d.day, d.questions, d.keys, d.calls, d.call_seconds, d.cost
    from public.usage_days d
    where d.user_id = _user_id and d.group_id = _group_id
    union all
    select 'group', d.day, d.questions, d.keys, d.calls, d.call_seconds, d.cost
    from public.group_usage_days d
    where d.group_id = _group_id
  ),
  counts (whose, measure, period, counted) as (
    select d.whose, m.measure, p.period, m.counted
    from today t
    join days d on d.day between date_trunc('month', t.day)::date and t.day
    cross join lateral (values
      ('questions', d.questions::numeric), ('keys', d.keys), ('calls', d.calls), ('call_seconds', d.call_seconds),
      ('cost', d.cost)
    ) m (measure, counted)
    join lateral (values ('day', d.day = t.day), ('month', true)) p (period, is_in) on p.is_in
    union all
    select o.whose, l.measure, l.period, l.counted
    from (values ('person', _user_id), ('group', null)) o (whose, user_id)
    join (
      select k.user_id, 'keys', 'hour', 1 from public.voice_keys k
      where k.group_id = _group_id and k.minted_at > now() - interval '1 hour'
      union all
      select k.user_id, 'live_keys', 'now', 1 from public.voice_keys k
      where k.group_id = _group_id and k.expires_at > now()
      union all
      select c.user_id, m.measure, 'hour', m.counted from calls c
      cross join lateral (values ('calls', 1), ('call_seconds', c.seconds)) m (measure, counted)
      where c.opened_at > now() - interval '1 hour'
      union all
      -- The days have the calls that ended.
      select c.user_id, 'call_seconds', p.period, c.seconds
      from calls c
      cross join (values ('day'), ('month')) p (period)
      where c.is_open
    ) l (user_id, measure, period, counted) on o.user_id is null or o.user_id = l.user_id
  ),
  sums as (
    select c.whose, c.measure, c.period, sum(c.counted) as counted
    from counts c
    group by c.whose, c.measure, c.period
  ),
  limits (whose, measure, period, most) as (
    (
      select distinct on (l.whose, l.measure, l.period) l.whose, l.measure, l.period, l.most::numeric
      from public.usage_limits l
      where l.group_id = _group_id or l.group_id is null
      order by l.whose, l.measure, l.period, l.group_id nulls last
    )
    union all
    select 'group', m.measure, m.period, m.most
    from today t
    cross join lateral (values
      ('questions', 'day', t.daily_limit::numeric), ('questions', 'month', t.monthly_limit),
      ('cost', 'day', t.daily_cost_limit)
    ) m (measure, period, most)
    union all
    select 'person', m.measure, m.period, m.most
    from public.group_memberships a
    join public.role_policies p on p.group_id = a.group_id and p.role = a.role
    cross join lateral (values
      ('questions', 'day', p.daily_limit::numeric), ('questions', 'month', p.monthly_limit),
      ('cost', 'day', p.daily_cost_limit)
    ) m (measure, period, most)
    where a.user_id = _user_id and a.group_id = _group_id
  )
  select coalesce(l.whose, s.whose), coalesce(l.measure, s.measure), coalesce(l.period, s.period),
    round(coalesce(s.counted, 0), 6), l.most
  from limits l
  full join sums s on s.whose = l.whose and s.measure = l.measure and s.period = l.period
  where _user_id is not null or coalesce(l.whose, s.whose) = 'group'
$$;
comment on function private.usage_counts is
  'What a person and the restaurant used until now, with the limits. `_user_id` null: of the restaurant only.
  measure: questions, live_keys, keys, calls, call_seconds, cost (dollars).
  period: now, hour (the last 60 minutes), day and month (of the restaurant). most: null without a limit.
  An open call counts with its length so far.';

create function private.count_key(_user_id uuid, _group_id uuid, _today date, _seconds integer) returns uuid
language plpgsql set search_path = ''
as $$
declare
  -- The kiosks report the calls of a key within a shift.
  _kept_for constant interval := '1 day';
  _over record;
  _key_id uuid;
begin
  -- A kiosk that crashed never reports the end. The service ended the call after an hour.
  perform private.add_usage(c.user_id, _group_id, _today, _call_seconds => 3600)
    from public.voice_calls c
    where c.group_id = _group_id and c.seconds is null and c.opened_at < now() - interval '1 hour';
  update public.voice_calls c set seconds = 3600
    where c.group_id = _group_id and c.seconds is null and c.opened_at < now() - interval '1 hour';
  delete from public.voice_keys k where k.group_id = _group_id and k.minted_at < now() - _kept_for;

  select u.* into _over
    from private.usage_counts(_user_id, _group_id) u
    where u.measure in ('live_keys', 'keys', 'calls', 'call_seconds') and u.counted >= u.most
    order by array_position(array['month', 'day', 'hour', 'now'], u.period), u.whose, u.measure
    limit 1;
  if found then
    raise exception using
      errcode = 'HR006',
      message = 'voice_limit_exceeded',
      detail = jsonb_build_object(
        'whose', _over.whose, 'measure', _over.measure, 'period', _over.period,
        'counted', _over.counted, 'most', _over.most,
        'retry_after_seconds', case _over.period
          when 'now' then (
            select greatest(1, ceil(extract(epoch from min(k.expires_at) - now())))::integer
            from public.voice_keys k
            where k.user_id = _user_id and k.group_id = _group_id and k.expires_at > now())
          when 'hour' then 60
          else 900
        end)::text;
  end if;

  insert into public.voice_keys (user_id, group_id, expires_at)
    values (_user_id, _group_id, now() + make_interval(secs => _seconds))
    returning id into _key_id;
  perform private.add_usage(_user_id, _group_id, _today, _keys => 1);
  return _key_id;
end
$$;
comment on function private.count_key is
  'Counts an ephemeral key before it is minted, after lock_member, and returns its id. `_seconds`: its life.
  A mint that fails counts too: giving it back would need a right that a stolen token has as well.
  Raises HR006 voice_limit_exceeded with the limit as JSON; retry_after_seconds says when to ask again.';

create function private.price_of(_model text, _day date, _transcribes boolean) returns setof public.model_prices
language sql stable set search_path = ''
as $$
  select p.* from public.model_prices p
  where (p.transcription_minute is not null) = _transcribes
  order by p.model = _model desc, p.valid_from <= _day desc,
    case when p.model = _model then p.valid_from end desc,
    coalesce(p.audio_output, p.transcription_minute) desc
  limit 1
$$;
comment on function private.price_of is
  'The price on a day of a model that speaks, or that transcribes.
  A model without a price has the dearest one of its kind: it must not be free.';

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

create function public.get_voice_access(_group_id uuid, _language text, _key_seconds integer default null)
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
  contents jsonb,
  -- Null: no key was counted.
  key_id uuid,
  -- [{whose, measure, period, counted, most}], as private.usage_counts returns them.
  usage jsonb
)
language plpgsql security definer set search_path = ''
as $$
declare
  _access record;
  _today date;
  _key_id uuid;
  -- The edge functions pass on as many (_shared/kitchen-words.ts).
  _max_words constant integer := 100;
  -- More titles than fit into the instructions of a session.
  _max_sections constant integer := 1500;
begin
  if _key_seconds is not null then
    if _key_seconds not between 0 and 7200 then
      raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a key lives for 0 to 7200 seconds';
    end if;
    _today := private.lock_member(auth.uid(), _group_id);
  end if;
  select * into _access from private.usage_of(auth.uid(), _group_id);
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if _key_seconds is not null and _access.voice_enabled and _access.can_ask then
    _key_id := private.count_key(auth.uid(), _group_id, _today, _key_seconds);
  end if;
  return query
    select _access.role, _access.group_name, _access.organisation_id, _access.voice_enabled, _access.can_use_ai,
      _access.daily_count, _access.daily_limit, _access.monthly_count, _access.monthly_limit,
      _access.group_daily_count, _access.group_daily_limit, _access.group_monthly_count, _access.group_monthly_limit,
      _access.can_ask,
      private.kitchen_words(_access.organisation_id, _max_words),
      private.handbook_table_of_contents(_access.organisation_id, _group_id, _language, _max_sections),
      _key_id,
      (
        select jsonb_agg(jsonb_build_object(
            'whose', u.whose, 'measure', u.measure, 'period', u.period, 'counted', u.counted, 'most', u.most)
          order by u.whose, u.measure, u.period)
        from private.usage_counts(auth.uid(), _group_id) u
      );
end
$$;
comment on function public.get_voice_access is
  'All that realtime-session has to know before it mints a key, in one round trip.
  `_language`: language of the titles in `contents`, as in private.handbook_table_of_contents.
  `_key_seconds`: counts a key with this life, where voice_enabled and can_ask are true. Null: counts nothing.
  Raises HR001 not_a_member, HR006 voice_limit_exceeded, HR400 bad_request.';

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

create function public.report_call(_group_id uuid, _key_id uuid, _call_id text, _seconds integer default null)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
  -- A key that lives for ten minutes opens a call every ten seconds on a bad network.
  _calls_per_key constant integer := 100;
  _today date;
begin
  _today := private.lock_member(auth.uid(), _group_id);
  if _key_id is null or _call_id is null or length(_call_id) not between 1 and 200 or _seconds < 0 then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'a call has a key, an id of 1 to 200 characters, and a length of 0 seconds or more';
  end if;
  insert into public.voice_calls (key_id, call_id, user_id, group_id)
    select k.id, _call_id, k.user_id, k.group_id
    from public.voice_keys k
    where k.id = _key_id and k.user_id = auth.uid() and k.group_id = _group_id
      and (select count(*) from public.voice_calls c where c.key_id = k.id) < _calls_per_key
    on conflict (key_id, call_id) do nothing;
  if found then
    perform private.add_usage(auth.uid(), _group_id, _today, _calls => 1);
  end if;
  update public.voice_calls c set seconds = least(_seconds, 3600)
    where c.key_id = _key_id and c.call_id = _call_id and c.user_id = auth.uid() and c.group_id = _group_id
      and c.seconds is null and _seconds is not null;
  if found then
    perform private.add_usage(auth.uid(), _group_id, _today, _call_seconds => least(_seconds, 3600));
  end if;
end
$$;
comment on function public.report_call is
  'Reports a call that a key of the caller opened, and its length when it ended. Idempotent.
  `_seconds`: null while the call is open. Ignores calls of unknown keys and of keys that are older than a day.
  Raises HR001 not_a_member, HR400 bad_request.';

create function public.report_cost(
  _group_id uuid,
  _question_id uuid,
  _model text,
  _text_input integer,
  _text_cached integer,
  _text_output integer,
  _audio_input integer,
  _audio_cached integer,
  _audio_output integer,
  _transcription_model text,
  _transcription_seconds integer
) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  -- A turn a quarter of a minute, day and night. More rows would fill the table, not meter it.
  _turns_per_day constant integer := 5000;
  _most_tokens constant integer := 10000000;
  _million constant numeric := 1000000;
  _today date;
  _before record;
  _cost numeric;
begin
  _today := private.lock_member(auth.uid(), _group_id);
  if num_nulls(_question_id, _model, _transcription_model, _text_input, _text_cached, _text_output, _audio_input,
      _audio_cached, _audio_output, _transcription_seconds) > 0
    or length(_model) not between 1 and 100 or length(_transcription_model) not between 1 and 100
    or least(_text_input, _text_cached, _text_output, _audio_input, _audio_cached, _audio_output,
      _transcription_seconds) < 0
    or greatest(_text_input, _text_output, _audio_input, _audio_output, _transcription_seconds) > _most_tokens
    or _text_cached > _text_input or _audio_cached > _audio_input then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'a cost has two models and tokens from 0 to 10000000, of which no more are cached than came in';
  end if;

  select t.* into _before from public.turn_costs t
    where t.user_id = auth.uid() and t.group_id = _group_id and t.question_id = _question_id;
  if found then
    -- Reports may arrive out of order, and a turn never becomes cheaper.
    _text_input := greatest(_text_input, _before.text_input);
    _text_cached := least(_text_input, greatest(_text_cached, _before.text_cached));
    _text_output := greatest(_text_output, _before.text_output);
    _audio_input := greatest(_audio_input, _before.audio_input);
    _audio_cached := least(_audio_input, greatest(_audio_cached, _before.audio_cached));
    _audio_output := greatest(_audio_output, _before.audio_output);
    _transcription_seconds := greatest(_transcription_seconds, _before.transcription_seconds);
  elsif (
    select d.turns from public.usage_days d
    where d.user_id = auth.uid() and d.group_id = _group_id and d.day = _today
  ) >= _turns_per_day then
    return;
  end if;

  select greatest(
      coalesce(_before.cost, 0),
      round(
        (
          (_text_input - _text_cached) * p.text_input + _text_cached * p.text_cached + _text_output * p.text_output
          + (_audio_input - _audio_cached) * p.audio_input + _audio_cached * p.audio_cached
          + _audio_output * p.audio_output
        ) / _million
        + _transcription_seconds / 60.0 * t.transcription_minute, 6))
    into strict _cost
    from private.price_of(_model, _today, false) p, private.price_of(_transcription_model, _today, true) t;

  insert into public.turn_costs (user_id, group_id, question_id, model, text_input, text_cached, text_output,
      audio_input, audio_cached, audio_output, transcription_model, transcription_seconds, cost)
    values (auth.uid(), _group_id, _question_id, _model, _text_input, _text_cached, _text_output,
      _audio_input, _audio_cached, _audio_output, _transcription_model, _transcription_seconds, _cost)
    on conflict (user_id, group_id, question_id) do update set
      text_input = excluded.text_input,
      text_cached = excluded.text_cached,
      text_output = excluded.text_output,
      audio_input = excluded.audio_input,
      audio_cached = excluded.audio_cached,
      audio_output = excluded.audio_output,
      transcription_seconds = excluded.transcription_seconds,
      cost = excluded.cost;
  perform private.add_usage(auth.uid(), _group_id, _today,
    _turns => case when _before is null then 1 else 0 end, _cost => _cost - coalesce(_before.cost, 0));

  delete from public.turn_costs t
    using public.groups g join public.organisations o on o.id = g.organisation_id
    where t.group_id = _group_id and g.id = _group_id
      and t.reported_at < now() - make_interval(days => o.retention_days);
end
$$;
comment on function public.report_cost is
  'Reports the tokens of a turn of the caller until now, by kind, and the seconds of its transcription. Idempotent:
  the days get the difference to the last report of the turn. Deletes what is older than the brand keeps questions.
  `_text_input` and `_audio_input` include the cached ones. A model without a price has the dearest price.
  Raises HR001 not_a_member, HR400 bad_request.';

create function public.get_usage(_organisation_id uuid, _group_id uuid default null, _days integer default 30)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_manager_of_group_or_brand(_organisation_id, _group_id);
  if _days is null or _days not between 1 and 730 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'days are 1 to 730';
  end if;
  return (
    with seen as (
      select g.id, g.slug, (now() at time zone g.time_zone)::date as today
      from public.groups g
      where g.organisation_id = _organisation_id and (_group_id is null or g.id = _group_id)
        and (private.is_service() or g.id in (select private.groups_readable_by_manager()))
    )
    select jsonb_build_object(
      'currency', 'USD',
      'days', coalesce((
        select jsonb_agg(jsonb_build_object(
            'group', s.slug, 'day', d.day, 'questions', d.questions, 'turns', d.turns, 'keys', d.keys,
            'calls', d.calls, 'call_seconds', d.call_seconds, 'cost', d.cost)
          order by d.day desc, s.slug)
        from seen s
        join public.group_usage_days d on d.group_id = s.id and d.day > s.today - _days
      ), '[]'),
      'limits', coalesce((
        select jsonb_agg(jsonb_build_object(
            'group', s.slug, 'measure', u.measure, 'period', u.period, 'counted', u.counted, 'most', u.most)
          order by s.slug, u.measure, u.period)
        from seen s
        cross join lateral private.usage_counts(null, s.id) u
        where u.most is not null
      ), '[]'),
      'unpriced_models', coalesce((
        select jsonb_agg(distinct m.model)
        from seen s
        join public.turn_costs c on c.group_id = s.id and c.reported_at > now() - make_interval(days => _days)
        cross join lateral (values (c.model), (c.transcription_model)) m (model)
        where not exists (select from public.model_prices p where p.model = m.model)
      ), '[]')));
end
$$;
comment on function public.get_usage is
  'Usage by day of the restaurants that the caller oversees, the newest first, without names:
  {currency, days: [{group, day, questions, turns, keys, calls, call_seconds, cost}],
  limits: [{group, measure, period, counted, most}], unpriced_models}.
  `_group_id` null: of all restaurants of the brand that the caller oversees. `_days`: 1 to 730.
  `unpriced_models`: models that were used and have no price; they count with the dearest price.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

revoke execute on function public.report_call from public, anon;
revoke execute on function public.report_cost from public, anon;
revoke execute on function public.get_usage from public, anon;
grant execute on function public.report_call to authenticated, service_role;
grant execute on function public.report_cost to authenticated, service_role;
grant execute on function public.get_usage to authenticated, service_role;
revoke execute on function public.get_voice_access from public, anon;
grant execute on function public.get_voice_access to authenticated, service_role;
revoke execute on function public.charge_question from public, anon;
grant execute on function public.charge_question to authenticated, service_role;
