-- What an answer was taken from, or that nothing which was found answers the question, as whoever read the passages and
-- spoke says: docs/decisions/0048-the-answer-reports.md.
--
-- Refusals as in 20261120090200_usage.sql.

-- Reports the answer to a question that the caller asked; the last report counts, and the same one twice is once. With
-- `_found` false the question is in a gap as one that the search did not find is; with true it is out of it again,
-- unless the search found nothing or a thumb put it there. What the search decided stays beside it.
--
-- A question that is forgotten by now, or that somebody else asked, is left as it is and not told from one that never was:
-- a kiosk that was offline reports late, and nobody waits for the answer.
--
--   _slugs  the sections that the answer was taken from, the best first, at most ten; those that the restaurant does not
--           read are left out. Of no meaning where `_found` is false
--
-- Raises HR001 not_a_member, HR400 bad_request.
create function public.report_answer(
  _group_id uuid,
  _question_id uuid,
  _found boolean,
  _slugs text[] default '{}'
) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _most_sections constant integer := 10;
  _organisation_id uuid;
  _answered_from text[] := '{}';
  _answered_section_id uuid;
  _vector record;
begin
  if not exists (
    select from public.group_memberships m where m.user_id = auth.uid() and m.group_id = _group_id
  ) then
    raise exception using errcode = 'HR001', message = 'not_a_member';
  end if;
  if _question_id is null or _found is null then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a report has a question and a verdict';
  end if;
  if cardinality(coalesce(_slugs, '{}')) > _most_sections then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'an answer is from ten sections at most';
  end if;
  -- The charge is all that knows who asked.
  if not exists (
    select from public.questions_charged c
    where c.user_id = auth.uid() and c.group_id = _group_id and c.question_id = _question_id
  ) then
    return;
  end if;
  -- As charge_question does, so that this and a question of the same meaning do not found two gaps.
  select g.organisation_id into _organisation_id from public.groups g where g.id = _group_id for no key update;

  if _found then
    with told as (
      select distinct on (t.slug) t.slug, t.place
      from unnest(coalesce(_slugs, '{}')) with ordinality t (slug, place)
      order by t.slug, t.place
    ),
    known as (
      -- The restaurant's own section before the brand's of the same slug.
      select distinct on (t.place) t.place, t.slug, s.id
      from told t
      join public.manual_sections s on s.slug = t.slug and s.organisation_id = _organisation_id
        and (s.group_id = _group_id or s.group_id is null)
      order by t.place, s.group_id nulls last
    )
    select coalesce(array_agg(k.slug order by k.place), '{}'), (array_agg(k.id order by k.place))[1]
      into _answered_from, _answered_section_id
      from known k;
    -- Held so that the section does not go before this is written.
    select s.id into _answered_section_id from public.manual_sections s
      where s.id = _answered_section_id for key share;
  end if;

  update public.asked_questions q
    set outcome = case when _found then 'answered' else 'not_found' end,
      answered_from = _answered_from,
      answered_section_id = _answered_section_id
    where q.group_id = _group_id and q.question_id = _question_id;
  if not found then
    return;
  end if;
  select v.embedding, v.model into _vector from private.question_vectors v
    where v.group_id = _group_id and v.question_id = _question_id;
  perform private.place_question(_group_id, _question_id, _vector.embedding, _vector.model);
end
$$;

revoke execute on function public.report_answer(uuid, uuid, boolean, text[]) from public, anon;
grant execute on function public.report_answer(uuid, uuid, boolean, text[]) to authenticated, service_role;
