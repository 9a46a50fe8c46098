-- What was asked and what was found: for the manager who fills the gaps. No name, no account, no sound.

-- Unanswered and badly rated questions that mean the same thing.
create table public.question_gaps (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  group_id uuid not null,
  language text not null check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  -- The question that founded it.
  example text not null check (length(example) between 1 and 1000),
  embedding extensions.vector,
  embedding_model text,
  -- Content words of the example, for projects without vectors.
  terms text[] not null default '{}',
  status text not null default 'open' check (status in ('open', 'answered', 'dismissed')),
  -- The section that answers it now.
  section_id uuid references public.manual_sections (id) on delete set null,
  resolved_at timestamptz,
  created_at timestamptz not null default now(),
  foreign key (group_id, organisation_id) references public.groups (id, organisation_id)
    on update cascade on delete cascade,
  check ((embedding is null) = (embedding_model is null)),
  check ((status = 'open') = (resolved_at is null))
);

create table public.asked_questions (
  group_id uuid not null,
  organisation_id uuid not null,
  -- Of the kiosk's making, the same for all searches of one question.
  question_id uuid not null,
  asked_at timestamptz not null default now(),
  -- The conversation's language.
  language text not null check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  -- As the model searched for it last.
  question text not null check (length(question) between 1 and 1000),
  decision text not null check (decision in ('answer', 'maybe', 'not_found')),
  method text not null check (method in ('hybrid', 'keyword')),
  -- The best section, where there was one.
  section_id uuid references public.manual_sections (id) on delete set null,
  searches integer not null default 1 check (searches >= 1),
  -- In the database, of the last search.
  search_ms real check (search_ms >= 0),
  -- From the release of the button to the first sound, as the kiosk measured it.
  heard_ms integer check (heard_ms between 0 and 600000),
  rating text check (rating in ('up', 'down')),
  gap_id uuid references public.question_gaps (id) on delete set null,
  primary key (group_id, question_id),
  foreign key (group_id, organisation_id) references public.groups (id, organisation_id)
    on update cascade on delete cascade
);
create index question_gaps_group_id on public.question_gaps (group_id);
create index question_gaps_section_id on public.question_gaps (section_id);
create index asked_questions_section_id on public.asked_questions (section_id);
create index asked_questions_asked_at on public.asked_questions (organisation_id, asked_at);
create index asked_questions_gap_id on public.asked_questions (gap_id);

-- Questions that must go on finding their section (or nothing), whatever is published.
create table public.golden_questions (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  -- Null: for every restaurant of the brand.
  group_id uuid,
  language text not null check (language in ('en', 'es')),
  question text not null check (length(question) between 1 and 1000),
  -- Null: the handbook is not to answer it.
  section_slug text check (section_slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  -- What has to stand in what is quoted of the section, a figure mostly: without it the section may be found and say
  -- 156 °F where it said 165.
  must_say text[] not null default '{}' check (
    cardinality(must_say) <= 20 and array_position(must_say, null) is null
    and (section_slug is not null or must_say = '{}')),
  embedding extensions.vector,
  embedding_model text,
  created_at timestamptz not null default now(),
  foreign key (group_id, organisation_id) references public.groups (id, organisation_id)
    on update cascade on delete cascade,
  unique nulls not distinct (organisation_id, group_id, language, question),
  check ((embedding is null) = (embedding_model is null))
);

-- Questions are asked of one restaurant; its managers read them, and the brand's.
alter table public.question_gaps enable row level security;
alter table public.question_gaps force row level security;
alter table public.asked_questions enable row level security;
alter table public.asked_questions force row level security;
alter table public.golden_questions enable row level security;
alter table public.golden_questions force row level security;

create policy "managers read their groups' gaps" on public.question_gaps
  for select to authenticated
  using (group_id in (select private.groups_overseen_by_caller()));

create policy "managers read their groups' questions" on public.asked_questions
  for select to authenticated
  using (group_id in (select private.groups_overseen_by_caller()));

-- The brand's too: they may refuse what a restaurant publishes, by name.
create policy "managers read golden questions" on public.golden_questions
  for select to authenticated
  using (
    group_id in (select private.groups_overseen_by_caller())
    or (group_id is null and organisation_id in (select private.organisations_overseen_by_caller()))
  );

revoke all on public.question_gaps, public.asked_questions, public.golden_questions
  from public, anon, authenticated;
grant select on public.question_gaps, public.asked_questions, public.golden_questions to authenticated;
grant all on public.question_gaps, public.asked_questions, public.golden_questions to service_role;

-- Words as they are compared: without accents, capitals, Markdown's marks and bars between cells.
create function private.bare_words(_text text) returns text
language sql stable strict parallel safe set search_path = ''
as $$
  select btrim(regexp_replace(lower(extensions.unaccent('extensions.unaccent', _text)), '[[:space:]\u00a0*_`|]+', ' ', 'g'))
$$;

-- Those of the words that a text does not say, in their order. A figure is whole: 65 is not in 165, nor 5 in 1.5; and so
-- is a word.
create function private.unsaid(_words text[], _text text) returns text[]
language sql stable set search_path = ''
as $$
  select coalesce(array_agg(w.word order by w.n), '{}')
  from unnest(_words) with ordinality w (word, n)
  cross join lateral (
    select regexp_replace(private.bare_words(w.word), '([^[:alnum:][:space:]])', '\\\1', 'g') as pattern
  ) p
  where not coalesce(private.bare_words(_text) ~ (
    case when p.pattern ~ '^[0-9]' then '(?<![0-9])(?<![0-9][.,])' when p.pattern ~ '^[[:alpha:]]' then '(?<![[:alpha:]])'
      else '' end
    || p.pattern
    || case when p.pattern ~ '[0-9]$' then '(?![0-9])(?![.,][0-9])' when p.pattern ~ '[[:alpha:]]$' then '(?![[:alpha:]])'
      else '' end), false)
$$;

-- What the golden questions of a brand and one of its restaurants find just now, as that restaurant asks them (null: as
-- one without sections of its own). A question is kept when its section is among those found and what is quoted of it
-- says what it must, or when nothing is to be found and nothing is. publish_versions asks this before and after.
--
-- `missing`: what the section was found without.
create function private.golden_answers(_organisation_id uuid, _group_id uuid)
returns table (
  golden_id uuid,
  question text,
  language text,
  expected text,
  got text,
  missing text[],
  is_kept boolean
)
language plpgsql stable set search_path = ''
as $$
begin
  return query
    select q.id, q.question, q.language, q.section_slug, found.slugs[1], said.missing,
      case when q.section_slug is null then found.slugs is null
        else coalesce(q.section_slug = any (found.slugs), false) and said.missing = '{}' end
    from public.golden_questions q
    -- With another model's vector it is asked by its words, as a cook's question is.
    join public.organisations o on o.id = q.organisation_id
    cross join lateral (
      select array_agg(d.slug order by d.rank) as slugs,
        -- A passage that is quoted alone has its heading beside it.
        string_agg(d.heading || E'\n' || d.context, E'\n' order by d.rank) filter (where d.slug = q.section_slug) as quoted
      from private.describe_passages(_organisation_id, _group_id, q.question, q.language,
        case when q.embedding_model = o.embedding_model then q.embedding end, q.embedding_model, 3) d
      where d.found
    ) found
    cross join lateral (
      select case when found.quoted is null then '{}' else private.unsaid(q.must_say, found.quoted) end as missing
    ) said
    where q.organisation_id = _organisation_id and (q.group_id is null or q.group_id = _group_id);
end
$$;
revoke execute on function private.bare_words(text) from public;
revoke execute on function private.unsaid(text[], text) from public;
revoke execute on function private.golden_answers(uuid, uuid) from public;
