-- Restaurants (groups), who belongs to them, and what each role may do.

create table public.groups (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 200),
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  -- A day of questions ends at the restaurant's midnight, not at the server's.
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now()
);

create table public.group_memberships (
  user_id uuid not null references auth.users (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  role text not null check (role ~ '^[a-z][a-z_]{0,31}$'),
  created_at timestamptz not null default now(),
  primary key (user_id, group_id)
);
create index group_memberships_group_id on public.group_memberships (group_id);

-- A role without a policy may do nothing. A limit of null is no limit.
create table public.role_policies (
  group_id uuid not null references public.groups (id) on delete cascade,
  role text not null check (role ~ '^[a-z][a-z_]{0,31}$'),
  voice_enabled boolean not null default false,
  can_use_ai boolean not null default false,
  daily_limit integer check (daily_limit >= 0),
  monthly_limit integer check (monthly_limit >= 0),
  primary key (group_id, role)
);

-- Policies ask these instead of the tables: a policy on group_memberships that reads group_memberships
-- would recurse. They return sets so that `in (select …)` runs once per statement, not once per row.
create function private.groups_of_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select m.group_id from public.group_memberships m where m.user_id = auth.uid()
$$;

create function private.groups_managed_by_caller() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select m.group_id from public.group_memberships m
  where m.user_id = auth.uid() and m.role in ('manager', 'owner')
$$;

-- The role that PostgREST switched to. A function that runs as its owner still sees it here, and no
-- request can set it.
create function private.is_service() returns boolean
language sql stable set search_path = ''
as $$
  select coalesce(current_setting('role', true), '') = 'service_role'
$$;

revoke execute on function private.groups_of_caller() from public;
revoke execute on function private.groups_managed_by_caller() from public;
revoke execute on function private.is_service() from public;
grant execute on function private.groups_of_caller() to authenticated;
grant execute on function private.groups_managed_by_caller() to authenticated;

-- Forced as well: only roles with BYPASSRLS (service_role, and the owner the functions run as) pass.
alter table public.groups enable row level security;
alter table public.groups force row level security;
alter table public.group_memberships enable row level security;
alter table public.group_memberships force row level security;
alter table public.role_policies enable row level security;
alter table public.role_policies force row level security;

create policy "members read their groups" on public.groups
  for select to authenticated
  using (id in (select private.groups_of_caller()));

create policy "people read their own memberships" on public.group_memberships
  for select to authenticated
  using (user_id = (select auth.uid()));

create policy "managers read their groups' memberships" on public.group_memberships
  for select to authenticated
  using (group_id in (select private.groups_managed_by_caller()));

create policy "members read their groups' policies" on public.role_policies
  for select to authenticated
  using (group_id in (select private.groups_of_caller()));

-- Hosted projects grant everything on new tables to the API's roles by default: take it back first.
revoke all on public.groups, public.group_memberships, public.role_policies
  from public, anon, authenticated;
grant select on public.groups, public.group_memberships, public.role_policies to authenticated;
grant all on public.groups, public.group_memberships, public.role_policies to service_role;
