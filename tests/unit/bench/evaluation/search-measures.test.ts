import { describe, expect, it } from 'vitest'
import { judge, judgeRequest, ndcg } from '../../../../bench/evaluation/search-measures.ts'
import {
  type Answer,
  firstOf,
  MOST_CHARACTERS
} from '../../../../bench/evaluation/search-result.ts'
import { bm25Search } from '../../../../bench/evaluation/searches/bm25.ts'
import {
  type Found,
  type QueryParts,
  searchParameters,
  toSearchResult,
  type Vectors
} from '../../../../bench/evaluation/searches/product-search.ts'
import { asked, GROUP, passage, UNANSWERABLE } from './sample-set.ts'

const given = (...passages: Answer['given']): Answer => ({ given: passages, nearest: [] })
const NOTHING: Answer = { given: [], nearest: [{ group: 'harbor', slug: 'hands' }] }

describe('judge, of facts', () => {
  it('counts facts whose excerpts are all in a passage, in either language', () => {
    const facts = (...some: { en?: string; es?: string }[]) =>
      judge(asked({ facts: some }), given(passage('hands'), passage('cooking')))['facts given']
    expect(facts({ en: '165 °F for ten seconds' }, { en: 'wash YOUR hands' })).toBe(1)
    expect(facts({ en: 'not there', es: '165 °F' })).toBe(1)
    expect(facts({ en: '165 °F' }, { en: 'twice a day' })).toBe(0)
    expect(facts({ en: '165 °F for\ntwelve seconds' })).toBe(0)
  })

  it('does not count facts of sections that are only offered', () => {
    expect(judge(asked(), { ...NOTHING, nearest: [passage('cooking')] })['facts given']).toBe(0)
  })
})

describe('judge', () => {
  it('ranks the first right section among distinct sections', () => {
    const order = given(passage('hands'), passage('hands'), passage('cooking'))
    expect(judge(asked(), order)).toMatchObject({
      'right section given': 1,
      'recall@1': 0,
      MRR: 0.5,
      'wrongly withheld': 0,
      'rightly withheld': null
    })
  })

  it('separates wrongly from rightly withheld answers', () => {
    expect(judge(asked(), NOTHING)).toMatchObject({
      'wrongly withheld': 1,
      'rightly withheld': null,
      'titles offered': null
    })
    expect(judge(asked(UNANSWERABLE), NOTHING)).toMatchObject({
      'wrongly withheld': null,
      'rightly withheld': 1,
      'titles offered': 1,
      'facts given': null
    })
    expect(judge(asked(UNANSWERABLE), given())['titles offered']).toBe(0)
  })

  it('detects a section of another restaurant, given or offered', () => {
    const foreign = (answer: Answer) => judge(asked(), answer)['section of another restaurant']
    expect(foreign(given(passage('hands')))).toBe(0)
    expect(foreign(given(passage('cooking'), passage('hands', 'sol')))).toBe(1)
    expect(foreign({ given: [], nearest: [passage('hands', 'sol')] })).toBe(1)
  })

  it('counts four characters of heading and text as one token', () => {
    const { heading, text } = passage('cooking')
    expect(judge(asked(), given(passage('cooking')))['tokens, p95']).toBe(
      Math.ceil((heading.length + text.length) / 4)
    )
  })

  it('judges a request by the sections of its question', () => {
    expect(judgeRequest(asked())).toEqual({ 'right section named': 1, 'no section named': null })
    expect(judgeRequest(asked(UNANSWERABLE))).toEqual({
      'right section named': null,
      'no section named': 0
    })
  })
})

describe('ndcg', () => {
  it('is 1 for the best order, less for another, 0 for nothing', () => {
    expect(ndcg(['a', 'b'], ['a', 'b'])).toBe(1)
    expect(ndcg(['b', 'a'], ['a', 'b'])).toBeCloseTo(
      (1 + 2 / Math.log2(3)) / (2 + 1 / Math.log2(3))
    )
    expect(ndcg(['c'], ['a', 'b'])).toBe(0)
  })
})

describe('the product search', () => {
  const vectors = new Map([
    ['how hot is chicken?', [1, 0]],
    ['How hot does chicken have to be?', [0, 1]]
  ])
  const row = (more: Partial<Found> = {}): Found => ({
    slug: 'cooking',
    title: 'Cooking',
    heading: 'Poultry',
    language: 'en',
    anchor: 'poultry',
    content: passage('cooking').text,
    is_given: true,
    ...more
  })

  it('sends the restatement and the sections only where the search uses them', () => {
    const sent = (parts: QueryParts, known: Vectors | null) =>
      searchParameters(asked(), parts, known, 'm').slice(1, 5)
    const restated = 'How hot does chicken have to be?'
    expect(sent('own words', vectors)).toEqual([null, [], 'en', '[1,0]'])
    expect(sent('restated', vectors)).toEqual([restated, [], 'en', '[0.5,0.5]'])
    expect(sent('named', null)).toEqual([restated, ['cooking'], 'en', null])
  })

  it('finds the restaurant of a row by its text, not by its slug', () => {
    const other = { ...GROUP, slug: 'sol', sections: GROUP.sections.slice(1) }
    expect(toSearchResult([row()], [other, GROUP]).given[0]?.group).toBe('harbor')
    expect(toSearchResult([row({ content: 'Cook it well.' })], [GROUP]).given[0]?.group).toBe('')
    expect(toSearchResult([row({ is_given: false })], [GROUP])).toEqual({
      given: [],
      nearest: [{ group: 'harbor', slug: 'cooking' }]
    })
  })
})

describe('the plain searches', () => {
  it('return six passages within the limit of characters, the last one cut', () => {
    const long = { ...passage('hands'), text: 'x'.repeat(MOST_CHARACTERS - 100) }
    const some = firstOf([long, passage('hands'), long, passage('hands')])
    expect(some.map(({ text }) => text.length)).toEqual([
      MOST_CHARACTERS - 100,
      passage('hands').text.length,
      100 - passage('hands').text.length
    ])
    expect(firstOf(Array.from({ length: 9 }, () => passage('hands')))).toHaveLength(6)
  })

  it('prefer rare words, ignore accents, and find nothing without a word in common', async () => {
    const search = bm25Search([GROUP])
    expect((await search.ask(asked({ text: 'CHÍCKEN to go' }))).given[0]?.slug).toBe('cooking')
    expect((await search.ask(asked({ text: 'bicycle' }))).given).toEqual([])
  })
})
