// A valid input for every call.
import type { CallName } from '../../src/shared/contract.ts'

export const validInputs: Record<CallName, Record<string, unknown>> = {
  'kiosk.initialState': {},
  'kiosk.setInUse': { inUse: true },
  'updates.status': {},
  'account.signIn': { email: 'a@example.com', password: 'x' },
  'account.signOut': {},
  'calls.open': { offerSdp: 'v=0\r\n', language: 'en' },
  'calls.hangUp': { callId: 'rtc_1' },
  'calls.openWebSocket': { language: 'en' },
  'handbook.search': {
    questionId: '9b2f4d6e-1111-4222-8333-444455556666',
    language: 'es',
    question: 'x',
    restated: 'What is x?',
    sections: ['cooking-temperatures']
  },
  'handbook.searchOffline': { question: 'x', language: 'es' },
  'handbook.readSection': { slug: 'cooking-temperatures', language: 'es' },
  'handbook.rate': {
    questionId: '9b2f4d6e-1111-4222-8333-444455556666',
    rating: 'down',
    timeToFirstAudioMs: 870
  },
  'handbook.reportAnswer': {
    questionId: '9b2f4d6e-1111-4222-8333-444455556666',
    outcome: 'answered',
    sections: ['cooking-temperatures'],
    unverifiedQuotes: 0,
    unverifiedFigures: 2
  },
  'turns.reportCost': {
    questionId: '9b2f4d6e-1111-4222-8333-444455556666',
    textInput: 5_200,
    textCached: 4_800,
    textOutput: 90,
    audioInput: 60,
    audioCached: 0,
    audioOutput: 240,
    transcriptionSeconds: 4
  },
  'turns.record': {
    turnId: 1,
    questionId: '9b2f4d6e-1111-4222-8333-444455556666',
    atMs: 1_763_629_200_000,
    kind: 'spoken',
    path: 'webrtc',
    callId: 'rtc_1',
    carrier: 'live',
    outcome: 'answered',
    asks: 1,
    passes: 2,
    tailMs: 200,
    marks: { press: 0, gate: 3.2, end: 2_900 }
  },
  'turns.recent': {},
  'settings.change': { volume: 0.5 },
  'maintenance.unlock': { pin: '2468' },
  'maintenance.lock': {},
  'maintenance.setPin': { pin: '2468' },
  'maintenance.exit': { how: 'exit' },
  'log.write': { level: 'info', event: 'turn.ended', detail: { ms: 3, why: null } }
}
