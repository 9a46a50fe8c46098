-- Asked questions: recording, answers and ratings, gaps, golden questions and retention.
-- The tables hold no name, no account and no sound.
-- See docs/decisions/0014-gaps-and-retention.md and 0013-publishing.md.

create table public.question_gaps (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  group_id uuid not null,
  language text not null check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  example text not null check (length(example) between 1 and 1000),
  embedding extensions.vector,
  embedding_model text,
  dimensions integer generated always as (extensions.vector_dims(embedding)) stored,
  sign_bits bit varying generated always as (extensions.binary_quantize(embedding)::bit varying) stored,
  terms text[] not null default '{}',
  status text not null default 'open' check (status in ('open', 'answered', 'dismissed')),
  section_id uuid references public.manual_sections (id) on delete set null,
  resolved_at timestamptz,
  created_at timestamptz not null default now(),
  foreign key (group_id, organisation_id) references public.groups (id, organisation_id)
    on update cascade on delete cascade,
  check ((embedding is null) = (embedding_model is null)),
  check ((status = 'open') = (resolved_at is null))
);
create index question_gaps_group_id on public.question_gaps (group_id, created_at);
create index question_gaps_section_id on public.question_gaps (section_id);
comment on table public.question_gaps is
  'Questions of a restaurant that mean the same, and that were not found, rated down or answered without a source.';
comment on column public.question_gaps.example is
  'The question that started the gap, or a later one when retention deleted it.';
comment on column public.question_gaps.dimensions is 'Length of the vector, known without reading the TOAST table.';
comment on column public.question_gaps.sign_bits is
  'Signs of the vector, known without reading the TOAST table. They find candidates.';
comment on column public.question_gaps.terms is
  'Content words of the example, or of its restatement, for questions without vectors.';
comment on column public.question_gaps.section_id is 'The section that answers the gap now.';

create table public.asked_questions (
  group_id uuid not null,
  organisation_id uuid not null,
  question_id uuid not null,
  asked_at timestamptz not null default now(),
  language text not null check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  question text not null check (length(question) between 1 and 1000),
  restated text check (length(restated) between 1 and 1000),
  named_sections text[] not null default '{}',
  is_found boolean not null,
  method text not null check (method in ('hybrid', 'keyword')),
  section_id uuid references public.manual_sections (id) on delete set null,
  searches integer not null default 1 check (searches >= 1),
  search_ms real check (search_ms >= 0),
  time_to_first_audio_ms integer check (time_to_first_audio_ms between 0 and 600000),
  rating text check (rating in ('up', 'down')),
  gap_id uuid references public.question_gaps (id) on delete set null,
  outcome text check (outcome in ('answered', 'not_found', 'missing')),
  answered_from text[] not null default '{}',
  answered_section_id uuid references public.manual_sections (id) on delete set null,
  unverified_quotes integer check (unverified_quotes between 0 and 10),
  unverified_figures integer check (unverified_figures between 0 and 100),
  gap_reasons text[] not null generated always as (array_remove(
    array[
      case when not is_found or outcome = 'not_found' then 'not_found' end,
      case when rating = 'down' then 'rated_down' end,
      case when unverified_quotes > 0 or unverified_figures > 0 then 'unverified' end
    ], null)) stored,
  primary key (group_id, question_id),
  check ((outcome is null) = (unverified_quotes is null)),
  check ((outcome is null) = (unverified_figures is null)),
  foreign key (group_id, organisation_id) references public.groups (id, organisation_id)
    on update cascade on delete cascade
);
create index asked_questions_section_id on public.asked_questions (section_id);
create index asked_questions_asked_at on public.asked_questions (organisation_id, asked_at);
create index asked_questions_gap_id on public.asked_questions (gap_id);
-- Deleting a section needs it. No search writes this column.
create index asked_questions_answered_section_id on public.asked_questions (answered_section_id)
  where answered_section_id is not null;
comment on table public.asked_questions is 'A question that a restaurant asked, one row for all its searches.';
comment on column public.asked_questions.question_id is 'The kiosk makes the id. All searches of a question share it.';
comment on column public.asked_questions.language is 'The language of the conversation.';
comment on column public.asked_questions.question is
  'The person''s words as heard. Of several searches, those of the last that found something, or else of the last.';
comment on column public.asked_questions.restated is
  'The question as one plain sentence of the model. Null: the model gave none.';
comment on column public.asked_questions.named_sections is
  'Slugs that the model named for the search, as far as the restaurant has these sections.';
comment on column public.asked_questions.is_found is 'True when the search gave the model a passage.';
comment on column public.asked_questions.section_id is 'The section of the first given passage. Null: none was given.';
comment on column public.asked_questions.search_ms is 'Time of the last search inside the database.';
comment on column public.asked_questions.time_to_first_audio_ms is
  'Time from the release of the button to the first sound, measured by the kiosk.';
comment on column public.asked_questions.outcome is
  'The kiosk''s report on the answer: the model''s report, or missing when the model made none. Null: no report.';
comment on column public.asked_questions.answered_from is
  'Slugs of the sections of the answer at that time, best first.';
comment on column public.asked_questions.answered_section_id is 'The first section of answered_from.';
comment on column public.asked_questions.unverified_quotes is
  'Quotes of the report that stand in no given passage. Null until the kiosk reports.';
comment on column public.asked_questions.unverified_figures is
  'Figures of the spoken answer that stand in no given passage. Null until the kiosk reports.';
comment on column public.asked_questions.gap_reasons is
  'Reasons for the gap: not_found (by the search or the report), rated_down, unverified. Empty: no gap.';

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
comment on table private.question_vectors is
  'Vectors of questions without a gap, kept for a day: a later rating may put the question into one.
  In their own table, because a vector is many times as long as a question.';
alter table private.question_vectors enable row level security;

create table private.gap_thresholds (
  embedding_model text primary key,
  cosine_same real not null check (cosine_same between 0 and 1)
);
comment on table private.gap_thresholds is
  'The lowest cosine of two questions with the same meaning, per embedding model. Models cannot be compared.';
alter table private.gap_thresholds enable row level security;
insert into private.gap_thresholds (embedding_model, cosine_same)
-- Assumed, not measured: 0.7 to 0.9 for a paraphrase, 0.4 to 0.65 for another question about the same thing.
-- A higher value lists a question twice; a lower one hides a question behind another.
values ('text-embedding-3-small', 0.7);

create table private.retention_runs (
  organisation_id uuid primary key references public.organisations (id) on delete cascade,
  ran_at timestamptz not null
);
comment on table private.retention_runs is 'The last time that the database deleted old questions of a brand.';
alter table private.retention_runs enable row level security;

create table public.golden_questions (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  group_id uuid,
  language text not null check (language in ('en', 'es')),
  question text not null check (length(question) between 1 and 1000),
  section_slug text not null check (section_slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  must_say text[] not null default '{}' check (
    cardinality(must_say) <= 20 and array_position(must_say, null) is null),
  embedding extensions.vector,
  embedding_model text,
  created_at timestamptz not null default now(),
  set_aside_at timestamptz,
  set_aside_by uuid references auth.users (id) on delete set null,
  set_aside_reason text check (length(set_aside_reason) between 1 and 1000),
  foreign key (group_id, organisation_id) references public.groups (id, organisation_id)
    on update cascade on delete cascade,
  unique nulls not distinct (organisation_id, group_id, language, question),
  check ((embedding is null) = (embedding_model is null)),
  check ((set_aside_at is null) = (set_aside_reason is null))
);
create index golden_questions_set_aside_by on public.golden_questions (set_aside_by);
comment on table public.golden_questions is
  'Questions that must go on finding their section, whatever a manager publishes.';
comment on column public.golden_questions.group_id is 'Null: for every restaurant of the brand.';
comment on column public.golden_questions.set_aside_at is
  'A manager of the brand set the question aside: no publishing asks it. Null: it is asked.';
comment on column public.golden_questions.set_aside_by is 'The account that set it aside. Null: the service, or deleted.';
comment on column public.golden_questions.must_say is
  'Words, mostly figures, that the given passages of the section must have. Else it could say 156 °F instead of 165.';

-- Row-level security.

alter table public.question_gaps enable row level security;
alter table public.question_gaps force row level security;
alter table public.asked_questions enable row level security;
alter table public.asked_questions force row level security;
alter table public.golden_questions enable row level security;
alter table public.golden_questions force row level security;

create policy "managers read their groups' gaps" on public.question_gaps
  for select to authenticated
  using (group_id in (select private.groups_readable_by_manager()));

create policy "managers read their groups' questions" on public.asked_questions
  for select to authenticated
  using (group_id in (select private.groups_readable_by_manager()));

-- Managers of a restaurant read those of the brand too: a refused publishing names them.
create policy "managers read golden questions" on public.golden_questions
  for select to authenticated
  using (
    group_id in (select private.groups_readable_by_manager())
    or (group_id is null and organisation_id in (select private.organisations_readable_by_manager()))
  );

revoke all on public.question_gaps, public.asked_questions, public.golden_questions
  from public, anon, authenticated;
grant select on public.question_gaps, public.asked_questions, public.golden_questions to authenticated;
grant all on public.question_gaps, public.asked_questions, public.golden_questions to service_role;

-- Gaps.

create function private.gap_terms(_question text, _language text) returns text[]
language sql stable set search_path = ''
as $$
  select coalesce(
    (
      select array_agg(distinct w.stem order by w.stem)
      from private.content_words(_question, case _language when 'es' then 'es' else 'en' end) w
    ),
    array[lower(btrim(_question))])
$$;
comment on function private.gap_terms is
  'Content words of a question, for comparing questions without vectors. A question without any is one word of its own.';

create function private.find_or_create_gap(
  _group_id uuid,
  _organisation_id uuid,
  _language text,
  _question text,
  _restated text,
  _embedding extensions.vector,
  _embedding_model text
) returns uuid
language plpgsql set search_path = ''
as $$
declare
  -- Without vectors: the share of content words that both questions have. Half is enough if one question has all
  -- words of the other. Otherwise it must be more: "clean the machine" is not "fix the machine".
  -- A lower value would put all questions about chicken together.
  _overlap_same constant real := 0.5;
  -- Comparing a gap takes a microsecond while a cook waits. No manager reads more open gaps.
  _max_compared constant integer := 1000;
  -- The search by signs puts a question with the same meaning among the first. Only these vectors are read.
  _candidates constant integer := 10;
  _terms constant text[] := private.gap_terms(coalesce(_restated, _question), _language);
  _dimensions constant integer := extensions.vector_dims(_embedding);
  _sign_bits constant bit varying := extensions.binary_quantize(_embedding)::bit varying;
  _cosine_same real;
  _gap_id uuid;
begin
  -- A vector of zeros has no direction, and an unknown model has no threshold.
  select t.cosine_same into _cosine_same from private.gap_thresholds t
    where t.embedding_model = _embedding_model and extensions.vector_norm(_embedding) > 0;

  with gaps as (
    select g.id, g.created_at, g.sign_bits, g.terms,
      -- Vectors of two lengths cannot be compared.
      coalesce(_cosine_same is not null and g.embedding_model = _embedding_model and g.dimensions = _dimensions, false)
        as has_vector
    from public.question_gaps g
    where g.group_id = _group_id and g.status in ('open', 'dismissed')
    order by g.created_at desc limit _max_compared
  ),
  near as (
    select n.id
    from gaps n
    where n.has_vector
    order by n.sign_bits operator(extensions.<~>) _sign_bits, n.created_at, n.id limit _candidates
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
    -- The lock keeps retention from deleting the gap before the question is in it.
    perform from public.question_gaps g where g.id = _gap_id for key share;
    if found then
      -- The gap was started without a vector. From now on its meaning is compared.
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
comment on function private.find_or_create_gap is
  'The gap of a restaurant with the meaning of the question, or a new one.
  The words of a restatement are compared instead of the person''s: slang and misheard words are gone from it.
  An answered gap takes no more questions: people who still find nothing have found a new gap.
  A dismissed gap takes them, or it would come back with the next person who asks.';

create function private.assign_question_to_gap(
  _group_id uuid,
  _question_id uuid,
  _embedding extensions.vector,
  _embedding_model text
) returns void
language plpgsql set search_path = ''
as $$
declare
  _asked record;
begin
  select q.organisation_id, q.language, q.question, q.restated, q.gap_reasons <> '{}' as is_gap, q.gap_id
    into strict _asked
    from public.asked_questions q where q.group_id = _group_id and q.question_id = _question_id;
  if _asked.is_gap and _asked.gap_id is null then
    update public.asked_questions q
      set gap_id = private.find_or_create_gap(_group_id, _asked.organisation_id, _asked.language, _asked.question,
        _asked.restated, _embedding, _embedding_model)
      where q.group_id = _group_id and q.question_id = _question_id;
  elsif not _asked.is_gap and _asked.gap_id is not null then
    update public.asked_questions q set gap_id = null
      where q.group_id = _group_id and q.question_id = _question_id;
    delete from public.question_gaps g
      where g.id = _asked.gap_id and g.status = 'open'
        and not exists (select from public.asked_questions q where q.gap_id = g.id);
  end if;
end
$$;
comment on function private.assign_question_to_gap is
  'Puts a question with gap_reasons into a gap. Takes any other question out of its gap.
  Deletes an open gap that is left empty.';

-- Retention.

create function private.delete_expired_questions(_organisation_id uuid default null, _at_most integer default null)
returns integer
language plpgsql set search_path = ''
as $$
declare
  -- A kiosk that was offline for a shift sends its ratings within a day.
  _vector_life constant interval := '1 day';
  _deleted integer;
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
  get diagnostics _deleted = row_count;

  -- Locked rows are left for the next run, so that no question waits for this and this waits for none.
  delete from public.question_gaps g
    where g.id in (
      select e.id
      from public.question_gaps e
      join public.organisations o on o.id = e.organisation_id
      where (_organisation_id is null or e.organisation_id = _organisation_id)
        -- Managers can look back on a settled gap for as long as on a question.
        and coalesce(e.resolved_at, e.created_at) < now() - make_interval(days => o.retention_days)
        and not exists (select from public.asked_questions q where q.gap_id = e.id)
      for update of e skip locked);
  update public.question_gaps g
    set example = latest.question, language = latest.language,
      terms = private.gap_terms(coalesce(latest.restated, latest.question), latest.language)
    from (
      select e.id, last.question, last.restated, last.language
      from public.question_gaps e
      join public.organisations o on o.id = e.organisation_id
      cross join lateral (
        select q.question, q.restated, q.language from public.asked_questions q
        where q.gap_id = e.id
        order by q.asked_at desc limit 1
      ) last
      where (_organisation_id is null or e.organisation_id = _organisation_id)
        and e.created_at < now() - make_interval(days => o.retention_days)
        and not exists (
          select from public.asked_questions same where same.gap_id = e.id and same.question = e.example)
      for update of e skip locked
    ) latest
    where latest.id = g.id;

  delete from private.question_vectors v where v.written_at < now() - _vector_life;
  return _deleted;
end
$$;
comment on function private.delete_expired_questions is
  'Deletes questions older than the retention_days of their brand, and gaps that are then empty.
  Returns the number of deleted questions.
  A gap with newer questions takes one of them as its example.
  `_organisation_id` null: all brands. `_at_most` null: no limit.';

create function private.delete_expired_questions_daily(_organisation_id uuid) returns void
language plpgsql set search_path = ''
as $$
declare
  _every constant interval := '1 day';
  -- Deleting these takes some milliseconds. The next question deletes the rest.
  _at_most constant integer := 200;
begin
  if exists (
    select from private.retention_runs f
    where f.organisation_id = _organisation_id and f.ran_at > now() - _every
  ) then
    return;
  end if;
  insert into private.retention_runs (organisation_id, ran_at) values (_organisation_id, '-infinity')
    on conflict (organisation_id) do nothing;
  -- Skips when a question of another restaurant of the brand is deleting at this moment.
  perform from private.retention_runs f
    where f.organisation_id = _organisation_id and f.ran_at <= now() - _every
    for update skip locked;
  if found and private.delete_expired_questions(_organisation_id, _at_most) < _at_most then
    update private.retention_runs f set ran_at = now() where f.organisation_id = _organisation_id;
  end if;
end
$$;
comment on function private.delete_expired_questions_daily is
  'Runs delete_expired_questions once a day and brand, in small pieces, for projects without pg_cron.';

-- A project with pg_cron deletes old questions at night, also when a restaurant asks none.
do $$
begin
  if exists (select from pg_extension where extname = 'pg_cron') then
    perform cron.schedule('forget-old-questions', '17 3 * * *', 'select private.delete_expired_questions()');
  end if;
end
$$;

create function public.set_question_retention(_organisation_id uuid, _days integer) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.require_manager_of_owner(_organisation_id, null);
  if _days is null or _days not between 1 and 730 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'days are 1 to 730';
  end if;
  update public.organisations o set retention_days = _days where o.id = _organisation_id;
  delete from private.retention_runs f where f.organisation_id = _organisation_id;
end
$$;
comment on function public.set_question_retention is
  'Sets for how many days (1 to 730) the brand keeps asked questions. For managers of the brand.
  The next question, or the night, deletes older ones.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

-- Recording.

create function private.record_question(
  _group_id uuid,
  _organisation_id uuid,
  _question_id uuid,
  _language text,
  _question text,
  _restated text,
  _named text[],
  _is_found boolean,
  _method text,
  _section_id uuid,
  _search_ms real,
  _embedding extensions.vector,
  _embedding_model text
) returns void
language plpgsql set search_path = ''
as $$
declare
  _gap_id uuid;
begin
  -- The lock keeps the section until this row is written.
  select s.id into _section_id from public.manual_sections s where s.id = _section_id for key share;
  insert into public.asked_questions as q
      (group_id, organisation_id, question_id, language, question, restated, named_sections, is_found, method,
        section_id, search_ms)
    values (_group_id, _organisation_id, _question_id, _language, _question, _restated, coalesce(_named, '{}'),
      _is_found, _method, _section_id, greatest(_search_ms, 0))
    on conflict (group_id, question_id) do update set
      searches = q.searches + 1,
      search_ms = excluded.search_ms,
      language = excluded.language,
      outcome = null,
      answered_from = '{}',
      answered_section_id = null,
      unverified_quotes = null,
      unverified_figures = null,
      (question, restated, named_sections, is_found, method, section_id) = (
        select excluded.question, excluded.restated, excluded.named_sections, excluded.is_found, excluded.method,
          excluded.section_id
        where excluded.is_found or not q.is_found
        union all
        select q.question, q.restated, q.named_sections, q.is_found, q.method, q.section_id
        where not (excluded.is_found or not q.is_found)
      )
    returning q.gap_id into _gap_id;
  if _gap_id is not null or not _is_found then
    perform private.assign_question_to_gap(_group_id, _question_id, _embedding, _embedding_model);
  end if;
  if _is_found and _embedding is not null then
    insert into private.question_vectors as v (group_id, question_id, embedding, model)
      values (_group_id, _question_id, _embedding, _embedding_model)
      on conflict (group_id, question_id) do update
        set embedding = excluded.embedding, model = excluded.model, written_at = now();
  end if;
  perform private.delete_expired_questions_daily(_organisation_id);
end
$$;
comment on function private.record_question is
  'Records a search. Of several searches of a question, the last that found something stays, with its words and section.
  A new search clears the report. A found question leaves its gap, unless it was rated down.
  Runs in the transaction of count_question: its lock on the restaurant keeps two questions from starting the same gap.
  `_restated`: null when the model gave no restatement. `_named`: slugs that the model named and the restaurant has.
  `_section_id`: of the first given passage, or null. A deleted section counts as null.
  `_search_ms`: time inside the database.
  `_embedding`: the vector of the search, or null. Gaps are compared with it.';

create function public.rate_answer(
  _group_id uuid,
  _question_id uuid,
  _rating text,
  _time_to_first_audio_ms integer default null
) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _vector record;
begin
  if not exists (
    select from public.group_memberships m where m.user_id = auth.uid() and m.group_id = _group_id
  ) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if _rating is null or _rating not in ('up', 'down') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a rating is up or down';
  end if;
  if _time_to_first_audio_ms not between 0 and 600000 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a time is 0 to 600000 ms';
  end if;
  if not private.is_question_of_caller(_group_id, _question_id) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  -- The lock of count_question, so that this and a question of the same meaning do not start two gaps.
  perform from public.groups g where g.id = _group_id for no key update;
  update public.asked_questions q
    set rating = _rating, time_to_first_audio_ms = coalesce(_time_to_first_audio_ms, q.time_to_first_audio_ms)
    where q.group_id = _group_id and q.question_id = _question_id;
  if not found then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  select v.embedding, v.model into _vector from private.question_vectors v
    where v.group_id = _group_id and v.question_id = _question_id;
  perform private.assign_question_to_gap(_group_id, _question_id, _vector.embedding, _vector.model);
end
$$;
comment on function public.rate_answer is
  'Rates an answer to a question of the caller up or down. The last rating counts.
  A question that is rated down is in a gap. Rating it up takes it out again, unless it has another reason.
  `_time_to_first_audio_ms`: from the release of the button to the first sound, 0 to 600,000, if the kiosk measured it.
  Raises HR001 not_a_member, HR400 bad_request, HR005 not_found (of another person, never asked here, or deleted).';

create function public.report_answer(
  _group_id uuid,
  _question_id uuid,
  _outcome text,
  _slugs text[],
  _unverified_quotes integer,
  _unverified_figures integer
) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _max_sections constant integer := 10;
  _organisation_id uuid;
  _answered_from text[] := '{}';
  _answered_section_id uuid;
  _vector record;
begin
  if not exists (
    select from public.group_memberships m where m.user_id = auth.uid() and m.group_id = _group_id
  ) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if _question_id is null or _outcome is null or _outcome not in ('answered', 'not_found', 'missing') then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'a report has a question and an outcome: answered, not_found or missing';
  end if;
  if cardinality(coalesce(_slugs, '{}')) > _max_sections then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'an answer is from ten sections at most';
  end if;
  if _unverified_quotes is null or _unverified_quotes not between 0 and 10
    or _unverified_figures is null or _unverified_figures not between 0 and 100 then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'unverified quotes are 0 to 10, unverified figures 0 to 100';
  end if;
  if not private.is_question_of_caller(_group_id, _question_id) then
    return;
  end if;
  -- The lock of count_question, so that this and a question of the same meaning do not start two gaps.
  select g.organisation_id into _organisation_id from public.groups g where g.id = _group_id for no key update;

  if _outcome = 'answered' then
    with sent as (
      select distinct on (t.slug) t.slug, t.place
      from unnest(coalesce(_slugs, '{}')) with ordinality t (slug, place)
      order by t.slug, t.place
    ),
    known as (
      -- A section of the restaurant comes before the brand's of the same slug.
      select distinct on (t.place) t.place, t.slug, s.id
      from sent t
      join public.manual_sections s on s.slug = t.slug and s.organisation_id = _organisation_id
        and (s.group_id = _group_id or s.group_id is null)
      order by t.place, s.group_id nulls last
    )
    select coalesce(array_agg(k.slug order by k.place), '{}'), (array_agg(k.id order by k.place))[1]
      into _answered_from, _answered_section_id
      from known k;
    -- The lock keeps the section until the update.
    select s.id into _answered_section_id from public.manual_sections s
      where s.id = _answered_section_id for key share;
  end if;

  update public.asked_questions q
    set outcome = _outcome,
      answered_from = _answered_from,
      answered_section_id = _answered_section_id,
      unverified_quotes = _unverified_quotes,
      unverified_figures = _unverified_figures
    where q.group_id = _group_id and q.question_id = _question_id
      -- A kiosk that was offline sends its reports late, and not always in order.
      and (_outcome <> 'missing' or q.outcome is null or q.outcome = 'missing');
  if not found then
    return;
  end if;
  select v.embedding, v.model into _vector from private.question_vectors v
    where v.group_id = _group_id and v.question_id = _question_id;
  perform private.assign_question_to_gap(_group_id, _question_id, _vector.embedding, _vector.model);
end
$$;
comment on function public.report_answer is
  'Reports the result of an answer to a question of the caller. Idempotent; the last write wins.
  `_outcome`: answered or not_found as the model reported, or missing when an answer was spoken without a report.
  missing never replaces a report of the model.
  `_slugs`: with answered, the sections of the answer, best first, at most ten. Unknown sections are left out.
  `_unverified_quotes` (0 to 10), `_unverified_figures` (0 to 100): how many stand in no given passage.
  not_found and anything unverified put the question into a gap. A later report without both takes it out again,
  unless the search or a rating put it there.
  Ignores questions of others and deleted ones without an error: a kiosk that was offline reports late.
  Raises HR001 not_a_member, HR400 bad_request.';

-- Gaps for managers.

create view public.question_gap_counts with (security_invoker = true) as
  select
    g.id as gap_id,
    g.organisation_id,
    g.group_id,
    g.status,
    g.language,
    g.example,
    g.section_id,
    g.created_at,
    g.resolved_at,
    count(q.question_id)::integer as questions,
    count(q.question_id) filter (where 'not_found' = any (q.gap_reasons))::integer as not_found,
    count(q.question_id) filter (where 'rated_down' = any (q.gap_reasons))::integer as rated_down,
    count(q.question_id) filter (where 'unverified' = any (q.gap_reasons))::integer as unverified,
    coalesce(array_agg(distinct q.language) filter (where q.language is not null), '{}') as languages,
    max(q.asked_at) as last_asked,
    (
      select coalesce(
        jsonb_agg(jsonb_build_object('question', e.question, 'restated', e.restated, 'reasons', e.gap_reasons)
          order by e.asked_at desc, e.question), '[]')
      from (
        select l.question, l.restated, l.gap_reasons, l.asked_at
        from (
          select distinct on (x.question) x.* from public.asked_questions x
          where x.gap_id = g.id
          order by x.question, x.asked_at desc
        ) l
        order by l.asked_at desc, l.question limit 5
      ) e
    ) as examples
  from public.question_gaps g
  left join public.asked_questions q on q.gap_id = g.id
  group by g.id;
comment on view public.question_gap_counts is
  'Gaps with their counts and last questions, as far as the reader may read gaps and questions.
  A question may have several reasons, so the counts may add up to more than `questions`.
  `examples`: as in list_gaps.';
revoke all on public.question_gap_counts from public, anon, authenticated;
grant select on public.question_gap_counts to authenticated, service_role;

create function public.list_gaps(
  _organisation_id uuid,
  _group_id uuid default null,
  _days integer default 30,
  _status text default 'open'
)
returns table (
  gap_id uuid,
  group_id uuid,
  group_slug text,
  status text,
  example text,
  examples jsonb,
  questions integer,
  not_found integer,
  rated_down integer,
  unverified integer,
  languages text[],
  first_asked timestamptz,
  last_asked timestamptz,
  section_id uuid,
  section_slug text
)
language plpgsql stable security definer set search_path = ''
as $$
declare
  _max_examples constant integer := 5;
  _max_gaps constant integer := 500;
begin
  perform private.require_manager_of_group_or_brand(_organisation_id, _group_id);
  if _days is null or _days not between 1 and 730 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'days are 1 to 730';
  end if;
  if _status not in ('open', 'answered', 'dismissed') then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'a status is open, answered or dismissed';
  end if;
  return query
    with asked as (
      select q.gap_id as id,
        count(*)::integer as questions,
        count(*) filter (where 'not_found' = any (q.gap_reasons))::integer as not_found,
        count(*) filter (where 'rated_down' = any (q.gap_reasons))::integer as rated_down,
        count(*) filter (where 'unverified' = any (q.gap_reasons))::integer as unverified,
        array_agg(distinct q.language) as languages,
        min(q.asked_at) as first_asked,
        max(q.asked_at) as last_asked,
        (array_agg(coalesce(q.answered_section_id, q.section_id) order by q.asked_at desc)
          filter (where q.gap_reasons && '{rated_down,unverified}'
            and coalesce(q.answered_section_id, q.section_id) is not null))[1] as doubtful_section_id
      from public.asked_questions q
      where q.organisation_id = _organisation_id
        and (_group_id is null or q.group_id = _group_id)
        and q.gap_id is not null
        and q.asked_at > now() - make_interval(days => _days)
      group by q.gap_id
    )
    select g.id, g.group_id, r.slug, g.status, g.example,
      (
        select jsonb_agg(jsonb_build_object('question', e.question, 'restated', e.restated, 'reasons', e.gap_reasons)
          order by e.asked_at desc, e.question)
        from (
          select l.question, l.restated, l.gap_reasons, l.asked_at
          from (
            select distinct on (q.question) q.* from public.asked_questions q
            where q.gap_id = g.id and q.asked_at > now() - make_interval(days => _days)
            order by q.question, q.asked_at desc
          ) l
          order by l.asked_at desc, l.question limit _max_examples
        ) e
      ),
      a.questions, a.not_found, a.rated_down, a.unverified, a.languages, a.first_asked, a.last_asked, s.id, s.slug
    from asked a
    join public.question_gaps g on g.id = a.id
    join public.groups r on r.id = g.group_id
    left join public.manual_sections s
      on s.id = case g.status when 'open' then a.doubtful_section_id else g.section_id end
    where (_status is null or g.status = _status)
      and (private.is_service() or g.group_id in (select private.groups_readable_by_manager()))
    order by a.questions desc, a.last_asked desc, g.id
    limit _max_gaps;
end
$$;
comment on function public.list_gaps is
  'Gaps with questions of the last days, the most asked first, at most 500.
  `_group_id` null: of all restaurants of the brand that the caller oversees. `_days`: 1 to 730.
  `_status`: open, answered or dismissed; null: all.
  `not_found`, `rated_down`, `unverified`: questions with this reason. A question may have several.
  `examples`: the last questions with different words, at most five: [{question, restated, reasons}], the person''s
  exact words, the restatement of the model or null, and the reasons of the last time.
  `section_slug`: the section that answers the gap.
  For an open gap, `section_slug` is the section of the last answer that was rated down or unverified.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

create function public.resolve_gap(_gap_id uuid, _status text, _section_id uuid default null) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _gap record;
begin
  select g.organisation_id, g.group_id into _gap from public.question_gaps g where g.id = _gap_id;
  if not found or not private.is_row_visible_to_caller(_gap.organisation_id, _gap.group_id) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_manager_of_group_or_brand(_gap.organisation_id, _gap.group_id);
  if _status is null or _status not in ('open', 'answered', 'dismissed') then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'a status is open, answered or dismissed';
  end if;
  if _section_id is not null then
    if _status <> 'answered' then
      raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a section goes with answered';
    end if;
    perform from public.manual_sections s
      where s.id = _section_id and s.organisation_id = _gap.organisation_id
        and (s.group_id = _gap.group_id or s.group_id is null)
      for key share;
    if not found then
      raise exception using errcode = 'HR005', message = 'not_found';
    end if;
  end if;
  update public.question_gaps g
    set status = _status, section_id = _section_id,
      resolved_at = case when _status <> 'open' then now() end
    where g.id = _gap_id;
end
$$;
comment on function public.resolve_gap is
  'Sets a gap to answered, dismissed or open. A dismissed gap takes further questions of its meaning.
  `_section_id`: with answered, the section of the restaurant or its brand that answers the gap now.
  Raises HR004 not_allowed, HR005 not_found, HR400 bad_request.';

-- Golden questions.

create function private.normalize_words(_text text) returns text
language sql stable strict parallel safe set search_path = ''
as $$
  select btrim(regexp_replace(lower(extensions.unaccent('extensions.unaccent', _text)), '[[:space:]\u00a0*_`|]+', ' ', 'g'))
$$;
comment on function private.normalize_words is
  'A text in lower case, without accents, Markdown marks and bars between cells.';

create function private.missing_words(_words text[], _text text) returns text[]
language sql stable set search_path = ''
as $$
  select coalesce(array_agg(w.word order by w.n), '{}')
  from unnest(_words) with ordinality w (word, n)
  cross join lateral (
    select regexp_replace(private.normalize_words(w.word), '([^[:alnum:][:space:]])', '\\\1', 'g') as pattern
  ) p
  where not coalesce(private.normalize_words(_text) ~ (
    case when p.pattern ~ '^[0-9]' then '(?<![0-9])(?<![0-9][.,])' when p.pattern ~ '^[[:alpha:]]' then '(?<![[:alpha:]])'
      else '' end
    || p.pattern
    || case when p.pattern ~ '[0-9]$' then '(?![0-9])(?![.,][0-9])' when p.pattern ~ '[[:alpha:]]$' then '(?![[:alpha:]])'
      else '' end), false)
$$;
comment on function private.missing_words is
  'The words that a text does not have, in their order. Figures and words are whole: 65 is not in 165, nor 5 in 1.5.';

create function private.golden_answers(_organisation_id uuid, _group_id uuid, _with_set_aside boolean default false)
returns table (
  golden_id uuid,
  question text,
  language text,
  expected text,
  got text,
  missing text[],
  is_kept boolean
)
language plpgsql stable set search_path = ''
as $$
begin
  return query
    select q.id, q.question, q.language, q.section_slug, given.slugs[1], checked.missing,
      coalesce(q.section_slug = any (given.slugs), false) and checked.missing = '{}'
    from public.golden_questions q
    -- A vector of another model is ignored, as in search_handbook.
    join public.organisations o on o.id = q.organisation_id
    cross join lateral (
      select array_agg(f.slug order by f.rank) as slugs,
        string_agg(f.heading || E'\n' || f.content, E'\n' order by f.rank) filter (where f.slug = q.section_slug) as text
      from private.find_passages(_organisation_id, _group_id, q.question, null, '{}', q.language,
        case when q.embedding_model = o.embedding_model then q.embedding end, o.embedding_model) f
      where f.is_given
    ) given
    cross join lateral (
      select case when given.text is null then '{}' else private.missing_words(q.must_say, given.text) end as missing
    ) checked
    where q.organisation_id = _organisation_id and (q.group_id is null or q.group_id = _group_id)
      and (_with_set_aside or q.set_aside_at is null);
end
$$;
comment on function private.golden_answers is
  'The results of the golden questions of a brand and a restaurant now.
  `_group_id` null: a restaurant without sections of its own.
  A question is searched by its own words alone: no model restates it or names sections.
  It is kept when its section is among the given passages and these passages of it have all of must_say.
  `got`: the section of the first given passage, or null. `missing`: words of must_say that the passages lack.';

create function private.affected_groups(_organisation_id uuid, _group_ids uuid[]) returns uuid[]
language plpgsql stable set search_path = ''
as $$
begin
  return array(
    select c.group_id from unnest(_group_ids) c (group_id)
    union
    select g.id from public.groups g
    where array_position(_group_ids, null) is not null
      and g.organisation_id = _organisation_id
      and (exists (select from public.manual_sections s where s.group_id = g.id)
        or exists (select from public.golden_questions q where q.group_id = g.id)));
end
$$;
comment on function private.affected_groups is
  'Restaurants whose view of the handbook changes with the sections of these groups. Null: the sections of the brand.
  A restaurant without sections and golden questions of its own has the same view as null.';

create function private.golden_snapshot(_organisation_id uuid, _views uuid[]) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object('group_id', v.group_id)), '[]')
    from unnest(_views) v (group_id)
    cross join lateral private.golden_answers(_organisation_id, v.group_id) a);
end
$$;
comment on function private.golden_snapshot is 'The golden answers of these views, to compare later.';

create function private.golden_check(_before jsonb, _after jsonb, _group_ids uuid[]) returns jsonb
language sql stable set search_path = ''
as $$
  with compared as (
    select a.*, coalesce(b.is_kept, false) as was_kept
    from jsonb_to_recordset(_after) as a (
      golden_id uuid, group_id uuid, question text, language text, expected text, got text, missing text[],
      is_kept boolean)
    left join jsonb_to_recordset(_before) as b (golden_id uuid, group_id uuid, is_kept boolean)
      on b.golden_id = a.golden_id and b.group_id is not distinct from a.group_id
  ),
  questions as (
    select c.golden_id, bool_and(c.is_kept) as is_kept from compared c group by c.golden_id
  ),
  listed as (
    select distinct
      case when c.is_kept then 'newly_found' when array_position(_group_ids, c.group_id) is not null then 'regressions'
        else 'warnings' end as list,
      c.question, g.slug as group_slug,
      jsonb_build_object('golden_id', c.golden_id, 'question', c.question, 'language', c.language,
        'expected', c.expected, 'got', c.got, 'missing', c.missing, 'group', g.slug) as change
    from compared c
    left join public.groups g on g.id = c.group_id
    where c.is_kept <> c.was_kept
  )
  select jsonb_build_object(
      'total', (select count(*) from questions),
      'kept', (select count(*) from questions q where q.is_kept))
    || (
      select jsonb_object_agg(n.list, coalesce((
        select jsonb_agg(l.change order by l.question, l.group_slug) from listed l where l.list = n.list), '[]'))
      from unnest(array['newly_found', 'regressions', 'warnings']) n (list))
$$;
comment on function private.golden_check is
  'Compares two snapshots. A question counts as kept when every view keeps it.
  `_group_ids`: restaurants whose own sections change, null for the brand''s. A question that one of their views loses is a
  regression, in another view a warning: no restaurant can stop its brand with sections or questions of its own.
  Returns {total, kept, newly_found, regressions, warnings}.';

create function private.refuse_regressions(_golden jsonb) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if jsonb_array_length(_golden -> 'regressions') > 0 then
    raise exception using errcode = 'HR409', message = 'golden_regression', detail = (_golden -> 'regressions')::text;
  end if;
end
$$;
comment on function private.refuse_regressions is 'Raises HR409 golden_regression for a result of golden_check with regressions.';

revoke execute on all functions in schema private from public;

create function public.save_golden(
  _organisation_id uuid,
  _group_id uuid,
  _language text,
  _question text,
  _section_slug text,
  _embedding extensions.vector default null,
  _embedding_model text default null,
  _must_say text[] default '{}'
) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  -- Each costs every publishing of the brand two searches.
  _max_questions constant integer := 200;
  _max_words constant integer := 20;
  _max_word_length constant integer := 100;
  _golden_id uuid;
  _missing text[];
begin
  perform private.require_manager_of_owner(_organisation_id, _group_id);
  _question := btrim(_question, E' \t\r\n');
  if _question is null or length(_question) not between 1 and 1000 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a question has 1 to 1000 characters';
  end if;
  if _language is null or _language not in ('en', 'es') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a language is en or es';
  end if;
  if (_embedding is null) <> (_embedding_model is null) then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'an embedding comes with the name of its model';
  end if;
  -- No search finds an unknown slug, so no publishing could lose it.
  if not exists (
    select from public.manual_sections s
    where s.organisation_id = _organisation_id and s.slug = _section_slug
      and (s.group_id is null or s.group_id = _group_id)
  ) then
    raise exception using errcode = 'HR005', message = 'not_found', detail = 'no section has this slug';
  end if;
  _must_say := array(
    select btrim(w.word, E' \t\r\n') from unnest(coalesce(_must_say, '{}')) with ordinality w (word, n) order by w.n);
  if cardinality(_must_say) > _max_words
    or exists (select from unnest(_must_say) w (word)
      where coalesce(length(w.word), 0) > _max_word_length or coalesce(private.normalize_words(w.word), '') = '') then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'what must be said is at most 20 words or phrases of 1 to 100 characters';
  end if;
  if _must_say <> '{}' then
    -- The version and language that lacks the fewest of these words.
    select private.missing_words(_must_say, t.text) into _missing
      from (
        select string_agg(p.heading || E'\n' || p.content, E'\n' order by p.ordinal) as text
        from public.manual_sections s
        join public.manual_section_versions v on v.section_id = s.id and v.status in ('draft', 'published')
        join public.manual_passages p on p.version_id = v.id
        where s.organisation_id = _organisation_id and s.slug = _section_slug
          and (s.group_id is null or s.group_id = _group_id)
        group by p.version_id, p.language
      ) t
      order by cardinality(private.missing_words(_must_say, t.text))
      limit 1;
    if _missing is distinct from '{}'::text[] then
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = 'the section does not say ' || array_to_string(coalesce(_missing, _must_say), ', ');
    end if;
  end if;
  if (
    select count(*) from public.golden_questions q
    where q.organisation_id = _organisation_id and q.group_id is not distinct from _group_id
      and (q.language, q.question) <> (_language, _question)
  ) >= _max_questions then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = format('a restaurant or a brand has at most %s golden questions', _max_questions);
  end if;
  insert into public.golden_questions as q
      (organisation_id, group_id, language, question, section_slug, must_say, embedding, embedding_model)
    values (_organisation_id, _group_id, _language, _question, _section_slug, _must_say, _embedding, _embedding_model)
    on conflict (organisation_id, group_id, language, question) do update
      set section_slug = excluded.section_slug,
        must_say = excluded.must_say,
        embedding = coalesce(excluded.embedding, q.embedding),
        embedding_model = coalesce(excluded.embedding_model, q.embedding_model)
    returning q.id into _golden_id;
  return _golden_id;
end
$$;
comment on function public.save_golden is
  'Saves a golden question and returns its id. The same question in the same language replaces the older one.
  A restaurant, or a brand for itself, has at most 200.
  `_group_id` null: for every restaurant of the brand.
  The section may be published or a draft. Without `_embedding` the search asks the question by words.
  `_must_say`: at most 20 words or phrases of at most 100 characters, such as "165". The section must have each now.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request, HR005 not_found (no such section).';

create function public.delete_golden(_golden_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _golden record;
begin
  select q.organisation_id, q.group_id, q.set_aside_at into _golden
    from public.golden_questions q where q.id = _golden_id;
  if not found or not private.is_row_visible_to_caller(_golden.organisation_id, _golden.group_id) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_manager_of_owner(_golden.organisation_id,
    case when _golden.set_aside_at is null then _golden.group_id end);
  delete from public.golden_questions q where q.id = _golden_id;
end
$$;
comment on function public.delete_golden is
  'Deletes a golden question. The record of one that is set aside is the brand''s managers'' to delete.
  Raises HR004 not_allowed, HR005 not_found.';

create function public.set_golden_aside(_golden_id uuid, _reason text) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _golden record;
begin
  select q.organisation_id, q.group_id into _golden from public.golden_questions q where q.id = _golden_id;
  if not found or not private.is_row_visible_to_caller(_golden.organisation_id, _golden.group_id) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_manager_of_owner(_golden.organisation_id, null);
  _reason := btrim(_reason, E' \t\r\n');
  if length(_reason) not between 1 and 1000 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a reason has 1 to 1000 characters';
  end if;
  update public.golden_questions q
    set set_aside_at = case when _reason is not null then now() end,
      set_aside_by = case when _reason is not null then auth.uid() end,
      set_aside_reason = _reason
    where q.id = _golden_id;
end
$$;
comment on function public.set_golden_aside is
  'Sets a golden question of the brand or of one of its restaurants aside, with the account, the time and the reason.
  No publishing asks it any more, and saving it again changes nothing in that. `_reason` null: it is asked again.
  For managers of the brand. Raises HR004 not_allowed, HR005 not_found, HR400 bad_request.';

create function public.run_golden(_organisation_id uuid, _group_id uuid default null)
returns table (
  golden_id uuid,
  group_id uuid,
  question text,
  language text,
  -- The slug of the section.
  expected text,
  -- The section of the first given passage. Null: the search gave none.
  got text,
  is_kept boolean,
  has_embedding boolean,
  must_say text[],
  -- Words of must_say that the given passages of the section lack.
  missing text[],
  -- Null: no manager of the brand has set the question aside.
  set_aside_reason text,
  set_aside_at timestamptz,
  -- The address of the account.
  set_aside_by text
)
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_manager_of_group_or_brand(_organisation_id, _group_id);
  return query
    select a.golden_id, q.group_id, a.question, a.language, a.expected, a.got, a.is_kept, q.embedding is not null,
      q.must_say, a.missing, q.set_aside_reason, q.set_aside_at, u.email::text
    from private.golden_answers(_organisation_id, _group_id, _with_set_aside => true) a
    join public.golden_questions q on q.id = a.golden_id
    left join auth.users u on u.id = q.set_aside_by
    order by q.set_aside_at is not null, a.is_kept, a.question, a.language;
end
$$;
comment on function public.run_golden is
  'Asks the golden questions of a restaurant and its brand now, set aside or not. Counts and records nothing.
  `_group_id` null: those of the brand, for a restaurant without sections of its own.
  Raises HR001 not_a_member, HR004 not_allowed.';

revoke execute on function public.set_question_retention from public, anon;
revoke execute on function public.rate_answer from public, anon;
revoke execute on function public.report_answer from public, anon;
revoke execute on function public.list_gaps from public, anon;
revoke execute on function public.resolve_gap from public, anon;
revoke execute on function public.save_golden from public, anon;
revoke execute on function public.delete_golden from public, anon;
revoke execute on function public.set_golden_aside from public, anon;
revoke execute on function public.run_golden from public, anon;
grant execute on function public.set_question_retention to authenticated, service_role;
grant execute on function public.rate_answer to authenticated, service_role;
grant execute on function public.report_answer to authenticated, service_role;
grant execute on function public.list_gaps to authenticated, service_role;
grant execute on function public.resolve_gap to authenticated, service_role;
grant execute on function public.save_golden to authenticated, service_role;
grant execute on function public.delete_golden to authenticated, service_role;
grant execute on function public.set_golden_aside to authenticated, service_role;
grant execute on function public.run_golden to authenticated, service_role;
