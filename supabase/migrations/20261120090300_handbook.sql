-- The handbook: sections as people write them, and passages as they are searched and quoted.

create table public.manual_sections (
  id uuid primary key default gen_random_uuid(),
  group_id uuid not null references public.groups (id) on delete cascade,
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  category text not null default '',
  sort_order integer not null default 0,
  -- A section may exist in one language only: title and content of a language come and go together.
  title_en text,
  title_es text,
  content_en text,
  content_es text,
  -- Questions that the section answers: shown as examples and used to measure the search. Never indexed:
  -- a search that has seen its own examination proves nothing.
  questions_en text[] not null default '{}',
  questions_es text[] not null default '{}',
  updated_at timestamptz not null default now(),
  unique (group_id, slug),
  unique (id, group_id),
  check ((title_en is null) = (content_en is null)),
  check ((title_es is null) = (content_es is null)),
  check (title_en is not null or title_es is not null)
);

-- What a section says under one heading, at most about 350 tokens, in one language. The split is in
-- supabase/functions/_shared/passages.ts; a table or a list is never cut.
create table public.manual_passages (
  id uuid primary key default gen_random_uuid(),
  section_id uuid not null,
  group_id uuid not null,
  language text not null check (language in ('en', 'es')),
  -- Place in the section, from 0. Translations keep the order, so the same ordinal says the same thing.
  ordinal integer not null check (ordinal >= 0),
  -- Heading path inside the section, outermost first, joined with " › "; empty at the section's top.
  heading text not null default '',
  content text not null check (content <> ''),
  -- Written by the trigger below, from the section's title, the heading and the content.
  fts tsvector not null default '',
  embedding extensions.vector(1536),
  -- Two models' vectors do not share a space: a search compares only those of its own model.
  embedding_model text,
  unique (section_id, language, ordinal),
  -- The pair, so that a passage can never belong to another restaurant than its section.
  foreign key (section_id, group_id) references public.manual_sections (id, group_id)
    on update cascade on delete cascade,
  check ((embedding is null) = (embedding_model is null))
);

create index manual_passages_fts on public.manual_passages using gin (fts);
-- No vector index on purpose. A handbook is some hundreds of passages, and the scan is of one restaurant
-- only: exact, complete and a few milliseconds. An approximate index over all restaurants filters after it
-- searches and would lose passages of the small ones (pgvector, "Filtering").
create index manual_passages_group_language on public.manual_passages (group_id, language);

-- Weights: A title, B heading, C content in the language's own stems; D every word as written, so that
-- numbers, names and words of the other language are found as well.
create function private.passage_fts(_language text, _title text, _heading text, _content text)
returns tsvector
language sql stable set search_path = ''
as $$
  select case _language
    when 'es' then
      setweight(to_tsvector('private.spanish', coalesce(_title, '')), 'A')
      || setweight(to_tsvector('private.spanish', _heading), 'B')
      || setweight(to_tsvector('private.spanish', _content), 'C')
    else
      setweight(to_tsvector('private.english', coalesce(_title, '')), 'A')
      || setweight(to_tsvector('private.english', _heading), 'B')
      || setweight(to_tsvector('private.english', _content), 'C')
    end
    || setweight(to_tsvector('private.simple', concat_ws(' ', _title, _heading, _content)), 'D')
$$;

create function private.write_passage_fts() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  new.fts := private.passage_fts(
    new.language,
    (select case new.language when 'es' then s.title_es else s.title_en end
      from public.manual_sections s where s.id = new.section_id),
    new.heading,
    new.content);
  return new;
end
$$;

create trigger write_passage_fts
  before insert or update of language, heading, content, section_id, fts on public.manual_passages
  for each row execute function private.write_passage_fts();

-- A new title is searched for at once, without loading the section again.
create function private.refresh_section_fts() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.manual_passages p set heading = p.heading where p.section_id = new.id;
  return null;
end
$$;

create trigger refresh_section_fts
  after update of title_en, title_es on public.manual_sections
  for each row
  when (old.title_en is distinct from new.title_en or old.title_es is distinct from new.title_es)
  execute function private.refresh_section_fts();

revoke execute on function private.passage_fts(text, text, text, text) from public;
revoke execute on function private.write_passage_fts() from public;
revoke execute on function private.refresh_section_fts() from public;

alter table public.manual_sections enable row level security;
alter table public.manual_sections force row level security;
alter table public.manual_passages enable row level security;
alter table public.manual_passages force row level security;

create policy "members read their groups' sections" on public.manual_sections
  for select to authenticated
  using (group_id in (select private.groups_of_caller()));

create policy "members read their groups' passages" on public.manual_passages
  for select to authenticated
  using (group_id in (select private.groups_of_caller()));

revoke all on public.manual_sections, public.manual_passages from public, anon, authenticated;
grant select on public.manual_sections, public.manual_passages to authenticated;
grant all on public.manual_sections, public.manual_passages to service_role;
