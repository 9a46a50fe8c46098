-- The search: from a question to at most six passages that the model reads. It ranks and hands over; it decides nothing.
--
-- One score for each passage: Okapi BM25F over the words of the question (Robertson and Zaragoza, 2009), plus the
-- cosine of their vectors. Sections that the model named come first. docs/decisions/0036-search.md has the reasons
-- and what each part adds.

-- The words of a long passage stay in its row: a search compares them with each word of the question.
-- Fetching them from the TOAST table would cost half of the search.
alter table public.manual_passages set (toast_tuple_target = 8160);

-- Nearest vectors.

create index manual_embeddings_tenant on public.manual_embeddings (organisation_id, group_id, model)
  where is_published;

-- The signs of the numbers, one bit each, take a thirtieth of the vector. The angle of two vectors decides
-- how many signs differ. The vectors themselves order the candidates of this index.
-- A model of another width needs its own index, and is scanned exactly without one.
create index manual_embeddings_signs on public.manual_embeddings
  using hnsw ((extensions.binary_quantize(embedding::extensions.vector(1536))::bit(1536)) extensions.bit_hamming_ops)
  where is_published and dimensions = 1536;

create type private.near_passage as (passage_id uuid, section_id uuid, similarity real);
comment on type private.near_passage is 'A row of private.nearest_passages. `similarity` is the cosine.';

create function private.nearest_exactly(
  _organisation_id uuid, _group_id uuid, _shadowed uuid[], _embedding extensions.vector, _embedding_model text, _limit integer
) returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
as $$
begin
  return query
    select n.passage_id, n.section_id, (1 - n.distance)::real
    from (
      select e.passage_id, e.section_id, e.embedding operator(extensions.<=>) _embedding as distance
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
    order by n.distance, n.section_id, n.passage_id;
end
$$;
comment on function private.nearest_exactly is 'Compares every published vector of the restaurant and its brand.';

create function private.nearest_by_signs(
  _organisation_id uuid, _group_id uuid, _shadowed uuid[], _embedding extensions.vector, _embedding_model text, _limit integer,
  -- Candidates by signs. 240 held 99 % of the exact first ten of 3,378 passages, and 96 % of 33,423.
  _candidates integer default 240
) returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
-- The index is the only way here that needs no sorting, so the planner takes it whatever it knows of the tenants.
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
    select n.passage_id, n.section_id, (1 - n.distance)::real
    from (
      select c.passage_id, c.section_id, c.embedding operator(extensions.<=>) _embedding as distance
      from (
        select e.passage_id, e.section_id, e.embedding
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
    order by n.distance, n.section_id, n.passage_id;
end
$$;
comment on function private.nearest_by_signs is
  'Takes candidates from manual_embeddings_signs and orders them by their vectors of 1,536 numbers.
  The index knows no tenants: rows of others are left out, and the scan ends after 20,000 rows (a limit of pgvector).';

create function private.nearest_passages(
  _organisation_id uuid, _group_id uuid, _shadowed uuid[], _embedding extensions.vector, _embedding_model text, _limit integer,
  -- Up to this number of passages, every vector is compared.
  _exact_up_to integer default 2000
) returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
as $$
declare
  -- Up to this number of passages, a third of the candidates is enough. Each candidate is a page to read.
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
      from private.section_words w
      where w.organisation_id = _organisation_id and (w.group_id = _group_id or w.group_id is null);
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

create function private.query_of(_lexemes text[], _mark text default '') returns text
language sql immutable set search_path = ''
return '(' || (
  select string_agg('''' || replace(replace(_mark || l.lexeme, '\', '\\'), '''', '''''') || '''', ' & ')
  from unnest(_lexemes) l (lexeme)) || ')';
comment on function private.query_of is 'The text of a tsquery for all of these lexemes, each behind the mark.';

create function private.question_terms(
  _organisation_id uuid, _group_id uuid, _question text, _restated text, _language text
)
returns table (
  term integer,
  in_question boolean,
  in_restated boolean,
  own_same tsquery,
  own_synonyms tsquery,
  other_same tsquery,
  other_synonyms tsquery,
  anywhere tsquery
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan rows 12
as $$
declare
  -- A spoken question has a handful of content words; a pasted page must not cost a scan for each of its words.
  _most_terms constant integer := 24;
  _other constant text := case _language when 'es' then 'en' else 'es' end;
begin
  return query
    with texts (is_restated, said) as (
      values (false, _question), (true, _restated)
    ),
    words as materialized (
      select t.is_restated, w.place, w.stem, w.other_stem
      from texts t cross join lateral private.content_words(t.said, _language) w
    ),
    terms as materialized (
      select row_number() over (order by min(w.place), w.stem)::integer as term, w.stem, min(w.other_stem) as other_stem,
        not bool_and(w.is_restated) as in_question, bool_or(w.is_restated) as in_restated
      from words w
      group by w.stem
      order by 1
      limit _most_terms
    ),
    -- Terms of the kitchen that a text has whole, and the words of the text that they consist of.
    senses as (
      select distinct t.term, h.concept
      from texts x
      cross join lateral (select tsvector_to_array(private.stems(x.said, _language)) as stems) s
      join public.handbook_terms h on h.organisation_id = _organisation_id and h.language = _language
        and h.lexemes[1] = any (s.stems) and h.lexemes <@ s.stems
      join terms t on t.stem = any (h.lexemes)
    ),
    ways as (
      select t.term, _language as language, true as is_same, array[t.stem] as lexemes from terms t
      union
      select t.term, _other, true, array[t.other_stem] from terms t
      union
      select s.term, h.language, false, h.lexemes
      from senses s join public.handbook_terms h on h.organisation_id = _organisation_id and h.concept = s.concept
    )
    select t.term, t.in_question, t.in_restated,
      string_agg(private.query_of(w.lexemes), '|') filter (where w.language = _language and w.is_same)::tsquery,
      string_agg(private.query_of(w.lexemes), '|') filter (where w.language = _language and not w.is_same)::tsquery,
      string_agg(private.query_of(w.lexemes), '|') filter (where w.language = _other and w.is_same)::tsquery,
      string_agg(private.query_of(w.lexemes), '|') filter (where w.language = _other and not w.is_same)::tsquery,
      string_agg(private.query_of(w.lexemes, private.word_mark(o.owner_id, w.language)), '|')::tsquery
    from terms t
    join ways w using (term)
    cross join (values (_organisation_id), (_group_id)) o (owner_id)
    where o.owner_id is not null
    group by t.term, t.in_question, t.in_restated;
end
$$;
comment on function private.question_terms is
  'The content words of a question and of its restatement, each once, with every way in which a passage may say them:
  the same word, or other words of the kitchen for it, in the language of the question and in the other one.
  `anywhere` has all of them with the marks of private.section_words.';

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

-- Ranking.

create type private.ranked_passage as (passage_id uuid, section_id uuid, score real, is_near boolean);
comment on type private.ranked_passage is
  'A row of private.rank_passages. `is_near`: it has a word of the question, or its vector is near.';

create function private.rank_passages(
  _organisation_id uuid, _group_id uuid, _shadowed uuid[], _named uuid[],
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
  -- What a cosine of 1 is worth beside a passage that has all words of the question often.
  _cosine_weight constant real := 1;
  -- A passage without a word of the question is near from this cosine on. Unrelated texts are at 0 to 0.15.
  _near_cosine constant real := 0.2;
  -- Sections that are looked at, by words and by vectors; passages that the vectors are asked for.
  _most_by_words constant integer := 24;
  _most_by_vectors constant integer := 10;
  _nearest constant integer := 30;
  _term integer[];
  _in_question boolean[];
  _in_restated boolean[];
  _own_same tsquery[];
  _own_synonyms tsquery[];
  _other_same tsquery[];
  _other_synonyms tsquery[];
  _anywhere tsquery[];
  _texts constant integer := case when _restated is null then 1 else 2 end;
  _weight real[];
  _sections uuid[];
begin
  select array_agg(t.term), array_agg(t.in_question), array_agg(t.in_restated), array_agg(t.own_same),
      array_agg(t.own_synonyms), array_agg(t.other_same), array_agg(t.other_synonyms), array_agg(t.anywhere)
    into _term, _in_question, _in_restated, _own_same, _own_synonyms, _other_same, _other_synonyms, _anywhere
    from private.question_terms(_organisation_id, _group_id, _question, _restated, _language) t;

  with all_sections as (
    select count(*)::real as number from private.section_words w
    where w.organisation_id = _organisation_id and (w.group_id = _group_id or w.group_id is null)
  ),
  hits as materialized (
    select t.term, w.section_id
    from unnest(_term, _anywhere) t (term, anywhere)
    join private.section_words w on w.words @@ t.anywhere
    where w.organisation_id = _organisation_id and (w.group_id = _group_id or w.group_id is null)
      and w.section_id <> all (_shadowed)
  ),
  -- Inverse document frequency, by sections: each passage repeats its title, so a long section would make its subject common.
  rare as (
    select h.term, ln(1 + (a.number - count(*) + 0.5) / (count(*) + 0.5))::real as idf
    from hits h cross join all_sections a group by h.term, a.number
  ),
  -- Both texts count the same, however many words they have.
  weighted as (
    select t.term,
      (coalesce(r.idf / nullif(sum(r.idf) filter (where t.in_question) over (), 0) * t.in_question::integer, 0)
        + coalesce(r.idf / nullif(sum(r.idf) filter (where t.in_restated) over (), 0) * t.in_restated::integer, 0)) / _texts
        as weight
    from unnest(_term, _in_question, _in_restated) t (term, in_question, in_restated)
    join rare r using (term)
  )
  select
    (select array_agg(w.weight order by t.place)
      from unnest(_term) with ordinality t (term, place) left join weighted w using (term)),
    array(
      select c.section_id from (
        select h.section_id from hits h join weighted w using (term)
        group by h.section_id order by sum(w.weight) desc, h.section_id limit _most_by_words
      ) c)
    into _weight, _sections;

  return query
    with near as materialized (
      select n.passage_id, n.section_id, n.similarity
      from private.nearest_passages(_organisation_id, _group_id, _shadowed, _embedding, _embedding_model, _nearest) n
      where _embedding is not null
    ),
    candidates as (
      select s.section_id from unnest(_sections || _named) s (section_id)
      union
      select n.section_id
      from (select i.section_id from near i group by i.section_id order by max(i.similarity) desc limit _most_by_vectors) n
    ),
    passages as materialized (
      select p.id, p.section_id, p.fts, p.language = _language as is_own,
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
    said as (
      select p.id,
        sum(t.weight * f.frequency * (_k1 + 1) / (f.frequency + _k1 * (1 - _b + _b * length(p.fts) / _usual_length))) as score
      from passages p
      cross join unnest(_weight, _own_same, _own_synonyms, _other_same, _other_synonyms)
        t (weight, own_same, own_synonyms, other_same, other_synonyms)
      cross join lateral (
        select _scale * greatest(
          case when p.fts @@ q.same then ts_rank_cd(_weights, p.fts, q.same) end,
          case when p.fts @@ q.synonyms then _synonym_weight * ts_rank_cd(_weights, p.fts, q.synonyms) end) as frequency
        from (
          select case when p.is_own then t.own_same else t.other_same end as same,
            case when p.is_own then t.own_synonyms else t.other_synonyms end as synonyms
        ) q
      ) f
      where f.frequency > 0
      group by p.id
    )
    select p.id, p.section_id, (coalesce(s.score, 0) + _cosine_weight * coalesce(p.similarity, 0))::real,
      s.score is not null or coalesce(p.similarity >= _near_cosine, false)
    from passages p left join said s on s.id = p.id
    order by 3 desc, p.section_id, p.id;
end
$$;
comment on function private.rank_passages is
  'The passages of the sections that have the most or the rarest words of a question, of those nearest to its vector
  and of `_named`, best first. `_embedding`: the mean of the vectors of question and restatement.
  The calling function checks the membership.';

-- Handing over.

create type private.found_passage as (
  rank integer, section_id uuid, passage_id uuid, slug text, title text, heading text, language text, anchor text,
  content text, is_given boolean, is_named boolean, needs_manager boolean, method text);
comment on type private.found_passage is
  'A row of every search. `is_given`: the model reads it. `is_named`: of a section that the model named.
  `needs_manager`: the section is about one of the caution_topics of the brand.';

create function private.pick_passages(
  _organisation_id uuid, _group_id uuid, _shadowed uuid[], _named uuid[],
  _question text, _restated text, _language text, _embedding extensions.vector, _embedding_model text,
  _most integer, _budget_characters integer,
  out picked uuid[], out nearest uuid[], out is_found boolean
)
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan
as $$
declare
  _most_of_a_section constant integer := 2;
  _most_nearest constant integer := 3;
  _characters integer := 0;
  _hit record;
begin
  picked := '{}';
  nearest := '{}';
  is_found := _named <> '{}';
  for _hit in
    select h.*, length(p.content) + length(p.heading) as characters,
      case when h.place = 1 then array_position(_named, h.section_id) end as named_place
    from (
      select r.*, row_number() over (partition by r.section_id order by r.score desc, r.passage_id) as place
      from private.rank_passages(_organisation_id, _group_id, _shadowed, _named, _question, _restated, _language,
        _embedding, _embedding_model) r
    ) h
    join public.manual_passages p on p.id = h.passage_id
    where h.place <= _most_of_a_section
    order by named_place nulls last, h.score desc, h.passage_id
  loop
    is_found := is_found or _hit.is_near;
    if _hit.place = 1 and cardinality(nearest) < _most_nearest then
      nearest := nearest || _hit.passage_id;
    end if;
    if cardinality(picked) < _most
      and (picked = '{}' or _hit.named_place is not null or _characters + _hit.characters <= _budget_characters) then
      picked := picked || _hit.passage_id;
      _characters := _characters + _hit.characters;
    end if;
  end loop;
end
$$;
comment on function private.pick_passages is
  'The passages to hand over: the best of each named section, then by score, at most two of a section.
  The first one and those of named sections are picked also where they exceed the budget.
  `nearest`: the best passage of each of the three nearest sections.';

create function private.find_passages(
  _organisation_id uuid, _group_id uuid, _question text, _restated text, _sections text[], _language text,
  _embedding extensions.vector, _embedding_model text
) returns setof private.found_passage
language plpgsql stable set search_path = '' set plan_cache_mode = force_generic_plan rows 6
as $$
declare
  _most_passages constant integer := 6;
  _most_named constant integer := 3;
  _longest_text constant integer := 1000;
  -- About 1,200 tokens of four characters: a model reads them before it answers, and pays for them in later turns.
  _budget_characters constant integer := 4800;
  -- A passage is handed over with its neighbours, up to so many characters; of a named section, up to twice as many.
  _run_characters constant integer := 1000;
  _named_run_characters constant integer := 2000;
  -- "## " and two line ends, which join a neighbour.
  _joint_characters constant integer := 5;
  _shadowed constant uuid[] := private.shadowed_sections(_organisation_id, _group_id);
  _method constant text := case when _embedding is null then 'keyword' else 'hybrid' end;
  _named uuid[];
  _found record;
  _taken uuid[];
  _run uuid[];
  _run_length integer;
  _characters integer;
  _passage record;
  _neighbour record;
  _row private.found_passage;
begin
  _restated := nullif(btrim(_restated), '');
  if coalesce(btrim(_question), '') = '' or length(_question) > _longest_text or length(_restated) > _longest_text then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'a question and its restatement have 1 to 1000 characters';
  end if;
  if _language is null or _language not in ('en', 'es') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a language is en or es';
  end if;
  _named := array(
    select s.id
    from (select n.slug, min(n.place) as place from unnest(_sections) with ordinality n (slug, place) group by n.slug) n
    join public.manual_sections s on s.slug = n.slug and s.organisation_id = _organisation_id
      and (s.group_id = _group_id or s.group_id is null) and s.id <> all (_shadowed)
    where exists (select from public.manual_passages p where p.section_id = s.id and p.is_published)
    order by n.place
    limit _most_named);
  _found := private.pick_passages(_organisation_id, _group_id, _shadowed, _named, btrim(_question), _restated, _language,
    _embedding, _embedding_model, _most_passages, _budget_characters);
  _taken := case when _found.is_found then _found.picked else _found.nearest end;
  select coalesce(sum(length(p.content) + length(p.heading)), 0) into _characters
    from public.manual_passages p where p.id = any (_taken);

  for _passage in
    select t.place, p.*, s.slug, case p.language when 'es' then v.title_es else v.title_en end as title,
      p.section_id = any (_named) as is_named,
      exists (
        select from public.organisations o
        where o.id = _organisation_id and o.caution_topics && array[s.slug, v.category]) as needs_manager
    from unnest(_taken) with ordinality t (passage_id, place)
    join public.manual_passages p on p.id = t.passage_id
    join public.manual_sections s on s.id = p.section_id
    join public.manual_section_versions v on v.id = p.version_id
    order by t.place
  loop
    -- Its neighbours, nearest first, as long as run and budget have room.
    _run := array[_passage.id];
    _run_length := length(_passage.content) + length(_passage.heading);
    for _neighbour in
      select p.id, length(p.content) + length(p.heading) + _joint_characters as characters
      from public.manual_passages p
      where _found.is_found and p.version_id = _passage.version_id and p.language = _passage.language
        and p.id <> all (_taken)
      order by abs(p.ordinal - _passage.ordinal), p.ordinal
    loop
      exit when _characters + _neighbour.characters > _budget_characters
        or _run_length + _neighbour.characters
          > case when _passage.is_named then _named_run_characters else _run_characters end;
      _run := _run || _neighbour.id;
      _taken := _taken || _neighbour.id;
      _run_length := _run_length + _neighbour.characters;
      _characters := _characters + _neighbour.characters;
    end loop;
    _row := (_passage.place, _passage.section_id, _passage.id, _passage.slug, _passage.title, _passage.heading,
      _passage.language, _passage.anchor, _passage.content, _found.is_found, _passage.is_named, _passage.needs_manager,
      _method);
    if cardinality(_run) > 1 then
      _row.heading := '';
      select string_agg(case when p.heading = '' then p.content else '## ' || p.heading || E'\n\n' || p.content end,
          E'\n\n' order by p.ordinal)
        into _row.content
        from public.manual_passages p where p.id = any (_run);
    end if;
    return next _row;
  end loop;
end
$$;
comment on function private.find_passages is
  'At most six passages of together about 1,200 tokens, each with its neighbours: the best of the named sections, then
  the best ones. A section that does not exist or is not visible is ignored. Where no section was named and nothing is
  near, at most three rows that are not given: the nearest sections.
  A passage with neighbours has their headings in its content and no heading of its own. Raises HR400 bad_request.';

revoke execute on all functions in schema private from public;

create function public.search_handbook(
  _group_id uuid,
  _question_id uuid,
  _question text,
  _restated text,
  _sections text[],
  _language text,
  _embedding extensions.vector,
  _embedding_model text,
  _conversation_language text
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
  perform private.charge_question(auth.uid(), _group_id, _question_id);
  select g.organisation_id, o.embedding_model into strict _organisation_id, _answers_with
    from public.groups g join public.organisations o on o.id = g.organisation_id
    where g.id = _group_id;
  if _embedding_model is distinct from _answers_with then
    _embedding := null;
  end if;
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
    _embedding, case when _embedding is null then null else _embedding_model end);
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
  `_embedding`: the mean of the vectors of both texts, which ranks as the mean of their cosines does; null: by words.
  A vector of another model than the brand''s is ignored, and the rows name the model.
  `_conversation_language`: what the person speaks, for the record.
  Rows as private.find_passages. Raises HR001 not_a_member, HR002 ai_disabled, HR003 limit_exceeded, HR400 bad_request.';

revoke execute on function public.search_handbook from public, anon;
grant execute on function public.search_handbook to authenticated, service_role;
