-- A brand changes its embedding model. See docs/decisions/0016-embeddings.md.
-- The old vectors answer until no vector of the new model is missing and no golden question would be lost.
-- A client asks for missing texts, makes their vectors and writes them, until none is missing.

create table private.next_golden_vectors (
  golden_id uuid primary key references public.golden_questions (id) on delete cascade,
  model text not null check (length(model) between 1 and 100),
  embedding extensions.vector not null
);
comment on table private.next_golden_vectors is
  'Vectors of the next model for golden questions, whose own rows hold a vector of the current model.';
alter table private.next_golden_vectors enable row level security;

create type private.new_vector as (passage_id uuid, golden_id uuid, embedding extensions.vector);
comment on type private.new_vector is 'A vector as add_embeddings receives it, for a passage or a golden question.';

create function private.lock_models(_organisation_id uuid, out answering text, out next text)
language plpgsql set search_path = ''
as $$
begin
  select o.embedding_model, o.next_embedding_model into strict answering, next
    from public.organisations o where o.id = _organisation_id
    for no key update;
end
$$;
comment on function private.lock_models is
  'Returns and locks the models of a brand.
  publish_versions takes the same lock: publishing and switching wait for each other.';

create function private.rows_without_vector(_organisation_id uuid, _group_id uuid, _model text)
returns table (passage_id uuid, golden_id uuid, is_searched boolean)
language plpgsql stable set search_path = ''
as $$
begin
  return query
    select p.id, null::uuid, p.is_published
    from public.manual_passages p
    where p.organisation_id = _organisation_id
      and (p.group_id = _group_id or (_group_id is null and (p.is_published or p.group_id is null)))
      and not exists (
        select from public.manual_embeddings e where e.passage_id = p.id and e.model = _model)
    union all
    select null, q.id, true
    from public.golden_questions q
    where q.organisation_id = _organisation_id
      and (_group_id is null or q.group_id = _group_id)
      and q.embedding_model is distinct from _model
      and not exists (
        select from private.next_golden_vectors n where n.golden_id = q.id and n.model = _model);
end
$$;
comment on function private.rows_without_vector is
  'Passages and golden questions without a vector of the model.
  `_group_id` null: published passages of the brand and all its restaurants, and drafts of the brand.
  With a restaurant: its own, drafts included.';

revoke execute on all functions in schema private from public;

create function public.list_missing_embeddings(
  _organisation_id uuid,
  _group_id uuid,
  _model text,
  _limit integer default 100
) returns table (
  passage_id uuid,
  golden_id uuid,
  title text,
  heading text,
  content text,
  lacking integer
)
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_manager_of_owner(_organisation_id, _group_id);
  return query
    with page as (
      select w.passage_id, w.golden_id, w.is_searched, (count(*) over ())::integer as lacking
      from private.rows_without_vector(_organisation_id, _group_id, _model) w
      order by w.is_searched desc, w.passage_id, w.golden_id
      limit least(greatest(coalesce(_limit, 100), 1), 512)
    )
    select g.passage_id, g.golden_id, case p.language when 'es' then v.title_es else v.title_en end, p.heading,
      coalesce(p.content, q.question), g.lacking
    from page g
    left join public.manual_passages p on p.id = g.passage_id
    left join public.manual_section_versions v on v.id = p.version_id
    left join public.golden_questions q on q.id = g.golden_id
    order by g.is_searched desc, g.passage_id, g.golden_id;
end
$$;
comment on function public.list_missing_embeddings is
  'Texts without a vector of the model, published ones first. Ask again for the next page after writing these.
  `_group_id`: as in private.rows_without_vector. `_limit`: 1 to 512.
  `title` and `heading` are null for a golden question. Every row has the total in `lacking`.
  Raises HR001 not_a_member, HR004 not_allowed.';

create function public.add_embeddings(_organisation_id uuid, _group_id uuid, _model text, _vectors jsonb)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  -- The index manual_embeddings_binary_hnsw has this width.
  _width constant integer := 1536;
  _made private.new_vector[];
  _answering text;
  _next text;
  _written integer;
  _questions integer;
begin
  perform private.require_manager_of_owner(_organisation_id, _group_id);
  select o.embedding_model, o.next_embedding_model into strict _answering, _next
    from public.organisations o where o.id = _organisation_id;
  if _model is distinct from _answering and _model is distinct from _next then
    raise exception using errcode = 'HR410', message = 'conflict',
      detail = 'the brand neither answers with this model nor changes to it';
  end if;
  begin
    select array_agg((w.passage_id, w.golden_id, w.embedding::extensions.vector)::private.new_vector) into _made
      from jsonb_to_recordset(_vectors) as w (passage_id uuid, golden_id uuid, embedding text);
  exception when data_exception then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'the vectors are not of the form that is asked for';
  end;
  if exists (select from unnest(_made) m where extensions.vector_dims(m.embedding) is distinct from _width) then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = format('an embedding has %s numbers', _width);
  end if;

  with held as (
    -- The lock keeps the passages: one that is retired now would fail all of it with its foreign key.
    select p.id from public.manual_passages p
    where p.id in (select m.passage_id from unnest(_made) m)
      and p.organisation_id = _organisation_id
      and (p.group_id = _group_id or (_group_id is null and (p.is_published or p.group_id is null)))
    order by p.id
    for key share
  )
  insert into public.manual_embeddings (passage_id, model, embedding)
    select h.id, _model, m.embedding
    from held h
    join unnest(_made) m on m.passage_id = h.id
    order by h.id
    on conflict (passage_id, model) do nothing;
  get diagnostics _written = row_count;

  if _model = _answering then
    update public.golden_questions q set embedding = m.embedding, embedding_model = _model
      from unnest(_made) m
      where q.id = m.golden_id and q.organisation_id = _organisation_id
        and (_group_id is null or q.group_id = _group_id)
        and q.embedding_model is distinct from _model;
  else
    with held as (
      select q.id from public.golden_questions q
      where q.id in (select m.golden_id from unnest(_made) m)
        and q.organisation_id = _organisation_id
        and (_group_id is null or q.group_id = _group_id)
      order by q.id
      for key share
    )
    insert into private.next_golden_vectors as n (golden_id, model, embedding)
      select h.id, _model, m.embedding
      from held h
      join unnest(_made) m on m.golden_id = h.id
      order by h.id
      on conflict (golden_id) do update set model = excluded.model, embedding = excluded.embedding
        where n.model <> excluded.model;
  end if;
  get diagnostics _questions = row_count;
  return _written + _questions;
end
$$;
comment on function public.add_embeddings is
  'Writes vectors of the current or the next model where there are none, and returns how many.
  Ignores deleted passages and those of others. `_group_id`: as in private.rows_without_vector.
  `_vectors`: [{passage_id | golden_id, embedding: "[0.1,…]"}].
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request, HR410 conflict (the change has ended).';

create function public.start_model_change(_organisation_id uuid, _model text) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _models record;
begin
  perform private.require_manager_of_owner(_organisation_id, null);
  if _model is null or length(_model) not between 1 and 100 then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a model has a name';
  end if;
  select * into _models from private.lock_models(_organisation_id);
  if _model = _models.answering then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'the brand answers with this model';
  end if;
  if _model <> _models.next then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = format('a change to %s is under way: cancel it first', _models.next);
  end if;
  update public.organisations o set next_embedding_model = _model
    where o.id = _organisation_id and o.next_embedding_model is null;
end
$$;
comment on function public.start_model_change is
  'Begins a change to a model. From then on add_embeddings takes its vectors. Calling it twice has no further effect.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

create function public.finish_model_change(_organisation_id uuid) returns jsonb
language plpgsql security definer set search_path = ''
as $$
declare
  _models record;
  _lacking integer;
  _views uuid[];
  _before jsonb;
  _golden jsonb;
begin
  perform private.require_manager_of_owner(_organisation_id, null);
  select * into _models from private.lock_models(_organisation_id);
  if _models.next is null then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'no change is under way';
  end if;
  select count(*) into _lacking
    from private.rows_without_vector(_organisation_id, null, _models.next) w where w.is_searched;
  if _lacking > 0 then
    raise exception using errcode = 'HR410', message = 'conflict',
      detail = format('%s texts have no vector of %s yet', _lacking, _models.next);
  end if;
  -- The views of all restaurants, as when a section of the brand is published.
  _views := private.affected_groups(_organisation_id, array[null::uuid]);
  _before := private.golden_snapshot(_organisation_id, _views);
  update public.golden_questions q set embedding = n.embedding, embedding_model = n.model
    from private.next_golden_vectors n
    where n.golden_id = q.id and n.model = _models.next and q.organisation_id = _organisation_id;
  delete from private.next_golden_vectors n
    using public.golden_questions q where q.id = n.golden_id and q.organisation_id = _organisation_id;
  update public.organisations o set embedding_model = _models.next, next_embedding_model = null
    where o.id = _organisation_id;
  _golden := private.golden_check(_before, private.golden_snapshot(_organisation_id, _views), array[null::uuid]);
  perform private.refuse_regressions(_golden);
  return jsonb_build_object('model', _models.next, 'golden', _golden);
end
$$;
comment on function public.finish_model_change is
  'Makes the next model the current one.
  Changes nothing when a published text lacks its vector or the brand would lose a golden question.
  A restaurant''s loss is a warning.
  delete_unused_embeddings deletes the old vectors.
  Returns {model, golden: {total, kept, newly_found, regressions, warnings}}.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request (no change is under way),
  HR410 conflict (vectors are missing), HR409 golden_regression.';

create function public.cancel_model_change(_organisation_id uuid) returns text
language plpgsql security definer set search_path = ''
as $$
declare
  _models record;
begin
  perform private.require_manager_of_owner(_organisation_id, null);
  select * into _models from private.lock_models(_organisation_id);
  update public.organisations o set next_embedding_model = null where o.id = _organisation_id;
  delete from private.next_golden_vectors n
    using public.golden_questions q where q.id = n.golden_id and q.organisation_id = _organisation_id;
  return _models.next;
end
$$;
comment on function public.cancel_model_change is
  'Ends a change and returns the model that it was for, or null. delete_unused_embeddings deletes its vectors.
  Raises HR001 not_a_member, HR004 not_allowed.';

create function public.delete_unused_embeddings(_organisation_id uuid, _at_most integer default 2000) returns integer
language plpgsql security definer set search_path = ''
as $$
declare
  _models record;
  _removed integer;
begin
  perform private.require_manager_of_owner(_organisation_id, null);
  select * into _models from private.lock_models(_organisation_id);
  delete from public.manual_embeddings e
    where (e.passage_id, e.model) in (
      select s.passage_id, s.model from public.manual_embeddings s
      where s.organisation_id = _organisation_id
        and s.model <> _models.answering and s.model is distinct from _models.next
      limit least(greatest(coalesce(_at_most, 2000), 1), 10000));
  get diagnostics _removed = row_count;
  return _removed;
end
$$;
comment on function public.delete_unused_embeddings is
  'Deletes vectors of models that the brand neither uses nor changes to, drafts and restaurants included.
  Deletes at most `_at_most` at once (1 to 10,000) and returns how many. Raises HR001 not_a_member, HR004 not_allowed.';

revoke execute on function public.list_missing_embeddings from public, anon;
revoke execute on function public.add_embeddings from public, anon;
revoke execute on function public.start_model_change from public, anon;
revoke execute on function public.finish_model_change from public, anon;
revoke execute on function public.cancel_model_change from public, anon;
revoke execute on function public.delete_unused_embeddings from public, anon;
grant execute on function public.list_missing_embeddings to authenticated, service_role;
grant execute on function public.add_embeddings to authenticated, service_role;
grant execute on function public.start_model_change to authenticated, service_role;
grant execute on function public.finish_model_change to authenticated, service_role;
grant execute on function public.cancel_model_change to authenticated, service_role;
grant execute on function public.delete_unused_embeddings to authenticated, service_role;
