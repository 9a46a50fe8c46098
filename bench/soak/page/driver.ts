// Plays scenarios in the kiosk's page and records the actions and the screen. It runs in the page because a round trip to
// the browser takes longer than a key bounces.
import type { ActionObservation, BatchObservation } from '../observations.ts'
import type { Scenario, ScenarioStep } from '../scenario.ts'
import { createHoldTracker } from './hold-tracker.ts'
import { createPerformer, SPACE_KEY, TALK_KEY } from './perform-action.ts'
import { readScreen, wallClockMs, watchScreen } from './screen-watch.ts'

type DriverLimits = {
  /** A question without an end by then is lost. */
  settleMs: number
  /** From the last release to the end of listening, the tail included. */
  gateMs: number
}
type PlayScenarios = (scenarios: readonly Scenario[]) => Promise<BatchObservation>

declare global {
  interface Window {
    __soakInstall: (limits: DriverLimits) => void
    __soakPlay: PlayScenarios
    /** Injects faults into the stand-in, as JSON. */
    __soakInjectFaults: (faults: string) => Promise<void>
    /** Real pointer events, since a synthetic pointer cannot be captured. */
    __soakPointer: (action: 'down' | 'up', x: number, y: number) => Promise<void>
  }
}

const CHECK_EVERY_MS = 50
const CLOSING_TAP_MS = 70
const BUSY_STATES = new Set(['listening', 'processing', 'speaking'])
/** Not done by a person's hands: they run on their own timers, perhaps into the next scenario. */
const BACKGROUND = new Set<ScenarioStep['do']>([
  'inject_faults',
  'devices_changed',
  'device',
  'language'
])

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const isTalkButton = ({ target }: Event): boolean =>
  target instanceof Element && target.closest('[data-testid=talk]') !== null

/** Observes the real presses and releases before the kiosk handles them. */
const listenToHands = (
  observe: (kind: 'press' | 'release', source: string, pageMs: number) => void
): void => {
  const listen = <Name extends 'keydown' | 'keyup' | 'pointerdown' | 'pointerup'>(
    name: Name,
    kind: 'press' | 'release',
    sourceOf: (event: WindowEventMap[Name]) => string | null
  ): void =>
    addEventListener(
      name,
      (event) => {
        const source = sourceOf(event)
        if (source !== null) observe(kind, source, event.timeStamp)
      },
      { capture: true }
    )
  const keySource = (event: KeyboardEvent): string | null => {
    if (event.repeat) return null
    if (event.code === TALK_KEY.code) return 'key'
    return event.code === SPACE_KEY.code && isTalkButton(event) ? 'space' : null
  }
  listen('keydown', 'press', keySource)
  listen('keyup', 'release', keySource)
  listen('pointerdown', 'press', (event) => (isTalkButton(event) ? 'button' : null))
  listen('pointerup', 'release', () => 'button')
}

const install = ({ settleMs, gateMs }: DriverLimits): void => {
  const emptyBatch = (): BatchObservation => ({
    screens: [{ ...screen.current() }],
    actions: [],
    holds: [],
    stuck: [],
    scenarios: []
  })
  const screen = watchScreen((next) => batch.screens.push(next))
  let batch = emptyBatch()
  const holds = createHoldTracker((hold) => batch.holds.push(hold))
  let scenarioIndex = -1
  const isBusy = () => BUSY_STATES.has(screen.current().state)

  const observe = (kind: ActionObservation['kind'], source: string, pageMs: number): void => {
    const atMs = wallClockMs(pageMs)
    const turnBefore = readScreen().turn
    const action = { scenario: scenarioIndex, atMs, kind, source, turnBefore, turnAfter: -1 }
    batch.actions.push(action)
    const mayLatch = holds.apply(kind, source, atMs)
    screen.afterUpdate(() => {
      const { turn, state, hint } = screen.current()
      action.turnAfter = turn
      holds.settle(atMs, mayLatch && state === 'listening' && hint === 'latched')
    })
  }

  listenToHands(observe)

  let reportedAtMs = 0
  setInterval(() => {
    const lastReleaseAtMs = holds.lastReleaseAtMs()
    const { state, turn } = screen.current()
    const seenAtMs = wallClockMs()
    if (holds.isHolding() || state !== 'listening' || reportedAtMs === lastReleaseAtMs) return
    if (seenAtMs - lastReleaseAtMs < gateMs) return
    reportedAtMs = lastReleaseAtMs
    batch.stuck.push({ scenario: scenarioIndex, turn, lastReleaseAtMs, seenAtMs })
    // Ends the listening, so that the soak goes on.
    dispatchEvent(new FocusEvent('blur'))
  }, CHECK_EVERY_MS)

  const { perform, pointerDone } = createPerformer(screen, observe)
  const afterUpdate = () => new Promise<void>(screen.afterUpdate)

  /** The turn that has no end within the limit; null: none. */
  const settle = async (): Promise<number | null> =>
    (await screen.until(() => !isBusy(), settleMs)) ? null : screen.current().turn

  const endScenario = async ({ ending }: Scenario): Promise<number | null> => {
    await afterUpdate()
    while (holds.isLatchedAlone()) {
      // Taps of two scenarios have latched. A tap that ends the latch at once would count as a bounce.
      await sleep(CLOSING_TAP_MS)
      perform({ do: 'key_down' })
      await sleep(CLOSING_TAP_MS)
      perform({ do: 'key_up' })
      await afterUpdate()
    }
    switch (ending.kind) {
      case 'settled':
        return settle()
      case 'during': {
        const isOver = () => screen.current().state === ending.state || !isBusy()
        if (!(await screen.until(isOver, settleMs))) return screen.current().turn
        await sleep(ending.afterMs)
        return null
      }
      case 'after':
        await sleep(ending.ms)
        return null
      default:
        return ending satisfies never
    }
  }

  const playOne = async (scenario: Scenario): Promise<void> => {
    const { index, name, steps } = scenario
    scenarioIndex = index
    const startMs = performance.now()
    const { background = [], hands = [] } = Object.groupBy(steps, (step) =>
      BACKGROUND.has(step.do) ? 'background' : 'hands'
    )
    for (const step of background) setTimeout(() => perform(step), step.atMs)
    for (const step of hands) {
      const waitMs = startMs + step.atMs - performance.now()
      if (waitMs > 0) await sleep(waitMs)
      perform(step)
    }
    await pointerDone()
    const unfinishedTurn = await endScenario(scenario)
    const [startedAtMs, endedAtMs] = [wallClockMs(startMs), wallClockMs()]
    batch.scenarios.push({ index, name, startedAtMs, endedAtMs, unfinishedTurn })
  }

  window.__soakPlay = async (scenarios) => {
    for (const scenario of scenarios) await playOne(scenario)
    // A batch is judged as a whole: its questions end first.
    await settle()
    await sleep(gateMs)
    const played = batch
    batch = emptyBatch()
    return played
  }
}
window.__soakInstall = install
