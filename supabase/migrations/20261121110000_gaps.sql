-- What a manager does with the questions that were asked: sees what was not found or badly rated, settles it, and keeps
-- golden questions that no publishing may lose. And the thumb on the kiosk's screen. docs/decisions/0038-gaps.md
--
-- Refusals as in 20261120090200_usage.sql and 20261121090300_publishing.sql.

-- For managers and owners of the restaurant, and of its brand. `_group_id` null: those of any restaurant of the brand.
-- Raises HR001 not_a_member, HR004 not_allowed.
create function private.require_overseer(_organisation_id uuid, _group_id uuid) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if not exists (select from public.organisations o where o.id = _organisation_id)
    or (_group_id is not null and not exists (
      select from public.groups g where g.id = _group_id and g.organisation_id = _organisation_id))
    or not private.is_insider(_organisation_id, _group_id) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if private.is_service() then
    return;
  end if;
  if not coalesce(case
      when _group_id is null then _organisation_id in (select private.organisations_overseen_by_caller())
      else _group_id in (select private.groups_overseen_by_caller())
    end, false) then
    raise exception using errcode = 'HR004', message = 'not_allowed';
  end if;
end
$$;

-- A thumb up or down for an answer, from anybody who may ask; the last one counts. A question that is rated down is in
-- a gap, and out of it again when it is rated up, unless it was not found anyway. Said twice it is said once.
--
--   _heard_ms  from the release of the button to the first sound, 0 to 600,000, where the kiosk measured it
--
-- Raises HR001 not_a_member, HR400 bad_request, HR005 not_found (never asked here, or forgotten by now).
create function public.rate_answer(
  _group_id uuid,
  _question_id uuid,
  _rating text,
  _heard_ms integer default null
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
  if _heard_ms not between 0 and 600000 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a time is 0 to 600000 ms';
  end if;
  -- As charge_question does, so that this and a question of the same meaning do not found two gaps.
  perform from public.groups g where g.id = _group_id for no key update;
  update public.asked_questions q
    set rating = _rating, heard_ms = coalesce(_heard_ms, q.heard_ms)
    where q.group_id = _group_id and q.question_id = _question_id;
  if not found then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  select v.embedding, v.model into _vector from private.question_vectors v
    where v.group_id = _group_id and v.question_id = _question_id;
  perform private.place_question(_group_id, _question_id, _vector.embedding, _vector.model);
end
$$;

-- Every gap with its counts, as far as the reader may see gaps and questions: managers of the restaurant and the brand.
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
    -- By the search, or by whoever read what it found.
    count(q.question_id) filter (where q.decision = 'not_found' or q.outcome = 'not_found')::integer as not_found,
    count(q.question_id) filter (where q.rating = 'down')::integer as rated_down,
    coalesce(array_agg(distinct q.language) filter (where q.language is not null), '{}') as languages,
    max(q.asked_at) as last_asked
  from public.question_gaps g
  left join public.asked_questions q on q.gap_id = g.id
  group by g.id;
revoke all on public.question_gap_counts from public, anon, authenticated;
grant select on public.question_gap_counts to authenticated, service_role;

-- The gaps asked about within the last days, the most asked first.
--
--   _group_id  null: of all restaurants of the brand that the caller manages, or whose brand they do
--   _days      1 to 730
--   _status    open, answered or dismissed; null: all
--
-- Returns at most 500. `examples` are its last questions as they were searched, at most five; `section_slug` is the
-- section that answers it since, or for an open one the section that the badly rated answers came from last.
-- Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.
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
  examples text[],
  questions integer,
  not_found integer,
  rated_down integer,
  languages text[],
  first_asked timestamptz,
  last_asked timestamptz,
  section_id uuid,
  section_slug text
)
language plpgsql stable security definer set search_path = ''
as $$
declare
  _most_examples constant integer := 5;
  _most_gaps constant integer := 500;
begin
  perform private.require_overseer(_organisation_id, _group_id);
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
        count(*) filter (where q.decision = 'not_found' or q.outcome = 'not_found')::integer as not_found,
        count(*) filter (where q.rating = 'down')::integer as rated_down,
        array_agg(distinct q.language) as languages,
        min(q.asked_at) as first_asked,
        max(q.asked_at) as last_asked,
        (array_agg(coalesce(q.answered_section_id, q.section_id) order by q.asked_at desc)
          filter (where q.rating = 'down' and coalesce(q.answered_section_id, q.section_id) is not null))[1]
          as rated_section_id
      from public.asked_questions q
      where q.organisation_id = _organisation_id
        and (_group_id is null or q.group_id = _group_id)
        and q.gap_id is not null
        and q.asked_at > now() - make_interval(days => _days)
      group by q.gap_id
    )
    select g.id, g.group_id, r.slug, g.status, g.example,
      array(
        select e.question
        from (
          select q.question, max(q.asked_at) as asked_at from public.asked_questions q
          where q.gap_id = g.id and q.asked_at > now() - make_interval(days => _days)
          group by q.question
        ) e
        order by e.asked_at desc, e.question limit _most_examples),
      a.questions, a.not_found, a.rated_down, a.languages, a.first_asked, a.last_asked, s.id, s.slug
    from asked a
    join public.question_gaps g on g.id = a.id
    join public.groups r on r.id = g.group_id
    left join public.manual_sections s
      on s.id = case g.status when 'open' then a.rated_section_id else g.section_id end
    where (_status is null or g.status = _status)
      and (private.is_service() or g.group_id in (select private.groups_overseen_by_caller()))
    order by a.questions desc, a.last_asked desc, g.id
    limit _most_gaps;
end
$$;

-- Settles a gap, or opens it again.
--
--   _status      answered, dismissed (whoever asks it again stays in it) or open
--   _section_id  with answered: the section that answers it now, of the restaurant or its brand
--
-- Raises HR004 not_allowed, HR005 not_found, HR400 bad_request.
create function public.resolve_gap(_gap_id uuid, _status text, _section_id uuid default null) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _gap record;
begin
  select g.organisation_id, g.group_id into _gap from public.question_gaps g where g.id = _gap_id;
  if not found or not private.is_insider(_gap.organisation_id, _gap.group_id) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_overseer(_gap.organisation_id, _gap.group_id);
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

-- Keeps a question that must go on finding its section whatever is published, or finding nothing.
--
--   _group_id      null: for every restaurant of the brand
--   _section_slug  null: the handbook is not to answer it. A section of the restaurant or the brand, published or draft
--   _embedding     of the question, as a search sends it; without one it is asked by words alone
--   _must_say      what has to stand in what is quoted of the section: '165', 'poultry 165', at most 20 of at most 100
--                  characters. Each has to be in the section as it is published or drafted: what it never said, it
--                  could never lose
--
-- The same question in the same language is the same golden question: what is saved last stands. Returns its id.
-- Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request, HR005 not_found (no such section).
create function public.save_golden(
  _organisation_id uuid,
  _group_id uuid,
  _language text,
  _question text,
  _section_slug text default null,
  _embedding extensions.vector default null,
  _embedding_model text default null,
  _must_say text[] default '{}'
) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  _most_words constant integer := 20;
  _longest_word constant integer := 100;
  _golden_id uuid;
  _unsaid text[];
begin
  perform private.require_writer(_organisation_id, _group_id);
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
  -- A slug that nothing has would never be found, and so never be missed.
  if _section_slug is not null and not exists (
    select from public.manual_sections s
    where s.organisation_id = _organisation_id and s.slug = _section_slug
      and (s.group_id is null or s.group_id = _group_id)
  ) then
    raise exception using errcode = 'HR005', message = 'not_found', detail = 'no section has this slug';
  end if;
  _must_say := array(
    select btrim(w.word, E' \t\r\n') from unnest(coalesce(_must_say, '{}')) with ordinality w (word, n) order by w.n);
  if cardinality(_must_say) > _most_words
    or exists (select from unnest(_must_say) w (word)
      where coalesce(length(w.word), 0) > _longest_word or coalesce(private.bare_words(w.word), '') = '') then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'what must be said is at most 20 words or phrases of 1 to 100 characters';
  end if;
  if _must_say <> '{}' then
    if _section_slug is null then
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = 'what must be said goes with a section';
    end if;
    -- The version and language that lacks least of it.
    select private.unsaid(_must_say, t.text) into _unsaid
      from (
        select string_agg(p.heading || E'\n' || p.content, E'\n' order by p.ordinal) as text
        from public.manual_sections s
        join public.manual_section_versions v on v.section_id = s.id and v.status in ('draft', 'published')
        join public.manual_passages p on p.version_id = v.id
        where s.organisation_id = _organisation_id and s.slug = _section_slug
          and (s.group_id is null or s.group_id = _group_id)
        group by p.version_id, p.language
      ) t
      order by cardinality(private.unsaid(_must_say, t.text))
      limit 1;
    if _unsaid is distinct from '{}'::text[] then
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = 'the section does not say ' || array_to_string(coalesce(_unsaid, _must_say), ', ');
    end if;
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

-- Raises HR004 not_allowed, HR005 not_found.
create function public.forget_golden(_golden_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _golden record;
begin
  select q.organisation_id, q.group_id into _golden from public.golden_questions q where q.id = _golden_id;
  if not found or not private.is_insider(_golden.organisation_id, _golden.group_id) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_writer(_golden.organisation_id, _golden.group_id);
  delete from public.golden_questions q where q.id = _golden_id;
end
$$;

-- Asks the golden questions now, as the restaurant asks them: its own and its brand's (`_group_id` null: the brand's, as
-- a restaurant without sections of its own). Counts against nobody's limit and is not recorded.
-- Raises HR001 not_a_member, HR004 not_allowed.
create function public.run_golden(_organisation_id uuid, _group_id uuid default null)
returns table (
  golden_id uuid,
  group_id uuid,
  question text,
  language text,
  -- The section's slug; null where nothing is to be found.
  expected text,
  -- The best section that was found; null where nothing was.
  got text,
  is_kept boolean,
  has_embedding boolean,
  must_say text[],
  -- What the section was found without.
  missing text[]
)
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_overseer(_organisation_id, _group_id);
  return query
    select a.golden_id, q.group_id, a.question, a.language, a.expected, a.got, a.is_kept, q.embedding is not null,
      q.must_say, a.missing
    from private.golden_answers(_organisation_id, _group_id) a
    join public.golden_questions q on q.id = a.golden_id
    order by a.is_kept, a.question, a.language;
end
$$;

-- For how many days the brand keeps what was asked in its restaurants, 1 to 730. What is older goes with the next
-- question, or at night. For the brand's managers. Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.
create function public.set_question_retention(_organisation_id uuid, _days integer) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  perform private.require_writer(_organisation_id, null);
  if _days is null or _days not between 1 and 730 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'days are 1 to 730';
  end if;
  update public.organisations o set retention_days = _days where o.id = _organisation_id;
  delete from private.questions_forgotten f where f.organisation_id = _organisation_id;
end
$$;

revoke execute on function private.require_overseer(uuid, uuid) from public;
revoke execute on function public.rate_answer(uuid, uuid, text, integer) from public, anon;
revoke execute on function public.list_gaps(uuid, uuid, integer, text) from public, anon;
revoke execute on function public.resolve_gap(uuid, text, uuid) from public, anon;
revoke execute on function public.save_golden(uuid, uuid, text, text, text, extensions.vector, text, text[])
  from public, anon;
revoke execute on function public.forget_golden(uuid) from public, anon;
revoke execute on function public.run_golden(uuid, uuid) from public, anon;
revoke execute on function public.set_question_retention(uuid, integer) from public, anon;
grant execute on function public.rate_answer(uuid, uuid, text, integer) to authenticated, service_role;
grant execute on function public.list_gaps(uuid, uuid, integer, text) to authenticated, service_role;
grant execute on function public.resolve_gap(uuid, text, uuid) to authenticated, service_role;
grant execute on function public.save_golden(uuid, uuid, text, text, text, extensions.vector, text, text[])
  to authenticated, service_role;
grant execute on function public.forget_golden(uuid) to authenticated, service_role;
grant execute on function public.run_golden(uuid, uuid) to authenticated, service_role;
grant execute on function public.set_question_retention(uuid, integer) to authenticated, service_role;
