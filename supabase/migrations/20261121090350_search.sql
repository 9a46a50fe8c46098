-- The search on the tables of 20261121090100_sections.sql: what is published, of the restaurant and of its brand, less
-- the brand's sections that the restaurant has its own of. How it ranks and decides is that of 20261120090500.

drop function private.search_passages(uuid, text, text, extensions.vector, text, integer);
drop function private.describe_passages(uuid, text, text, extensions.vector, text, integer);

-- `_group_id` null: as a restaurant sees the handbook that has no section of its own. For the rest, see 20261120090500.
create function private.search_passages(
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
  _shadowed constant uuid[] := private.shadowed_sections(_organisation_id, _group_id);
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
      where p.is_published and p.organisation_id = _organisation_id
        and (p.group_id = _group_id or p.group_id is null) and p.section_id <> all (_shadowed)
        and p.language = _language
      union
      select t.n, p.section_id, p.ordinal
      from terms t
      join public.manual_passages p on p.fts @@ t.other
      where p.is_published and p.organisation_id = _organisation_id
        and (p.group_id = _group_id or p.group_id is null) and p.section_id <> all (_shadowed)
        and p.language <> _language
    ),
    rarity as (
      select t.n,
        (ln(1 + (s.n - coalesce(f.n, 0) + 0.5) / (coalesce(f.n, 0) + 0.5))
          * case when f.n is null then _unknown_word_weight else 1 end)::real as weight
      from terms t
      cross join (
        select count(*)::real as n
        from public.manual_section_versions v
        where v.status = 'published' and v.organisation_id = _organisation_id
          and (v.group_id = _group_id or v.group_id is null) and v.section_id <> all (_shadowed)
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
        join public.manual_passages p
          on p.section_id = c.section_id and p.ordinal = c.ordinal and p.is_published
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
          max(nullif(1 - (e.embedding operator(extensions.<=>) _embedding), 'NaN'))::real as similarity
        from public.manual_passages p
        join public.manual_embeddings e
          on e.passage_id = p.id and e.model = _embedding_model
            and e.dimensions = extensions.vector_dims(_embedding)
        where _embedding is not null
          and p.is_published and p.organisation_id = _organisation_id
          and (p.group_id = _group_id or p.group_id is null) and p.section_id <> all (_shadowed)
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
                where p.is_published
                  and p.section_id = coalesce(w.section_id, n.section_id)
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
      where p.section_id = d.section_id and p.is_published
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
create or replace function private.passage_context(_passage_id uuid)
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
    join public.manual_passages n on n.version_id = p.version_id and n.language = p.language
    where p.id = _passage_id
  ) near
  where near.is_itself or near.characters <= 1400
$$;

-- The columns that both searches answer with. Hits that are quoted with the same text are one row, the best.
create function private.describe_passages(
  _organisation_id uuid,
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
      select r.*, s.slug, v.title_en, v.title_es, p.heading, p.language, p.content,
        private.passage_context(p.id) as context
      from private.search_passages(_organisation_id, _group_id, _query, _language, _embedding, _embedding_model,
        _limit * 4) r
      join public.manual_passages p on p.id = r.passage_id
      join public.manual_sections s on s.id = p.section_id
      join public.manual_section_versions v on v.id = p.version_id
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

revoke execute on function private.search_passages(uuid, uuid, text, text, extensions.vector, text, integer) from public;
revoke execute on function private.describe_passages(uuid, uuid, text, text, extensions.vector, text, integer)
  from public;

-- Both answer as before; those who could call them still can.
create or replace function public.search_manual(
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
    select * from private.describe_passages(_organisation_id, _group_id, search_query, search_language, null, null,
      result_limit);
end
$$;

create or replace function public.hybrid_search_manual(
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
    select * from private.describe_passages(
      (select g.organisation_id from public.groups g where g.id = _group_id), _group_id,
      search_query, search_language, query_embedding, _embedding_model, result_limit);
end
$$;
