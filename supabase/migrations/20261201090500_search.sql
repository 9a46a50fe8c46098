-- The search: from a question to at most six passages for the model.
--
-- One score for each passage: Okapi BM25F over the words of the question (Robertson and Zaragoza, 2009), plus the
-- cosine of their vectors. Sections that the model named come first. See docs/decisions/0015-search.md.

create type private.nearest_passage as (passage_id uuid, section_id uuid, similarity real);
comment on type private.nearest_passage is 'A row of private.nearest_passages. `similarity` is the cosine.';

create function private.nearest_passages(
  _organisation_id uuid, _group_id uuid, _overridden uuid[], _embedding extensions.vector, _embedding_model text, _limit integer,
  -- Up to this number of passages, every vector is compared.
  _exact_up_to integer default 2000
) returns setof private.nearest_passage
language plpgsql stable set search_path = '' rows 60
-- The HNSW index needs no sorting, so the planner always takes it. rank_passages turns index scans off.
set enable_sort = off set enable_indexscan = on
as $$
declare
  -- Candidates of the index. 240 held 99 % of the exact first ten of 3,378 passages, and 96 % of 33,423.
  -- Up to 5,000 passages a third is enough. Each candidate is a page to read.
  _candidates integer := 80;
  _many constant integer := 240;
  _many_from constant integer := 5000;
  _signs constant bit(1536) := case when extensions.vector_dims(_embedding) = 1536
    then extensions.binary_quantize(_embedding::extensions.vector(1536))::bit(1536) end;
  _passages integer;
  _found private.nearest_passage[];
begin
  if _embedding is null then
    return;
  end if;
  select sum(w.passages) into _passages
    from private.section_words w
    where w.organisation_id = _organisation_id and (w.group_id = _group_id or w.group_id is null);
  if _signs is not null and _passages > _exact_up_to then
    _candidates := greatest(case when _passages > _many_from then _many else _candidates end, 2 * _limit);
    -- For this transaction. A SET of the function would need a right that the owner of a hosted project lacks.
    perform set_config('hnsw.ef_search', least(_candidates, 1000)::text, true),
      set_config('hnsw.iterative_scan', 'relaxed_order', true);
    _found := array(
      select (c.passage_id, c.section_id, 1 - (c.embedding operator(extensions.<=>) _embedding))::private.nearest_passage
      from (
        select e.passage_id, e.section_id, e.embedding
        from public.manual_embeddings e
        where e.is_published and e.organisation_id = _organisation_id
          and (e.group_id = _group_id or e.group_id is null)
          and e.model = _embedding_model and e.dimensions = 1536 and e.section_id <> all (_overridden)
        order by extensions.binary_quantize(e.embedding::extensions.vector(1536))::bit(1536)
          operator(extensions.<~>) _signs
        limit _candidates
      ) c
      order by c.embedding operator(extensions.<=>) _embedding, c.section_id, c.passage_id
      limit _limit);
  end if;
  -- Fewer: the scan ended among rows of other tenants (20,000, a limit of pgvector) before it had enough.
  if coalesce(cardinality(_found), 0) < _limit then
    _found := array(
      select (n.passage_id, n.section_id, 1 - n.distance)::private.nearest_passage
      from (
        select e.passage_id, e.section_id, e.embedding operator(extensions.<=>) _embedding as distance
        from public.manual_embeddings e
        where e.is_published and e.organisation_id = _organisation_id
          and (e.group_id = _group_id or e.group_id is null)
          and e.model = _embedding_model and e.dimensions = extensions.vector_dims(_embedding)
          and e.section_id <> all (_overridden)
        order by distance, e.section_id, e.passage_id
        limit _limit
      ) n);
  end if;
  -- A vector of zeros has no direction: its cosine is NaN.
  return query select f.* from unnest(_found) f where f.similarity <> 'NaN';
end
$$;
comment on function private.nearest_passages is
  'The passages nearest to the vector of a question among those that a restaurant sees, nearest first.
  In a large handbook a binary-quantised HNSW index gives the candidates. The calling function checks the membership.';

create function private.question_terms(_organisation_id uuid, _group_id uuid, _question text, _restated text, _language text)
returns table (
  term integer, in_question boolean, in_restated boolean,
  own_same tsquery, own_synonyms tsquery, other_same tsquery, other_synonyms tsquery,
  anywhere_same tsquery, anywhere_synonyms tsquery
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan rows 12
as $$
declare
  -- A spoken question has a handful of content words; a pasted page must not cost a scan for each of its words.
  _max_terms constant integer := 24;
  _other constant text := case _language when 'es' then 'en' else 'es' end;
  -- Stands before each lexeme where the mark of an owner and language goes. No lexeme has it.
  _mark constant text := chr(1);
  _owners constant uuid[] := array(
    -- Each owner costs an index scan for every word: most brands have no sections of their own.
    select o.id from (values (_organisation_id, null), (_group_id, _group_id)) o (id, group_id)
    where exists (
      select from private.section_words w
      where w.organisation_id = _organisation_id and w.group_id is not distinct from o.group_id));
  _question_stems constant text[] := tsvector_to_array(private.stems(_question, _language));
  _restated_stems constant text[] := tsvector_to_array(private.stems(coalesce(_restated, ''), _language));
begin
  return query
    with marks as (
      select l.language = _language as is_own, private.owner_language_prefix(o.id, l.language) as mark
      from unnest(_owners) o (id) cross join (values (_language), (_other)) l (language)
    ),
    words as materialized (
      select t.is_restated, w.place, w.stem, w.other_stem
      from (values (false, _question), (true, _restated)) t (is_restated, text)
      cross join lateral private.content_words(t.text, _language) w
    ),
    terms as materialized (
      select row_number() over (order by min(w.place), w.stem)::integer as term, w.stem, min(w.other_stem) as other_stem,
        not bool_and(w.is_restated) as in_question, bool_or(w.is_restated) as in_restated
      from words w group by w.stem order by 1 limit _max_terms
    ),
    -- Terms of the kitchen that a text has whole, and the words of the text that they consist of.
    senses as (
      select distinct t.term, h.concept
      from public.handbook_terms h
      join terms t on t.stem = any (h.lexemes)
      where h.organisation_id = _organisation_id and h.language = _language
        and h.lexemes[1] = any (_question_stems || _restated_stems)
        and (h.lexemes <@ _question_stems or h.lexemes <@ _restated_stems)
    ),
    ways as (
      select t.term, true as is_own, true as is_same, array[t.stem] as lexemes from terms t
      union select t.term, false, true, array[t.other_stem] from terms t
      union select s.term, h.language = _language, false, h.lexemes
      from senses s join public.handbook_terms h on h.organisation_id = _organisation_id and h.concept = s.concept
    ),
    -- In one expression: a function for it would cost more than all of the rest.
    queries as (
      select w.term, w.is_own, w.is_same, '(' || string_agg(
        '''' || _mark || replace(replace(l.lexeme, '\', '\\'), '''', '''''') || '''', ' & ') || ')' as query
      from ways w cross join lateral unnest(w.lexemes) l (lexeme) group by w.term, w.is_own, w.is_same, w.lexemes
    ),
    joined as (
      select q.term, q.is_own, q.is_same, string_agg(q.query, '|') as query from queries q group by 1, 2, 3
    )
    select t.term, t.in_question, t.in_restated,
      max(replace(j.query, _mark, '')) filter (where j.is_own and j.is_same)::tsquery,
      max(replace(j.query, _mark, '')) filter (where j.is_own and not j.is_same)::tsquery,
      max(replace(j.query, _mark, '')) filter (where not j.is_own and j.is_same)::tsquery,
      max(replace(j.query, _mark, '')) filter (where not j.is_own and not j.is_same)::tsquery,
      string_agg(replace(j.query, _mark, m.mark), '|') filter (where j.is_same)::tsquery,
      string_agg(replace(j.query, _mark, m.mark), '|') filter (where not j.is_same)::tsquery
    from terms t
    join joined j using (term)
    join marks m using (is_own)
    group by t.term, t.in_question, t.in_restated;
end
$$;
comment on function private.question_terms is
  'The content words of a question and of its restatement, each once, with every way in which a passage may say them:
  the same word, or other words of the kitchen for it, in the language of the question and in the other one.
  `anywhere_…` are the queries of both languages with the marks of private.section_words.';

create type private.ranked_passage as (passage_id uuid, section_id uuid, score real, is_near boolean);
comment on type private.ranked_passage is
  'A row of private.rank_passages. `is_near`: it has a word of the question, or its vector is near.';

create function private.rank_passages(
  _organisation_id uuid, _group_id uuid, _overridden uuid[], _named uuid[],
  _question text, _restated text, _language text, _embedding extensions.vector, _embedding_model text
) returns setof private.ranked_passage
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan rows 60
-- Through the index of section_words: without it, the words of every section would be fetched.
set enable_seqscan = off set enable_indexscan = off
as $$
declare
  -- BM25F. The usual ranges are 1.2 to 2 for k1 and 0.3 to 0.75 for b.
  _k1 constant real := 2;
  _b constant real := 0.3;
  -- Different words of a passage of usual length.
  _usual_length constant real := 45;
  -- ts_rank_cd adds one of these for each time that a passage says a word: {not used, content, questions, title}.
  -- Its weights end at 1, so all are a quarter of what they count: a title four times, a question half.
  _weights constant real[] := '{0, 0.25, 0.125, 1}';
  _scale constant real := 4;
  -- Another word for the same thing counts a little less than the word itself.
  _synonym_weight constant real := 0.8;
  -- Sections that say only another word for it make a word less rare, but not by as much.
  _synonym_frequency constant real := 0.3;
  -- The weight of a cosine of 1 against a passage that has all words of the question often.
  _cosine_weight constant real := 1;
  -- A passage without a word of the question is near from this cosine on. Unrelated texts are at 0 to 0.15.
  _near_cosine constant real := 0.2;
  -- Candidate sections by words and by vectors, and candidate passages by vectors.
  _max_by_words constant integer := 24;
  _max_by_vectors constant integer := 10;
  _nearest constant integer := 30;
  _texts constant integer := case when _restated is null then 1 else 2 end;
begin
  return query
    with terms as materialized (
      select * from private.question_terms(_organisation_id, _group_id, _question, _restated, _language)
    ),
    all_sections as (
      select count(*)::real as number from private.section_words w
      where w.organisation_id = _organisation_id and (w.group_id = _group_id or w.group_id is null)
        and (w.language = _language or w.is_only_language)
    ),
    hits as materialized (
      select t.term, w.section_id, bool_or(a.is_same) as is_same, bool_or(not a.is_same) as is_synonym
      from terms t
      cross join lateral (values (true, t.anywhere_same), (false, t.anywhere_synonyms)) a (is_same, anywhere)
      -- By its words (offset 0): through the owner, the planner would read the words of every section.
      cross join lateral (select i.* from private.section_words i where i.words @@ a.anywhere offset 0) w
      where w.organisation_id = _organisation_id and (w.group_id = _group_id or w.group_id is null)
        and (w.language = _language or w.is_only_language) and w.section_id <> all (_overridden)
      group by t.term, w.section_id
    ),
    -- Inverse document frequency, by sections: each passage repeats its title, so a long section would make its subject
    -- look common.
    rare as (
      select c.*, ln(1 + (a.number - c.frequency + 0.5) / (c.frequency + 0.5)) as idf
      from (
        select t.term, t.in_question, t.in_restated,
          count(h.term) filter (where h.is_same) + _synonym_frequency * count(h.term) filter (where not h.is_same) as frequency
        from terms t left join hits h using (term) group by 1, 2, 3
      ) c
      cross join all_sections a
    ),
    -- Both texts count the same, however many words they have.
    weighted as materialized (
      select r.term,
        ((coalesce(r.idf / sum(r.idf) filter (where r.in_question) over () * r.in_question::integer, 0)
          + coalesce(r.idf / sum(r.idf) filter (where r.in_restated) over () * r.in_restated::integer, 0)) / _texts)::real
          as weight
      from rare r
    ),
    by_words as (
      select h.section_id from hits h join weighted w using (term)
      group by h.section_id order by sum(w.weight) desc, h.section_id limit _max_by_words
    ),
    near as materialized (
      select n.passage_id, n.section_id, n.similarity
      from private.nearest_passages(_organisation_id, _group_id, _overridden, _embedding, _embedding_model, _nearest) n
      where _embedding is not null
    ),
    candidates as (
      select unnest(_named) as section_id
      union select w.section_id from by_words w
      union
      select n.section_id
      from (select i.section_id from near i group by i.section_id order by max(i.similarity) desc limit _max_by_vectors) n
    ),
    passages as materialized (
      select p.id, p.section_id, p.fts, length(p.fts) as length, p.language = _language as is_own,
        (1 - nullif(e.embedding operator(extensions.<=>) _embedding, 'NaN'))::real as similarity
      from candidates c
      -- One section after the other (offset 0): a join would read all passages there are.
      cross join lateral (
        select i.*, bool_or(i.language = _language) over () as has_own
        from public.manual_passages i where i.section_id = c.section_id and i.is_published offset 0
      ) p
      left join public.manual_embeddings e
        on e.passage_id = p.id and e.model = _embedding_model and e.dimensions = extensions.vector_dims(_embedding)
      -- The other language is read where a section has no other.
      where p.language = _language or not p.has_own
    ),
    scored as (
      select f.id,
        sum(f.weight * f.frequency * (_k1 + 1) / (f.frequency + _k1 * (1 - _b + _b * f.length / _usual_length))) as score
      from (
        -- One call for each passage and word (offset 0): without it, the planner copies the call to each place of use.
        select p.id, p.length, w.weight, _scale * greatest(
          case when h.is_same then ts_rank_cd(_weights, p.fts, case when p.is_own then t.own_same else t.other_same end) end,
          case when h.is_synonym then _synonym_weight
            * ts_rank_cd(_weights, p.fts, case when p.is_own then t.own_synonyms else t.other_synonyms end) end) as frequency
        from passages p
        join hits h using (section_id) join terms t using (term) join weighted w using (term)
        offset 0
      ) f
      where f.frequency > 0
      group by f.id
    )
    select p.id, p.section_id, (coalesce(s.score, 0) + _cosine_weight * coalesce(p.similarity, 0))::real,
      s.score is not null or coalesce(p.similarity >= _near_cosine, false)
    from passages p left join scored s on s.id = p.id
    order by 3 desc, p.section_id, p.id;
end
$$;
comment on function private.rank_passages is
  'The passages of the sections that have the most or the rarest words of a question, of those nearest to its vector
  and of `_named`, best first. `_embedding`: the mean of the vectors of question and restatement.
  The calling function checks the membership.';

-- Choosing passages.

create type private.found_passage as (
  rank integer, section_id uuid, passage_id uuid, slug text, title text, heading text, language text, anchor text,
  content text, is_given boolean, is_named boolean, needs_manager boolean, method text);
comment on type private.found_passage is
  'A row of every search. `is_given`: the model reads it. `is_named`: of a section that the model named.
  `needs_manager`: the section is about one of the caution_topics of the brand.';

create function private.neighbours(_passage_id uuid, _taken uuid[], _run integer, _room integer)
returns table (passage_id uuid, characters integer)
language plpgsql stable set search_path = '' rows 3
as $$
begin
  return query
    select n.id, n.characters
    from (
      select p.id, p.characters, length(c.content) + length(c.heading) as own_characters,
        sum(p.characters) over (order by abs(p.ordinal - c.ordinal), p.ordinal) as together
      from public.manual_passages c
      cross join lateral (
        -- With what joins it to the others: "## " and line ends.
        select i.id, i.ordinal, length(i.content) + length(i.heading) + 7 as characters
        from public.manual_passages i
        where i.version_id = c.version_id and i.language = c.language and i.id <> all (_taken)
      ) p
      where c.id = _passage_id
    ) n
    where n.together <= least(_room, _run - n.own_characters);
end
$$;
comment on function private.neighbours is
  'The passages around one in its section, nearest first, that are not taken: at most `_room` characters, and with the
  passage itself at most `_run`.';

create function private.find_passages(
  _organisation_id uuid, _group_id uuid, _question text, _restated text, _sections text[], _language text,
  _embedding extensions.vector, _embedding_model text
) returns setof private.found_passage
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan rows 6
as $$
declare
  _longest_text constant integer := 1000;
  _max_named constant integer := 3;
  _max_passages constant integer := 6;
  _max_of_a_section constant integer := 2;
  _max_nearest constant integer := 3;
  -- Characters, about 1,200 tokens with the titles: a model reads them before it answers, and pays for them in later turns.
  _budget constant integer := 4600;
  -- Two thirds of it are for the named sections together. Another passage comes with its neighbours up to so many characters.
  _named_run constant integer := 3000;
  _run constant integer := 1000;
  _overridden constant uuid[] := private.overridden_sections(_organisation_id, _group_id);
  _named uuid[];
  _is_found boolean;
  -- The best passages, and all returned passages with the number of their run.
  _best uuid[] := '{}';
  _taken uuid[] := '{}';
  _run_of integer[] := '{}';
  _characters integer := 0;
  _named_best integer := 0;
  _longest integer;
  _hit record;
begin
  _restated := nullif(btrim(_restated), '');
  if coalesce(btrim(_question), '') = '' or length(_question) > _longest_text or length(_restated) > _longest_text then
    raise exception using
      errcode = 'HR400', message = 'bad_request', detail = 'a question and its restatement have 1 to 1000 characters';
  end if;
  if _language is null or _language not in ('en', 'es') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a language is en or es';
  end if;
  _named := array(
    select s.id
    from (select n.slug, min(n.place) as place from unnest(_sections) with ordinality n (slug, place) group by n.slug) n
    join public.manual_sections s on s.slug = n.slug and s.organisation_id = _organisation_id
      and (s.group_id = _group_id or s.group_id is null) and s.id <> all (_overridden)
    where exists (select from public.manual_passages p where p.section_id = s.id and p.is_published)
    order by n.place
    limit _max_named);
  _is_found := _named <> '{}';
  -- A longer passage, a table of many pages, is cut at the end of a line.
  _longest := _budget / greatest(cardinality(_named), 1);

  -- The best passage of each named section with its neighbours; then by score, at most two of a section; then their
  -- neighbours, since six places are worth more than long ones.
  for _hit in
    select h.passage_id, h.is_near, h.named_place, least(length(h.content) + length(h.heading), _longest) as characters
    from (
      select o.*, case when o.place = 1 then array_position(_named, o.section_id) end as named_place
      from (
        select r.*, p.ordinal, p.content, p.heading,
          row_number() over (partition by r.section_id order by r.score desc, p.ordinal) as place
        from private.rank_passages(_organisation_id, _group_id, _overridden, _named, btrim(_question), _restated, _language,
          _embedding, _embedding_model) r
        join public.manual_passages p on p.id = r.passage_id
      ) o
      where o.place <= case when o.is_near then _max_of_a_section else 1 end
    ) h
    order by h.named_place nulls last, h.score desc, h.ordinal, h.passage_id
  loop
    exit when cardinality(_best) = _max_passages;
    _is_found := _is_found or _hit.is_near;
    continue when _hit.passage_id = any (_taken)
      or (_best <> '{}' and _hit.named_place is null and _characters + _hit.characters > _budget);
    _best := _best || _hit.passage_id;
    _taken := _taken || _hit.passage_id;
    _run_of := _run_of || cardinality(_best);
    _characters := _characters + _hit.characters;
    continue when _hit.named_place is null;
    _named_best := cardinality(_best);
    for _hit in
      select * from private.neighbours(_hit.passage_id, _taken, _named_run / cardinality(_named), _budget - _characters)
    loop
      _taken := _taken || _hit.passage_id;
      _run_of := _run_of || _named_best;
      _characters := _characters + _hit.characters;
    end loop;
  end loop;
  for _place in _named_best + 1 .. cardinality(_best) loop
    for _hit in select * from private.neighbours(_best[_place], _taken, _run, _budget - _characters) loop
      _taken := _taken || _hit.passage_id;
      _run_of := _run_of || _place;
      _characters := _characters + _hit.characters;
    end loop;
  end loop;

  return query
    select b.place::integer, p.section_id, p.id, s.slug, case p.language when 'es' then v.title_es else v.title_en end,
      case when run.passages = 1 then p.heading else '' end, p.language, p.anchor,
      case when run.passages > 1 then run.content when length(p.content) <= _longest then p.content
        else coalesce(substring(left(p.content, _longest) from '^(.*)\n'), left(p.content, _longest)) end,
      _is_found, p.section_id = any (_named),
      exists (
        select from public.organisations o
        where o.id = _organisation_id and o.caution_topics && array[s.slug, v.category]),
      case when _embedding is null then 'keyword' else 'hybrid' end
    from unnest(_best) with ordinality b (passage_id, place)
    join public.manual_passages p on p.id = b.passage_id
    join public.manual_sections s on s.id = p.section_id
    join public.manual_section_versions v on v.id = p.version_id
    cross join lateral (
      select count(*) as passages, string_agg(
        case when n.heading = '' then n.content else '## ' || n.heading || E'\n\n' || n.content end,
        E'\n\n' order by n.ordinal) as content
      from unnest(_taken, _run_of) t (passage_id, run)
      join public.manual_passages n on n.id = t.passage_id and t.run = b.place
    ) run
    where _is_found or b.place <= _max_nearest
    order by b.place;
end
$$;
comment on function private.find_passages is
  'At most six passages of together about 1,200 tokens, each with its neighbours: the best of the named sections, then
  the best ones. A section that does not exist or is not visible is ignored. Where no section was named and nothing is
  near, at most three rows that are not given: the nearest sections.
  A passage with neighbours has their headings in its content and no heading of its own. Raises HR400 bad_request.';

revoke execute on all functions in schema private from public;

create function public.search_handbook(
  _group_id uuid, _question_id uuid, _question text, _restated text, _sections text[], _language text,
  _embedding extensions.vector, _embedding_model text, _conversation_language text, _is_early boolean default false
)
returns table (
  rank integer, slug text, title text, heading text, language text, anchor text, content text,
  is_given boolean, is_named boolean, needs_manager boolean, method text, embedding_model text
)
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  _started constant timestamptz := clock_timestamp();
  _organisation_id uuid;
  _answers_with text;
  _rows private.found_passage[];
begin
  perform private.count_early_search(auth.uid(), _group_id) where _is_early;
  perform private.count_question(auth.uid(), _group_id, _question_id) where not _is_early;
  select g.organisation_id, o.embedding_model into strict _organisation_id, _answers_with
    from public.groups g join public.organisations o on o.id = g.organisation_id
    where g.id = _group_id;
  _embedding := case when _embedding_model = _answers_with then _embedding end;
  _rows := array(
    select f from private.find_passages(_organisation_id, _group_id, _question, _restated, _sections, _language,
      _embedding, _embedding_model) f
    order by f.rank);
  perform private.record_question(_group_id, _organisation_id, _question_id,
    coalesce(_conversation_language, _language), btrim(_question), nullif(btrim(_restated), ''),
    array(select distinct r.slug from unnest(_rows) r where r.is_named),
    coalesce(_rows[1].is_given, false),
    case when _embedding is null then 'keyword' else 'hybrid' end,
    case when _rows[1].is_given then _rows[1].section_id end,
    (extract(epoch from clock_timestamp() - _started) * 1000)::real,
    _embedding, case when _embedding is not null then _embedding_model end)
    where not _is_early;
  return query
    select r.rank, r.slug, r.title, r.heading, r.language, r.anchor, r.content, r.is_given, r.is_named, r.needs_manager,
      r.method, _answers_with
    from unnest(_rows) r;
end
$$;
comment on function public.search_handbook is
  'One question to the handbook in one round trip: rights, limit, charge, search and record.
  An exception takes charge and record back, so a refused question is neither counted nor recorded.
  `_question`: the words of the person, 1 to 1,000 characters. `_restated`: the same in plain words, or null.
  `_sections`: slugs that should answer, best first; the first three that exist count. `_language`: of both texts.
  `_embedding`: the mean of the vectors of both texts; null, or of another model than the rows name: by words.
  `_conversation_language`: what the person speaks, for the record. `_is_early`: not counted or recorded, for partial words.
  Rows as private.find_passages. Raises HR001 not_a_member, HR002 ai_disabled, HR003 limit_exceeded, HR400 bad_request.';

revoke execute on function public.search_handbook from public, anon;
grant execute on function public.search_handbook to authenticated, service_role;
