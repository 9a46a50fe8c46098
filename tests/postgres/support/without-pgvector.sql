-- Stands in for pgvector, which Debian 12 does not package: a type that holds text and functions that compute nothing.
-- What needs a real vector is tested on PGlite. Counting, locks and publishing need none.
create schema extensions;
create type extensions.vector;
create function extensions.vector_in(cstring) returns extensions.vector language internal immutable strict as 'textin';
create function extensions.vector_out(extensions.vector) returns cstring language internal immutable strict as 'textout';
create function extensions.vector_typmod_in(cstring[]) returns integer language internal immutable strict as 'bittypmodin';
create type extensions.vector (
  input = extensions.vector_in, output = extensions.vector_out, typmod_in = extensions.vector_typmod_in, like = text
);
create function extensions.vector_dims(extensions.vector) returns integer language sql immutable as 'select 1536';
create function extensions.vector_norm(extensions.vector) returns double precision language sql immutable as 'select 0.0::double precision';
create function extensions.binary_quantize(extensions.vector) returns bit language sql immutable as $$select repeat('0', 1536)::bit(1536)$$;
create function extensions.vector_distance(extensions.vector, extensions.vector) returns double precision
  language sql immutable as 'select 1.0::double precision';
create function extensions.bit_distance(bit, bit) returns double precision language sql immutable as 'select 0.0::double precision';
create operator extensions.<=> (leftarg = extensions.vector, rightarg = extensions.vector, function = extensions.vector_distance);
create operator extensions.<~> (leftarg = bit, rightarg = bit, function = extensions.bit_distance);

-- The part of Supabase Auth that migrations and policies see.
create schema auth;
create table auth.users (id uuid primary key default gen_random_uuid(), email text);
