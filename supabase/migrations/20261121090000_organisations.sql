-- Brands (organisations) above restaurants (groups): who belongs to which, in what role, and how much either may ask.

create table public.organisations (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 200),
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  -- How long a recorded question is kept, in days.
  retention_days integer not null default 90 check (retention_days between 1 and 730),
  -- Whose vectors its questions are compared with.
  embedding_model text not null default 'text-embedding-3-small' check (length(embedding_model) between 1 and 100),
  -- Whose vectors are being made, to answer instead of those. Null: no change is under way.
  next_embedding_model text check (length(next_embedding_model) between 1 and 100),
  created_at timestamptz not null default now(),
  check (next_embedding_model <> embedding_model)
);

-- People who write for all restaurants of a brand. What they may do in one restaurant is their role there.
create table public.organisation_memberships (
  user_id uuid not null references auth.users (id) on delete cascade,
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  role text not null check (role in ('manager', 'owner')),
  created_at timestamptz not null default now(),
  primary key (user_id, organisation_id)
);
create index organisation_memberships_organisation_id on public.organisation_memberships (organisation_id);

-- Every restaurant until now was a brand of its own.
alter table public.groups add column organisation_id uuid references public.organisations (id) on delete restrict;
insert into public.organisations (id, name, slug) select g.id, g.name, g.slug from public.groups g;
update public.groups set organisation_id = id;
alter table public.groups alter column organisation_id set not null;
-- Two brands may both have a "downtown".
alter table public.groups drop constraint groups_slug_key;
alter table public.groups add unique (organisation_id, slug);
-- What belongs to a restaurant names its brand as well, and follows when the restaurant moves to another brand.
alter table public.groups add unique (id, organisation_id);

-- All kiosks of a restaurant together. Null is no limit; a person's own limits are in role_policies.
alter table public.groups
  add column daily_limit integer check (daily_limit >= 0),
  add column monthly_limit integer check (monthly_limit >= 0);

create table public.group_usage_days (
  group_id uuid not null references public.groups (id) on delete cascade,
  -- The day in the restaurant's time zone.
  day date not null,
  questions integer not null default 0 check (questions >= 0),
  primary key (group_id, day)
);
insert into public.group_usage_days (group_id, day, questions)
  select d.group_id, d.day, sum(d.questions) from public.usage_days d group by d.group_id, d.day;

-- Four roles; each may what its policy says, and managers and owners may also write. Roles that restaurants made up
-- before there were four stay as they are until somebody changes them: hence not valid.
alter table public.group_memberships add constraint group_memberships_role
  check (role in ('crew', 'shift_lead', 'manager', 'owner')) not valid;
alter table public.role_policies add constraint role_policies_role
  check (role in ('crew', 'shift_lead', 'manager', 'owner')) not valid;

-- As groups_of_caller and groups_managed_by_caller: sets, so that a policy runs them once per statement.
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

create function private.organisations_managed_by_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select m.organisation_id from public.organisation_memberships m where m.user_id = auth.uid()
$$;

-- Restaurants whose questions and counts the caller may look at: their own as its manager, and all of a brand's as
-- the brand's. To write in one of them they need a role there.
create function private.groups_overseen_by_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select g.group_id from private.groups_managed_by_caller() g (group_id)
  union
  select g.id from public.groups g
  where g.organisation_id in (select private.organisations_managed_by_caller())
$$;

-- Brands that the caller manages, or one of whose restaurants they manage.
create function private.organisations_overseen_by_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select o.organisation_id from private.organisations_managed_by_caller() o (organisation_id)
  union
  select g.organisation_id from public.groups g
  where g.id in (select private.groups_managed_by_caller())
$$;

revoke execute on function private.organisations_of_caller() from public;
revoke execute on function private.organisations_managed_by_caller() from public;
revoke execute on function private.groups_overseen_by_caller() from public;
revoke execute on function private.organisations_overseen_by_caller() from public;
grant execute on function private.organisations_of_caller() to authenticated;
grant execute on function private.organisations_managed_by_caller() to authenticated;
grant execute on function private.groups_overseen_by_caller() to authenticated;
grant execute on function private.organisations_overseen_by_caller() to authenticated;

alter table public.organisations enable row level security;
alter table public.organisations force row level security;
alter table public.organisation_memberships enable row level security;
alter table public.organisation_memberships force row level security;
alter table public.group_usage_days enable row level security;
alter table public.group_usage_days force row level security;

create policy "members read their organisations" on public.organisations
  for select to authenticated
  using (id in (select private.organisations_of_caller()));

create policy "people read their own organisation memberships" on public.organisation_memberships
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "an organisation's managers read its memberships" on public.organisation_memberships
  for select to authenticated
  using (organisation_id in (select private.organisations_managed_by_caller()));

create policy "an organisation's managers read its groups" on public.groups
  for select to authenticated
  using (organisation_id in (select private.organisations_managed_by_caller()));

-- A sum without names.
create policy "managers read their groups' usage" on public.group_usage_days
  for select to authenticated
  using (group_id in (select private.groups_overseen_by_caller()));

revoke all on public.organisations, public.organisation_memberships, public.group_usage_days
  from public, anon, authenticated;
grant select on public.organisations, public.organisation_memberships, public.group_usage_days to authenticated;
grant all on public.organisations, public.organisation_memberships, public.group_usage_days to service_role;
