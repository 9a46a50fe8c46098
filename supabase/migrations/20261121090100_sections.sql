-- Sections with versions. A section belongs to a brand or to one of its restaurants; its text is in versions, of which
-- at most one is published and at most one a draft. Passages belong to a version, and vectors to a passage and a model.

alter table public.manual_sections add column organisation_id uuid references public.organisations (id) on delete cascade;
update public.manual_sections s set organisation_id = g.organisation_id from public.groups g where g.id = s.group_id;
alter table public.manual_sections alter column organisation_id set not null;
-- Null: of the brand, for all its restaurants. A restaurant's own section of the same slug takes its place there.
alter table public.manual_sections alter column group_id drop not null;
alter table public.manual_sections
  add foreign key (group_id, organisation_id) references public.groups (id, organisation_id) on delete cascade;
alter table public.manual_sections drop constraint manual_sections_group_id_slug_key;
alter table public.manual_sections add unique nulls not distinct (organisation_id, group_id, slug);
alter table public.manual_sections add unique (id, organisation_id);

create table public.manual_section_versions (
  id uuid primary key default gen_random_uuid(),
  section_id uuid not null references public.manual_sections (id) on delete cascade,
  -- From 1, in the order of writing.
  number integer not null check (number >= 1),
  status text not null default 'draft' check (status in ('draft', 'published', 'retired')),
  -- A section may exist in one language only: title and content of a language come and go together.
  title_en text check (length(title_en) between 1 and 200),
  title_es text check (length(title_es) between 1 and 200),
  content_en text check (length(content_en) between 1 and 100000),
  content_es text check (length(content_es) between 1 and 100000),
  -- Questions that the section answers: shown as examples and used to measure the search. Never indexed.
  questions_en text[] not null default '{}',
  questions_es text[] not null default '{}',
  -- Where it came from, for whoever checks it: {"file": "…", "page": 3}.
  source jsonb not null default '{}',
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  retired_at timestamptz,
  unique (section_id, number),
  check ((title_en is null) = (content_en is null)),
  check ((title_es is null) = (content_es is null)),
  check (title_en is not null or title_es is not null),
  check ((status = 'draft') = (published_at is null)),
  check ((status = 'retired') = (retired_at is not null))
);
create unique index manual_section_versions_published on public.manual_section_versions (section_id)
  where status = 'published';
create unique index manual_section_versions_draft on public.manual_section_versions (section_id)
  where status = 'draft';
