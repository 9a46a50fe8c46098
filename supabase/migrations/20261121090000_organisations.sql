-- Brands (organisations) above restaurants (groups): who belongs to which, in what role, and how much either may ask.

create table public.organisations (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 200),
  slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  -- How long a recorded question is kept, in days.
  retention_days integer not null default 90 check (retention_days between 1 and 730),
  created_at timestamptz not null default now()
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

-- Four roles; each may what its policy says, and managers and owners may also write.
alter table public.group_memberships add check (role in ('crew', 'shift_lead', 'manager', 'owner'));
alter table public.role_policies add check (role in ('crew', 'shift_lead', 'manager', 'owner'));
