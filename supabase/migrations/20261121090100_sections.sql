-- Sections with versions. A section belongs to a brand or to one of its restaurants; its text is in versions, of which
-- at most one is published and at most one a draft. Passages belong to a version, and vectors to a passage and a model.

alter table public.manual_sections add column organisation_id uuid references public.organisations (id) on delete cascade;
update public.manual_sections s set organisation_id = g.organisation_id from public.groups g where g.id = s.group_id;
alter table public.manual_sections alter column organisation_id set not null;
-- Null: of the brand, for all its restaurants. A restaurant's own section of the same slug takes its place there.
alter table public.manual_sections alter column group_id drop not null;
alter table public.manual_sections drop constraint manual_sections_group_id_fkey;
-- A restaurant that moves to another brand takes its sections along.
alter table public.manual_sections
  add foreign key (group_id, organisation_id) references public.groups (id, organisation_id)
    on update cascade on delete cascade;
alter table public.manual_sections drop constraint manual_sections_group_id_slug_key;
alter table public.manual_sections add unique nulls not distinct (organisation_id, slug, group_id);
alter table public.manual_sections add unique (id, organisation_id);
create index manual_sections_group_id on public.manual_sections (group_id);

create table public.manual_section_versions (
  id uuid primary key default gen_random_uuid(),
  section_id uuid not null,
  -- As the section has them: written by the trigger below, for row-level security and for the search.
  organisation_id uuid not null,
  group_id uuid,
  -- From 1, in the order of writing.
  number integer not null check (number >= 1),
  status text not null default 'draft' check (status in ('draft', 'published', 'retired')),
  category text not null default '',
  sort_order integer not null default 0,
  -- A section may exist in one language only: title and content of a language come and go together.
  title_en text,
  title_es text,
  content_en text,
  content_es text,
  -- Questions that the section answers: shown as examples and used to measure the search. Never indexed.
  questions_en text[] not null default '{}',
  questions_es text[] not null default '{}',
  -- Where it came from, for whoever checks it: {"file": "…", "page": 3}.
  source jsonb not null default '{}' check (jsonb_typeof(source) = 'object'),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  retired_at timestamptz,
  unique (section_id, number),
  foreign key (section_id, organisation_id) references public.manual_sections (id, organisation_id)
    on update cascade on delete cascade,
  check ((title_en is null) = (content_en is null)),
  check ((title_es is null) = (content_es is null)),
  check (title_en is not null or title_es is not null),
  -- Text is measured as it is written, which is as a draft: what was published before stays as it was.
  check (status <> 'draft' or length(category) <= 200),
  check (status <> 'draft' or (length(title_en) between 1 and 200) is not false),
  check (status <> 'draft' or (length(title_es) between 1 and 200) is not false),
  check (status <> 'draft' or (length(content_en) between 1 and 300000) is not false),
  check (status <> 'draft' or (length(content_es) between 1 and 300000) is not false),
  check ((status = 'draft') = (published_at is null)),
  check ((status = 'retired') = (retired_at is not null))
);
create unique index manual_section_versions_published on public.manual_section_versions (section_id)
  where status = 'published';
create unique index manual_section_versions_draft on public.manual_section_versions (section_id)
  where status = 'draft';
create index manual_section_versions_tenant on public.manual_section_versions (organisation_id, group_id)
  where status = 'published';
create index manual_section_versions_created_by on public.manual_section_versions (created_by);

-- A version is whose its section is, whatever was written.
create function private.place_version() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  select s.organisation_id, s.group_id into new.organisation_id, new.group_id
    from public.manual_sections s where s.id = new.section_id;
  return new;
end
$$;

create trigger place_version
  before insert or update of section_id, group_id on public.manual_section_versions
  for each row execute function private.place_version();

-- What has been published until now is every section's first version.
insert into public.manual_section_versions (section_id, number, status, category, sort_order, title_en, title_es,
    content_en, content_es, questions_en, questions_es, created_at, published_at)
  select s.id, 1, 'published', s.category, s.sort_order, s.title_en, s.title_es,
    s.content_en, s.content_es, s.questions_en, s.questions_es, s.updated_at, s.updated_at
  from public.manual_sections s;

drop trigger refresh_section_fts on public.manual_sections;
drop trigger write_passage_fts on public.manual_passages;
alter table public.manual_sections
  drop column category,
  drop column sort_order,
  drop column title_en,
  drop column title_es,
  drop column content_en,
  drop column content_es,
  drop column questions_en,
  drop column questions_es,
  drop column updated_at;

-- A restaurant's text would become the brand's, or the other way about, without anybody having published it there.
create function private.keep_section_in_place() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'HR400', message = 'bad_request',
    detail = 'a section does not move between a brand and a restaurant: write it again where it belongs';
end
$$;

create trigger keep_section_in_place
  before update of group_id on public.manual_sections
  for each row when (old.group_id is distinct from new.group_id)
  execute function private.keep_section_in_place();

alter table public.manual_passages
  add column version_id uuid references public.manual_section_versions (id) on delete cascade,
  add column organisation_id uuid,
  -- Where a citation points to inside the section; empty is its beginning. See _shared/passages.ts.
  add column anchor text not null default '',
  -- As the version's status says. Only these are searched.
  add column is_published boolean not null default false;
update public.manual_passages p
  set version_id = v.id, organisation_id = v.organisation_id, is_published = true
  from public.manual_section_versions v
  where v.section_id = p.section_id;
alter table public.manual_passages
  alter column version_id set not null,
  alter column organisation_id set not null,
  alter column group_id drop not null,
  drop constraint manual_passages_section_id_group_id_fkey,
  drop constraint manual_passages_section_id_language_ordinal_key,
  add unique (version_id, language, ordinal),
  add foreign key (section_id, organisation_id) references public.manual_sections (id, organisation_id)
    on update cascade on delete cascade;
alter table public.manual_sections drop constraint manual_sections_id_group_id_key;

drop index public.manual_passages_fts;
drop index public.manual_passages_group_language;
create index manual_passages_fts on public.manual_passages using gin (fts) where is_published;
create index manual_passages_tenant on public.manual_passages (organisation_id, group_id, language)
  where is_published;
create index manual_passages_section on public.manual_passages (section_id, language, ordinal);

-- A vector for each passage and model: those of a new model are written while the old one's still answer.
create table public.manual_embeddings (
  passage_id uuid not null references public.manual_passages (id) on delete cascade,
  -- Two models' vectors do not share a space: a search compares only those of its own model.
  model text not null check (length(model) between 1 and 100),
  -- Nor do vectors of two lengths.
  dimensions integer not null generated always as (extensions.vector_dims(embedding)) stored,
  embedding extensions.vector not null,
  primary key (passage_id, model)
);
insert into public.manual_embeddings (passage_id, model, embedding)
  select p.id, p.embedding_model, p.embedding from public.manual_passages p where p.embedding is not null;
alter table public.manual_passages drop column embedding, drop column embedding_model;

-- A passage is in its version's section, whose the version is, and searched when the version is published, whatever
-- was written.
create function private.place_passage() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  select v.section_id, v.organisation_id, v.group_id, v.status = 'published'
    into new.section_id, new.organisation_id, new.group_id, new.is_published
    from public.manual_section_versions v where v.id = new.version_id;
  return new;
end
$$;

create trigger place_passage
  before insert or update of version_id, section_id, group_id, is_published on public.manual_passages
  for each row execute function private.place_passage();

create or replace function private.write_passage_fts() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  new.fts := private.passage_fts(
    new.language,
    (select case new.language when 'es' then v.title_es else v.title_en end
      from public.manual_section_versions v where v.id = new.version_id),
    new.heading,
    new.content);
  return new;
end
$$;

create trigger write_passage_fts
  before insert or update of language, heading, content, version_id, fts on public.manual_passages
  for each row execute function private.write_passage_fts();

-- A new title is searched for at once, without loading the section again.
create or replace function private.refresh_section_fts() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.manual_passages p set heading = p.heading where p.version_id = new.id;
  return null;
end
$$;

create trigger refresh_section_fts
  after update of title_en, title_es on public.manual_section_versions
  for each row
  when (old.title_en is distinct from new.title_en or old.title_es is distinct from new.title_es)
  execute function private.refresh_section_fts();

-- Passages follow their version's status. A retired version's go: nothing searches them any more, and its text stays
-- in the version.
create function private.publish_passages() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if new.status = 'retired' then
    delete from public.manual_passages p where p.version_id = new.id;
  else
    update public.manual_passages p set is_published = new.status = 'published' where p.version_id = new.id;
  end if;
  return null;
end
$$;

create trigger publish_passages
  after update of status on public.manual_section_versions
  for each row when (old.status is distinct from new.status)
  execute function private.publish_passages();

revoke execute on function private.place_version() from public;
revoke execute on function private.keep_section_in_place() from public;
revoke execute on function private.place_passage() from public;
revoke execute on function private.publish_passages() from public;

-- Sections that a restaurant does not see because its own, published one has their slug.
create function private.shadowed_sections(_organisation_id uuid, _group_id uuid) returns uuid[]
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select coalesce(array_agg(brand.id), '{}')
    from public.manual_sections own
    join public.manual_sections brand
      on brand.organisation_id = own.organisation_id and brand.slug = own.slug and brand.group_id is null
    where own.group_id = _group_id
      and own.organisation_id = _organisation_id
      and exists (
        select from public.manual_section_versions v where v.section_id = own.id and v.status = 'published'));
end
$$;
revoke execute on function private.shadowed_sections(uuid, uuid) from public;

alter table public.manual_section_versions enable row level security;
alter table public.manual_section_versions force row level security;
alter table public.manual_embeddings enable row level security;
alter table public.manual_embeddings force row level security;

drop policy "members read their groups' sections" on public.manual_sections;
-- The slug of a draft may say what is not to be known yet.
create policy "members read published sections" on public.manual_sections
  for select to authenticated
  using (
    id in (select v.section_id from public.manual_section_versions v where v.status = 'published')
    and (
      group_id in (select private.groups_of_caller())
      or group_id in (select private.groups_overseen_by_caller())
      or (group_id is null and organisation_id in (select private.organisations_of_caller()))
    )
  );

create policy "managers read all sections" on public.manual_sections
  for select to authenticated
  using (
    group_id in (select private.groups_managed_by_caller())
    or (group_id is null and organisation_id in (select private.organisations_managed_by_caller()))
  );

create policy "members read published versions" on public.manual_section_versions
  for select to authenticated
  using (
    status = 'published'
    and (
      group_id in (select private.groups_of_caller())
      or group_id in (select private.groups_overseen_by_caller())
      or (group_id is null and organisation_id in (select private.organisations_of_caller()))
    )
  );

-- Drafts and history are for those who may write there.
create policy "managers read all versions" on public.manual_section_versions
  for select to authenticated
  using (
    group_id in (select private.groups_managed_by_caller())
    or (group_id is null and organisation_id in (select private.organisations_managed_by_caller()))
  );

drop policy "members read their groups' passages" on public.manual_passages;
create policy "members read published passages" on public.manual_passages
  for select to authenticated
  using (
    is_published
    and (
      group_id in (select private.groups_of_caller())
      or group_id in (select private.groups_overseen_by_caller())
      or (group_id is null and organisation_id in (select private.organisations_of_caller()))
    )
  );

create policy "managers read all passages" on public.manual_passages
  for select to authenticated
  using (
    group_id in (select private.groups_managed_by_caller())
    or (group_id is null and organisation_id in (select private.organisations_managed_by_caller()))
  );

-- Vectors are for the search alone, which runs as its owner: nobody else has a use for them.
revoke all on public.manual_section_versions, public.manual_embeddings from public, anon, authenticated;
grant select on public.manual_section_versions to authenticated;
grant all on public.manual_section_versions, public.manual_embeddings to service_role;
