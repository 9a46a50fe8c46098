-- The ground the handbook's search stands on: extensions, the schema that the API never sees, and one
-- text search configuration per language that hears "más" and "mas" alike.

create schema if not exists extensions;
create extension if not exists vector with schema extensions;
create extension if not exists unaccent with schema extensions;

-- Checks, scoring and word lists. Not in `api.schemas`, so PostgREST does not serve it; the roles get
-- USAGE because row-level security evaluates the functions in it as the caller.
create schema private;
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

-- Accents go before stemming: a recogniser writes them, a person in a hurry does not, and both must meet.
-- (Price: "congelación" and "congelaciones" stem apart, because the stemmer knows "-ación" by its accent.)
create text search configuration private.english (copy = pg_catalog.english);
alter text search configuration private.english
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, pg_catalog.english_stem;

create text search configuration private.spanish (copy = pg_catalog.spanish);
alter text search configuration private.spanish
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, pg_catalog.spanish_stem;

-- Whole words without stemming: numbers, brand names, dishes; what both languages write the same way.
create text search configuration private.simple (copy = pg_catalog.simple);
alter text search configuration private.simple
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, pg_catalog.simple;
