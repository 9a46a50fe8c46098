// Proves that the kiosk's conversation is right with each shape of a response that the service may send, over both
// transports. The traffic is checked against the published types when the stand-in stops.
import { describe, expect, test } from 'vitest'
import type { FaultInjection } from '../../dev/openai/fault-injection.ts'
import { sessionConfig } from '../../supabase/functions/_shared/session-config.ts'
import { answerOf, cited } from '../unit/renderer/call/passages.ts'
import { askKiosk, type Transport } from './kiosk-conversation.ts'
import { hasTools } from './required-tools.ts'
import { QUESTIONS, setUpStandIn } from './stand-in.ts'

const standIn = setUpStandIn(hasTools('espeak-ng'), ['--brief'])

const PASSAGE = {
  slug: 'cooking-temperatures',
  title: 'Cooking temperatures',
  heading: '',
  language: 'en',
  anchor: '',
  text: 'Cook chicken to 165 °F for at least 15 seconds.',
  needsManager: false
} as const

const SESSION = sessionConfig({
  model: 'gpt-realtime-2.1',
  voice: 'marin',
  maxOutputTokens: 1_200,
  historyTokens: 8_000,
  reasoningEffort: 'minimal',
  transcription: { model: 'gpt-live-transcribe', hasKeywords: false },
  language: 'en',
  role: 'crew'
})

const CALL = ['function_call']
const ANSWER = ['message', 'function_call']

type Row = {
  what: string
  faults: Partial<FaultInjection>
  /** The session allows parallel calls, as the kiosk's does not. */
  isParallel?: true
  /** The kinds of the items of the two responses. */
  items: [search: string[], answer: string[]]
}

const ROWS: readonly Row[] = [
  {
    what: 'a preamble before the call',
    faults: { shape: 'preamble' },
    items: [['message', ...CALL], ANSWER]
  },
  {
    what: 'several messages',
    faults: { shape: 'several_messages' },
    items: [CALL, ['message', ...ANSWER]]
  },
  {
    what: 'parallel calls',
    faults: { shape: 'parallel_calls' },
    isParallel: true,
    items: [[...CALL, ...CALL], ANSWER]
  },
  {
    what: 'one call where two are not allowed',
    faults: { shape: 'parallel_calls' },
    items: [CALL, ANSWER]
  },
  { what: 'items without a status', faults: { itemStatuses: false }, items: [CALL, ANSWER] }
]

describe.each<Transport>(['webrtc', 'websocket'])('over %s, the kiosk', (transport) => {
  test.each(ROWS)('answers from the handbook with $what', async (row) => {
    const session = row.isParallel ? { ...SESSION, parallel_tool_calls: true } : SESSION
    await standIn.injectFaults(row.faults)
    const question = QUESTIONS[0] ?? ''
    const kiosk = await askKiosk(standIn, transport, session, answerOf(PASSAGE), question)
    await standIn.injectFaults({ itemStatuses: true })
    expect(kiosk.view).toMatchObject({
      outcome: 'answered',
      answer: expect.stringMatching(/^Cook chicken to 165 °F[^.]*\.$/),
      verdict: 'reported',
      citations: [cited(PASSAGE, PASSAGE.text)],
      unverified: []
    })
    expect(kiosk.responses.map((items) => items.map(({ type }) => type))).toEqual(row.items)
    const statuses = kiosk.responses.flat().map(({ status }) => status)
    const status = row.faults.itemStatuses === false ? undefined : 'completed'
    expect(new Set(statuses)).toEqual(new Set([status]))
    const searches = row.items[0].filter((type) => type === 'function_call').length
    expect(kiosk.searches).toHaveLength(searches)
    // Each search and the report have one output, and the answer one request.
    const outputs = kiosk.sent.filter(
      ({ type }) => type === 'conversation.item.create' || type === 'response.create'
    )
    expect(outputs).toHaveLength(1 + 1 + searches + 1 + 1)
    expect(kiosk.warnings).toEqual([])
  })
})
