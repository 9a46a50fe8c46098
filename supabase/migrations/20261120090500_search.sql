-- Searching the handbook: from a spoken question to ranked passages and an honest "it is not in there".

-- From when on raw signals count as an answer, per embedding model ('none': keywords only). Cosines of two
-- models are not comparable, so a new model brings a row of its own. Fused ranks decide nothing here: the
-- best of a bad lot is always first.
create table private.search_thresholds (
  embedding_model text primary key,
  -- Share of the question's content, weighted by rarity, that a passage must contain to stand alone.
  coverage_alone real not null check (coverage_alone between 0 and 1),
  -- The same, when the vectors agree with at least `cosine_confirm`.
  coverage_confirmed real not null check (coverage_confirmed between 0 and 1),
  cosine_confirm real not null,
  -- Cosine below which the order of vectors is chance, and is not fused with the order by words.
  cosine_floor real not null,
  -- Cosine from which a passage counts although it shares few words with the question.
  cosine_alone real not null
);
alter table private.search_thresholds enable row level security;

insert into private.search_thresholds
  (embedding_model, coverage_alone, coverage_confirmed, cosine_confirm, cosine_floor, cosine_alone)
values
  -- Measured on the sample handbook.
  ('none', 0.5, 1, 1, 1, 1),
  -- Words as above. The cosines are assumed, not measured: cautious for a model that puts a question and its
  -- answer at about 0.45 to 0.7 and strangers at 0.1 to 0.35. Measure them on a project that has the model.
  ('text-embedding-3-small', 0.5, 0.35, 0.4, 0.2, 0.55);

-- A lexeme as a query, whatever characters it holds.
create function private.lexeme_query(_lexeme text) returns tsquery
language sql immutable strict parallel safe set search_path = ''
as $$
  select ('''' || replace(replace(_lexeme, '\', '\\'), '''', '''''') || '''')::tsquery
$$;

-- The content words of a question, in the order asked: one query each for passages in the asker's language
-- and for passages in the other one. Words of asking ("how", "tell me", "do we have to") are left out, or
-- every handbook would half answer every question.
create function private.question_terms(_query text, _language text)
returns table (own tsquery, other tsquery)
language plpgsql stable set search_path = ''
as $$
declare
  _stems tsvector;
begin
  -- One branch per language: the configuration is a constant in each.
  if _language = 'es' then
    _stems := to_tsvector('private.spanish', _query);
  else
    _stems := to_tsvector('private.english', _query);
  end if;

  return query
    with words as (
      select w.lexeme as word, w_at.position
      from unnest(to_tsvector('private.simple', _query)) w
      cross join lateral unnest(w.positions) w_at (position)
      where not exists (
        select 1 from private.question_fillers f where f.language = _language and f.word = w.lexeme)
    ),
    terms as (
      select s.lexeme as stem, array_agg(distinct words.word) as words, min(words.position) as position
      from unnest(_stems) s
      cross join lateral unnest(s.positions) s_at (position)
      join words on words.position = s_at.position
      group by s.lexeme
      union all
      -- Stop words to the stemmer, but half of a verb in a kitchen: a day off, to call out, to lock up.
      select words.word, array[words.word], min(words.position)
      from words
      where _language = 'en' and words.word in ('off', 'out', 'up', 'down', 'over')
      group by words.word
    ),
    senses as (
      -- The kitchen's other words for the same thing, in both languages.
      select distinct t.stem, g.language, g.lexeme
      from terms t
      join private.glossary said on said.language = _language and said.lexeme = t.stem
      join private.glossary g on g.concept = said.concept
    )
    select
      (
        select string_agg(private.lexeme_query(l.lexeme)::text, ' | ')::tsquery
        from (
          select t.stem as lexeme
          union select unnest(t.words)
          union select s.lexeme from senses s where s.stem = t.stem and s.language = _language
        ) l
      ),
      (
        select string_agg(private.lexeme_query(l.lexeme)::text, ' | ')::tsquery
        from (
          select unnest(t.words) as lexeme
          union select s.lexeme from senses s where s.stem = t.stem and s.language <> _language
        ) l
      )
    from terms t
    order by t.position
    -- A spoken question has a handful of content words; a pasted page must not cost a scan per word.
    limit 24;
end
$$;

-- The figure that a question asks for, as a pattern for the text that could answer it; null when it asks for
-- none. "How hot" wants degrees: a shelf plan that only says "the most heat" has the words, not the answer.
create function private.asked_figure(_query text)
returns text
language sql immutable set search_path = ''
as $$
  select case
    when _query ~* '\m(how (hot|cold|warm)|temp|temperature|degrees?|temperatura|grados?)\M' then '°'
    when _query ~* '\m(how (long|many|much|often|old|high|far|deep|early|late|soon)|cu[aá]nt[oa]s?)\M'
      then '[0-9]'
  end
$$;

-- Ranked places of one restaurant's handbook. A place is (section, ordinal): its passages in both languages
-- say the same thing, so what either of them matches counts for the place. Two lists of places are fused by
-- rank (reciprocal rank fusion): by words, in both languages, and by vectors, of both languages. Each place
-- is answered with its passage in the asker's language where there is one.
--
-- Runs with the rights of the function that calls it, which has checked the caller's membership.
create function private.search_passages(
  _group_id uuid,
  _query text,
  _language text,
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer
)
returns table (
  passage_id uuid,
  score real,
  cosine real,
  text_rank real,
  coverage real,
  answers boolean
)
language plpgsql stable set search_path = ''
as $$
declare
  -- Smoothing of 1 / (k + rank): 50 as in Supabase's guide; larger flattens the top.
  _k constant real := 50;
  -- How deep each list is fused. A voice answer quotes three passages.
  _depth constant integer := 30;
  -- What a word that the handbook never uses weighs, relative to the rarest word it does use. It must weigh
  -- much, or "the wifi password" is about passwords to nobody; a little less than all, because it may be
  -- slang, or misheard. Measured on the sample handbook's questions.
  _unknown_word_weight constant real := 0.9;
  -- How much a title or a heading helps among passages that contain as much of the question.
  _heading_boost constant real := 0.5;
  -- How much a place gains that holds the kind of figure asked for: about five places in either list.
  _figure_boost constant real := 1.1;
  _figure constant text := private.asked_figure(_query);
  _own tsquery[];
  _other tsquery[];
  _any_own tsquery;
  _any_other tsquery;
  _bar private.search_thresholds;
begin
  select array_agg(t.own), array_agg(t.other),
      string_agg('(' || t.own::text || ')', ' | ')::tsquery,
      string_agg('(' || t.other::text || ')', ' | ')::tsquery
    into _own, _other, _any_own, _any_other
    from private.question_terms(_query, _language) t;

  -- An unknown model is held to the keyword bar: its cosines mean nothing to us yet.
  select * into _bar from private.search_thresholds b
    where b.embedding_model = case when _embedding is null then 'none' else _embedding_model end;
  if not found then
    select * into strict _bar from private.search_thresholds b where b.embedding_model = 'none';
  end if;

  return query
    with
    terms as (
      select t.own, t.other, t.n from unnest(_own, _other) with ordinality t (own, other, n)
    ),
    -- One index scan per word, which yields both how rare the word is here and where it stands.
    hits as (
      select t.n, p.section_id, p.ordinal
      from terms t
      join public.manual_passages p on p.fts @@ t.own
      where p.group_id = _group_id and p.language = _language
      union
      select t.n, p.section_id, p.ordinal
      from terms t
      join public.manual_passages p on p.fts @@ t.other
      where p.group_id = _group_id and p.language <> _language
    ),
    rarity as (
      select t.n,
        (ln(1 + (s.n - coalesce(f.n, 0) + 0.5) / (coalesce(f.n, 0) + 0.5))
          * case when f.n is null then _unknown_word_weight else 1 end)::real as weight
      from terms t
      cross join (
        select count(*)::real as n from public.manual_sections m where m.group_id = _group_id
      ) s
      left join (
        select h.n as term, count(distinct h.section_id)::real as n from hits h group by h.n
      ) f on f.term = t.n
    ),
    total as (select nullif(sum(r.weight), 0)::real as weight from rarity r),
    covered as (
      select h.section_id, h.ordinal,
        (sum(r.weight) / (select t.weight from total t))::real as share
      from hits h
      join rarity r on r.n = h.n
      group by h.section_id, h.ordinal
    ),
    -- All words first (a share of 1), then most of what was asked; then titles before text and short before
    -- long (ts_rank: weights D, C, B, A; 1 divides by the logarithm of the length).
    worded as (
      select w.*, row_number() over (
          order by w.share + _heading_boost * w.rank desc, w.section_id, w.ordinal
        ) as place
      from (
        select c.section_id, c.ordinal, c.share, max(r.rank) as rank
        from (
          select * from covered o
          order by o.share desc, o.section_id, o.ordinal
          limit 2 * _depth
        ) c
        join public.manual_passages p on p.section_id = c.section_id and p.ordinal = c.ordinal
        cross join lateral (
          select ts_rank('{0.05, 0.3, 0.7, 1}', p.fts,
            case when p.language = _language then _any_own else _any_other end, 1) as rank
        ) r
        group by c.section_id, c.ordinal, c.share
      ) w
    ),
    near as (
      select v.section_id, v.ordinal, v.similarity,
        row_number() over (order by v.similarity desc, v.section_id, v.ordinal) as place
      from (
        -- A vector of zeros has no direction: its cosine is NaN, which Postgres puts above every number.
        select p.section_id, p.ordinal,
          max(nullif(1 - (p.embedding operator(extensions.<=>) _embedding), 'NaN'))::real as similarity
        from public.manual_passages p
        where _embedding is not null
          and p.group_id = _group_id
          and p.embedding_model = _embedding_model
        group by p.section_id, p.ordinal
      ) v
      where v.similarity is not null
    ),
    fused as (
      select
        section_id,
        ordinal,
        ((coalesce(1 / (_k + w.place), 0)
          + case
              when n.place <= _depth and n.similarity >= _bar.cosine_floor then 1 / (_k + n.place)
              else 0
            end)
          * case
              when exists (
                select 1 from public.manual_passages p
                where p.section_id = coalesce(w.section_id, n.section_id)
                  and p.ordinal = coalesce(w.ordinal, n.ordinal)
                  and p.content ~ _figure) then _figure_boost
              else 1
            end)::real as score,
        n.similarity,
        w.rank,
        coalesce(w.share, 0)::real as share
      from worded w
      full join near n using (section_id, ordinal)
      where w.place <= _depth or n.place <= _depth
    ),
    decided as (
      select f.*,
        coalesce(
          f.share >= _bar.coverage_alone
            or (f.share >= _bar.coverage_confirmed and f.similarity >= _bar.cosine_confirm)
            or f.similarity >= _bar.cosine_alone,
          false) as is_answer
      from fused f
    )
    select q.id, d.score, d.similarity, d.rank, d.share, d.is_answer
    from (
      select * from decided x
      order by x.is_answer desc, x.score desc, x.share desc, x.section_id, x.ordinal
      limit _limit
    ) d
    cross join lateral (
      -- The place in the asker's language; where only the other has it, that one. A translation that was cut
      -- differently under this heading is answered with its nearest piece.
      select p.id
      from public.manual_passages p
      where p.section_id = d.section_id
        and (p.language = _language or p.ordinal = d.ordinal)
      order by p.language = _language desc, abs(p.ordinal - d.ordinal), p.ordinal
      limit 1
    ) q
    order by d.is_answer desc, d.score desc, d.share desc, d.section_id, d.ordinal;
end
$$;

-- A passage as it is quoted: with its neighbours in the section, nearest first, as long as all of it stays
-- within what a spoken answer needs (about 350 tokens). What is searched is short, so that it matches one
-- thing; what is answered from is long enough to hold the number that stands a heading further up.
create function private.passage_context(_passage_id uuid)
returns text
language sql stable set search_path = ''
as $$
  -- Alone it is its own text, whose heading the row names; together, each goes under its heading.
  select case when count(*) = 1 then min(near.content) else string_agg(
    case when near.heading = '' then near.content else '## ' || near.heading || E'\n\n' || near.content end,
    E'\n\n' order by near.ordinal) end
  from (
    select n.heading, n.content, n.ordinal,
      n.id = p.id as is_itself,
      sum(length(n.heading) + length(n.content)) over (
        order by abs(n.ordinal - p.ordinal), n.ordinal) as characters
    from public.manual_passages p
    join public.manual_passages n on n.section_id = p.section_id and n.language = p.language
    where p.id = _passage_id
  ) near
  where near.is_itself or near.characters <= 1400
$$;

-- The columns that both searches answer with. Hits that are quoted with the same text are one row, the best.
create function private.describe_passages(
  _group_id uuid,
  _query text,
  _language text,
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer
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
language plpgsql stable set search_path = ''
as $$
declare
  _figure constant text := private.asked_figure(_query);
begin
  if _query is null or btrim(_query) = '' or length(_query) > 1000 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a query has 1 to 1000 characters';
  end if;
  if _language is null or _language not in ('en', 'es') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a language is en or es';
  end if;
  _limit := least(greatest(coalesce(_limit, 3), 1), 20);
  return query
    with hits as (
      -- Neighbours often hit together: ask for more than are wanted.
      select r.*, s.slug, s.title_en, s.title_es, p.heading, p.language, p.content,
        private.passage_context(p.id) as context
      from private.search_passages(_group_id, _query, _language, _embedding, _embedding_model, _limit * 4) r
      join public.manual_passages p on p.id = r.passage_id
      join public.manual_sections s on s.id = p.section_id
    ),
    distinct_hits as (
      select distinct on (h.slug, h.context) h.*
      from hits h
      order by h.slug, h.context, h.answers desc, h.score desc, h.coverage desc, h.passage_id
    ),
    judged as (
      select d.*,
        -- Beside a passage that has all of the question, one that has half of it is no answer; and beside one
        -- that holds the figure asked for, one without any is none either.
        d.answers
          and d.coverage >= 0.8 * max(d.coverage) filter (where d.answers) over ()
          and (_figure is null or d.context ~ _figure
            or not bool_or(d.context ~ _figure) filter (where d.answers) over ()) as is_found
      from distinct_hits d
    )
    select
      -- By the verdict first: the limit cuts near misses, never an answer that stands behind one.
      (row_number() over (
        order by j.is_found desc, j.score desc, j.coverage desc, j.passage_id))::integer,
      j.slug,
      case j.language when 'es' then j.title_es else j.title_en end,
      j.heading,
      j.language,
      j.language <> _language,
      j.content,
      j.context,
      j.score,
      j.cosine,
      j.text_rank,
      j.coverage,
      j.is_found,
      case when _embedding is null then 'keyword' else 'hybrid' end
    from judged j
    order by 1
    limit _limit;
end
$$;

revoke execute on function private.asked_figure(text) from public;
revoke execute on function private.lexeme_query(text) from public;
revoke execute on function private.question_terms(text, text) from public;
revoke execute on function private.search_passages(uuid, text, text, extensions.vector, text, integer) from public;
revoke execute on function private.passage_context(uuid) from public;
revoke execute on function private.describe_passages(uuid, text, text, extensions.vector, text, integer) from public;

-- Keyword search for a member who looks through the handbook. Nothing is counted: no model is involved.
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
begin
  if not exists (
    select 1 from public.group_memberships m where m.user_id = auth.uid() and m.group_id = _group_id
  ) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  return query
    select * from private.describe_passages(_group_id, search_query, search_language, null, null, result_limit);
end
$$;

-- One question to the handbook, in one round trip: the caller's membership and policy, the limit, the
-- charge (once per question id), the search and the verdict. Whatever is refused is not counted, because
-- the exception takes the charge back with it.
--
-- The best rows come first; `found` is the verdict on each of them. No row with `found` means that the
-- handbook does not say; the rows are then the nearest misses, for whoever tunes the search.
-- Raises HR001 not_a_member, HR002 ai_disabled, HR003 limit_exceeded, HR400 bad_request.
create function public.hybrid_search_manual(
  _group_id uuid,
  _question_id uuid,
  search_query text,
  search_language text,
  query_embedding extensions.vector default null,
  _embedding_model text default 'text-embedding-3-small',
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
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.charge_question(auth.uid(), _group_id, _question_id);
  return query
    select * from private.describe_passages(_group_id, search_query, search_language, query_embedding,
      _embedding_model, result_limit);
end
$$;

revoke execute on function public.search_manual(uuid, text, text, integer) from public, anon;
revoke execute on function public.hybrid_search_manual(uuid, uuid, text, text, extensions.vector, text, integer)
  from public, anon;
grant execute on function public.search_manual(uuid, text, text, integer) to authenticated, service_role;
grant execute on function public.hybrid_search_manual(uuid, uuid, text, text, extensions.vector, text, integer)
  to authenticated, service_role;
