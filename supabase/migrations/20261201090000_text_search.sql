-- Extensions, the private schema and how text becomes words.

create schema if not exists extensions;
create extension if not exists vector with schema extensions;
create extension if not exists unaccent with schema extensions;

create schema private;
comment on schema private is
  'Checks, the search and word lists. The API does not serve this schema.
  Roles have usage, because row-level security calls its functions as the caller.';
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

-- Text search configurations.
-- Each removes accents before it stems: speech recognition writes accents, a hurried person leaves them out.
-- The price: "congelación" and "congelaciones" get different stems, because the stemmer needs the accent.
-- They drop no stop words, since "day off" and "lock up" need theirs. private.question_stop_words drops words of questions.

create text search dictionary private.english_stem (template = pg_catalog.snowball, language = english);
create text search configuration private.english (copy = pg_catalog.english);
alter text search configuration private.english
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, private.english_stem;
comment on text search configuration private.english is 'English stems without accents.';

create text search dictionary private.spanish_stem (template = pg_catalog.snowball, language = spanish);
create text search configuration private.spanish (copy = pg_catalog.spanish);
alter text search configuration private.spanish
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, private.spanish_stem;
comment on text search configuration private.spanish is 'Spanish stems without accents.';

create text search configuration private.simple (copy = pg_catalog.simple);
alter text search configuration private.simple
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, pg_catalog.simple;
comment on text search configuration private.simple is 'Whole words without accents or stems, to recognise filler words.';

-- Filler words of questions.

create table private.question_stop_words (
  language text not null check (language in ('en', 'es')),
  word text not null,
  primary key (language, word)
);
comment on table private.question_stop_words is
  'Words that only ask ("how", "tell me", "do we have to"). Comparing questions ignores them.';
comment on column private.question_stop_words.word is 'A lexeme of private.simple: lower case, without accents.';
alter table private.question_stop_words enable row level security;

insert into private.question_stop_words (language, word)
select distinct f.language, w.lexeme
from (values
  -- words begin (`npm run words` writes them from src/shared/words/filler-words.ts)
  ('en',
    'm re ve ll d doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain '
    'hey hi hello yo dude man alright gotcha lemme please thanks ok okay um uh er well so yeah no yes sorry '
    'can could would should may might must shall need needs needed want wants wanted gotta gonna wanna '
    'suppose supposed allow allowed let lets tell told say says said know knows ask mean means happen happens '
    'get gets got getting go goes going do does done doing make sure '
    'what whats which who whose when where why how much many long often far soon ever '
    'thing things stuff something anything everything nothing someone somebody anyone anybody everyone '
    'one ones use now way kind sort lot bit us also still really actually exactly right just like '
    'rule rules policy policies procedure handbook manual restaurant '),
  ('es',
    'mas tambien si estan estara estaran seria serian sera seran habia habian habra tenia tenian tendra tendre '
    'hola oye oiga jefe verdad favor gracias bueno vale ok eh este pues si no perdon '
    'cuanto cuanta cuantos cuantas cual cuales que quien quienes cuando donde adonde como porque '
    'puedo puede pueden podemos puedes poder podria podrian podriamos '
    'debo debe deben debemos debes deber deberia deberian hay haber toca tocan tocaria '
    'hago hace hacen hacer hacemos haces haga hagan hecho necesito necesita necesitan necesitamos necesitas '
    'quiero quiere quieren queremos dime diga digame digan dice dicen decir digo se sabe sabes saber sabemos '
    'pasa pasan pasar ocurre significa voy va vas vamos van ir doy da dan dar volver vuelvo vuelve tan '
    'cosa cosas alguien algo nadie nada cada vez veces tiempo mismo misma asi aqui ahi alla luego entonces '
    'ahora siempre nunca aun todavia exactamente ando anda andan echo echa echar nomas aunque bien mal '
    'regla reglas politica politicas procedimiento manual restaurante ')
  -- words end
) f (language, words)
cross join lateral unnest(to_tsvector('private.simple', f.words)) w;

-- Words of a text.

create function private.stems(_text text, _language text) returns tsvector
language sql immutable set search_path = ''
return case _language when 'es' then to_tsvector('private.spanish', _text) else to_tsvector('private.english', _text) end;
comment on function private.stems is 'The stems of a text in its language, with their places.';

create function private.content_words(_text text, _language text)
returns table (place integer, stem text, other_stem text)
language plpgsql stable set search_path = ''
as $$
declare
  -- Stop words of English that are half of a verb in a kitchen: a day off, to call out, to lock up.
  _particles constant text[] := '{off,out,up,down,over}';
begin
  return query
    select p.place::integer, own.lexeme, other.lexeme
    from unnest(to_tsvector('private.simple', _text)) w
    cross join lateral unnest(w.positions) p (place)
    join (select s.lexeme, a.place from unnest(private.stems(_text, _language)) s cross join lateral unnest(s.positions) a (place)) own
      on own.place = p.place
    join (select s.lexeme, a.place from unnest(private.stems(_text, case _language when 'es' then 'en' else 'es' end)) s
        cross join lateral unnest(s.positions) a (place)) other
      on other.place = p.place
    where not exists (select from private.question_stop_words f where f.language = _language and f.word = w.lexeme)
      and (ts_lexize(case _language when 'es' then 'pg_catalog.spanish_stem' else 'pg_catalog.english_stem' end::regdictionary,
          w.lexeme) <> '{}'
        or (_language = 'en' and w.lexeme = any (_particles)))
    order by p.place;
end
$$;
comment on function private.content_words is
  'The words of a question without filler and stop words, in order: the stem in its language and in the other one.';

revoke execute on all functions in schema private from public;
