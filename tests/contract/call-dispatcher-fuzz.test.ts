// Sends malformed and hostile messages through Electron's listener to the real dispatcher.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createCallDispatcher } from '../../src/main/call-dispatcher.ts'
import { type senderOf, serveCalls } from '../../src/main/electron/ipc.ts'
import type { CallHandlers, CallName } from '../../src/shared/contract.ts'
import { contract } from '../../src/shared/contract.ts'
import { CALL_NAMES, CHANNEL_PREFIX } from '../../src/shared/contract-names.ts'
import { failureSchema } from '../../src/shared/failure.ts'
import { createRecordingLog } from '../unit/main/recording-log.ts'
import { hostileInput } from './hostile-inputs.ts'
import { validInputs } from './valid-inputs.ts'

const MESSAGES = 20_000
const HOME = 'app://kiosk/'

type IpcMain = Parameters<typeof serveCalls>[0]
type IpcMainInvokeEvent = Parameters<typeof senderOf>[0]
type BrowserWindow = NonNullable<Parameters<typeof senderOf>[1]>
type Listener = (event: IpcMainInvokeEvent, input: unknown) => Promise<unknown>

/** The dispatcher with handlers that record their calls, on a main process that records its listeners. */
const serve = () => {
  const reached: CallName[] = []
  const handlers = Object.fromEntries(
    CALL_NAMES.map((name) => [
      name,
      async () => {
        reached.push(name)
        return { ok: true, value: {} }
      }
    ])
  ) as unknown as CallHandlers
  const log = createRecordingLog()
  const dispatcher = createCallDispatcher(handlers, log)
  const listeners = new Map<string, Listener>()
  const ipcMain = {
    handle: (channel: string, listener: Listener) => listeners.set(channel, listener)
  } as unknown as IpcMain
  const mainFrame = { url: HOME, parent: null }
  const window = {
    isDestroyed: () => false,
    webContents: { mainFrame }
  } as unknown as BrowserWindow
  serveCalls(ipcMain, dispatcher, () => window)
  return { reached, dispatcher, log, listeners, mainFrame }
}

/** Frames other than the kiosk's page: inside it, beside it, or destroyed. */
const foreignFrames = [
  null,
  { url: HOME, parent: {} },
  { url: HOME, parent: null },
  { url: 'https://example.com/', parent: null },
  { url: 'app://kiosk@evil/', parent: null },
  { url: 'about:blank', parent: null },
  { url: '', parent: null }
]

it(`refuses and counts ${MESSAGES.toLocaleString('en')} hostile messages, and runs none of them`, async () => {
  const { reached, dispatcher, log, listeners, mainFrame } = serve()
  expect([...listeners.keys()]).toEqual(CALL_NAMES.map((name) => `${CHANNEL_PREFIX}${name}`))
  const sent = new Map<CallName, number>(CALL_NAMES.map((name) => [name, 0]))
  const refused = { bad_request: 0, forbidden_sender: 0 }

  const message = fc.constantFrom(...CALL_NAMES).chain((name) =>
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          name: fc.constant(name),
          frame: fc.constant(mainFrame),
          input: hostileInput(contract.calls[name].input, validInputs[name])
        })
      },
      {
        weight: 1,
        arbitrary: fc.record({
          name: fc.constant(name),
          frame: fc.constantFrom(...foreignFrames),
          input: fc.constant(validInputs[name])
        })
      }
    )
  )
  await fc.assert(
    fc.asyncProperty(message, async ({ name, frame, input }) => {
      sent.set(name, (sent.get(name) ?? 0) + 1)
      const event = { senderFrame: frame } as unknown as IpcMainInvokeEvent
      const answer = await listeners.get(`${CHANNEL_PREFIX}${name}`)?.(event, input)
      const { ok, error } = answer as { ok: boolean; error: unknown }
      expect(ok).toBe(false)
      const { code } = failureSchema.parse(error)
      expect(code).toBe(frame === mainFrame ? 'bad_request' : 'forbidden_sender')
      if (code === 'bad_request' || code === 'forbidden_sender') refused[code] += 1
    }),
    { numRuns: MESSAGES, endOnFailure: true }
  )

  expect(reached).toEqual([])
  expect(dispatcher.rejections()).toEqual(refused)
  expect(refused.bad_request + refused.forbidden_sender).toBe(MESSAGES)
  // Every channel had its share.
  for (const [name, count] of sent)
    expect([name, count > MESSAGES / CALL_NAMES.length / 2]).toEqual([name, true])
  expect(log.events().filter((event) => event === 'contract.rejected')).toHaveLength(MESSAGES)
  expect(log.events()).not.toContain('contract.handlerThrew')
  expect(Object.prototype).not.toHaveProperty('polluted')
}, 180_000)

it('runs a valid message of the page', async () => {
  const { reached, listeners, mainFrame } = serve()
  for (const name of CALL_NAMES) {
    const event = { senderFrame: mainFrame } as unknown as IpcMainInvokeEvent
    await listeners.get(`${CHANNEL_PREFIX}${name}`)?.(event, validInputs[name])
  }
  expect(reached).toEqual([...CALL_NAMES])
})
