// A restaurant with two sections, a question and its answer.
import type { EvaluationQuestion } from '../../../../bench/evaluation/question-set.ts'
import type { Asked, GivenPassage } from '../../../../bench/evaluation/search-result.ts'
import type { HandbookGroup } from '../../../../dev/supabase/handbook-files.ts'

const section = (slug: string, title: string, content: string) => ({
  slug,
  category: 'food',
  order: 1,
  texts: { en: { title, content, questions: [] } }
})

export const GROUP: HandbookGroup = {
  slug: 'harbor',
  name: 'Harbor',
  sections: [
    section('cooking', 'Cooking', '## Poultry\n\nCook chicken to **165 °F** for\nten seconds.'),
    section('hands', 'Hands', 'Wash your hands for 20 seconds.')
  ]
}

export const question = (more: Partial<EvaluationQuestion> = {}): EvaluationQuestion => ({
  id: 'hr-en-0001',
  group: 'harbor',
  language: 'en',
  kind: 'plain',
  text: 'how hot is chicken?',
  sections: ['cooking'],
  facts: [{ en: '165 °F for ten seconds' }],
  ...more
})

export const asked = (more: Partial<EvaluationQuestion> = {}): Asked => ({
  question: question(more),
  request: {
    id: 'hr-en-0001',
    sections: ['cooking'],
    restated: 'How hot does chicken have to be?'
  }
})

export const UNANSWERABLE: Partial<EvaluationQuestion> = {
  kind: 'unanswerable',
  sections: [],
  facts: []
}

export const passage = (slug: 'cooking' | 'hands', group = 'harbor'): GivenPassage => ({
  group,
  slug,
  language: 'en',
  heading: slug === 'cooking' ? 'Poultry' : '',
  text:
    slug === 'cooking'
      ? 'Cook chicken to **165 °F** for\nten seconds.'
      : 'Wash your hands for 20 seconds.'
})
