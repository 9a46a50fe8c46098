-- What the search keeps beside the passages: which words a handbook has and how rare they are, and the questions that its
-- sections say they answer. Both follow what is published, by triggers.

create extension if not exists pg_trgm with schema extensions;

-- How many published passages and sections of a restaurant, or of a brand, hold a lexeme: what a word is worth, what a
-- damaged word may have been, without counting at each question. The empty lexeme counts the passages and sections
-- themselves. A word is worth what its sections say: each passage repeats the title of its section, so that the word which
-- a section is about would look common in a long one.
create table private.handbook_words (
  organisation_id uuid not null references public.organisations (id) on update cascade on delete cascade,
  -- The brand's own: the nil id, since a key has no nulls.
  group_key uuid not null,
  language text not null check (language in ('en', 'es')),
  lexeme text not null,
  passages integer not null,
  sections integer not null,
  -- Whether it stands in a text as it is, or is only the stem of one that does.
  is_word boolean not null,
  primary key (organisation_id, group_key, language, lexeme)
);
create index handbook_words_alike on private.handbook_words using gin (lexeme extensions.gin_trgm_ops) where is_word;
alter table private.handbook_words enable row level security;

-- Rare lexemes are as long as somebody's paste: they are found, never guessed at.
create function private.passage_lexemes(_fts tsvector)
returns table (lexeme text, is_word boolean)
language sql immutable set search_path = ''
as $$
  select l.lexeme, 'D' = any (l.weights) from unnest(_fts) l where length(l.lexeme) <= 60
  union all
  select '', false
$$;

create function private.count_words() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  _nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  if tg_op <> 'INSERT' then
    -- Never inserts: what goes with its organisation finds no row to lessen.
    update private.handbook_words w set passages = w.passages - c.passages, sections = w.sections - c.sections
      from (
        with others as materialized (
          select distinct p.section_id, p.language, l.lexeme
          from (select distinct g.section_id, g.language from gone g where g.is_published) s
          join public.manual_passages p on p.section_id = s.section_id and p.language = s.language and p.is_published
          cross join lateral private.passage_lexemes(p.fts) l
          where p.id not in (select g.id from gone g)
        )
        select p.organisation_id, coalesce(p.group_id, _nobody) as group_key, p.language, l.lexeme,
          count(*)::integer as passages,
          -- A section loses a word with the last of its passages that has it.
          (count(distinct p.section_id) filter (where o.lexeme is null))::integer as sections
        from gone p
        cross join lateral private.passage_lexemes(p.fts) l
        left join others o on o.section_id = p.section_id and o.language = p.language and o.lexeme = l.lexeme
        where p.is_published
        group by 1, 2, 3, 4
      ) c
      where w.organisation_id = c.organisation_id and w.group_key = c.group_key and w.language = c.language
        and w.lexeme = c.lexeme;
  end if;
  if tg_op <> 'DELETE' then
    insert into private.handbook_words as w (organisation_id, group_key, language, lexeme, passages, sections, is_word)
      with others as materialized (
        select distinct p.section_id, p.language, l.lexeme
        from (select distinct c.section_id, c.language from come c where c.is_published) s
        join public.manual_passages p on p.section_id = s.section_id and p.language = s.language and p.is_published
        cross join lateral private.passage_lexemes(p.fts) l
        where p.id not in (select c.id from come c)
      )
      select p.organisation_id, coalesce(p.group_id, _nobody), p.language, l.lexeme, count(*)::integer,
        (count(distinct p.section_id) filter (where o.lexeme is null))::integer, bool_or(l.is_word)
      from come p
      cross join lateral private.passage_lexemes(p.fts) l
      left join others o on o.section_id = p.section_id and o.language = p.language and o.lexeme = l.lexeme
      where p.is_published
      group by 1, 2, 3, 4
      order by 1, 2, 3, 4
      on conflict (organisation_id, group_key, language, lexeme) do update
        set passages = w.passages + excluded.passages, sections = w.sections + excluded.sections,
          is_word = w.is_word or excluded.is_word;
  end if;
  return null;
end
$$;

create trigger count_new_words after insert on public.manual_passages
  referencing new table as come
  for each statement execute function private.count_words();
create trigger count_changed_words after update on public.manual_passages
  referencing old table as gone new table as come
  for each statement execute function private.count_words();
create trigger count_old_words after delete on public.manual_passages
  referencing old table as gone
  for each statement execute function private.count_words();

insert into private.handbook_words (organisation_id, group_key, language, lexeme, passages, sections, is_word)
  select p.organisation_id, coalesce(p.group_id, '00000000-0000-0000-0000-000000000000'), p.language, l.lexeme,
    count(*)::integer, count(distinct p.section_id)::integer, bool_or(l.is_word)
  from public.manual_passages p cross join lateral private.passage_lexemes(p.fts) l
  where p.is_published
  group by 1, 2, 3, 4;

-- The questions that a section's writers say it answers, one row each: what somebody asks often has more of their words
-- than of the text's. They are searched, and never quoted.
create table private.section_questions (
  version_id uuid not null references public.manual_section_versions (id) on delete cascade,
  section_id uuid not null,
  organisation_id uuid not null,
  group_id uuid,
  language text not null,
  place integer not null,
  fts tsvector not null,
  is_published boolean not null,
  primary key (version_id, language, place)
);
create index section_questions_fts on private.section_questions using gin (fts) where is_published;
create index section_questions_section on private.section_questions (section_id) where is_published;
alter table private.section_questions enable row level security;

create function private.write_section_questions() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    delete from private.section_questions q where q.version_id = new.id;
  end if;
  if new.status <> 'retired' then
    insert into private.section_questions
        (version_id, section_id, organisation_id, group_id, language, place, fts, is_published)
      select new.id, new.section_id, new.organisation_id, new.group_id, l.language, q.place,
        private.passage_fts(l.language, '', '', q.question), new.status = 'published'
      from (values ('en', new.questions_en), ('es', new.questions_es)) l (language, questions)
      cross join lateral unnest(l.questions) with ordinality q (question, place);
  end if;
  return null;
end
$$;

create trigger write_section_questions
  after insert or update of status, questions_en, questions_es, section_id, organisation_id, group_id
  on public.manual_section_versions
  for each row execute function private.write_section_questions();

insert into private.section_questions
    (version_id, section_id, organisation_id, group_id, language, place, fts, is_published)
  select v.id, v.section_id, v.organisation_id, v.group_id, l.language, q.place,
    private.passage_fts(l.language, '', '', q.question), v.status = 'published'
  from public.manual_section_versions v
  cross join lateral (values ('en', v.questions_en), ('es', v.questions_es)) l (language, questions)
  cross join lateral unnest(l.questions) with ordinality q (question, place)
  where v.status <> 'retired';

revoke execute on function private.passage_lexemes(tsvector) from public;
revoke execute on function private.count_words() from public;
revoke execute on function private.write_section_questions() from public;
