-- Every search is recorded, what was not found is grouped with the questions that mean the same, and what is old is
-- forgotten: docs/decisions/0038-gaps.md and 0039-golden-questions-and-retention.md. What whoever read the passages made
-- of them is kept beside what the search decided: 0048-the-answer-reports.md.

alter table public.asked_questions
  -- What the answer was, as whoever gave it reported (report_answer). Null: nobody did, and `decision` is all there is.
  add column outcome text check (outcome in ('answered', 'not_found')),
  -- The sections that it was taken from, the best first, as they were called then.
  add column answered_from text[] not null default '{}',
  -- The first of them.
  add column answered_section_id uuid references public.manual_sections (id) on delete set null;
-- For sections that are deleted; a search writes none of it.
create index asked_questions_answered_section_id on public.asked_questions (answered_section_id)
  where answered_section_id is not null;

-- Vectors of questions that are in no gap, for a thumb down that comes while the answer is on the screen, or later from
-- a kiosk that was offline. In a table of its own: they are many times as long as the question, and go after a day.
create table private.question_vectors (
  group_id uuid not null,
  question_id uuid not null,
  embedding extensions.vector not null,
  model text not null,
  written_at timestamptz not null default now(),
  primary key (group_id, question_id),
  foreign key (group_id, question_id) references public.asked_questions (group_id, question_id)
    on update cascade on delete cascade
);
create index question_vectors_written_at on private.question_vectors (written_at);
alter table private.question_vectors enable row level security;

-- From which cosine two questions of a model mean the same. Two models' cosines do not compare.
create table private.gap_thresholds (
  embedding_model text primary key,
  cosine_same real not null check (cosine_same between 0 and 1)
);
alter table private.gap_thresholds enable row level security;
insert into private.gap_thresholds (embedding_model, cosine_same)
-- Assumed, not measured: a paraphrase of a short question is at about 0.7 to 0.9 there, another question about the same
-- thing at 0.4 to 0.65. Too high lists a question twice; too low hides one behind another.
values ('text-embedding-3-small', 0.7);

-- What is known without reading the vector, which is kept beside the table: its length, and the sign of each of its
-- numbers, which tells the few that may be near.
alter table public.question_gaps
  add column dimensions integer generated always as (extensions.vector_dims(embedding)) stored,
  add column sketch bit varying generated always as (extensions.binary_quantize(embedding)::bit varying) stored;
drop index public.question_gaps_group_id;
create index question_gaps_group_id on public.question_gaps (group_id, created_at);

-- When the questions of a brand were last looked through for old ones.
create table private.questions_forgotten (
  organisation_id uuid primary key references public.organisations (id) on delete cascade,
  forgotten_at timestamptz not null
);
alter table private.questions_forgotten enable row level security;

-- Deletes the questions that are older than their brand's retention_days, with the gaps that they leave empty, and
-- returns how many. A gap that is still asked about keeps, as its example, a question that is still there.
-- `_organisation_id` null: every brand's. `_at_most` null: all of them.
create function private.forget_old_questions(_organisation_id uuid default null, _at_most integer default null)
returns integer
language plpgsql set search_path = ''
as $$
declare
  -- A kiosk that was offline for a shift sends its ratings within a day.
  _vector_life constant interval := '1 day';
  _forgotten integer;
begin
  with old as (
    select q.group_id, q.question_id
    from public.asked_questions q
    join public.organisations o on o.id = q.organisation_id
    where (_organisation_id is null or q.organisation_id = _organisation_id)
      and q.asked_at < now() - make_interval(days => o.retention_days)
    order by q.asked_at
    limit _at_most
    for update of q skip locked
  )
  delete from public.asked_questions q using old
    where q.group_id = old.group_id and q.question_id = old.question_id;
  get diagnostics _forgotten = row_count;

  -- What somebody else holds is left for the next time: an asker is never waited for, and never waits.
  delete from public.question_gaps g
    where g.id in (
      select e.id
      from public.question_gaps e
      join public.organisations o on o.id = e.organisation_id
      where (_organisation_id is null or e.organisation_id = _organisation_id)
        -- What a manager has settled is theirs to look back on for as long.
        and coalesce(e.resolved_at, e.created_at) < now() - make_interval(days => o.retention_days)
        and not exists (select from public.asked_questions q where q.gap_id = e.id)
      for update of e skip locked);
  update public.question_gaps g
    set example = kept.question, language = kept.language,
      terms = private.gap_terms(kept.question, kept.language)
    from (
      select e.id, last.question, last.language
      from public.question_gaps e
      join public.organisations o on o.id = e.organisation_id
      cross join lateral (
        select q.question, q.language from public.asked_questions q
        where q.gap_id = e.id
        order by q.asked_at desc limit 1
      ) last
      where (_organisation_id is null or e.organisation_id = _organisation_id)
        and e.created_at < now() - make_interval(days => o.retention_days)
        and not exists (
          select from public.asked_questions same where same.gap_id = e.id and same.question = e.example)
      for update of e skip locked
    ) kept
    where kept.id = g.id;

  delete from private.question_vectors v where v.written_at < now() - _vector_life;
  return _forgotten;
end
$$;

-- forget_old_questions about once a day and brand, in pieces that no asker notices: for projects without pg_cron.
create function private.forget_now_and_then(_organisation_id uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  _every constant interval := '1 day';
  -- What is deleted in some milliseconds. Where there is more, the next question goes on with it.
  _at_most constant integer := 200;
begin
  if exists (
    select from private.questions_forgotten f
    where f.organisation_id = _organisation_id and f.forgotten_at > now() - _every
  ) then
    return;
  end if;
  insert into private.questions_forgotten (organisation_id, forgotten_at) values (_organisation_id, '-infinity')
    on conflict (organisation_id) do nothing;
  -- Another restaurant of the brand is at it: nobody waits for that.
  perform from private.questions_forgotten f
    where f.organisation_id = _organisation_id and f.forgotten_at <= now() - _every
    for update skip locked;
  if found and private.forget_old_questions(_organisation_id, _at_most) < _at_most then
    update private.questions_forgotten f set forgotten_at = now() where f.organisation_id = _organisation_id;
  end if;
end
$$;

-- The content words of a question, for comparing it with others without vectors. A question of nothing but small words
-- is one word of its own.
create function private.gap_terms(_question text, _language text) returns text[]
language sql stable set search_path = ''
as $$
  select coalesce(
    (
      select array_agg(distinct stem.lexeme order by stem.lexeme)
      from unnest(to_tsvector('private.simple', _question)) word
      cross join lateral unnest(word.positions) word_at (position)
      join (
        select s.lexeme, s_at.position
        from unnest(case when _language = 'es' then to_tsvector('private.spanish', _question)
          else to_tsvector('private.english', _question) end) s
        cross join lateral unnest(s.positions) s_at (position)
      ) stem on stem.position = word_at.position
      where not exists (
        select from private.question_fillers f
        where f.language = case when _language = 'es' then 'es' else 'en' end and f.word = word.lexeme)
    ),
    array[lower(btrim(_question))])
$$;

-- The gap of a restaurant that a question belongs to: the one of the same meaning, or a new one. A gap that is answered
-- takes no more questions, since whoever still does not find it has found a new one; a gap that was dismissed takes
-- them, or it would come back with everybody who asks.
create function private.gap_for(
  _group_id uuid,
  _organisation_id uuid,
  _language text,
  _question text,
  _embedding extensions.vector,
  _embedding_model text
) returns uuid
language plpgsql set search_path = ''
as $$
declare
  -- Share of the content words of both questions that they have in common, where there are no vectors. Half, where one
  -- only says more than the other; more than half where each has a word of its own: "clean the espresso machine" is not
  -- "fix the espresso machine". Less would put all questions about chicken together.
  _overlap_same constant real := 0.5;
  -- Each costs a microsecond of an asker's time. A restaurant with more unsettled gaps reads none of them.
  _most_compared constant integer := 1000;
  -- Whose vectors are read. A question that means the same is among the very first by its signs.
  _candidates constant integer := 10;
  _terms constant text[] := private.gap_terms(_question, _language);
  _dimensions constant integer := extensions.vector_dims(_embedding);
  _sketch constant bit varying := extensions.binary_quantize(_embedding)::bit varying;
  _cosine_same real;
  _gap_id uuid;
begin
  -- A vector of zeros has no direction; a model that nobody has looked at has no threshold.
  select t.cosine_same into _cosine_same from private.gap_thresholds t
    where t.embedding_model = _embedding_model and extensions.vector_norm(_embedding) > 0;

  with gaps as (
    select g.id, g.created_at, g.sketch, g.terms,
      -- A length that is not the vector's own cannot be compared.
      coalesce(_cosine_same is not null and g.embedding_model = _embedding_model and g.dimensions = _dimensions, false)
        as has_vector
    from public.question_gaps g
    where g.group_id = _group_id and g.status in ('open', 'dismissed')
    order by g.created_at desc limit _most_compared
  ),
  near as (
    select n.id
    from gaps n
    where n.has_vector
    order by n.sketch operator(extensions.<~>) _sketch, n.created_at, n.id limit _candidates
  ),
  same as (
    select g.id, g.created_at, 1 - (g.embedding operator(extensions.<=>) _embedding) as cosine, null::real as overlap
    from near n
    join public.question_gaps g on g.id = n.id
    union all
    select w.id, w.created_at, null,
      case when o.shared in (cardinality(_terms), cardinality(w.terms)) or o.share > _overlap_same then o.share end
    from gaps w
    cross join lateral (
      select c.shared, c.shared::real / (cardinality(_terms) + cardinality(w.terms) - c.shared) as share
      from (select count(*)::integer from unnest(w.terms) t (term) where t.term = any (_terms)) c (shared)
    ) o
    where not w.has_vector
  )
  select s.id into _gap_id
    from same s
    where s.cosine >= _cosine_same or s.overlap >= _overlap_same
    order by s.cosine desc nulls last, s.overlap desc, s.created_at, s.id
    limit 1;
  if found then
    -- Held so that it is not forgotten before the question is in it.
    perform from public.question_gaps g where g.id = _gap_id for key share;
    if found then
      -- Founded while there were no vectors: from now on by meaning.
      update public.question_gaps g set embedding = _embedding, embedding_model = _embedding_model
        where g.id = _gap_id and g.embedding is null and _cosine_same is not null;
      return _gap_id;
    end if;
  end if;

  insert into public.question_gaps (organisation_id, group_id, language, example, embedding, embedding_model, terms)
    values (_organisation_id, _group_id, _language, _question,
      case when _cosine_same is not null then _embedding end,
      case when _cosine_same is not null then _embedding_model end, _terms)
    returning id into _gap_id;
  return _gap_id;
end
$$;

-- Puts a question where it belongs: into a gap when it was not found, or nothing that was found answered it, or it was
-- badly rated, else into none. A gap that nobody has touched and that is left empty goes.
create function private.place_question(
  _group_id uuid,
  _question_id uuid,
  _embedding extensions.vector,
  _embedding_model text
) returns void
language plpgsql set search_path = ''
as $$
declare
  _asked record;
  _is_gap boolean;
begin
  select q.organisation_id, q.language, q.question, q.decision, q.outcome, q.rating, q.gap_id into strict _asked
    from public.asked_questions q where q.group_id = _group_id and q.question_id = _question_id;
  _is_gap := _asked.decision = 'not_found' or _asked.outcome is not distinct from 'not_found'
    or _asked.rating is not distinct from 'down';
  if _is_gap and _asked.gap_id is null then
    update public.asked_questions q
      set gap_id = private.gap_for(_group_id, _asked.organisation_id, _asked.language, _asked.question,
        _embedding, _embedding_model)
      where q.group_id = _group_id and q.question_id = _question_id;
  elsif not _is_gap and _asked.gap_id is not null then
    update public.asked_questions q set gap_id = null
      where q.group_id = _group_id and q.question_id = _question_id;
    delete from public.question_gaps g
      where g.id = _asked.gap_id and g.status = 'open'
        and not exists (select from public.asked_questions q where q.gap_id = g.id);
  end if;
end
$$;

-- Records a search. Of several searches of one question the best decision stands, with the words that it was found by;
-- a question that one of them answers is in no gap, and what was reported of an answer before it is over. Called within the transaction that charges the question, whose
-- lock on the restaurant's row keeps two questions of one meaning from founding two gaps.
--
--   _language   of the conversation
--   _section_id of the best row, null where there is none; one that is gone meanwhile counts as none
--   _search_ms  in the database
create function private.record_question(
  _group_id uuid,
  _organisation_id uuid,
  _question_id uuid,
  _language text,
  _question text,
  _decision text,
  _method text,
  _section_id uuid,
  _search_ms real,
  _embedding extensions.vector,
  _embedding_model text
) returns void
language plpgsql set search_path = ''
as $$
declare
  _from_worst constant text[] := array['not_found', 'maybe', 'answer'];
  _gap_id uuid;
begin
  -- Held so that the section does not go before this row is written.
  select s.id into _section_id from public.manual_sections s where s.id = _section_id for key share;
  insert into public.asked_questions as q
      (group_id, organisation_id, question_id, language, question, decision, method, section_id, search_ms)
    values (_group_id, _organisation_id, _question_id, _language, _question, _decision, _method, _section_id,
      greatest(_search_ms, 0))
    on conflict (group_id, question_id) do update set
      searches = q.searches + 1,
      search_ms = excluded.search_ms,
      language = excluded.language,
      outcome = null,
      answered_from = '{}',
      answered_section_id = null,
      (question, decision, method, section_id) = (
        select excluded.question, excluded.decision, excluded.method, excluded.section_id
        where array_position(_from_worst, excluded.decision) >= array_position(_from_worst, q.decision)
        union all
        select q.question, q.decision, q.method, q.section_id
        where array_position(_from_worst, excluded.decision) < array_position(_from_worst, q.decision)
      )
    returning q.gap_id into _gap_id;
  if _gap_id is not null or _decision = 'not_found' then
    perform private.place_question(_group_id, _question_id, _embedding, _embedding_model);
  end if;
  if _decision <> 'not_found' and _embedding is not null then
    insert into private.question_vectors as v (group_id, question_id, embedding, model)
      values (_group_id, _question_id, _embedding, _embedding_model)
      on conflict (group_id, question_id) do update
        set embedding = excluded.embedding, model = excluded.model, written_at = now();
  end if;
  perform private.forget_now_and_then(_organisation_id);
end
$$;

revoke execute on function private.forget_old_questions(uuid, integer) from public;
revoke execute on function private.forget_now_and_then(uuid) from public;
revoke execute on function private.gap_terms(text, text) from public;
revoke execute on function private.gap_for(uuid, uuid, text, text, extensions.vector, text) from public;
revoke execute on function private.place_question(uuid, uuid, extensions.vector, text) from public;
revoke execute on function private.record_question(uuid, uuid, uuid, text, text, text, text, uuid, real,
  extensions.vector, text) from public;

-- A project with pg_cron forgets at night, whether anybody asks or not.
do $$
begin
  if exists (select from pg_extension where extname = 'pg_cron') then
    perform cron.schedule('forget-old-questions', '17 3 * * *', 'select private.forget_old_questions()');
  end if;
end
$$;
