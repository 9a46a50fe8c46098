-- Sections are taken out as they are published: all or none, the golden questions asked before and after, and one that
-- would be lost refuses the whole, by name. docs/decisions/0055-what-is-taken-out-is-asked-too.md.

drop function public.retire_section(uuid);

-- Takes sections out of the handbook, their drafts with them. What was published stays as history; a section that never
-- was is gone. One that is out already stays out.
--
-- `_dry_run`: says what would happen, regressions included, and leaves everything as it is.
-- Returns {retired: [{section_id, slug}], golden: {total, kept, newly_found, regressions}}.
-- Raises HR004 not_allowed, HR005 not_found, HR400 bad_request, HR409 golden_regression.
create function public.retire_sections(_section_ids uuid[], _dry_run boolean default false) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  -- Ends the block of a dry run, as in publish_versions.
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
    where s.id is null or not private.is_insider(s.organisation_id, s.group_id)
  ) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_writer(s.organisation_id, s.group_id)
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
      -- Gone since the lines above.
      raise exception using errcode = 'HR005', message = 'not_found';
  end;

  begin
    -- In the order of publish_versions.
    perform from public.organisations o where o.id = _organisation_id for no key update;
    perform from public.manual_sections s where s.id = any (_section_ids) order by s.id for update;

    _views := private.changed_views(_organisation_id, _group_ids);
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
  return jsonb_build_object('retired', _retired, 'golden', _golden);
end
$$;

revoke execute on function public.retire_sections(uuid[], boolean) from public, anon;
grant execute on function public.retire_sections(uuid[], boolean) to authenticated, service_role;
