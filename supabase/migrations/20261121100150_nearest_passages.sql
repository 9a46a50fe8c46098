-- Where the vectors of a search are read: in their rows, beside what a search filters by, exactly up to a measured size
-- and above it through an index over their signs. Figures: docs/decisions/0041-exact-or-hnsw.md.

-- A vector of 1,536 numbers is 6 kB. In its row it is read with the row; by default it would be four pieces in another
-- table, and putting them together took twice as long as comparing them. Wider ones still go there.
alter table public.manual_embeddings set (toast_tuple_target = 8160);

-- As the passage has them, written by the triggers below: looked up in another table, they cost a third of a scan.
alter table public.manual_embeddings
  add column organisation_id uuid,
  add column group_id uuid,
  add column section_id uuid,
  add column ordinal integer,
  add column is_published boolean;
update public.manual_embeddings e
  set organisation_id = p.organisation_id, group_id = p.group_id, section_id = p.section_id, ordinal = p.ordinal,
    is_published = p.is_published,
    -- A new value, so that it moves into the row.
    embedding = e.embedding::real[]::extensions.vector
  from public.manual_passages p
  where p.id = e.passage_id;
alter table public.manual_embeddings
  alter column organisation_id set not null,
  alter column section_id set not null,
  alter column ordinal set not null,
  alter column is_published set not null;

-- A vector is where its passage is, whatever was written.
create function private.place_embedding() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  select p.organisation_id, p.group_id, p.section_id, p.ordinal, p.is_published
    into new.organisation_id, new.group_id, new.section_id, new.ordinal, new.is_published
    from public.manual_passages p where p.id = new.passage_id;
  return new;
end
$$;

create trigger place_embedding
  before insert or update of passage_id, organisation_id, group_id, section_id, ordinal, is_published
  on public.manual_embeddings
  for each row execute function private.place_embedding();

create function private.move_embeddings() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.manual_embeddings e set is_published = new.is_published where e.passage_id = new.id;
  return null;
end
$$;

create trigger move_embeddings
  after update on public.manual_passages
  for each row
  when ((old.organisation_id, old.group_id, old.section_id, old.ordinal, old.is_published)
    is distinct from (new.organisation_id, new.group_id, new.section_id, new.ordinal, new.is_published))
  execute function private.move_embeddings();

revoke execute on function private.place_embedding() from public;
revoke execute on function private.move_embeddings() from public;

create index manual_embeddings_tenant on public.manual_embeddings (organisation_id, group_id, model)
  where is_published;

-- The signs of the numbers, one bit each: a thirtieth of the vector, compared by counting. Two unit vectors differ in
-- about as many signs as their angle says; the candidates that this finds are put in order by the vectors themselves.
-- One index per width: a model of another one brings its own, and is scanned exactly until then.
create index manual_embeddings_signs on public.manual_embeddings
  using hnsw ((extensions.binary_quantize(embedding::extensions.vector(1536))::bit(1536)) extensions.bit_hamming_ops)
  where is_published and dimensions = 1536;

create type private.near_passage as (passage_id uuid, section_id uuid, ordinal integer, similarity real);

-- Every published vector of the restaurant and of its brand is compared. `rows`: what a caller asks for.
create function private.nearest_exactly(
  _organisation_id uuid,
  _group_id uuid,
  _shadowed uuid[],
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer
)
returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
as $$
begin
  return query
    select n.passage_id, n.section_id, n.ordinal, (1 - n.distance)::real
    from (
      select e.passage_id, e.section_id, e.ordinal, e.embedding operator(extensions.<=>) _embedding as distance
      from public.manual_embeddings e
      where e.is_published and e.organisation_id = _organisation_id
        and (e.group_id = _group_id or e.group_id is null)
        and e.model = _embedding_model and e.dimensions = extensions.vector_dims(_embedding)
        and e.section_id <> all (_shadowed)
      order by distance
      limit _limit
    ) n
    -- A vector of zeros has no direction: its cosine is NaN, which comes last here.
    where n.distance <> 'NaN'
    order by n.distance, n.section_id, n.ordinal, n.passage_id;
end
$$;

-- The same through the index: what is nearest by signs, in the order of the vectors. The index knows no tenants: what it
-- finds of others is left out and the scan goes on, until there are enough or it has seen 20,000 (pgvector's own limit).
-- For vectors of 1,536 numbers.
create function private.nearest_by_signs(
  _organisation_id uuid,
  _group_id uuid,
  _shadowed uuid[],
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer,
  -- By signs for what is wanted. Of the exact first ten, 240 held 99 % of 3,378 and 96 % of 33,423.
  _candidates integer default 240
)
returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
-- The index is the only way here that needs no sorting: whatever is known of the tenants, it is taken.
set enable_sort = off
as $$
declare
  -- The signs' order is a rough one: at least so many for each that is wanted.
  _least constant integer := 2 * _limit;
  _signs constant bit(1536) := extensions.binary_quantize(_embedding::extensions.vector(1536))::bit(1536);
begin
  _candidates := greatest(_candidates, _least);
  -- For this transaction. A function's own SET would need a right that a hosted project's owner lacks.
  perform set_config('hnsw.ef_search', least(_candidates, 1000)::text, true),
    set_config('hnsw.iterative_scan', 'relaxed_order', true);
  return query
    select n.passage_id, n.section_id, n.ordinal, (1 - n.distance)::real
    from (
      select c.passage_id, c.section_id, c.ordinal, c.embedding operator(extensions.<=>) _embedding as distance
      from (
        select e.passage_id, e.section_id, e.ordinal, e.embedding
        from public.manual_embeddings e
        where e.is_published and e.organisation_id = _organisation_id
          and (e.group_id = _group_id or e.group_id is null)
          and e.model = _embedding_model and e.dimensions = 1536
          and e.section_id <> all (_shadowed)
        order by extensions.binary_quantize(e.embedding::extensions.vector(1536))::bit(1536)
          operator(extensions.<~>) _signs
        limit _candidates
      ) c
      order by distance
      limit _limit
    ) n
    where n.distance <> 'NaN'
    order by n.distance, n.section_id, n.ordinal, n.passage_id;
end
$$;

-- The passages nearest to a question's vector among those that a restaurant sees (`_group_id` null: one without sections
-- of its own), nearest first. `_shadowed`: private.shadowed_sections. Runs with the rights of the function that calls
-- it, which has checked the caller's membership.
create function private.nearest_passages(
  _organisation_id uuid,
  _group_id uuid,
  _shadowed uuid[],
  _embedding extensions.vector,
  _embedding_model text,
  _limit integer,
  -- Up to so many passages every vector is compared.
  _exact_up_to integer default 2000
)
returns setof private.near_passage
language plpgsql stable set search_path = '' rows 60
as $$
declare
  -- Up to so many passages a third of the candidates is enough: of 513 questions to 3,448, three were answered with another
  -- passage than with 120, one of them first, and none with another decision; and each candidate is a page to read.
  _small constant integer := 5000;
  _few constant integer := 80;
  _many constant integer := 240;
  _passages integer;
  _found private.near_passage[];
begin
  if _embedding is null then
    return;
  end if;
  if extensions.vector_dims(_embedding) = 1536 then
    select sum(w.passages) into _passages
      from private.handbook_words w
      where w.organisation_id = _organisation_id
        and w.group_key = any (array['00000000-0000-0000-0000-000000000000'::uuid, _group_id])
        and w.language = any ('{en,es}') and w.lexeme = '';
    if _passages > _exact_up_to then
      _found := array(
        select n from private.nearest_by_signs(_organisation_id, _group_id, _shadowed, _embedding, _embedding_model,
          _limit, case when _passages <= _small then _few else _many end) n);
      -- Fewer: among so many strangers the index gave up before there were enough.
      if cardinality(_found) >= _limit then
        return query select * from unnest(_found);
        return;
      end if;
    end if;
  end if;
  return query
    select * from private.nearest_exactly(_organisation_id, _group_id, _shadowed, _embedding, _embedding_model, _limit);
end
$$;

revoke execute on function private.nearest_exactly(uuid, uuid, uuid[], extensions.vector, text, integer) from public;
revoke execute on function private.nearest_by_signs(uuid, uuid, uuid[], extensions.vector, text, integer, integer)
  from public;
revoke execute on function private.nearest_passages(uuid, uuid, uuid[], extensions.vector, text, integer, integer)
  from public;
