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
  -- Cosine from which a passage counts although it shares few words with the question.
  cosine_alone real not null
);
alter table private.search_thresholds enable row level security;

insert into private.search_thresholds
  (embedding_model, coverage_alone, coverage_confirmed, cosine_confirm, cosine_alone)
values
  ('none', 0.5, 1, 1, 1),
  ('text-embedding-3-small', 0.5, 0.35, 0.4, 0.6);

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

-- Ranked passages of one restaurant. Three lists are fused by rank (reciprocal rank fusion): the asker's
-- language by words, the other language by words both share, and vectors of both. A hit in the other
-- language is answered with the same place of the section in the asker's language where it exists.
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
  _depth constant integer := 20;
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
    -- One index scan per word, which yields both how rare the word is here and who has it.
    hits as (
      select t.n, p.id, p.section_id, p.language
      from terms t
      join public.manual_passages p on p.fts @@ t.own
      where p.group_id = _group_id and p.language = _language
      union all
      select t.n, p.id, p.section_id, p.language
      from terms t
      join public.manual_passages p on p.fts @@ t.other
      where p.group_id = _group_id and p.language <> _language
    ),
    sections as (
      select count(*)::real as n from public.manual_sections s where s.group_id = _group_id
    ),
    -- Rarity counted in sections: a section in two languages is one place that mentions the word.
    rarity as (
      select t.n, ln(1 + (s.n - coalesce(f.n, 0) + 0.5) / (coalesce(f.n, 0) + 0.5)) as weight
      from terms t
      cross join sections s
      left join (select h.n as term, count(distinct h.section_id)::real as n from hits h group by h.n) f
        on f.term = t.n
    ),
    total as (select nullif(sum(r.weight), 0) as weight from rarity r),
    covered as (
      select h.id, h.language, h.section_id, (sum(r.weight) / (select t.weight from total t))::real as share
      from hits h
      join rarity r on r.n = h.n
      group by h.id, h.language, h.section_id
    ),
    candidates as (
      (select c.* from covered c where c.language = _language order by c.share desc, c.id limit 2 * _depth)
      union all
      (select c.* from covered c where c.language <> _language order by c.share desc, c.id limit 2 * _depth)
    ),
    -- All words first (a share of 1), then most of what was asked, then titles before text and short
    -- before long (ts_rank: weights D, C, B, A; 1 divides by the logarithm of the length).
    worded as (
      select c.id, c.language, c.share, r.rank,
        row_number() over (partition by c.language order by c.share + 0.5 * r.rank desc, c.id) as place
      from candidates c
      join public.manual_passages p on p.id = c.id
      cross join lateral (
        select ts_rank('{0.05, 0.3, 0.7, 1}', p.fts,
          case when c.language = _language then _any_own else _any_other end, 1) as rank
      ) r
    ),
    near as (
      select v.id, v.similarity, row_number() over (order by v.similarity desc, v.id) as place
      from (
        select p.id, (1 - (p.embedding operator(extensions.<=>) _embedding))::real as similarity
        from public.manual_passages p
        where _embedding is not null
          and p.group_id = _group_id
          and p.embedding_model = _embedding_model
        order by p.embedding operator(extensions.<=>) _embedding
        limit _depth
      ) v
    ),
    ranked as (
      select w.id, w.place, w.share, w.rank, null::real as similarity from worded w where w.place <= _depth
      union all
      select n.id, n.place, null, null, n.similarity from near n
    ),
    fused as (
      select
        coalesce(twin.id, p.id) as id,
        p.section_id,
        sum(1 / (_k + r.place))::real as score,
        max(r.similarity)::real as cosine,
        max(r.rank)::real as text_rank,
        coalesce(max(r.share), 0)::real as coverage
      from ranked r
      join public.manual_passages p on p.id = r.id
      left join public.manual_passages twin
        on p.language <> _language
        and twin.section_id = p.section_id
        and twin.language = _language
        and twin.ordinal = p.ordinal
      group by coalesce(twin.id, p.id), p.section_id
    ),
    decided as (
      select f.*,
        f.coverage >= _bar.coverage_alone
          or (f.coverage >= _bar.coverage_confirmed and f.cosine >= _bar.cosine_confirm)
          or f.cosine >= _bar.cosine_alone as is_answer
      from fused f
    )
    select d.id, d.score, d.cosine, d.text_rank, d.coverage, coalesce(d.is_answer, false)
    from decided d
    order by d.score desc, d.coverage desc, d.id
    limit _limit;
end
$$;

-- The columns that both searches answer with.
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
  score real,
  cosine real,
  text_rank real,
  coverage real,
  found boolean,
  method text
)
language plpgsql stable set search_path = ''
as $$
begin
  if _query is null or btrim(_query) = '' or length(_query) > 1000 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a query has 1 to 1000 characters';
  end if;
  if _language is null or _language not in ('en', 'es') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a language is en or es';
  end if;
  return query
    select
      (row_number() over (order by r.score desc, r.coverage desc, r.passage_id))::integer,
      s.slug,
      case p.language when 'es' then s.title_es else s.title_en end,
      p.heading,
      p.language,
      p.language <> _language,
      p.content,
      r.score,
      r.cosine,
      r.text_rank,
      r.coverage,
      r.answers,
      case when _embedding is null then 'keyword' else 'hybrid' end
    from private.search_passages(_group_id, _query, _language, _embedding, _embedding_model,
      least(greatest(coalesce(_limit, 3), 1), 20)) r
    join public.manual_passages p on p.id = r.passage_id
    join public.manual_sections s on s.id = p.section_id
    order by 1;
end
$$;

revoke execute on function private.lexeme_query(text) from public;
revoke execute on function private.question_terms(text, text) from public;
revoke execute on function private.search_passages(uuid, text, text, extensions.vector, text, integer) from public;
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
