import { expect, it } from 'vitest'
import type { OfflineSection } from '../../../../src/main/handbook/offline-handbook.ts'
import { readSection } from '../../../../src/main/handbook/read-section.ts'
import { ok } from '../../../../src/shared/failure.ts'
import type { Language } from '../../../../src/shared/language.ts'
import { backendPorts, GROUP } from '../backend-fixture.ts'
import { type GivenAnswer, serveAnswers } from '../http-double.ts'

const COPIED: OfflineSection = {
  slug: 'cooling',
  category: 'cooling',
  updatedAt: '2026-11-20T09:00:00+00:00',
  en: { title: 'Cooling', content: '## Two steps\n\nTo 70 °F in 2 hours.' },
  es: null
}
const VERSION = {
  title_en: 'Cooling down',
  content_en: 'In ice.',
  title_es: 'Enfriar',
  content_es: 'En hielo.'
}
const OF_BRAND = { group_id: null, organisations: {}, manual_section_versions: [VERSION] }
const withVersion = (changes: object) => ({
  ...OF_BRAND,
  manual_section_versions: [{ ...VERSION, ...changes }]
})

const WITHOUT_TEXT = withVersion({ content_en: null, content_es: null })

const setUp = async (answer: GivenAnswer, copied: OfflineSection | null = null) => {
  const server = await serveAnswers([answer])
  const ports = backendPorts(server.url)
  const copy = { section: async (slug: string) => (slug === copied?.slug ? copied : null) }
  const read = (language: Language = 'en') =>
    readSection({ ...ports, copy }, { slug: 'cooling', language })
  return { server, read, log: ports.log }
}

it('reads the copy without a request, in the language that it has', async () => {
  const { read, log, server } = await setUp({ status: 500 }, COPIED)
  const { title, content } = COPIED.en ?? {}
  for (const language of ['en', 'es'] as const) {
    expect(await read(language)).toEqual(
      ok({ slug: 'cooling', title, language: 'en', text: content })
    )
  }
  expect(server.asked).toEqual([])
  expect(log.lines).toMatchObject([
    { event: 'handbook.sectionRead', detail: { from: 'copy' } },
    { event: 'handbook.sectionRead' }
  ])
})

it('reads a published section of the restaurant or its brand from the backend', async () => {
  const { read, log, server } = await setUp({ status: 200, body: [OF_BRAND] })
  expect(await read('es')).toEqual(
    ok({ slug: 'cooling', title: 'Enfriar', language: 'es', text: 'En hielo.' })
  )
  expect(server.asked).toHaveLength(1)
  const asked = new URL(server.asked[0]?.path ?? '', 'http://double.invalid')
  expect(asked.pathname).toBe('/rest/v1/manual_sections')
  expect(Object.fromEntries(asked.searchParams)).toMatchObject({
    slug: 'eq.cooling',
    or: `(group_id.is.null,group_id.eq.${GROUP.id})`,
    'organisations.groups.id': `eq.${GROUP.id}`,
    'manual_section_versions.status': 'eq.published'
  })
  expect(JSON.stringify(log.lines)).not.toMatch(/hielo|Enfriar/)
})

it.each([
  ['as a list', [VERSION]],
  ['alone', VERSION]
])('prefers the section of the restaurant to its brand’s (version %s)', async (_how, version) => {
  const own = { group_id: GROUP.id, manual_section_versions: version }
  const { read } = await setUp({ status: 200, body: [withVersion({ content_en: 'Brand.' }), own] })
  expect(await read()).toMatchObject({ value: { text: 'In ice.' } })
})

it('uses the slug as the title of a section without a title', async () => {
  const { read } = await setUp({ status: 200, body: [withVersion({ title_en: ' ' })] })
  expect(await read()).toMatchObject({ value: { title: 'cooling' } })
})

it.each([
  ['an unknown section', { status: 200, body: [] }, 'section_not_found'],
  ['a section without text', { status: 200, body: [WITHOUT_TEXT] }, 'section_not_found'],
  ['rows of another shape', { status: 200, body: [{ slug: 'cooling' }] }, 'backend_failed'],
  ['a captive portal', { status: 200, body: { message: 'welcome' } }, 'backend_failed'],
  ['a failing backend', { status: 503, body: {} }, 'backend_unreachable']
])('reports %s', async (_what, answer, code) => {
  const { read, log } = await setUp(answer)
  expect(await read()).toMatchObject({ ok: false, error: { code } })
  expect(log.events()).not.toContain('handbook.sectionRead')
})
