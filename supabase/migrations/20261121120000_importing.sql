-- What an import asks before it writes: which of its passages have no vector yet. Vectors themselves are the search's
-- alone, so a writer is told what is lacking and never sees one.

-- Of these sections' passages, those for which neither the draft nor what is published has a vector of the model: the
-- ones that have to be embedded before save_draft, which takes over the vectors of all the others.
--
--   _group_id   null: the brand's sections
--   _sections   [{slug, title_en, title_es, passages: [{language, ordinal, heading, content}]}]
--
-- Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.
create function public.passages_to_embed(
  _organisation_id uuid,
  _group_id uuid,
  _sections jsonb,
  _embedding_model text default 'text-embedding-3-small'
) returns table (slug text, language text, ordinal integer)
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_writer(_organisation_id, _group_id);
  return query
    select w.slug, p.language, p.ordinal
    from jsonb_to_recordset(_sections) as w (slug text, title_en text, title_es text, passages jsonb)
    cross join lateral jsonb_to_recordset(w.passages)
      as p (language text, ordinal integer, heading text, content text)
    where not exists (
      select from public.manual_sections s
      join public.manual_section_versions v on v.section_id = s.id and v.status in ('draft', 'published')
      join public.manual_passages known on known.version_id = v.id
      join public.manual_embeddings e on e.passage_id = known.id
      where s.organisation_id = _organisation_id
        and s.slug = w.slug
        and s.group_id is not distinct from _group_id
        -- What is embedded begins with the title.
        and case p.language when 'es' then v.title_es = w.title_es else v.title_en = w.title_en end
        and known.language = p.language
        and known.heading = coalesce(p.heading, '')
        and known.content = p.content
        and e.model = _embedding_model);
exception
  when data_exception then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'the sections are not of the form that is asked for';
end
$$;

revoke execute on function public.passages_to_embed(uuid, uuid, jsonb, text) from public, anon;
grant execute on function public.passages_to_embed(uuid, uuid, jsonb, text) to authenticated, service_role;

-- A restaurant's own sections, or the brand's, with their whole text, for whoever writes them: what an export holds and
-- an editor opens. Pages go on `_after_slug`.
--
--   _group_id  null: the brand's sections
--   _status    published or draft
--   _limit     1 to 200
--
-- Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.
create function public.list_sections(
  _organisation_id uuid,
  _group_id uuid,
  _status text default 'published',
  _after_slug text default null,
  _limit integer default 50
) returns table (
  section_id uuid,
  version_id uuid,
  slug text,
  category text,
  sort_order integer,
  title_en text,
  content_en text,
  questions_en text[],
  title_es text,
  content_es text,
  questions_es text[],
  source jsonb,
  written_at timestamptz,
  published_at timestamptz
)
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_writer(_organisation_id, _group_id);
  if _status is null or _status not in ('published', 'draft') then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a status is published or draft';
  end if;
  return query
    select s.id, v.id, s.slug, v.category, v.sort_order, v.title_en, v.content_en, v.questions_en,
      v.title_es, v.content_es, v.questions_es, v.source, v.created_at, v.published_at
    from public.manual_sections s
    join public.manual_section_versions v on v.section_id = s.id and v.status = _status
    where s.organisation_id = _organisation_id
      and s.group_id is not distinct from _group_id
      and (_after_slug is null or s.slug > _after_slug)
    order by s.slug
    limit least(greatest(coalesce(_limit, 50), 1), 200);
end
$$;

revoke execute on function public.list_sections(uuid, uuid, text, text, integer) from public, anon;
grant execute on function public.list_sections(uuid, uuid, text, text, integer) to authenticated, service_role;
