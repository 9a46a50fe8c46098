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
create index handbook_words_alike on private.handbook_words using gin (lexeme extensions.gin_trgm_ops)
  with (fastupdate = off) where is_word;
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
create index section_questions_section on private.section_questions (section_id) where is_published;
alter table private.section_questions enable row level security;

-- Each word with whose it is and in which language before it: an index of words knows no tenants, and those of all other
-- handbooks would be read and left out. The first is no more than a short cut; whose a section is, its row says.
create function private.word_mark(_owner_id uuid, _language text) returns text
language sql immutable set search_path = ''
return right(_owner_id::text, 8) || right(_language, 1);

-- All words that open a section, of its published passages and questions. Narrow, since a search reads many of them and
-- of each only whose it is: the words themselves are stored elsewhere.
create table private.section_words (
  section_id uuid primary key references public.manual_sections (id) on delete cascade,
  organisation_id uuid not null,
  group_id uuid,
  words tsvector not null
);
alter table private.section_words set (toast_tuple_target = 128);
alter table private.section_words alter column words set storage external;
-- Without a list of what is still to be sorted in: every search would read through it, until a vacuum, which the embedded
-- Postgres does not do by itself.
create index section_words_words on private.section_words using gin (words) with (fastupdate = off);
alter table private.section_words enable row level security;

-- Brings the words of these sections up to what is published.
create function private.write_section_words(_section_ids uuid[]) returns void
language plpgsql set search_path = ''
as $$
declare
  -- Nobody says a longer one, and no lexeme may be longer than 2,046 bytes with its mark.
  _longest constant integer := 200;
  _nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  delete from private.section_words w
    where w.section_id = any (_section_ids)
      and not exists (select from public.manual_passages p where p.section_id = w.section_id and p.is_published);
  insert into private.section_words as w (section_id, organisation_id, group_id, words)
    select t.section_id, t.organisation_id, t.group_id,
      array_to_tsvector(array_agg(distinct t.mark || l.lexeme))
    from (
      select p.section_id, p.organisation_id, p.group_id, p.fts,
        private.word_mark(coalesce(p.group_id, p.organisation_id), p.language) as mark
      from public.manual_passages p where p.section_id = any (_section_ids) and p.is_published
      union all
      select q.section_id, q.organisation_id, q.group_id, q.fts,
        private.word_mark(coalesce(q.group_id, q.organisation_id), q.language)
      from private.section_questions q where q.section_id = any (_section_ids) and q.is_published
    ) t
    cross join lateral unnest(tsvector_to_array(t.fts)) l (lexeme)
    where octet_length(l.lexeme) <= _longest
    group by t.section_id, t.organisation_id, t.group_id
    on conflict (section_id) do update
      set organisation_id = excluded.organisation_id, group_id = excluded.group_id, words = excluded.words;
  -- A search looks for nothing that is not among the handbook's words.
  insert into private.handbook_words (organisation_id, group_key, language, lexeme, passages, sections, is_word)
    select distinct q.organisation_id, coalesce(q.group_id, _nobody), q.language, l.lexeme, 0, 0, false
    from private.section_questions q
    cross join lateral unnest(tsvector_to_array(q.fts)) l (lexeme)
    where q.section_id = any (_section_ids) and q.is_published and octet_length(l.lexeme) <= _longest
    order by 1, 2, 3, 4
    on conflict (organisation_id, group_key, language, lexeme) do nothing;
end
$$;

create function private.follow_section_words() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  _section_ids uuid[] := '{}';
begin
  if tg_op <> 'INSERT' then
    _section_ids := array(select distinct g.section_id from gone g where g.is_published);
  end if;
  if tg_op <> 'DELETE' then
    _section_ids := _section_ids || array(select distinct c.section_id from come c where c.is_published);
  end if;
  if _section_ids <> '{}' then
    perform private.write_section_words(_section_ids);
  end if;
  return null;
end
$$;

create trigger follow_new_words after insert on public.manual_passages
  referencing new table as come
  for each statement execute function private.follow_section_words();
create trigger follow_changed_words after update on public.manual_passages
  referencing old table as gone new table as come
  for each statement execute function private.follow_section_words();
create trigger follow_old_words after delete on public.manual_passages
  referencing old table as gone
  for each statement execute function private.follow_section_words();

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
  -- With a new status the passages change as well, and bring the words of both.
  if tg_op = 'UPDATE' and new.status = 'published' and old.status = 'published' then
    perform private.write_section_words(array[new.section_id]);
  end if;
  return null;
end
$$;

-- By its name before publish_passages, which brings the words of passages and questions.
create trigger keep_section_questions
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

select private.write_section_words(array(select distinct p.section_id from public.manual_passages p where p.is_published));
-- Nothing looks for words in passages any more, but in those of the sections that it has found.
drop index public.manual_passages_fts;

revoke execute on function private.passage_lexemes(tsvector) from public;
revoke execute on function private.word_mark(uuid, text) from public;
revoke execute on function private.write_section_words(uuid[]) from public;
revoke execute on function private.follow_section_words() from public;
revoke execute on function private.count_words() from public;
revoke execute on function private.write_section_questions() from public;
