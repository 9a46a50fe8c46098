-- Organisations (brands), their groups (restaurants), memberships and rights.
--
-- Every refusal has an SQLSTATE and a code as its message. The edge functions map them:
--   HR001 not_a_member       HR002 ai_disabled   HR003 limit_exceeded (detail: counts as JSON)
--   HR004 not_allowed        HR005 not_found     HR006 voice_limit_exceeded (detail: the limit as JSON)
--   HR400 bad_request
--   HR409 golden_regression (detail: questions as JSON)     HR410 conflict (another writer changed it first)

create table public.organisations (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 200),
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  retention_days integer not null default 90 check (retention_days between 1 and 730),
  embedding_model text not null default 'text-embedding-3-small' check (length(embedding_model) between 1 and 100),
  next_embedding_model text check (length(next_embedding_model) between 1 and 100),
  caution_topics text[] not null default '{allergens,illness,injury,chemicals}' check (
    cardinality(caution_topics) <= 100
    and array_to_string(caution_topics, ',') ~ '^([a-z0-9]+(-[a-z0-9]+)*(,(?=.)|$))*$'
    -- Without this an element could be null, empty or hold a comma.
    and cardinality(string_to_array(array_to_string(caution_topics, ','), ',')) = cardinality(caution_topics)),
  created_at timestamptz not null default now(),
  check (next_embedding_model <> embedding_model)
);
comment on table public.organisations is 'A brand. It owns restaurants and the sections that all of them share.';
comment on column public.organisations.retention_days is
  'The number of days for which the database keeps an asked question.';
comment on column public.organisations.embedding_model is
  'The search compares questions with the vectors of this model.';
comment on column public.organisations.next_embedding_model is
  'The brand is changing to this model. Null: no change is under way.';
comment on column public.organisations.caution_topics is
  'Categories and slugs of sections. An answer from one of these also sends the person to a manager.';

create table public.organisation_memberships (
  user_id uuid not null references auth.users (id) on delete cascade,
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  role text not null check (role in ('manager', 'owner')),
  created_at timestamptz not null default now(),
  primary key (user_id, organisation_id)
);
create index organisation_memberships_organisation_id on public.organisation_memberships (organisation_id);
comment on table public.organisation_memberships is
  'People who write for all restaurants of a brand. Rights inside one restaurant come from group_memberships.';

create table public.groups (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references public.organisations (id) on delete restrict,
  name text not null check (length(name) between 1 and 200),
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  time_zone text not null default 'UTC',
  daily_limit integer check (daily_limit >= 0),
  monthly_limit integer check (monthly_limit >= 0),
  daily_cost_limit numeric(10, 2) default 100 check (daily_cost_limit >= 0),
  created_at timestamptz not null default now(),
  -- Two brands may both have a "downtown".
  unique (organisation_id, slug),
  -- Tables of a restaurant reference this pair, so their rows follow when the restaurant changes brand.
  unique (id, organisation_id)
);
comment on table public.groups is 'A restaurant.';
comment on column public.groups.time_zone is 'A day of questions ends at midnight in this zone.';
comment on column public.groups.daily_limit is
  'Questions per day of all kiosks of the restaurant together. Null: no limit.';
comment on column public.groups.monthly_limit is
  'Questions per month of all kiosks of the restaurant together. Null: no limit.';
-- A busy kiosk asks some hundred questions a day, at a few cents each.
comment on column public.groups.daily_cost_limit is
  'Dollars per day of all kiosks of the restaurant together, for the voice service. Null: no limit.';

create table public.group_memberships (
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  role text not null check (role in ('crew', 'shift_lead', 'manager', 'owner')),
  created_at timestamptz not null default now(),
  primary key (user_id, group_id)
);
create index group_memberships_group_id on public.group_memberships (group_id);
comment on table public.group_memberships is 'People and kiosks of a restaurant, each with one role.';

create table public.role_policies (
  group_id uuid not null references public.groups (id) on delete cascade,
  role text not null check (role in ('crew', 'shift_lead', 'manager', 'owner')),
  voice_enabled boolean not null default false,
  can_use_ai boolean not null default false,
  daily_limit integer check (daily_limit >= 0),
  monthly_limit integer check (monthly_limit >= 0),
  daily_cost_limit numeric(10, 2) check (daily_cost_limit >= 0),
  primary key (group_id, role)
);
comment on table public.role_policies is
  'Permissions and limits of each person with a role. A role without a policy may do nothing. Null: no limit.
  daily_cost_limit is in dollars.';

-- Rights.
-- Policies call these functions instead of the tables: a policy on a table that reads the table would recurse.
-- The functions return sets, so a policy with `in (select …)` runs them once per statement, not per row.

create function private.groups_of_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select m.group_id from public.group_memberships m where m.user_id = auth.uid()
$$;
comment on function private.groups_of_caller is 'Restaurants that the caller is a member of.';

create function private.groups_managed_by_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select m.group_id from public.group_memberships m
  where m.user_id = auth.uid() and m.role in ('manager', 'owner')
$$;
comment on function private.groups_managed_by_caller is 'Restaurants that the caller is a manager or owner of.';

create function private.organisations_of_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select m.organisation_id from public.organisation_memberships m where m.user_id = auth.uid()
  union
  select g.organisation_id
  from public.group_memberships m
  join public.groups g on g.id = m.group_id
  where m.user_id = auth.uid()
$$;
comment on function private.organisations_of_caller is
  'Brands that the caller is a member of, directly or through a restaurant.';

create function private.organisations_managed_by_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select m.organisation_id from public.organisation_memberships m where m.user_id = auth.uid()
$$;
comment on function private.organisations_managed_by_caller is 'Brands that the caller manages.';

create function private.groups_readable_by_manager() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select g.group_id from private.groups_managed_by_caller() g (group_id)
  union
  select g.id from public.groups g
  where g.organisation_id in (select private.organisations_managed_by_caller())
$$;
comment on function private.groups_readable_by_manager is
  'Restaurants whose questions and counts the caller may read: the ones they manage and those of their brands.
  Writing in a restaurant needs a role there.';

create function private.organisations_readable_by_manager() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select o.organisation_id from private.organisations_managed_by_caller() o (organisation_id)
  union
  select g.organisation_id from public.groups g
  where g.id in (select private.groups_managed_by_caller())
$$;
comment on function private.organisations_readable_by_manager is
  'Brands that the caller manages, and brands of the restaurants that the caller manages.';

create function private.is_service() returns boolean
language sql stable set search_path = ''
as $$
  select coalesce(current_setting('role', true), '') = 'service_role'
$$;
comment on function private.is_service is
  'Reads the role that PostgREST switched to. A security definer function still sees it, and no request can set it.';

create function private.is_row_visible_to_caller(_organisation_id uuid, _group_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select private.is_service() or coalesce(case
    when _group_id is null then _organisation_id in (select private.organisations_of_caller())
    else _group_id in (
      select private.groups_of_caller() union select private.groups_readable_by_manager())
  end, false)
$$;
comment on function private.is_row_visible_to_caller is
  'True when the caller may know that a row of this restaurant exists. `_group_id` null: a row of the brand.';

create function private.require_manager_of_owner(_organisation_id uuid, _group_id uuid) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if _group_id is null then
    if not exists (select from public.organisations o where o.id = _organisation_id) then
      raise exception using errcode = 'HR001', message = 'not_a_member';
    end if;
  elsif not exists (
    select from public.groups g where g.id = _group_id and g.organisation_id = _organisation_id
  ) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if private.is_service() then
    return;
  end if;
  if not private.is_row_visible_to_caller(_organisation_id, _group_id) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if not coalesce(case
      when _group_id is null then
        _organisation_id in (select private.organisations_managed_by_caller())
      else _group_id in (select private.groups_managed_by_caller())
    end, false) then
    raise exception using errcode = 'HR004', message = 'not_allowed';
  end if;
end
$$;
comment on function private.require_manager_of_owner is
  'Lets managers and owners pass: of the restaurant for its sections, of the brand for the brand''s.
  `_group_id` null: the brand''s. Raises HR001 not_a_member, HR004 not_allowed.';

create function private.require_manager_of_group_or_brand(_organisation_id uuid, _group_id uuid) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if not exists (select from public.organisations o where o.id = _organisation_id)
    or (_group_id is not null and not exists (
      select from public.groups g where g.id = _group_id and g.organisation_id = _organisation_id))
    or not private.is_row_visible_to_caller(_organisation_id, _group_id) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if private.is_service() then
    return;
  end if;
  if not coalesce(case
      when _group_id is null then _organisation_id in (select private.organisations_readable_by_manager())
      else _group_id in (select private.groups_readable_by_manager())
    end, false) then
    raise exception using errcode = 'HR004', message = 'not_allowed';
  end if;
end
$$;
comment on function private.require_manager_of_group_or_brand is
  'Lets managers and owners of the restaurant and of its brand pass.
  `_group_id` null: those of the brand or of any of its restaurants. Raises HR001 not_a_member, HR004 not_allowed.';

revoke execute on all functions in schema private from public;
grant execute on function private.groups_of_caller to authenticated;
grant execute on function private.groups_managed_by_caller to authenticated;
grant execute on function private.organisations_of_caller to authenticated;
grant execute on function private.organisations_managed_by_caller to authenticated;
grant execute on function private.groups_readable_by_manager to authenticated;
grant execute on function private.organisations_readable_by_manager to authenticated;

-- Row-level security.
-- Forced, so only roles with BYPASSRLS pass it: service_role and the owner of the functions.

alter table public.organisations enable row level security;
alter table public.organisations force row level security;
alter table public.organisation_memberships enable row level security;
alter table public.organisation_memberships force row level security;
alter table public.groups enable row level security;
alter table public.groups force row level security;
alter table public.group_memberships enable row level security;
alter table public.group_memberships force row level security;
alter table public.role_policies enable row level security;
alter table public.role_policies force row level security;

create policy "members read their organisations" on public.organisations
  for select to authenticated
  using (id in (select private.organisations_of_caller()));

create policy "people read their own organisation memberships" on public.organisation_memberships
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "an organisation's managers read its memberships" on public.organisation_memberships
  for select to authenticated
  using (organisation_id in (select private.organisations_managed_by_caller()));

create policy "members read their groups" on public.groups
  for select to authenticated
  using (id in (select private.groups_of_caller()));

create policy "an organisation's managers read its groups" on public.groups
  for select to authenticated
  using (organisation_id in (select private.organisations_managed_by_caller()));

create policy "people read their own memberships" on public.group_memberships
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "managers read their groups' memberships" on public.group_memberships
  for select to authenticated
  using (group_id in (select private.groups_managed_by_caller()));

create policy "members read their groups' policies" on public.role_policies
  for select to authenticated
  using (group_id in (select private.groups_of_caller()));

-- A hosted project grants all rights on new tables to the roles of the API. Each file takes them back first.
revoke all on public.organisations, public.organisation_memberships, public.groups, public.group_memberships,
  public.role_policies from public, anon, authenticated;
grant select on public.organisations, public.organisation_memberships, public.groups, public.group_memberships,
  public.role_policies to authenticated;
grant all on public.organisations, public.organisation_memberships, public.groups, public.group_memberships,
  public.role_policies to service_role;

-- Caution topics.

create function public.set_caution_topics(_organisation_id uuid, _topics text[]) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _max_topics constant integer := 100;
  _max_topic_length constant integer := 200;
begin
  perform private.require_manager_of_owner(_organisation_id, null);
  if _topics is not null then
    _topics := array(
      select t.topic from unnest(_topics) with ordinality t (topic, n) group by t.topic order by min(t.n));
  end if;
  if _topics is null or cardinality(_topics) > _max_topics
    or exists (
      select from unnest(_topics) t (topic)
      where t.topic is null or length(t.topic) > _max_topic_length or t.topic !~ '^[a-z0-9]+(-[a-z0-9]+)*$'
    ) then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'caution topics are at most 100 categories and sections, each lower-case words joined by hyphens';
  end if;
  update public.organisations o set caution_topics = _topics where o.id = _organisation_id;
end
$$;
comment on function public.set_caution_topics is
  'Sets the topics of the brand that a manager always confirms. For managers of the brand.
  `_topics`: at most 100 categories or slugs of sections, of at most 200 characters. Repeated ones count once.
  A topic without a section yet is accepted.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

revoke execute on function public.set_caution_topics from public, anon;
grant execute on function public.set_caution_topics to authenticated, service_role;
