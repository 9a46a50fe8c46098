-- Drafts, publishing and retiring. See docs/decisions/0013-publishing.md.

-- Drafts.

create type private.reused_vector as (
  language text,
  heading text,
  content text,
  model text,
  embedding extensions.vector
);
comment on type private.reused_vector is
  'A vector that outlives its draft: the same text under the same title has the same vector.';

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
comment on function private.version_text is
  'All that readers and the search get from a version, as one comparable value.';

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
comment on function private.add_vectors is
  'Writes the vectors of `_passages` to the passages of a version that have none of the model.';

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
  _reused private.reused_vector[];
  _detail text;
begin
  perform private.require_manager_of_owner(_organisation_id, _group_id);
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
    -- The lock for all changes of this section: two writers draft it one after the other.
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

    select array_agg((p.language, p.heading, p.content, e.model, e.embedding)::private.reused_vector) into _reused
      from public.manual_section_versions v
      join public.manual_passages p on p.version_id = v.id
      join public.manual_embeddings e on e.passage_id = p.id
      where v.section_id = _section_id
        -- The embedded text begins with the title.
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
      join unnest(_reused) k
        on k.language = p.language and k.heading = p.heading and k.content = p.content
      where p.version_id = _draft_id
      on conflict (passage_id, model) do nothing;
    return _draft_id;
  exception
    -- The writer has to correct a text that breaks a rule. The detail names the rule and leaves out the text.
    when integrity_constraint_violation or data_exception or program_limit_exceeded then
      get stacked diagnostics _detail = constraint_name;
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = case when _detail = '' then 'the section is not of the form that is asked for' else _detail end;
  end;
end
$$;
comment on function public.save_draft is
  'Writes the next text of a section as its draft, in place of an older draft. Returns the id of the version.
  Returns null and keeps no draft when the published version has the same text.
  `_group_id` null: a section of the brand.
  `_texts`: {title_en, content_en, questions_en, title_es, content_es, questions_es}, each language whole or absent.
  `_passages`: [{language, ordinal, heading, anchor, content, embedding}], at least one per language.
  An embedding of null keeps the vector that the same text had.
  `_based_on`: the version that the writer saw. Raises HR410 when another version has replaced it. Null: no check.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request, HR410 conflict.';

revoke execute on all functions in schema private from public;

-- Publishing and retiring.

create function public.publish_versions(_version_ids uuid[], _dry_run boolean default false) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  -- Rolls the block of a dry run back. Never leaves this function. (A handler for HR000 would catch all of HR.)
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
    where v.id is null or not private.is_row_visible_to_caller(v.organisation_id, v.group_id)
  ) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_manager_of_owner(v.organisation_id, v.group_id)
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
      -- Another writer has replaced the drafts since the lines above.
      raise exception using errcode = 'HR410', message = 'conflict',
        detail = 'a version is not the section''s draft any more';
  end;

  begin
    -- One publishing at a time per brand: two that are harmless alone could lose a question together.
    perform from public.organisations o where o.id = _organisation_id for no key update;
    perform from public.manual_sections s
      where s.id in (select v.section_id from public.manual_section_versions v where v.id = any (_version_ids))
      order by s.id
      -- This lock lets record_question reference the section meanwhile.
      for no key update;
    -- After the locks: another writer may have replaced or published a draft while this waited.
    if (select count(distinct w.id) from unnest(_version_ids) w (id))
      <> (select count(*) from public.manual_section_versions v
        where v.id = any (_version_ids) and v.status in ('draft', 'published')) then
      raise exception using errcode = 'HR410', message = 'conflict',
        detail = 'a version is not the section''s draft any more';
    end if;

    _views := private.affected_groups(_organisation_id, _group_ids);
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
    _golden := private.golden_check(_before, private.golden_snapshot(_organisation_id, _views), _group_ids);
    if _dry_run then
      raise exception using errcode = _undo;
    end if;
    perform private.refuse_regressions(_golden);
  exception when sqlstate 'HR999' then
    null;
  end;
  return jsonb_build_object('published', _published, 'golden', _golden);
end
$$;
comment on function public.publish_versions is
  'Publishes drafts, all or none, and retires the versions that they replace.
  Asks the golden questions before and after. A question that is lost refuses the whole and is named.
  Sections of the brand are refused for a loss in the brand''s own view; a restaurant''s loss is a warning.
  A published version stays published. A version that is no longer a draft is a conflict.
  `_dry_run`: returns the result, regressions included, and changes nothing.
  Returns {published: [{version_id, section_id, slug, number}], golden: {total, kept, newly_found, regressions, warnings}}.
  Raises HR004 not_allowed, HR005 not_found, HR400 bad_request, HR409 golden_regression, HR410 conflict.';

create function public.retire_sections(_section_ids uuid[], _dry_run boolean default false) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  -- Rolls the block of a dry run back, as in publish_versions.
  _undo constant text := 'HR999';
  _organisation_id uuid;
  _group_ids uuid[];
  _views uuid[];
  _before jsonb;
  _golden jsonb;
  _retired jsonb;
begin
  if coalesce(cardinality(_section_ids), 0) = 0 or array_position(_section_ids, null) is not null then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'there are no sections to retire';
  end if;
  if exists (
    select from unnest(_section_ids) w (id)
    left join public.manual_sections s on s.id = w.id
    where s.id is null or not private.is_row_visible_to_caller(s.organisation_id, s.group_id)
  ) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_manager_of_owner(s.organisation_id, s.group_id)
    from public.manual_sections s where s.id = any (_section_ids)
    group by s.organisation_id, s.group_id;
  select array_agg(distinct s.group_id) into _group_ids
    from public.manual_sections s where s.id = any (_section_ids);
  begin
    select s.organisation_id into strict _organisation_id
      from public.manual_sections s where s.id = any (_section_ids) group by s.organisation_id;
  exception
    when too_many_rows then
      raise exception using errcode = 'HR400', message = 'bad_request',
        detail = 'sections of one organisation are retired together';
    when no_data_found then
      -- Another writer has deleted the sections since the lines above.
      raise exception using errcode = 'HR005', message = 'not_found';
  end;

  begin
    -- The same order of locks as in publish_versions.
    perform from public.organisations o where o.id = _organisation_id for no key update;
    perform from public.manual_sections s where s.id = any (_section_ids) order by s.id for update;

    _views := private.affected_groups(_organisation_id, _group_ids);
    _before := private.golden_snapshot(_organisation_id, _views);
    select coalesce(jsonb_agg(jsonb_build_object('section_id', s.id, 'slug', s.slug) order by s.slug), '[]')
      into _retired
      from public.manual_sections s
      where s.id = any (_section_ids) and exists (
        select from public.manual_section_versions v
        where v.section_id = s.id and v.status in ('draft', 'published'));
    delete from public.manual_section_versions v
      where v.section_id = any (_section_ids) and v.status = 'draft';
    update public.manual_section_versions v set status = 'retired', retired_at = now()
      where v.section_id = any (_section_ids) and v.status = 'published';
    delete from public.manual_sections s
      where s.id = any (_section_ids)
        and not exists (select from public.manual_section_versions v where v.section_id = s.id);
    _golden := private.golden_check(_before, private.golden_snapshot(_organisation_id, _views), _group_ids);
    if _dry_run then
      raise exception using errcode = _undo;
    end if;
    perform private.refuse_regressions(_golden);
  exception when sqlstate 'HR999' then
    null;
  end;
  return jsonb_build_object('retired', _retired, 'golden', _golden);
end
$$;
comment on function public.retire_sections is
  'Takes sections and their drafts out of the handbook, all or none. Published versions stay as history.
  Deletes a section that was never published. A retired section stays retired.
  Asks the golden questions before and after, as publish_versions does.
  `_dry_run`: returns the result, regressions included, and changes nothing.
  Returns {retired: [{section_id, slug}], golden: {total, kept, newly_found, regressions, warnings}}.
  Raises HR004 not_allowed, HR005 not_found, HR400 bad_request, HR409 golden_regression.';

revoke execute on function public.save_draft from public, anon;
revoke execute on function public.publish_versions from public, anon;
revoke execute on function public.retire_sections from public, anon;
grant execute on function public.save_draft to authenticated, service_role;
grant execute on function public.publish_versions to authenticated, service_role;
grant execute on function public.retire_sections to authenticated, service_role;
