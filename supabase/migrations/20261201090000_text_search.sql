-- Extensions, the private schema and how text becomes words.

create schema if not exists extensions;
create extension if not exists vector with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists pg_trgm with schema extensions;

create schema private;
comment on schema private is
  'Checks, the search and word lists. The API does not serve this schema.
  Roles have usage, because row-level security calls its functions as the caller.';
revoke all on schema private from public;
grant usage on schema private to authenticated, service_role;

-- Text search configurations.
-- Each removes accents before it stems: speech recognition writes accents, a hurried person leaves them out.
-- The price: "congelación" and "congelaciones" get different stems, because the stemmer needs the accent.

create text search configuration private.english (copy = pg_catalog.english);
alter text search configuration private.english
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, pg_catalog.english_stem;
comment on text search configuration private.english is 'English stems without accents.';

create text search configuration private.spanish (copy = pg_catalog.spanish);
alter text search configuration private.spanish
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, pg_catalog.spanish_stem;
comment on text search configuration private.spanish is 'Spanish stems without accents.';

create text search configuration private.simple (copy = pg_catalog.simple);
alter text search configuration private.simple
  alter mapping for asciiword, word, numword, asciihword, hword, numhword,
    hword_asciipart, hword_part, hword_numpart
  with extensions.unaccent, pg_catalog.simple;
comment on text search configuration private.simple is
  'Whole words without accents or stems: numbers, names, dishes and words that both languages share.';

-- Filler words of questions.

create table private.question_fillers (
  language text not null check (language in ('en', 'es')),
  word text not null,
  primary key (language, word)
);
comment on table private.question_fillers is
  'Words that only ask ("how", "tell me", "do we have to"). Comparing questions ignores them.';
comment on column private.question_fillers.word is 'A lexeme of private.simple: lower case, without accents.';
alter table private.question_fillers enable row level security;

insert into private.question_fillers (language, word)
select distinct f.language, w.lexeme
from (values
  ('en',
    -- Pieces that an apostrophe leaves.
    'm re ve ll d doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain '
    -- Politeness and hesitation.
    'hey hi hello please thanks ok okay um uh er well so yeah no yes sorry '
    -- Asking, permission and duty.
    'can could would should may might must shall need needs needed want wants wanted gotta gonna wanna '
    'suppose supposed allow allowed let lets tell told say says said know knows ask mean means happen happens '
    'get gets got getting go goes going do does done doing make sure '
    'what whats which who whose when where why how much many long often far soon ever '
    -- Pronouns and other small words.
    'thing things stuff something anything everything nothing someone somebody anyone anybody everyone '
    'one ones way kind sort lot bit us also still really actually exactly right just like '
    -- Words that describe every section of a handbook.
    'rule rules policy policies procedure handbook manual restaurant'),
  ('es',
    -- Spanish stop words that the stemmer no longer recognises without their accent.
    'mas tambien si estan estara estaran seria serian sera seran habia habian habra tenia tenian tendra tendre '
    -- Politeness and hesitation.
    'hola oye oiga favor gracias bueno vale ok eh este pues si no perdon '
    -- Asking, permission and duty.
    'cuanto cuanta cuantos cuantas cual cuales que quien quienes cuando donde adonde como porque '
    'puedo puede pueden podemos puedes poder podria podrian podriamos '
    'debo debe deben debemos debes deber deberia deberian hay haber toca tocan tocaria '
    'hago hace hacen hacer hacemos haces haga hagan hecho necesito necesita necesitan necesitamos necesitas '
    'quiero quiere quieren queremos dime diga digame digan dice dicen decir digo se sabe sabes saber sabemos '
    'pasa pasan pasar ocurre significa voy va vas vamos van ir doy da dan dar volver vuelvo vuelve tan '
    -- Pronouns and other small words.
    'cosa cosas alguien algo nadie nada cada vez veces tiempo mismo misma asi aqui ahi alla luego entonces '
    'ahora siempre nunca aun todavia exactamente '
    -- Words that describe every section of a handbook.
    'regla reglas politica politicas procedimiento manual restaurante')
) f (language, words)
cross join lateral unnest(to_tsvector('private.simple', f.words)) w;

-- Number words.

create table private.number_words (
  language text not null check (language in ('en', 'es')),
  lexeme text not null,
  number text not null,
  primary key (language, lexeme)
);
comment on table private.number_words is
  'Numbers as speech recognition may write them: "165" or "one sixty five". All organisations share them.';
comment on column private.number_words.lexeme is 'A stem of the configuration of the language.';
alter table private.number_words enable row level security;

insert into private.number_words (language, lexeme, number)
select distinct said.language, said.lexeme, w.number
from (values
  ('0', 'zero', 'cero'),
  ('1', 'one', 'uno'),
  ('2', 'two', 'dos'),
  ('3', 'three', 'tres'),
  ('4', 'four', 'cuatro'),
  ('5', 'five', 'cinco'),
  ('6', 'six', 'seis'),
  ('7', 'seven', 'siete'),
  ('8', 'eight', 'ocho'),
  ('9', 'nine', 'nueve'),
  ('10', 'ten', 'diez'),
  ('11', 'eleven', 'once'),
  ('12', 'twelve', 'doce'),
  ('13', 'thirteen', 'trece'),
  ('14', 'fourteen', 'catorce'),
  ('15', 'fifteen', 'quince'),
  ('16', 'sixteen', 'dieciseis'),
  ('17', 'seventeen', 'diecisiete'),
  ('18', 'eighteen', 'dieciocho'),
  ('19', 'nineteen', 'diecinueve'),
  ('20', 'twenty', 'veinte'),
  ('30', 'thirty', 'treinta'),
  ('40', 'forty', 'cuarenta'),
  ('50', 'fifty', 'cincuenta'),
  ('60', 'sixty', 'sesenta'),
  ('70', 'seventy', 'setenta'),
  ('80', 'eighty', 'ochenta'),
  ('90', 'ninety', 'noventa'),
  ('100', 'hundred', 'cien ciento')
) w (number, english, spanish)
cross join lateral (
  select 'en' as language, e.lexeme from unnest(to_tsvector('private.english', concat_ws(' ', w.number, w.english))) e
  union all
  select 'es', s.lexeme from unnest(to_tsvector('private.spanish', concat_ws(' ', w.number, w.spanish))) s
) said;
