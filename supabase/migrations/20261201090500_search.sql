-- The search: from a question to passages with their signals and one decision: answer, maybe or not_found.
-- See docs/decisions/0036-search-and-decision.md and 0041-exact-or-hnsw.md.

-- What the search keeps in the tables of the handbook.

-- The words of a long passage stay in its row: a search compares them with each word of the question.
-- Fetching them from the TOAST table would cost half of the search.
alter table public.manual_passages set (toast_tuple_target = 8160);

alter table public.manual_passages
  add column has_degrees boolean not null generated always as (content like '%°%') stored,
  add column has_digits boolean not null generated always as (content ~ '[0-9]') stored;
comment on column public.manual_passages.has_degrees is
  'For private.asked_figure, so that a search need not read the text.';
comment on column public.manual_passages.has_digits is
  'For private.asked_figure, so that a search need not read the text.';

create index manual_embeddings_tenant on public.manual_embeddings (organisation_id, group_id, model)
  where is_published;

-- The signs of the numbers, one bit each, take a thirtieth of the vector. The angle of two vectors decides
-- how many signs differ. The vectors themselves order the candidates of this index.
-- A model of another width needs its own index, and is scanned exactly without one.
create index manual_embeddings_signs on public.manual_embeddings
  using hnsw ((extensions.binary_quantize(embedding::extensions.vector(1536))::bit(1536)) extensions.bit_hamming_ops)
  where is_published and dimensions = 1536;

-- Thresholds.

create table private.search_thresholds (
  embedding_model text primary key,
  maybe_cosine real not null,
  maybe_from real not null,
  answer_cosine real not null,
  answer_from real not null,
  cosine_maybe real,
  origin text not null
);
comment on table private.search_thresholds is
  'From which signals on private.decide says maybe or answer, per embedding model ("none": by words only).
  Each verdict compares ln(1 + evidence) + factor * cosine of the best place with its threshold.
  For maybe, evidence is the words that the section and its questions have together.
  For answer, it is the words of the best place and of one question of its section.
  tests/evaluation/fit.ts writes the rows. Cosines of two models cannot be compared.';
comment on column private.search_thresholds.cosine_maybe is
  'From this cosine on the decision is at least maybe, whatever the words say. Null: never.';
comment on column private.search_thresholds.origin is 'The questions that the row was fitted on.';
alter table private.search_thresholds enable row level security;

insert into private.search_thresholds
  (embedding_model, maybe_cosine, maybe_from, answer_cosine, answer_from, cosine_maybe, origin)
values
  ('none', 0, 1.120, 0, 2.437, null,
    '256 questions of the development half and its sections'' own, 2026-11-20, by words alone'),
  -- The cosines are assumed: 0.45 to 0.7 for a question and its answer, 0.1 to 0.35 for strangers.
  -- Until a fit with a key, they only keep the search from refusing a question that its words miss.
  ('text-embedding-3-small', 0, 1.120, 0, 2.437, 0.55,
    '256 questions of the development half and its sections'' own, 2026-11-20, ordered with the local stand-in''s vectors; cosine assumed');

-- Nearest vectors.

create type private.near_passage as (passage_id uuid, section_id uuid, ordinal integer, similarity real);
comment on type private.near_passage is 'A row of private.nearest_passages. `similarity` is the cosine.';

create function private.nearest_exactly(
  _organisation_id uuid,
  _group_id uuid,
  _shadowed uuid[],
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer
)
returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
as $$
begin
  return query
    select n.passage_id, n.section_id, n.ordinal, (1 - n.distance)::real
    from (
      select e.passage_id, e.section_id, e.ordinal, e.embedding operator(extensions.<=>) _embedding as distance
      from public.manual_embeddings e
      where e.is_published and e.organisation_id = _organisation_id
        and (e.group_id = _group_id or e.group_id is null)
        and e.model = _embedding_model and e.dimensions = extensions.vector_dims(_embedding)
        and e.section_id <> all (_shadowed)
      order by distance
      limit _limit
    ) n
    -- A vector of zeros has no direction: its cosine is NaN, which comes last here.
    where n.distance <> 'NaN'
    order by n.distance, n.section_id, n.ordinal, n.passage_id;
end
$$;
comment on function private.nearest_exactly is 'Compares every published vector of the restaurant and its brand.';

create function private.nearest_by_signs(
  _organisation_id uuid,
  _group_id uuid,
  _shadowed uuid[],
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer,
  -- Candidates by signs. 240 held 99 % of the exact first ten of 3,378 passages, and 96 % of 33,423.
  _candidates integer default 240
)
returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
-- The index is the only way here that needs no sorting: whatever is known of the tenants, it is taken.
set enable_sort = off
as $$
declare
  -- The order by signs is rough: at least two candidates for each wanted row.
  _least constant integer := 2 * _limit;
  _signs constant bit(1536) := extensions.binary_quantize(_embedding::extensions.vector(1536))::bit(1536);
begin
  _candidates := greatest(_candidates, _least);
  -- For this transaction. A SET of the function would need a right that the owner of a hosted project lacks.
  perform set_config('hnsw.ef_search', least(_candidates, 1000)::text, true),
    set_config('hnsw.iterative_scan', 'relaxed_order', true);
  return query
    select n.passage_id, n.section_id, n.ordinal, (1 - n.distance)::real
    from (
      select c.passage_id, c.section_id, c.ordinal, c.embedding operator(extensions.<=>) _embedding as distance
      from (
        select e.passage_id, e.section_id, e.ordinal, e.embedding
        from public.manual_embeddings e
        where e.is_published and e.organisation_id = _organisation_id
          and (e.group_id = _group_id or e.group_id is null)
          and e.model = _embedding_model and e.dimensions = 1536
          and e.section_id <> all (_shadowed)
        order by extensions.binary_quantize(e.embedding::extensions.vector(1536))::bit(1536)
          operator(extensions.<~>) _signs
        limit _candidates
      ) c
      order by distance
      limit _limit
    ) n
    where n.distance <> 'NaN'
    order by n.distance, n.section_id, n.ordinal, n.passage_id;
end
$$;
comment on function private.nearest_by_signs is
  'Takes candidates from manual_embeddings_signs and orders them by their vectors of 1,536 numbers.
  The index knows no tenants: rows of others are left out, and the scan ends after 20,000 rows (a limit of pgvector).';

create function private.nearest_passages(
  _organisation_id uuid,
  _group_id uuid,
  _shadowed uuid[],
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer,
  -- Up to this number of passages, every vector is compared.
  _exact_up_to integer default 2000
)
returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
as $$
declare
  -- Up to this number of passages, a third of the candidates is enough. Each candidate is a page to read.
  -- Of 513 questions to 3,448 passages, 3 got another passage than with 120 candidates, and none another decision.
  _small constant integer := 5000;
  _few constant integer := 80;
  _many constant integer := 240;
  _passages integer;
  _found private.near_passage[];
begin
  if _embedding is null then
    return;
  end if;
  if extensions.vector_dims(_embedding) = 1536 then
    select sum(w.passages) into _passages
      from private.handbook_words w
      where w.organisation_id = _organisation_id
        and w.group_key = any (array['00000000-0000-0000-0000-000000000000'::uuid, _group_id])
        and w.language = any ('{en,es}') and w.lexeme = '';
    if _passages > _exact_up_to then
      _found := array(
        select n from private.nearest_by_signs(_organisation_id, _group_id, _shadowed, _embedding, _embedding_model,
          _limit, case when _passages <= _small then _few else _many end) n);
      -- Fewer: the index ended among rows of other tenants before it had enough.
      if cardinality(_found) >= _limit then
        return query select * from unnest(_found);
        return;
      end if;
    end if;
  end if;
  return query
    select * from private.nearest_exactly(_organisation_id, _group_id, _shadowed, _embedding, _embedding_model, _limit);
end
$$;
comment on function private.nearest_passages is
  'The passages nearest to the vector of a question among those that a restaurant sees, nearest first.
  `_group_id` null: a restaurant without sections of its own. `_shadowed`: private.shadowed_sections.
  The calling function checks the membership.';

-- Words of a question.

create function private.asked_figure(_query text)
returns text
language plpgsql immutable set search_path = ''
as $$
begin
  return (
    select case
      when _query ~* '\m(how (hot|cold|warm)|temp|temperature|degrees?|temperatura|grados?)\M' then '°'
      when _query ~* '\m(how (long|many|much|often|old|high|far|deep|early|late|soon)|cu[aá]nt[oa]s?)\M'
        then '[0-9]'
    end);
end
$$;
comment on function private.asked_figure is
  'The pattern of the figure that a question asks for, or null. "How hot" wants degrees: "the most heat" is no answer.';

create function private.question_terms(_organisation_id uuid, _group_id uuid, _query text, _language text)
returns table (
  n integer,
  is_number boolean,
  -- Share of the sections that have it. 0: the handbook never says it.
  frequency real,
  own_exact text,
  own_near text,
  other_exact text,
  other_near text,
  -- All of these as in section_words.
  opening text
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan rows 6
as $$
declare
  -- A spoken question has a handful of content words; a pasted page must not cost a scan per word.
  _most_words constant integer := 24;
  -- How similar (by trigrams) a word of the handbook must be to replace an unknown word.
  -- The second value is for two words that speech recognition may have split.
  _alike constant real := 0.45;
  _joined_alike constant real := 0.6;
  -- Too many words are similar to a shorter one.
  _shortest_damaged constant integer := 4;
  -- A handbook of fewer sections cannot say which words are common.
  _few constant integer := 40;
  -- Letters that speech recognition adds or drops.
  _longer constant integer := 2;
  -- The weight of other words for a thing when its frequency is added up.
  _near_frequency constant real := 0.3;
  _other constant text := case _language when 'es' then 'en' else 'es' end;
  _brand constant uuid := '00000000-0000-0000-0000-000000000000';
  _keys constant uuid[] := array[_brand, _group_id];
  -- The marks of brand and restaurant in section_words, without the language.
  _brand_mark constant text := private.word_mark(_organisation_id, '');
  _group_mark constant text := private.word_mark(_group_id, '');
  _en constant tsvector := to_tsvector('private.english', _query);
  _es constant tsvector := to_tsvector('private.spanish', _query);
  _simple constant tsvector := to_tsvector('private.simple', _query);
  _all_stems constant text[] := tsvector_to_array(case _language when 'es' then _es else _en end);
  _all_words constant text[] := tsvector_to_array(_simple);
  -- All words in their order, with their stems in both languages.
  _word text[];
  _position integer[];
  _stem text[];
  _foreign text[];
  _is_filler boolean[];
  -- The content words, in order, and the term of each word.
  _term text[];
  _term_of text[];
  -- Words of the question that belong to a concept, and all terms of those concepts.
  -- A term of several words is looked up by its longest word, the least common one.
  _sense_concept text[];
  _sense_lexeme text[];
  _member_concept text[];
  _member_language text[];
  -- chr(2) joins several lexemes of a term.
  _member_lexemes text[];
  _member_lexeme text[];
  -- Numbers, as figures and as words of both languages.
  _number_lexeme text[];
  -- Words to look up in both languages. The empty one counts all sections.
  _words text[];
  -- The words among them that the handbook has.
  _known_language text[];
  _known_lexeme text[];
  -- Zero: only section_questions has the word.
  _known_share real[];
  _known_to_brand boolean[];
  _known_to_group boolean[];
  _damaged text[];
  _repaired_term text[];
  _repaired_language text[];
  _repaired_lexeme text[];
begin
  select array_agg(x.word order by x.position, x.word), array_agg(x.position order by x.position, x.word),
    array_agg(x.stem order by x.position, x.word), array_agg(x.foreign_stem order by x.position, x.word),
    array_agg(x.is_filler order by x.position, x.word)
    into _word, _position, _stem, _foreign, _is_filler
    from (
      select w.lexeme as word, w_at.position::integer as position, o.lexeme as stem, f.lexeme as foreign_stem,
        exists (
          select from private.question_fillers q where q.language = _language and q.word = w.lexeme) as is_filler
      from unnest(_simple) w
      cross join lateral unnest(w.positions) w_at (position)
      left join (
        select s.lexeme, s_at.position
        from unnest(case _language when 'es' then _es else _en end) s
        cross join lateral unnest(s.positions) s_at (position)
      ) o on o.position = w_at.position
      left join (
        select s.lexeme, s_at.position
        from unnest(case _language when 'es' then _en else _es end) s
        cross join lateral unnest(s.positions) s_at (position)
      ) f on f.position = w_at.position
    ) x;

  -- Stop words for the stemmer, but half of a verb in a kitchen: a day off, to call out, to lock up.
  select array_agg(x.term order by x.place) into _term
    from (
      select coalesce(w.stem, w.word) as term, min(w.place) as place
      from unnest(_word, _stem, _is_filler) with ordinality w (word, stem, is_filler, place)
      where not w.is_filler
        and (w.stem is not null or (_language = 'en' and w.word in ('off', 'out', 'up', 'down', 'over')))
      group by coalesce(w.stem, w.word)
      order by min(w.place)
      limit _most_words
    ) x;
  if _term is null then
    return;
  end if;
  select array_agg(case when not w.is_filler and coalesce(w.stem, w.word) = any (_term)
      then coalesce(w.stem, w.word) end order by w.place)
    into _term_of
    from unnest(_word, _stem, _is_filler) with ordinality w (word, stem, is_filler, place);

  select array_agg(x.concept), array_agg(x.lexeme) into _sense_concept, _sense_lexeme
    from (
      select h.concept, l.lexeme
      from public.handbook_terms h
      cross join lateral unnest(h.lexemes) l (lexeme)
      where h.organisation_id = _organisation_id and h.language = _language
        and h.lexemes[1] = any (_all_stems || _all_words)
        and h.lexemes <@ case when h.is_small_words then _all_words else _all_stems end
      union
      -- A borrowed word ("el mop"), as it is written in the other language.
      select h.concept, extensions.unaccent(lower(h.term))
      from public.handbook_terms h
      where h.organisation_id = _organisation_id and h.language = _other
        and h.lexemes[1] = any (array_remove(_foreign, null)) and cardinality(h.lexemes) = 1
        and extensions.unaccent(lower(h.term)) = any (_all_words)
      union
      -- Everyday words. No organisation has their concepts.
      select v.concept, l.lexeme
      from private.vocabulary v
      cross join lateral unnest(v.lexemes) l (lexeme)
      where v.language = _language and v.lexemes[1] = any (_all_stems) and v.lexemes <@ _all_stems
    ) x;
  select array_agg(h.concept), array_agg(h.language), array_agg(array_to_string(h.lexemes, chr(2))),
    array_agg(case when cardinality(h.lexemes) = 1 then h.lexemes[1]
      else (select l from unnest(h.lexemes) l order by length(l) desc, l limit 1) end)
    into _member_concept, _member_language, _member_lexemes, _member_lexeme
    from (
      select o.concept, o.language, o.lexemes
      from public.handbook_terms o
      where o.organisation_id = _organisation_id and o.concept = any (_sense_concept)
      union all
      select v.concept, v.language, v.lexemes from private.vocabulary v where v.concept = any (_sense_concept)
    ) h;

  select array_agg(x.lexeme) into _number_lexeme
    from (
      select m.number as lexeme from private.number_words m where m.language = _language and m.lexeme = any (_term)
      union
      select same.lexeme
      from private.number_words m
      join private.number_words same on same.number = m.number
      where m.language = _language and m.lexeme = any (_term)
    ) x;

  _words := _word || array_remove(_member_lexeme, null) || _number_lexeme || ''::text;
  select array_agg(v.language), array_agg(v.lexeme), array_agg(v.share), array_agg(v.to_brand), array_agg(v.to_group)
    into _known_language, _known_lexeme, _known_share, _known_to_brand, _known_to_group
    from (
      select k.language, k.lexeme,
        (sum(k.sections)::real / greatest(max(sum(k.sections)) filter (where k.lexeme = '') over (partition by k.language), _few))::real
          as share,
        bool_or(k.group_key = _brand) as to_brand, bool_or(k.group_key = _group_id) as to_group
      from (
        select w.language, w.lexeme, w.group_key, w.sections from private.handbook_words w
        where w.organisation_id = _organisation_id and w.group_key = any (_keys) and w.language = _language
          and w.lexeme = any (_words || array_remove(_stem, null))
        union all
        select w.language, w.lexeme, w.group_key, w.sections from private.handbook_words w
        where w.organisation_id = _organisation_id and w.group_key = any (_keys) and w.language = _other
          and w.lexeme = any (_words || array_remove(_foreign, null))
      ) k
      group by k.language, k.lexeme
    ) v
    where v.lexeme <> '';
  -- Everyday words that the handbook does not have are left out.
  select array_agg(m.concept), array_agg(m.language), array_agg(m.lexemes), array_agg(m.lexeme)
    into _member_concept, _member_language, _member_lexemes, _member_lexeme
    from unnest(_member_concept, _member_language, _member_lexemes, _member_lexeme) m (concept, language, lexemes, lexeme)
    left join unnest(_known_language, _known_lexeme) k (language, lexeme)
      on k.language = m.language and k.lexeme = m.lexeme
    where m.concept not like '~%' or k.lexeme is not null;

  select array_agg(w.word) into _damaged
    from unnest(_word, _stem, _foreign, _term_of) w (word, stem, foreign_stem, term)
    where w.term is not null and w.word !~ '[0-9]'
      and not coalesce(array[w.word, w.stem, w.foreign_stem] && _known_lexeme, false)
      and not coalesce(array[w.word, w.stem] && _sense_lexeme, false)
      and not exists (select from private.number_words m where m.language = _language and m.lexeme = w.stem);
  if _damaged is not null then
    -- The index returns slightly more than the conditions below accept.
    -- For this transaction. A SET of the function would need a right that the owner of a hosted project lacks.
    perform set_config('pg_trgm.similarity_threshold', (least(_alike, _joined_alike) - 0.001)::text, true);
    select array_agg(r.term), array_agg(r.language), array_agg(r.lexeme)
      into _repaired_term, _repaired_language, _repaired_lexeme
      from (
        select g.term, best.language, best.lexeme
        from (
          select d.term, d.word as guess, _alike as alike
          from unnest(_word, _term_of) d (word, term)
          where d.word = any (_damaged) and length(d.word) >= _shortest_damaged
          union
          select coalesce(d.term, e.term), d.word || e.word, _joined_alike
          from unnest(_word, _position, _term_of) d (word, position, term)
          join unnest(_word, _position, _term_of) e (word, position, term) on e.position = d.position + 1
          where (d.word = any (_damaged) or e.word = any (_damaged)) and coalesce(d.term, e.term) is not null
            and d.word || e.word !~ '[0-9]' and length(d.word || e.word) > _shortest_damaged
        ) g
        cross join lateral (
          select v.language, v.lexeme, extensions.similarity(v.lexeme, g.guess) as alike
          from private.handbook_words v
          where v.organisation_id = _organisation_id and v.group_key = any (_keys) and v.is_word and v.passages > 0
            -- The cheap comparison first: most words differ in length.
            and length(v.lexeme) between greatest(length(g.guess) - _longer, _shortest_damaged) and length(g.guess) + _longer
            and v.lexeme operator(extensions.%) g.guess and v.lexeme !~ '^[0-9]'
          order by extensions.similarity(v.lexeme, g.guess) desc, v.language = _language desc, v.lexeme
          limit 1
        ) best
        where best.alike >= g.alike
      ) r;
  end if;

  return query
    with
    numbers as (
      select t.term, coalesce(m.number, t.term) as number
      from unnest(_term) t (term)
      left join private.number_words m on m.language = _language and m.lexeme = t.term
      where m.number is not null or t.term ~ '^[0-9]'
    ),
    words as (
      select w.word, w.foreign_stem, w.term
      from unnest(_word, _foreign, _term_of) w (word, foreign_stem, term)
      where w.term is not null
    ),
    ways as materialized (
      select w.term, l.language, true as is_exact, w.word as lexemes, w.word as lexeme
        from words w cross join (values ('en'), ('es')) l (language)
      union select t.term, _language, true, t.term, t.term from unnest(_term) t (term)
      union select w.term, _other, false, w.foreign_stem, w.foreign_stem
        from words w where w.foreign_stem is not null
      union select m.term, l.language, true, m.number, m.number
        from numbers m cross join (values ('en'), ('es')) l (language)
      union select m.term, w.language, true, w.lexeme, w.lexeme
        from numbers m join private.number_words w on w.number = m.number
      union select w.term, h.language, false, h.lexemes, h.lexeme
        from (
          select distinct w.term, s.concept
          from words w
          join unnest(_sense_concept, _sense_lexeme) s (concept, lexeme) on s.lexeme in (w.term, w.word)
        ) w
        join unnest(_member_concept, _member_language, _member_lexemes, _member_lexeme) h (concept, language, lexemes, lexeme)
          on h.concept = w.concept
      union select r.term, r.language, false, r.lexeme, r.lexeme
        from unnest(_repaired_term, _repaired_language, _repaired_lexeme) r (term, language, lexeme)
      union select r.term, r.language, false, array_to_string(s.stems, chr(2)), null
        from unnest(_repaired_term, _repaired_language, _repaired_lexeme) r (term, language, lexeme)
        cross join lateral (
          select tsvector_to_array(case r.language when 'es' then to_tsvector('private.spanish', r.lexeme)
            else to_tsvector('private.english', r.lexeme) end) as stems
        ) s
        where s.stems <> '{}'
    ),
    held as (
      -- The most frequent way counts. A sum would make a thing with many names look common.
      select a.term, coalesce(max(k.share) filter (where a.is_exact), 0)
          + _near_frequency * coalesce(max(k.share) filter (where not a.is_exact), 0) as share
      from (
        select w.term, w.language, w.lexeme, bool_or(w.is_exact) as is_exact
        from ways w where w.lexeme is not null
        group by w.term, w.language, w.lexeme
      ) a
      join unnest(_known_language, _known_lexeme, _known_share) k (language, lexeme, share)
        on k.language = a.language and k.lexeme = a.lexeme and k.share > 0
      group by a.term
    ),
    repairs as (
      -- As if one section in a thousand had it: known and rare.
      select distinct r.term, 0.001::real as share from unnest(_repaired_term) r (term)
    )
    select t.place::integer,
      exists (select from numbers m where m.term = t.term),
      least(coalesce(h.share, r.share, 0), 1)::real,
      string_agg(q.query, ' | ') filter (where w.language = _language and w.is_exact),
      string_agg(q.query, ' | ') filter (where w.language = _language and not w.is_exact),
      string_agg(q.query, ' | ') filter (where w.language = _other and w.is_exact),
      string_agg(q.query, ' | ') filter (where w.language = _other and not w.is_exact),
      nullif(concat_ws(' | ',
        string_agg(replace(q.query, chr(3), _brand_mark || right(w.language, 1)), ' | ') filter (where w.to_brand),
        string_agg(replace(q.query, chr(3), _group_mark || right(w.language, 1)), ' | ') filter (where w.to_group)), '')
    from unnest(_term) with ordinality t (term, place)
    -- Words that the handbook does not have are not looked for in its sections.
    left join (
      select y.term, y.language, y.is_exact, y.lexemes, y.lexeme is null or k.to_brand as to_brand,
        y.lexeme is null or k.to_group as to_group
      from ways y
      left join unnest(_known_language, _known_lexeme, _known_to_brand, _known_to_group) k (language, lexeme, to_brand, to_group)
        on k.language = y.language and k.lexeme = y.lexeme
      where y.lexeme is null or k.lexeme is not null
    ) w on w.term = t.term
    -- Quotes each lexeme, with its mark. All joined lexemes are required.
    -- Calling a function here, some forty times, would cost more than the rest of the query.
    cross join lateral (
      select '(''' || chr(3) || replace(replace(replace(w.lexemes, '\', '\\'), '''', ''''''), chr(2),
          '''' || chr(1) || ' & ''' || chr(3)) || '''' || chr(1) || ')' as query
    ) q
    left join held h on h.term = t.term
    left join repairs r on r.term = t.term
    group by t.place, t.term, h.share, r.share
    order by t.place;
end
$$;
comment on function private.question_terms is
  'The content words of a question, in order, with every way in which a passage may say them.
  `exact`: the word itself, stemmed or not, and a number as figures.
  `near`: other words for it in both languages, and the likely original of a damaged word.
  The columns are texts for tsquery: each lexeme stands between chr(3) and chr(1).
  Looks up lists in steps, so that its plan is made once and never depends on table statistics.';

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
comment on function private.shadowed_sections is
  'Sections of the brand that a restaurant does not see, because its own published section has their slug.';

create function private.sections_by_words(
  _organisation_id uuid,
  _group_id uuid,
  _shadowed uuid[],
  _wanted tsquery[],
  _weight real[],
  _count integer
)
returns table (section_id uuid)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan rows 24
-- Through the index: without it every section's words would be fetched.
set enable_seqscan = off set enable_indexscan = off
as $$
begin
  return query
    select w.section_id
    from unnest(_wanted, _weight) t (wanted, weight)
    join private.section_words w on w.words @@ t.wanted
    where w.organisation_id = _organisation_id and (w.group_id = _group_id or w.group_id is null)
      and w.section_id <> all (_shadowed)
    group by w.section_id
    order by sum(t.weight) desc, w.section_id
    limit _count;
end
$$;
comment on function private.sections_by_words is
  'The sections whose passages and questions have most of some words, by weight.
  `_wanted`: words as in private.section_words, one entry each, in both languages.';

-- Ranking.

create function private.search_places(
  _organisation_id uuid,
  _group_id uuid,
  _query text,
  _language text,
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer
)
returns table (
  passage_id uuid,
  section_id uuid,
  score real,
  cosine real,
  text_rank real,
  coverage real,
  section_coverage real,
  evidence real,
  rare_hits integer,
  number_hits integer,
  agreement boolean,
  answer_evidence real,
  is_its_question boolean
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan rows 12
-- Each vector is looked up once: a copy of it, for a second time, would cost more than looking.
set enable_memoize = off
as $$
declare
  -- All weights below were fitted on the development half of tests/evaluation/questions.
  -- The highest rarity is one section in this many: weights do not depend on the size of the handbook.
  _rarest constant real := 300;
  -- Weight of a word that the handbook never says, relative to its rarest word: it may be misheard.
  _unknown_weight constant real := 0.9;
  -- A number is often a reading of a thermometer, which no text has.
  _number_weight constant real := 0.4;
  -- Weight of another word for it.
  _near_weight constant real := 0.65;
  _title_boost constant real := 2;
  _heading_boost constant real := 1.3;
  _section_weight constant real := 1.5;
  _question_word_weight constant real := 0.5;
  _question_weight constant real := 1.2;
  _cosine_weight constant real := 2;
  _section_cosine_weight constant real := 0.6;
  _figure_bonus constant real := 0.6;
  -- Words in more than this share of the sections open none, except the rarest words of the question.
  _common constant real := 0.2;
  _rare constant real := 0.03;
  _openers constant integer := 3;
  -- How many sections are compared, by words and by vectors.
  _sections_by_words constant integer := 24;
  _sections_by_vectors constant integer := 10;
  _nearest constant integer := 30;
  -- Places in either order that count as agreeing.
  _top constant integer := 3;
  _figure constant text := private.asked_figure(_query);
  -- As in section_questions. Capitals, accents and punctuation make no difference.
  _asked constant tsvector := private.passage_fts(_language, '', '', _query);
  _shadowed constant uuid[] := private.shadowed_sections(_organisation_id, _group_id);
  _n integer[];
  _of_language text[];
  _exact tsquery[];
  _exact_title tsquery[];
  _exact_heading tsquery[];
  _near tsquery[];
  _near_title tsquery[];
  _near_heading tsquery[];
  _any tsquery[];
  _weight real[];
  _is_rare boolean[];
  _is_number boolean[];
  _total real;
  -- Words that open sections, one entry each.
  _opening tsquery[];
  _opening_weight real[];
  _marks constant text := chr(1) || chr(3);
begin
  with asked as (
    select t.*, t.frequency > 0 or t.opening is not null as is_known,
      (ln(1 + (_rarest * (1 - t.frequency) + 0.5) / (_rarest * t.frequency + 0.5))
        * case when t.frequency > 0 then 1 else _unknown_weight end
        * case when t.is_number then _number_weight else 1 end)::real as weight
    from private.question_terms(_organisation_id, _group_id, _query, _language) t
  ),
  ordered as (
    select a.*, row_number() over (order by not a.is_known, a.frequency, a.n) as by_rarity from asked a
  ),
  both_languages as (
    select o.n, o.weight, o.frequency, o.is_number, l.*
    from ordered o
    cross join lateral (values
      (_language, o.own_exact, o.own_near),
      (case _language when 'es' then 'en' else 'es' end, o.other_exact, o.other_near)
    ) l (of_language, exact, near)
  )
  select t.*, o.* into _n, _of_language, _exact, _exact_title, _exact_heading, _near, _near_title, _near_heading, _any,
    _weight, _is_rare, _is_number, _total, _opening, _opening_weight
  from (
    select array_agg(b.n), array_agg(b.of_language),
      array_agg(translate(b.exact, _marks, '')::tsquery),
      array_agg(replace(replace(b.exact, chr(3), ''), chr(1), ':A')::tsquery),
      array_agg(replace(replace(b.exact, chr(3), ''), chr(1), ':B')::tsquery),
      array_agg(translate(b.near, _marks, '')::tsquery),
      array_agg(replace(replace(b.near, chr(3), ''), chr(1), ':A')::tsquery),
      array_agg(replace(replace(b.near, chr(3), ''), chr(1), ':B')::tsquery),
      array_agg(translate(nullif(concat_ws(' | ', b.exact, b.near), ''), _marks, '')::tsquery),
      array_agg(b.weight),
      array_agg(b.frequency > 0 and b.frequency <= _rare and not b.is_number),
      array_agg(b.is_number),
      sum(b.weight) / 2
    from both_languages b
  ) t
  cross join (
    select array_agg(replace(p.opening, chr(1), '')::tsquery), array_agg(p.weight)
    from ordered p
    where p.is_known and (p.frequency <= _common or p.by_rarity <= _openers) and p.opening is not null
  ) o;
  _total := coalesce(nullif(_total, 0), 1);

  return query
    with
    terms as materialized (
      select * from unnest(_n, _of_language, _exact, _exact_title, _exact_heading, _near, _near_title, _near_heading,
        _any, _weight, _is_rare, _is_number)
        t (n, of_language, exact, exact_title, exact_heading, near, near_title, near_heading,
          any_way, weight, is_rare, is_number)
    ),
    by_words as (
      select w.section_id
      from private.sections_by_words(_organisation_id, _group_id, _shadowed, _opening, _opening_weight,
        _sections_by_words) w
    ),
    by_vectors as (
      select v.section_id
      from private.nearest_passages(_organisation_id, _group_id, _shadowed, _embedding, _embedding_model, _nearest) v
      where _embedding is not null
      group by v.section_id
      order by max(v.similarity) desc, v.section_id
      limit _sections_by_vectors
    ),
    passages as materialized (
      select p.id, p.section_id, p.ordinal, p.language, p.fts,
        case _figure when '°' then p.has_degrees when '[0-9]' then p.has_digits end as has_figure,
        (1 - nullif(e.embedding operator(extensions.<=>) _embedding, 'NaN'))::real as similarity
      from (select w.section_id from by_words w union select v.section_id from by_vectors v) s
      -- `offset 0` forces a look-up per section. A join read the passages of all handbooks.
      cross join lateral (
        select i.* from public.manual_passages i where i.section_id = s.section_id and i.is_published offset 0
      ) p
      left join public.manual_embeddings e
        on e.passage_id = p.id and e.model = _embedding_model and e.dimensions = extensions.vector_dims(_embedding)
    ),
    hits as materialized (
      select p.section_id, p.ordinal, t.n, t.weight, t.is_rare, t.is_number,
        max(case
          when p.fts @@ t.exact then 1
          when p.fts @@ t.near then _near_weight
        end) as share,
        max(case
          when p.fts @@ t.exact then case
            when p.fts @@ t.exact_title then _title_boost
            when p.fts @@ t.exact_heading then _heading_boost
            else 1 end
          else _near_weight * case
            when p.fts @@ t.near_title then _title_boost
            when p.fts @@ t.near_heading then _heading_boost
            else 1 end
        end) as strength
      from passages p
      join terms t on t.of_language = p.language and p.fts @@ t.any_way
      group by p.section_id, p.ordinal, t.n, t.weight, t.is_rare, t.is_number
    ),
    asked_before as (
      select q.section_id, q.version_id, q.language, q.place, t.n, t.weight, q.fts = _asked as is_same,
        case when q.fts @@ t.exact then 1 else _near_weight end as share
      from (select distinct p.section_id from passages p) s
      -- As above: a join read the questions of all handbooks.
      cross join lateral (
        select i.* from private.section_questions i where i.section_id = s.section_id and i.is_published offset 0
      ) q
      join terms t on t.of_language = q.language and q.fts @@ t.any_way
    ),
    best_question as (
      select q.section_id, max(q.share) as share, bool_or(q.is_same) as is_same
      from (
        select a.section_id, sum(a.share * a.weight) / _total as share, bool_or(a.is_same) as is_same
        from asked_before a
        group by a.section_id, a.version_id, a.language, a.place
      ) q
      group by q.section_id
    ),
    section_hits as (
      select h.section_id, sum(h.strength * h.weight) / _total as strength, sum(h.share * h.weight) as evidence
      from (
        select u.section_id, u.n, u.weight, max(u.strength) as strength, max(u.share) as share
        from (
          select i.section_id, i.n, i.weight, i.strength, i.share from hits i
          union all
          select a.section_id, a.n, a.weight, a.share * _question_word_weight, a.share from asked_before a
        ) u
        group by u.section_id, u.n, u.weight
      ) h
      group by h.section_id
    ),
    place_hits as (
      select h.section_id, h.ordinal, sum(h.strength * h.weight) / _total as strength,
        sum(h.share * h.weight) / _total as share,
        count(*) filter (where h.is_rare) as rare_hits, count(*) filter (where h.is_number) as number_hits
      from hits h
      group by h.section_id, h.ordinal
    ),
    places as (
      select p.section_id, p.ordinal, bool_or(p.has_figure) as has_figure, max(p.similarity) as similarity
      from passages p
      group by p.section_id, p.ordinal
    ),
    scored as (
      select l.section_id, l.ordinal, l.similarity,
        max(l.similarity) over (partition by l.section_id) as section_similarity,
        l.has_figure,
        coalesce(h.strength, 0) + _section_weight * coalesce(s.strength, 0)
          + _question_weight * coalesce(q.share, 0) as text_rank,
        least(coalesce(h.share, 0), 1) as share,
        coalesce(s.evidence, 0) as evidence,
        (coalesce(h.share, 0) + coalesce(q.share, 0)) * _total as answer_evidence,
        coalesce(q.is_same, false) as is_its_question,
        coalesce(h.rare_hits, 0) as rare_hits,
        coalesce(h.number_hits, 0) as number_hits
      from places l
      left join place_hits h on h.section_id = l.section_id and h.ordinal = l.ordinal
      left join section_hits s on s.section_id = l.section_id
      left join best_question q on q.section_id = l.section_id
    ),
    ranked as (
      select c.*,
        c.text_rank
          + _cosine_weight * coalesce(c.similarity, 0)
          + _section_cosine_weight * coalesce(c.section_similarity, 0)
          + case when c.has_figure then _figure_bonus else 0 end as score,
        dense_rank() over (order by c.section_similarity desc nulls last) as vector_place,
        max(c.text_rank) over (partition by c.section_id) as section_text_rank
      from scored c
    ),
    judged as (
      select r.*, dense_rank() over (order by r.section_text_rank desc) as text_place from ranked r
    )
    select q.id, d.section_id, d.score::real, d.similarity, d.text_rank::real, d.share::real,
      least(d.evidence / _total, 1)::real, d.evidence::real, d.rare_hits::integer, d.number_hits::integer,
      coalesce(d.similarity is not null and d.vector_place <= _top and d.text_rank > 0 and d.text_place <= _top, false),
      d.answer_evidence::real, d.is_its_question
    from (
      select * from judged j
      order by j.score desc, j.section_id, j.ordinal
      limit _limit
    ) d
    cross join lateral (
      -- The passage of the place in the language of the question, or else in the other language.
      -- If a translation is split differently, its nearest passage.
      select p.id
      from public.manual_passages p
      where p.section_id = d.section_id and p.is_published
        and (p.language = _language or p.ordinal = d.ordinal)
      order by p.language = _language desc, abs(p.ordinal - d.ordinal), p.ordinal
      limit 1
    ) q
    order by d.score desc, d.section_id, d.ordinal;
end
$$;
comment on function private.search_places is
  'Ranked places of the handbook that a restaurant sees, with their signals.
  A place is (section, ordinal): its passages in both languages say the same, so a match in either counts.
  First finds sections by rare words and by vectors, then compares only their passages word by word.
  The score orders the places and decides nothing.
  `_group_id` null: a restaurant without sections of its own. The calling function checks the membership.';

create function private.decide(
  _embedding_model text,
  _cosine real,
  _evidence real,
  _answer_evidence real,
  -- Whether the question is one of the section's own.
  _is_its_question boolean
) returns text
language plpgsql stable set search_path = ''
as $$
declare
  _bar private.search_thresholds;
begin
  -- A model without thresholds is decided by words.
  select * into _bar from private.search_thresholds b where b.embedding_model = _embedding_model;
  if not found then
    select * into strict _bar from private.search_thresholds b where b.embedding_model = 'none';
  end if;
  return case
    when _is_its_question then 'answer'
    when ln(1 + coalesce(_evidence, 0)) + _bar.maybe_cosine * coalesce(_cosine, 0) < _bar.maybe_from
      and not coalesce(_cosine >= _bar.cosine_maybe, false) then 'not_found'
    when ln(1 + coalesce(_answer_evidence, 0)) + _bar.answer_cosine * coalesce(_cosine, 0) >= _bar.answer_from then 'answer'
    else 'maybe'
  end;
end
$$;
comment on function private.decide is 'The decision for the best place: answer, maybe or not_found.';

-- Answering.

create function private.passage_context(_passage_id uuid)
returns text
language plpgsql stable set search_path = ''
as $$
begin
  return (
    -- A single passage is its own text: the row names its heading. Several come with their headings.
    select case when count(*) = 1 then min(near.content) else string_agg(
      case when near.heading = '' then near.content else '## ' || near.heading || E'\n\n' || near.content end,
      E'\n\n' order by near.ordinal) end
    from (
      select n.heading, n.content, n.ordinal,
        n.id = p.id as is_itself,
        sum(length(n.heading) + length(n.content)) over (
          order by abs(n.ordinal - p.ordinal), n.ordinal) as characters
      from public.manual_passages p
      join public.manual_passages n on n.version_id = p.version_id and n.language = p.language
      where p.id = _passage_id
    ) near
    where near.is_itself or near.characters <= 1400);
end
$$;
comment on function private.passage_context is
  'The quote of a passage: its text with neighbours of its version, nearest first, up to about 350 tokens.
  A short passage matches one thing; a long quote has the figure of a nearby heading.
  In PL/pgSQL, which keeps its plans: SQL would be planned again for each question.';

create type private.found_passage as (
  rank integer,
  slug text,
  title text,
  heading text,
  language text,
  is_translation_missing boolean,
  content text,
  context text,
  score real,
  cosine real,
  text_rank real,
  coverage real,
  found boolean,
  method text,
  section_id uuid,
  anchor text,
  decision text,
  section_coverage real,
  evidence real,
  rare_hits integer,
  number_hits integer,
  agreement boolean,
  answer_evidence real
);
comment on type private.found_passage is 'A row of private.describe_passages.';

create function private.describe_passages(
  _organisation_id uuid,
  _group_id uuid,
  _query text,
  _language text,
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer
)
returns setof private.found_passage
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan
-- Taken for a thousand, they made what is around them read every passage.
rows 3
as $$
declare
  -- A row with clearly less than the best score is a near miss and answers nothing.
  -- Beside an answer, so is a row of another section with clearly less evidence: scores include the whole section.
  _beside_best constant real := 0.75;
  _evidence_beside_best constant real := 0.85;
  _method constant text := case when _embedding is null then 'keyword' else 'hybrid' end;
  _hit record;
  _row private.found_passage;
  _quoted text[] := '{}';
  _quote text;
  _best real;
  _best_section uuid;
  _best_evidence real;
  _decision text;
begin
  if _query is null or btrim(_query) = '' or length(_query) > 1000 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a query has 1 to 1000 characters';
  end if;
  if _language is null or _language not in ('en', 'es') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a language is en or es';
  end if;
  _limit := least(greatest(coalesce(_limit, 3), 1), 20);
  for _hit in
    -- Neighbouring passages often match together, so more rows are fetched than described.
    select * from private.search_places(_organisation_id, _group_id, _query, _language, _embedding, _embedding_model,
      _limit * 4) r
    order by r.score desc, r.passage_id
  loop
    if _decision is null then
      _best := _hit.score;
      _best_section := _hit.section_id;
      _best_evidence := _hit.answer_evidence;
      _decision := private.decide(
        case when _embedding is null or _hit.cosine is null then 'none' else _embedding_model end,
        _hit.cosine, _hit.evidence, _hit.answer_evidence, _hit.is_its_question);
    end if;
    select s.slug, case p.language when 'es' then v.title_es else v.title_en end, p.heading, p.language,
        p.language <> _language, p.content, private.passage_context(p.id), p.anchor
      into _row.slug, _row.title, _row.heading, _row.language,
        _row.is_translation_missing, _row.content, _row.context, _row.anchor
      from public.manual_passages p
      join public.manual_sections s on s.id = p.section_id
      join public.manual_section_versions v on v.id = p.version_id
      where p.id = _hit.passage_id;
    _quote := _hit.section_id || _row.context;
    continue when _quote = any (_quoted);
    _quoted := _quoted || _quote;
    _row.rank := cardinality(_quoted);
    _row.score := _hit.score;
    _row.cosine := _hit.cosine;
    _row.text_rank := _hit.text_rank;
    _row.coverage := _hit.coverage;
    _row.found := _decision <> 'not_found' and _hit.score >= _beside_best * _best
      and (_decision = 'maybe' or _hit.section_id = _best_section
        or _hit.answer_evidence >= _evidence_beside_best * _best_evidence);
    _row.method := _method;
    _row.section_id := _hit.section_id;
    _row.decision := _decision;
    _row.section_coverage := _hit.section_coverage;
    _row.evidence := _hit.evidence;
    _row.rare_hits := _hit.rare_hits;
    _row.number_hits := _hit.number_hits;
    _row.agreement := _hit.agreement;
    _row.answer_evidence := _hit.answer_evidence;
    return next _row;
    exit when _row.rank = _limit;
  end loop;
end
$$;
comment on function private.describe_passages is
  'The rows of every search. Hits with the same quote become one row. All rows have the same `decision`.
  `found`: an answer may use this row. Raises HR400 bad_request.';

revoke execute on all functions in schema private from public;

create function public.search_handbook(
  _group_id uuid,
  _question_id uuid,
  search_query text,
  search_language text,
  query_embedding extensions.vector default null,
  _embedding_model text default 'text-embedding-3-small',
  result_limit integer default 3,
  conversation_language text default null
)
returns table (
  rank integer,
  slug text,
  title text,
  heading text,
  language text,
  is_translation_missing boolean,
  content text,
  context text,
  score real,
  cosine real,
  text_rank real,
  coverage real,
  found boolean,
  method text,
  section_id uuid,
  anchor text,
  decision text,
  section_coverage real,
  evidence real,
  rare_hits integer,
  number_hits integer,
  agreement boolean,
  answer_evidence real,
  -- The embedding model of the brand.
  embedding_model text
)
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  _started constant timestamptz := clock_timestamp();
  _organisation_id uuid;
  _answers_with text;
  _rows private.found_passage[];
  _decision text;
begin
  perform private.charge_question(auth.uid(), _group_id, _question_id);
  select g.organisation_id, o.embedding_model into strict _organisation_id, _answers_with
    from public.groups g join public.organisations o on o.id = g.organisation_id
    where g.id = _group_id;
  if _embedding_model is distinct from _answers_with then
    query_embedding := null;
  end if;
  select array_agg(d order by d.rank) into _rows
    from private.describe_passages(_organisation_id, _group_id, search_query, search_language, query_embedding,
      _embedding_model, result_limit) d;
  _decision := coalesce(_rows[1].decision, 'not_found');
  perform private.record_question(_group_id, _organisation_id, _question_id,
    coalesce(conversation_language, search_language), btrim(search_query), _decision,
    case when query_embedding is null then 'keyword' else 'hybrid' end,
    case when _decision = 'not_found' then null else _rows[1].section_id end,
    (extract(epoch from clock_timestamp() - _started) * 1000)::real,
    query_embedding, case when query_embedding is null then null else _embedding_model end);
  return query select r.*, _answers_with from unnest(_rows) r;
end
$$;
comment on function public.search_handbook is
  'One question to the handbook in one round trip: rights, limit, charge, search, decision and record.
  An exception takes charge and record back, so a refused question is neither counted nor recorded.
  Rows are ordered best first. No row: nothing was near. `search_language` is the language of the query.
  `conversation_language` is the language of the person, for the record.
  A vector of another model than the brand''s is ignored: the words are searched, and the rows name the model.
  Raises HR001 not_a_member, HR002 ai_disabled, HR003 limit_exceeded, HR400 bad_request.';

create function public.search_manual(
  _group_id uuid,
  search_query text,
  search_language text,
  result_limit integer default 3
)
returns table (
  rank integer,
  slug text,
  title text,
  heading text,
  language text,
  is_translation_missing boolean,
  content text,
  context text,
  score real,
  cosine real,
  text_rank real,
  coverage real,
  found boolean,
  method text
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
    select d.rank, d.slug, d.title, d.heading, d.language, d.is_translation_missing, d.content, d.context, d.score,
      d.cosine, d.text_rank, d.coverage, d.found, d.method
    from private.describe_passages(_organisation_id, _group_id, search_query, search_language, null, null,
      result_limit) d;
end
$$;
comment on function public.search_manual is
  'Searches by words for a member who looks through the handbook. Counts and records nothing: no model is involved.
  Raises HR001 not_a_member, HR400 bad_request.';

revoke execute on function public.search_handbook from public, anon;
revoke execute on function public.search_manual from public, anon;
grant execute on function public.search_handbook to authenticated, service_role;
grant execute on function public.search_manual to authenticated, service_role;
