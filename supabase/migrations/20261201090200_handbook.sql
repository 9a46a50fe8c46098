-- The handbook: sections, their versions, the passages of a version and the vectors of a passage.

create table public.manual_sections (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  group_id uuid,
  slug text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  unique nulls not distinct (organisation_id, slug, group_id),
  unique (id, organisation_id),
  foreign key (group_id, organisation_id) references public.groups (id, organisation_id)
    on update cascade on delete cascade
);
create index manual_sections_group_id on public.manual_sections (group_id);
comment on table public.manual_sections is
  'A section of a brand or of one restaurant. Its text is in manual_section_versions.';
comment on column public.manual_sections.group_id is
  'Null: the section belongs to the brand and all its restaurants read it.
  A published section of a restaurant replaces the brand''s section of the same slug there.';

create table public.manual_section_versions (
  id uuid primary key default gen_random_uuid(),
  section_id uuid not null,
  organisation_id uuid not null,
  group_id uuid,
  number integer not null check (number >= 1),
  status text not null default 'draft' check (status in ('draft', 'published', 'retired')),
  category text not null default '' check (length(category) <= 200),
  sort_order integer not null default 0,
  title_en text check (length(title_en) between 1 and 200),
  title_es text check (length(title_es) between 1 and 200),
  content_en text check (length(content_en) between 1 and 300000),
  content_es text check (length(content_es) between 1 and 300000),
  questions_en text[] not null default '{}',
  questions_es text[] not null default '{}',
  source jsonb not null default '{}' check (jsonb_typeof(source) = 'object'),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  retired_at timestamptz,
  unique (section_id, number),
  foreign key (section_id, organisation_id) references public.manual_sections (id, organisation_id)
    on update cascade on delete cascade,
  constraint manual_section_versions_english_is_whole check ((title_en is null) = (content_en is null)),
  constraint manual_section_versions_spanish_is_whole check ((title_es is null) = (content_es is null)),
  constraint manual_section_versions_has_a_language check (title_en is not null or title_es is not null),
  constraint manual_section_versions_published_at_fits check ((status = 'draft') = (published_at is null)),
  constraint manual_section_versions_retired_at_fits check ((status = 'retired') = (retired_at is not null))
);
create unique index manual_section_versions_published on public.manual_section_versions (section_id)
  where status = 'published';
create unique index manual_section_versions_draft on public.manual_section_versions (section_id)
  where status = 'draft';
create index manual_section_versions_tenant on public.manual_section_versions (organisation_id, group_id)
  where status = 'published';
create index manual_section_versions_created_by on public.manual_section_versions (created_by);
comment on table public.manual_section_versions is
  'The text of a section. A section has at most one published version and at most one draft.
  A section may exist in one language only.';
comment on column public.manual_section_versions.organisation_id is
  'Copied from the section by a trigger, for row-level security.';
comment on column public.manual_section_versions.group_id is
  'Copied from the section by a trigger, for row-level security.';
comment on column public.manual_section_versions.number is 'Counts the versions of a section from 1.';
comment on column public.manual_section_versions.questions_en is
  'Questions that the section answers, as examples and for the search. No answer quotes them.';
comment on column public.manual_section_versions.questions_es is
  'Questions that the section answers, as examples and for the search. No answer quotes them.';
comment on column public.manual_section_versions.source is
  'The original, for reviewers: {"file": "…", "page": 3}.';

create table public.manual_passages (
  id uuid primary key default gen_random_uuid(),
  version_id uuid not null references public.manual_section_versions (id) on delete cascade,
  section_id uuid not null,
  organisation_id uuid not null,
  group_id uuid,
  is_published boolean not null default false,
  language text not null check (language in ('en', 'es')),
  ordinal integer not null check (ordinal >= 0),
  heading text not null default '',
  anchor text not null default '',
  content text not null check (content <> ''),
  fts tsvector not null default '',
  unique (version_id, language, ordinal),
  foreign key (section_id, organisation_id) references public.manual_sections (id, organisation_id)
    on update cascade on delete cascade
);
create index manual_passages_tenant on public.manual_passages (organisation_id, group_id, language)
  where is_published;
create index manual_passages_section on public.manual_passages (section_id, language, ordinal);
comment on table public.manual_passages is
  'The text under one heading in one language, at most about 350 tokens.
  supabase/functions/_shared/passages.ts splits sections and never cuts a table or a list.';
comment on column public.manual_passages.section_id is 'Copied from the version by a trigger.';
comment on column public.manual_passages.organisation_id is 'Copied from the version by a trigger.';
comment on column public.manual_passages.group_id is 'Copied from the version by a trigger.';
comment on column public.manual_passages.is_published is
  'Copied from the version by a trigger. The search reads published passages only.';
comment on column public.manual_passages.ordinal is
  'Place in the section, from 0. Translations keep the order, so an ordinal says the same in both languages.';
comment on column public.manual_passages.heading is
  'Headings inside the section, outermost first, joined with " › ". Empty at the top of the section.';
comment on column public.manual_passages.anchor is
  'The target of a citation inside the section. Empty: its beginning. See _shared/passages.ts.';
comment on column public.manual_passages.fts is
  'Stems of the title and the questions of the section, and of the heading and the content. A trigger writes them.';

create table public.manual_embeddings (
  passage_id uuid not null references public.manual_passages (id) on delete cascade,
  model text not null check (length(model) between 1 and 100),
  dimensions integer not null generated always as (extensions.vector_dims(embedding)) stored,
  embedding extensions.vector not null,
  organisation_id uuid not null,
  group_id uuid,
  section_id uuid not null,
  ordinal integer not null,
  is_published boolean not null,
  primary key (passage_id, model)
) with (toast_tuple_target = 8160);
comment on table public.manual_embeddings is
  'A vector for each passage and model. Vectors of two models, or of two lengths, cannot be compared.
  A vector of 1,536 numbers (6 kB) stays in its row: reading it from the TOAST table takes twice as long.';
comment on column public.manual_embeddings.organisation_id is
  'Copied from the passage by a trigger, like the next four columns: looking them up costs a third of a scan.';

-- Triggers that update the copies.

create function private.forbid_section_owner_change() returns trigger
language plpgsql set search_path = ''
as $$
begin
  raise exception using errcode = 'HR400', message = 'bad_request',
    detail = 'a section does not move between a brand and a restaurant: write it again where it belongs';
end
$$;
comment on function private.forbid_section_owner_change is
  'Refuses to move a section between a brand and a restaurant: its text would be published there without a draft.';

create trigger forbid_section_owner_change
  before update of group_id on public.manual_sections
  for each row when (old.group_id is distinct from new.group_id)
  execute function private.forbid_section_owner_change();

create function private.copy_section_owner() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  select s.organisation_id, s.group_id into new.organisation_id, new.group_id
    from public.manual_sections s where s.id = new.section_id;
  return new;
end
$$;
comment on function private.copy_section_owner is 'Copies the owner of the section to the version.';

create trigger copy_section_owner
  before insert or update of section_id, group_id on public.manual_section_versions
  for each row execute function private.copy_section_owner();

create function private.copy_version_owner() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  select v.section_id, v.organisation_id, v.group_id, v.status = 'published'
    into new.section_id, new.organisation_id, new.group_id, new.is_published
    from public.manual_section_versions v where v.id = new.version_id;
  return new;
end
$$;
comment on function private.copy_version_owner is 'Copies section, owner and status of the version to the passage.';

create trigger copy_version_owner
  before insert or update of version_id, section_id, group_id, is_published on public.manual_passages
  for each row execute function private.copy_version_owner();

create function private.copy_version_status() returns trigger
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
comment on function private.copy_version_status is
  'Gives the passages the status of their version. Deletes those of a retired version, whose text stays in the version.';

create trigger copy_version_status
  after update of status on public.manual_section_versions
  for each row when (old.status is distinct from new.status)
  execute function private.copy_version_status();

create function private.copy_passage_owner() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  select p.organisation_id, p.group_id, p.section_id, p.ordinal, p.is_published
    into new.organisation_id, new.group_id, new.section_id, new.ordinal, new.is_published
    from public.manual_passages p where p.id = new.passage_id;
  return new;
end
$$;
comment on function private.copy_passage_owner is 'Copies section, owner and status of the passage to the vector.';

create trigger copy_passage_owner
  before insert or update of passage_id, organisation_id, group_id, section_id, ordinal, is_published
  on public.manual_embeddings
  for each row execute function private.copy_passage_owner();

create function private.touch_embeddings() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.manual_embeddings e set is_published = new.is_published where e.passage_id = new.id;
  return null;
end
$$;
comment on function private.touch_embeddings is 'Starts copy_passage_owner for the vectors of a changed passage.';

create trigger touch_embeddings
  after update on public.manual_passages
  for each row
  when ((old.organisation_id, old.group_id, old.section_id, old.ordinal, old.is_published)
    is distinct from (new.organisation_id, new.group_id, new.section_id, new.ordinal, new.is_published))
  execute function private.touch_embeddings();

-- Words of a passage.

create function private.write_passage_fts() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  _title text;
  _questions text[];
begin
  select case new.language when 'es' then v.title_es else v.title_en end,
      case new.language when 'es' then v.questions_es else v.questions_en end
    into _title, _questions
    from public.manual_section_versions v where v.id = new.version_id;
  new.fts := setweight(private.stems(coalesce(_title, ''), new.language), 'A')
    || setweight(private.stems(coalesce(array_to_string(_questions, ' '), ''), new.language), 'B')
    || setweight(private.stems(new.heading || ' ' || new.content, new.language), 'C');
  return new;
end
$$;
comment on function private.write_passage_fts is
  'Writes the stems of a passage: weight A for the title of its section, B for the questions that the section answers,
  C for its heading and content.';

create trigger write_passage_fts
  before insert or update of language, heading, content, version_id, fts on public.manual_passages
  for each row execute function private.write_passage_fts();

create function private.refresh_section_fts() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.manual_passages p set heading = p.heading where p.version_id = new.id;
  return null;
end
$$;
comment on function private.refresh_section_fts is
  'Starts write_passage_fts for the passages of a version with a new title or new questions.';

create trigger refresh_section_fts
  after update of title_en, title_es, questions_en, questions_es on public.manual_section_versions
  for each row
  when ((old.title_en, old.title_es, old.questions_en, old.questions_es)
    is distinct from (new.title_en, new.title_es, new.questions_en, new.questions_es))
  execute function private.refresh_section_fts();

-- Storage and indexes for the search.

-- The words of a long passage stay in its row: a search compares them with each word of the question.
-- Fetching them from the TOAST table would cost half of the search.
alter table public.manual_passages set (toast_tuple_target = 8160);

create index manual_embeddings_tenant on public.manual_embeddings (organisation_id, group_id, model)
  where is_published;

-- Binary-quantised HNSW: the sign of each number as one bit, a thirtieth of the vector. The vectors order its candidates.
-- A model of another width needs its own index, and is scanned exactly without one.
create index manual_embeddings_binary_hnsw on public.manual_embeddings
  using hnsw ((extensions.binary_quantize(embedding::extensions.vector(1536))::bit(1536)) extensions.bit_hamming_ops)
  where is_published and dimensions = 1536;

create function private.overridden_sections(_organisation_id uuid, _group_id uuid) returns uuid[]
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
comment on function private.overridden_sections is
  'Sections of the brand that a restaurant does not see, because its own published section has their slug.';

revoke execute on all functions in schema private from public;

-- Row-level security.

alter table public.manual_sections enable row level security;
alter table public.manual_sections force row level security;
alter table public.manual_section_versions enable row level security;
alter table public.manual_section_versions force row level security;
alter table public.manual_passages enable row level security;
alter table public.manual_passages force row level security;
alter table public.manual_embeddings enable row level security;
alter table public.manual_embeddings force row level security;

-- Members do not see the slug of a draft: it may give the draft away.
create policy "members read published sections" on public.manual_sections
  for select to authenticated
  using (
    id in (select v.section_id from public.manual_section_versions v where v.status = 'published')
    and (
      group_id in (select private.groups_of_caller())
      or group_id in (select private.groups_readable_by_manager())
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
      or group_id in (select private.groups_readable_by_manager())
      or (group_id is null and organisation_id in (select private.organisations_of_caller()))
    )
  );

create policy "managers read all versions" on public.manual_section_versions
  for select to authenticated
  using (
    group_id in (select private.groups_managed_by_caller())
    or (group_id is null and organisation_id in (select private.organisations_managed_by_caller()))
  );

create policy "members read published passages" on public.manual_passages
  for select to authenticated
  using (
    is_published
    and (
      group_id in (select private.groups_of_caller())
      or group_id in (select private.groups_readable_by_manager())
      or (group_id is null and organisation_id in (select private.organisations_of_caller()))
    )
  );

create policy "managers read all passages" on public.manual_passages
  for select to authenticated
  using (
    group_id in (select private.groups_managed_by_caller())
    or (group_id is null and organisation_id in (select private.organisations_managed_by_caller()))
  );

-- Vectors are for the search only, which runs as the owner. Members get no rights on manual_embeddings.
revoke all on public.manual_sections, public.manual_section_versions, public.manual_passages,
  public.manual_embeddings from public, anon, authenticated;
grant select on public.manual_sections, public.manual_section_versions, public.manual_passages to authenticated;
grant all on public.manual_sections, public.manual_section_versions, public.manual_passages,
  public.manual_embeddings to service_role;

-- Reading and importing.

create function public.get_handbook(_group_id uuid, _after_slug text default null, _limit integer default 100)
returns table (
  slug text,
  category text,
  updated_at timestamptz,
  title_en text,
  content_en text,
  title_es text,
  content_es text,
  organisation_wide boolean
)
language plpgsql stable security definer set search_path = ''
as $$
declare
  _organisation_id uuid;
begin
  select g.organisation_id into _organisation_id
    from public.group_memberships m
    join public.groups g on g.id = m.group_id
    where m.user_id = auth.uid() and m.group_id = _group_id;
  if not found then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  return query
    select distinct on (s.slug) s.slug, v.category, v.published_at, v.title_en, v.content_en, v.title_es, v.content_es,
      s.group_id is null
    from public.manual_sections s
    join public.manual_section_versions v on v.section_id = s.id and v.status = 'published'
    where s.organisation_id = _organisation_id
      and (s.group_id = _group_id or s.group_id is null)
      and (_after_slug is null or s.slug > _after_slug)
    order by s.slug, s.group_id nulls last
    -- PostgREST returns at most 1,000 rows.
    limit least(greatest(coalesce(_limit, 100), 1), 1000);
end
$$;
comment on function public.get_handbook is
  'The published handbook as a member of a restaurant reads it, by slug, for the offline copy of a kiosk.
  A section of the restaurant replaces the brand''s section of the same slug.
  The next page begins after `_after_slug`, so a section added meanwhile moves no other. `_limit`: 1 to 1000.
  Raises HR001 not_a_member.';

create function public.list_sections(
  _organisation_id uuid,
  _group_id uuid,
  _status text default 'published',
  _after_slug text default null,
  _limit integer default 50
) returns table (
  section_id uuid,
  version_id uuid,
  slug text,
  category text,
  sort_order integer,
  title_en text,
  content_en text,
  questions_en text[],
  title_es text,
  content_es text,
  questions_es text[],
  source jsonb,
  written_at timestamptz,
  published_at timestamptz
)
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_manager_of_owner(_organisation_id, _group_id);
  if _status is null or _status not in ('published', 'draft') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a status is published or draft';
  end if;
  return query
    select s.id, v.id, s.slug, v.category, v.sort_order, v.title_en, v.content_en, v.questions_en,
      v.title_es, v.content_es, v.questions_es, v.source, v.created_at, v.published_at
    from public.manual_sections s
    join public.manual_section_versions v on v.section_id = s.id and v.status = _status
    where s.organisation_id = _organisation_id
      and s.group_id is not distinct from _group_id
      and (_after_slug is null or s.slug > _after_slug)
    order by s.slug
    limit least(greatest(coalesce(_limit, 50), 1), 200);
end
$$;
comment on function public.list_sections is
  'The sections of a restaurant with their whole text, for writers: an export holds them, an editor opens them.
  `_group_id` null: the sections of the brand. `_status`: published or draft. `_limit`: 1 to 200.
  The next page begins after `_after_slug`. Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

create function public.passages_to_embed(
  _organisation_id uuid,
  _group_id uuid,
  _sections jsonb,
  _embedding_model text default 'text-embedding-3-small'
) returns table (slug text, language text, ordinal integer)
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_manager_of_owner(_organisation_id, _group_id);
  return query
    select w.slug, p.language, p.ordinal
    from jsonb_to_recordset(_sections) as w (slug text, title_en text, title_es text, passages jsonb)
    cross join lateral jsonb_to_recordset(w.passages)
      as p (language text, ordinal integer, heading text, content text)
    where not exists (
      select from public.manual_sections s
      join public.manual_section_versions v on v.section_id = s.id and v.status in ('draft', 'published')
      join public.manual_passages known on known.version_id = v.id
      join public.manual_embeddings e on e.passage_id = known.id
      where s.organisation_id = _organisation_id
        and s.slug = w.slug
        and s.group_id is not distinct from _group_id
        -- The embedded text begins with the title.
        and case p.language when 'es' then v.title_es = w.title_es else v.title_en = w.title_en end
        and known.language = p.language
        and known.heading = coalesce(p.heading, '')
        and known.content = p.content
        and e.model = _embedding_model);
exception
  when data_exception then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'the sections are not of the form that is asked for';
end
$$;
comment on function public.passages_to_embed is
  'The passages of an import without a vector of the model in the draft or the published version.
  save_draft keeps the vectors of all others. Writers learn which vectors are missing and never see a vector.
  `_group_id` null: the sections of the brand.
  `_sections`: [{slug, title_en, title_es, passages: [{language, ordinal, heading, content}]}].
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

revoke execute on function public.get_handbook from public, anon;
revoke execute on function public.list_sections from public, anon;
revoke execute on function public.passages_to_embed from public, anon;
grant execute on function public.get_handbook to authenticated, service_role;
grant execute on function public.list_sections to authenticated, service_role;
grant execute on function public.passages_to_embed to authenticated, service_role;
