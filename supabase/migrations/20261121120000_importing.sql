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
