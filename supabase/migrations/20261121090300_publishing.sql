-- Writing a handbook: drafts, publishing in one transaction that no known question may lose, and what a kiosk reads.
--
-- Refusals beside those of 20261120090200_usage.sql: HR004 not_allowed (a member whose role may not) · HR005 not_found ·
-- HR409 golden_regression (detail: the questions as JSON) · HR410 conflict (somebody else has changed it meanwhile).

-- Who may write: managers and owners, of the restaurant for its own sections, of the brand for the brand's.
-- `_group_id` null: the brand's. Raises HR001 not_a_member, HR004 not_allowed.
create function private.require_writer(_organisation_id uuid, _group_id uuid) returns void
language plpgsql stable set search_path = ''
as $$
begin
  if _group_id is null then
    if not exists (select from public.organisations o where o.id = _organisation_id) then
      raise exception using errcode = 'HR001', message = 'not_a_member';
    end if;
  elsif not exists (
    select from public.groups g where g.id = _group_id and g.organisation_id = _organisation_id
  ) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if private.is_service() then
    return;
  end if;
  if not private.is_insider(_organisation_id, _group_id) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if not coalesce(case
      when _group_id is null then
        _organisation_id in (select private.organisations_managed_by_caller())
      else _group_id in (select private.groups_managed_by_caller())
    end, false) then
    raise exception using errcode = 'HR004', message = 'not_allowed';
  end if;
end
$$;

-- Whether the caller may know that something of this brand or restaurant is there.
create function private.is_insider(_organisation_id uuid, _group_id uuid) returns boolean
language sql stable set search_path = ''
as $$
  select private.is_service() or coalesce(case
    when _group_id is null then _organisation_id in (select private.organisations_of_caller())
    else _group_id in (
      select private.groups_of_caller() union select private.groups_overseen_by_caller())
  end, false)
$$;

-- All that a reader or the search gets from a version, in one value that compares.
create function private.version_text(_version_id uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'category', v.category, 'sort_order', v.sort_order,
    'title_en', v.title_en, 'content_en', v.content_en, 'questions_en', v.questions_en,
    'title_es', v.title_es, 'content_es', v.content_es, 'questions_es', v.questions_es,
    'passages', (
      select jsonb_agg(jsonb_build_array(p.language, p.ordinal, p.heading, p.anchor, p.content)
        order by p.language, p.ordinal)
      from public.manual_passages p where p.version_id = v.id))
  from public.manual_section_versions v where v.id = _version_id
$$;

-- A vector that outlives the draft it was made for: the same text under the same title has the same vector.
create type private.kept_vector as (
  language text,
  heading text,
  content text,
  model text,
  embedding extensions.vector
);

-- Writes the vectors that came with passages to the passages of a version, where it has none of the model.
create function private.add_vectors(_version_id uuid, _passages jsonb, _model text) returns void
language sql set search_path = ''
as $$
  insert into public.manual_embeddings (passage_id, model, embedding)
  select p.id, _model, w.embedding::extensions.vector
  from jsonb_to_recordset(_passages) as w (language text, ordinal integer, embedding text)
  join public.manual_passages p
    on p.version_id = _version_id and p.language = w.language and p.ordinal = w.ordinal
  where w.embedding is not null
  on conflict (passage_id, model) do nothing
$$;

-- Writes a section's next text as its draft, in place of the draft it has, and returns the version's id. Nothing that
-- is published changes. Where the text is what is published, there is nothing to draft: null, and no draft is left.
--
--   _group_id   null: the brand's section
--   _texts      {title_en, content_en, questions_en, title_es, content_es, questions_es}; a language comes whole or
--               not at all
--   _passages   [{language, ordinal, heading, anchor, content, embedding}], at least one per language; an embedding of
--               null takes over the one that the same text had before
--   _based_on   the version that the writer had before them (the draft, or what is published): when it is another by
--               now, somebody else has written meanwhile. Null: whatever is there.
--
-- Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request, HR410 conflict.
create function public.save_draft(
  _organisation_id uuid,
  _group_id uuid,
  _slug text,
  _category text,
  _sort_order integer,
  _texts jsonb,
  _passages jsonb,
  _embedding_model text default null,
  _source jsonb default '{}',
  _based_on uuid default null
) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  _section_id uuid;
  _published_id uuid;
  _draft_id uuid;
  _next_number integer;
  _text record;
  _wanted jsonb;
  _kept private.kept_vector[];
  _detail text;
begin
  perform private.require_writer(_organisation_id, _group_id);
  begin
    select * into _text from jsonb_to_record(_texts) as t (
      title_en text, content_en text, questions_en text[],
      title_es text, content_es text, questions_es text[]);
    _text.questions_en := coalesce(_text.questions_en, '{}');
    _text.questions_es := coalesce(_text.questions_es, '{}');
    select jsonb_build_object(
        'category', coalesce(_category, ''), 'sort_order', coalesce(_sort_order, 0),
        'title_en', _text.title_en, 'content_en', _text.content_en, 'questions_en', _text.questions_en,
        'title_es', _text.title_es, 'content_es', _text.content_es, 'questions_es', _text.questions_es,
        'passages', jsonb_agg(
          jsonb_build_array(w.language, w.ordinal, coalesce(w.heading, ''), coalesce(w.anchor, ''), w.content)
          order by w.language, w.ordinal))
      into _wanted
      from jsonb_to_recordset(_passages) as w (language text, ordinal integer, heading text, anchor text, content text);
    if exists (
      select from (values ('en', _text.content_en), ('es', _text.content_es)) as c (language, content)
      where (c.content is not null) <> exists (
        select from jsonb_to_recordset(_passages) as w (language text) where w.language = c.language)
    ) then
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = 'each language with a text has passages, and no other';
    end if;
    if _embedding_model is null and exists (
      select from jsonb_to_recordset(_passages) as w (embedding text) where w.embedding is not null
    ) then
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = 'an embedding comes with the name of its model';
    end if;

    insert into public.manual_sections (organisation_id, group_id, slug)
      values (_organisation_id, _group_id, _slug)
      on conflict (organisation_id, slug, group_id) do nothing;
    -- The lock of everything about this section: two who draft it at once do so one after the other.
    select s.id into strict _section_id from public.manual_sections s
      where s.organisation_id = _organisation_id and s.slug = _slug
        and (s.group_id = _group_id or (s.group_id is null and _group_id is null))
      for no key update;
    select v.id into _published_id from public.manual_section_versions v
      where v.section_id = _section_id and v.status = 'published';
    select v.id into _draft_id from public.manual_section_versions v
      where v.section_id = _section_id and v.status = 'draft';
    if _based_on is not null and _based_on is distinct from coalesce(_draft_id, _published_id) then
      raise exception using errcode = 'HR410', message = 'conflict',
        detail = 'the section has been written meanwhile';
    end if;

    if _wanted = private.version_text(_published_id) then
      delete from public.manual_section_versions v where v.id = _draft_id;
      perform private.add_vectors(_published_id, _passages, _embedding_model);
      return null;
    end if;
    if _wanted = private.version_text(_draft_id) then
      perform private.add_vectors(_draft_id, _passages, _embedding_model);
      update public.manual_section_versions v set source = coalesce(_source, '{}')
        where v.id = _draft_id and v.source <> coalesce(_source, '{}');
      return _draft_id;
    end if;

    select array_agg((p.language, p.heading, p.content, e.model, e.embedding)::private.kept_vector) into _kept
      from public.manual_section_versions v
      join public.manual_passages p on p.version_id = v.id
      join public.manual_embeddings e on e.passage_id = p.id
      where v.section_id = _section_id
        -- What is embedded begins with the title.
        and case p.language when 'es' then v.title_es = _text.title_es else v.title_en = _text.title_en end;
    select coalesce(max(v.number), 0) + 1 into _next_number
      from public.manual_section_versions v where v.section_id = _section_id;
    delete from public.manual_section_versions v where v.id = _draft_id;
    insert into public.manual_section_versions (section_id, number, category, sort_order, title_en, content_en,
        questions_en, title_es, content_es, questions_es, source, created_by)
      values (_section_id, _next_number, coalesce(_category, ''), coalesce(_sort_order, 0),
        _text.title_en, _text.content_en, _text.questions_en,
        _text.title_es, _text.content_es, _text.questions_es,
        coalesce(_source, '{}'), auth.uid())
      returning id into _draft_id;
    insert into public.manual_passages (version_id, language, ordinal, heading, anchor, content)
      select _draft_id, w.language, w.ordinal, coalesce(w.heading, ''), coalesce(w.anchor, ''), w.content
      from jsonb_to_recordset(_passages) as w (language text, ordinal integer, heading text, anchor text, content text);
    perform private.add_vectors(_draft_id, _passages, _embedding_model);
    insert into public.manual_embeddings (passage_id, model, embedding)
      select distinct on (p.id, k.model) p.id, k.model, k.embedding
      from public.manual_passages p
      join unnest(_kept) k
        on k.language = p.language and k.heading = p.heading and k.content = p.content
      where p.version_id = _draft_id
      on conflict (passage_id, model) do nothing;
    return _draft_id;
  exception
    -- What the tables do not take is the writer's to put right: which rule it was, without the text.
    when integrity_constraint_violation or data_exception or program_limit_exceeded then
      get stacked diagnostics _detail = constraint_name;
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = case when _detail = '' then 'the section is not of the form that is asked for' else _detail end;
  end;
end
$$;

-- Restaurants whose view a change can alter; null stands for the brand's own sections, which is
-- also the view of every restaurant that has neither sections nor golden questions of its own.
create function private.changed_views(_organisation_id uuid, _group_ids uuid[]) returns uuid[]
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

-- The golden questions of these views with what they find, to be compared later.
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

-- What became of the golden questions between two snapshots. A question counts as kept when it is in every view.
create function private.golden_check(_before jsonb, _after jsonb) returns jsonb
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
    select distinct c.is_kept, c.question, c.language, c.expected, c.got, c.missing, g.slug as group_slug
    from compared c
    left join public.groups g on g.id = c.group_id
    where c.is_kept <> c.was_kept
  )
  select jsonb_build_object(
    'total', (select count(*) from questions),
    'kept', (select count(*) from questions q where q.is_kept),
    'newly_found', coalesce((
      select jsonb_agg(jsonb_build_object('question', l.question, 'language', l.language,
          'expected', l.expected, 'got', l.got, 'missing', l.missing, 'group', l.group_slug)
        order by l.question, l.group_slug)
      from listed l where l.is_kept), '[]'),
    'regressions', coalesce((
      select jsonb_agg(jsonb_build_object('question', l.question, 'language', l.language,
          'expected', l.expected, 'got', l.got, 'missing', l.missing, 'group', l.group_slug)
        order by l.question, l.group_slug)
      from listed l where not l.is_kept), '[]'))
$$;

-- Publishes drafts, all or none, in one transaction: the old versions are retired and the passages searched are the new
-- ones. The golden questions are asked before and after; one that was found and is not any more refuses the whole, by
-- name. A version that is published already stays so; one that is not a draft any more is a conflict.
--
-- `_dry_run`: says what would happen, regressions included, and leaves everything as it is.
-- Returns {published: [{version_id, section_id, slug, number}], golden: {total, kept, newly_found, regressions}}.
-- Raises HR004 not_allowed, HR005 not_found, HR400 bad_request, HR409 golden_regression, HR410 conflict.
create function public.publish_versions(_version_ids uuid[], _dry_run boolean default false) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  -- Ends the block of a dry run, so that nothing of it stays. Never leaves this function. (HR000 would catch all of HR.)
  _undo constant text := 'HR999';
  _organisation_id uuid;
  _group_ids uuid[];
  _views uuid[];
  _before jsonb;
  _golden jsonb;
  _published jsonb;
begin
  if coalesce(cardinality(_version_ids), 0) = 0 or array_position(_version_ids, null) is not null then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'there are no versions to publish';
  end if;
  if exists (
    select from unnest(_version_ids) w (id)
    left join public.manual_section_versions v on v.id = w.id
    where v.id is null or not private.is_insider(v.organisation_id, v.group_id)
  ) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_writer(v.organisation_id, v.group_id)
    from public.manual_section_versions v where v.id = any (_version_ids)
    group by v.organisation_id, v.group_id;
  select array_agg(distinct v.group_id) into _group_ids
    from public.manual_section_versions v where v.id = any (_version_ids);
  begin
    select v.organisation_id into strict _organisation_id
      from public.manual_section_versions v where v.id = any (_version_ids) group by v.organisation_id;
  exception
    when too_many_rows then
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = 'versions of one organisation are published together';
    when no_data_found then
      -- Written anew since the lines above.
      raise exception using errcode = 'HR410', message = 'conflict',
        detail = 'a version is not the section''s draft any more';
  end;

  begin
    -- One publishing at a time within a brand, or two that are harmless alone could lose a question together.
    perform from public.organisations o where o.id = _organisation_id for no key update;
    perform from public.manual_sections s
      where s.id in (select v.section_id from public.manual_section_versions v where v.id = any (_version_ids))
      order by s.id
      -- A question that names the section as what it found does not wait for this.
      for no key update;
    -- After the locks: a draft may have been written anew, or published, while this waited.
    if (select count(distinct w.id) from unnest(_version_ids) w (id))
      <> (select count(*) from public.manual_section_versions v
        where v.id = any (_version_ids) and v.status in ('draft', 'published')) then
      raise exception using errcode = 'HR410', message = 'conflict',
        detail = 'a version is not the section''s draft any more';
    end if;

    _views := private.changed_views(_organisation_id, _group_ids);
    _before := private.golden_snapshot(_organisation_id, _views);
    select coalesce(jsonb_agg(jsonb_build_object(
        'version_id', v.id, 'section_id', v.section_id, 'slug', s.slug, 'number', v.number) order by s.slug), '[]')
      into _published
      from public.manual_section_versions v
      join public.manual_sections s on s.id = v.section_id
      where v.id = any (_version_ids) and v.status = 'draft';
    update public.manual_section_versions old set status = 'retired', retired_at = now()
      from public.manual_section_versions v
      where v.id = any (_version_ids) and v.status = 'draft'
        and old.section_id = v.section_id and old.status = 'published';
    update public.manual_section_versions v set status = 'published', published_at = now()
      where v.id = any (_version_ids) and v.status = 'draft';
    _golden := private.golden_check(_before, private.golden_snapshot(_organisation_id, _views));
    if _dry_run then
      raise exception using errcode = _undo;
    end if;
    if jsonb_array_length(_golden -> 'regressions') > 0 then
      raise exception using errcode = 'HR409', message = 'golden_regression', detail = (_golden -> 'regressions')::text;
    end if;
  exception when sqlstate 'HR999' then
    null;
  end;
  return jsonb_build_object('published', _published, 'golden', _golden);
end
$$;

-- Takes a section out of the handbook, its draft with it. What was published stays as history; a section that never
-- was is gone. Raises HR004 not_allowed, HR005 not_found.
create function public.retire_section(_section_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _section record;
begin
  select s.organisation_id, s.group_id into _section from public.manual_sections s where s.id = _section_id;
  if not found or not private.is_insider(_section.organisation_id, _section.group_id) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_writer(_section.organisation_id, _section.group_id);
  -- In the order of publish_versions.
  perform from public.organisations o where o.id = _section.organisation_id for no key update;
  perform from public.manual_sections s where s.id = _section_id for update;
  delete from public.manual_section_versions v where v.section_id = _section_id and v.status = 'draft';
  update public.manual_section_versions v set status = 'retired', retired_at = now()
    where v.section_id = _section_id and v.status = 'published';
  delete from public.manual_sections s
    where s.id = _section_id
      and not exists (select from public.manual_section_versions v where v.section_id = s.id);
end
$$;

-- The handbook as a member of a restaurant may read it, for the copy on a kiosk: what is published, by slug, the
-- restaurant's own section in place of the brand's where both have the slug. Pages go on `_after_slug`, so that a section
-- that is added meanwhile moves no other. Raises HR001 not_a_member.
create function public.get_handbook(_group_id uuid, _after_slug text default null, _limit integer default 100)
returns table (
  slug text,
  category text,
  updated_at timestamptz,
  title_en text,
  content_en text,
  title_es text,
  content_es text,
  organisation_wide boolean
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
    select distinct on (s.slug) s.slug, v.category, v.published_at, v.title_en, v.content_en, v.title_es, v.content_es,
      s.group_id is null
    from public.manual_sections s
    join public.manual_section_versions v on v.section_id = s.id and v.status = 'published'
    where s.organisation_id = _organisation_id
      and (s.group_id = _group_id or s.group_id is null)
      and (_after_slug is null or s.slug > _after_slug)
    order by s.slug, s.group_id nulls last
    -- The most that PostgREST answers.
    limit least(greatest(coalesce(_limit, 100), 1), 1000);
end
$$;

revoke execute on function private.require_writer(uuid, uuid) from public;
revoke execute on function private.is_insider(uuid, uuid) from public;
revoke execute on function private.version_text(uuid) from public;
revoke execute on function private.add_vectors(uuid, jsonb, text) from public;
revoke execute on function private.changed_views(uuid, uuid[]) from public;
revoke execute on function private.golden_snapshot(uuid, uuid[]) from public;
revoke execute on function private.golden_check(jsonb, jsonb) from public;
revoke execute on function public.save_draft(uuid, uuid, text, text, integer, jsonb, jsonb, text, jsonb, uuid)
  from public, anon;
revoke execute on function public.publish_versions(uuid[], boolean) from public, anon;
revoke execute on function public.retire_section(uuid) from public, anon;
revoke execute on function public.get_handbook(uuid, text, integer) from public, anon;
grant execute on function public.save_draft(uuid, uuid, text, text, integer, jsonb, jsonb, text, jsonb, uuid)
  to authenticated, service_role;
grant execute on function public.publish_versions(uuid[], boolean) to authenticated, service_role;
grant execute on function public.retire_section(uuid) to authenticated, service_role;
grant execute on function public.get_handbook(uuid, text, integer) to authenticated, service_role;
