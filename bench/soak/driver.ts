// The person at the kiosk, inside its page: plays acts at exact times and writes down what it did and what the screen
// showed. Inside, since a round trip to the browser takes longer than a key bounces.

import type { ActionObservation, BatchObservation, ScreenObservation } from './observations.ts'
import type { DriverAction, Scenario, ScenarioStep } from './scenario.ts'

/** On `window.__soak`. */
export type Driver = {
  /** Plays them one after the other; each begins when the one before it has ended. */
  play: (acts: readonly Scenario[]) => Promise<BatchObservation>
  /** The act under way is the last one. */
  stop: () => void
  state: () => ScreenObservation
}

declare global {
  interface Window {
    __soak: Driver
    /** What only the process outside can do: the model's troubles. */
    __soakTrouble: (trouble: string) => Promise<void>
    /** Real pointer events: a made-up pointer cannot be captured. */
    __soakPointer: (action: 'down' | 'up', x: number, y: number) => Promise<void>
  }
}

export type DriverLimits = {
  /** An act whose question has no end by then has lost it. */
  settleMs: number
  /** After the last release, the tail included. */
  gateMs: number
}

/** Runs in the page: everything that it uses must be inside it. */
export const installDriver = ({ settleMs, gateMs }: DriverLimits): void => {
  const LOOK_MS = 50
  const HIDDEN_MS = 40
  /** A second tap comes within 350 ms; timers run late. */
  const LATCH_GAP_MS = 450
  const TAP_LIMIT_MS = 260
  const CLOSING_TAP_MS = 70
  const BUSY = new Set(['listening', 'processing', 'speaking'])
  const ASKS_AGAIN = new Set([
    'backend_unreachable',
    'backend_failed',
    'model_unreachable',
    'model_refused',
    'model_busy',
    'key_refused',
    'call_timeout',
    'call_dropped',
    'offline',
    'search_timeout',
    'answer_failed',
    'no_offline_copy',
    'no_call'
  ])
  const KEY = { code: 'F19', key: 'F19', bubbles: true, cancelable: true } as const
  const SPACE = { code: 'Space', key: ' ', bubbles: true, cancelable: true } as const

  const part = (name: string) => document.querySelector<HTMLElement>(`[data-testid=${name}]`)
  const wall = (eventMs: number) => performance.timeOrigin + eventMs
  const wallNow = () => wall(performance.now())
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

  const look = (): ScreenObservation => {
    const root = part('kiosk')?.dataset
    return {
      atMs: wallNow(),
      state: root?.state ?? 'gone',
      turn: Number(root?.turn ?? 0),
      failure: root?.failure ?? '',
      outcome: part('answer')?.dataset.outcome ?? '',
      hint: part('hint')?.dataset.code ?? ''
    }
  }
  let screen = look()
  let seen: BatchObservation = { screens: [screen], deeds: [], holds: [], stuck: [], acts: [] }
  const waiting = new Set<() => void>()
  const follow = () => {
    const next = look()
    const isSame =
      next.state === screen.state &&
      next.turn === screen.turn &&
      next.failure === screen.failure &&
      next.outcome === screen.outcome &&
      next.hint === screen.hint
    if (isSame) return
    screen = next
    seen.screens.push(next)
    for (const check of [...waiting]) check()
  }
  new MutationObserver(follow).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-state', 'data-turn', 'data-failure', 'data-outcome', 'data-code']
  })

  /** False when the screen does not come to it in time. */
  const until = (isSo: () => boolean, limitMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const check = () => {
        if (isSo()) end(true)
      }
      const end = (isThere: boolean) => {
        clearTimeout(limit)
        waiting.delete(check)
        resolve(isThere)
      }
      const limit = setTimeout(() => end(false), limitMs)
      waiting.add(check)
      check()
    })
  const isBusy = () => BUSY.has(screen.state)

  let actIndex = -1
  const held = new Set<string>()
  let holdingSinceMs: number | null = null
  let lastReleaseAtMs = 0
  let isLatched = false
  let pressedAtMs = 0
  let releasedAtMs = 0
  let wasTap = false
  let isSecondTap = false
  /** The hold that was told of as stuck already. */
  let toldAtMs = 0

  const holdChanged = (atMs: number) => {
    const isHeld = held.size > 0 || isLatched
    if (isHeld) holdingSinceMs ??= atMs
    else if (holdingSinceMs !== null) {
      seen.holds.push({ fromMs: holdingSinceMs, toMs: atMs })
      holdingSinceMs = null
      lastReleaseAtMs = atMs
    }
  }

  /** The kiosk takes a real event after the listeners here, and its screen follows in a microtask: a task later. */
  const tasks: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => tasks.shift()?.()
  const afterScreen = (run: () => void) => {
    tasks.push(run)
    port2.postMessage(null)
  }

  const did = (kind: ActionObservation['kind'], source: string, eventMs: number) => {
    const atMs = wall(eventMs)
    const deed: ActionObservation = {
      act: actIndex,
      atMs,
      kind,
      source,
      turnBefore: look().turn,
      turnAfter: -1
    }
    seen.deeds.push(deed)
    if (kind === 'press') {
      isSecondTap = wasTap && atMs - releasedAtMs <= LATCH_GAP_MS
      wasTap = false
      pressedAtMs = atMs
      isLatched = false
      held.add(source)
    } else if (kind === 'release' || kind === 'gone') {
      // Any release ends the hold, whoever began it.
      const isHeld = held.size > 0
      held.clear()
      if (isHeld) {
        wasTap = kind === 'release' && atMs - pressedAtMs < TAP_LIMIT_MS
        releasedAtMs = atMs
      }
      if (kind === 'gone') isLatched = false
    } else {
      // What is typed ends what is held.
      held.clear()
      isLatched = false
    }
    const mayLatch = kind === 'release' && wasTap && isSecondTap
    afterScreen(() => {
      follow()
      deed.turnAfter = screen.turn
      if (mayLatch && screen.state === 'listening' && screen.hint === 'latched') isLatched = true
      holdChanged(atMs)
    })
    if (!mayLatch) holdChanged(atMs)
  }

  const isButton = (event: Event) =>
    event.target instanceof Element && event.target.closest('[data-testid=talk]') !== null
  const capture = { capture: true } as const
  addEventListener(
    'keydown',
    (event) => {
      if (event.repeat) return
      if (event.code === KEY.code) did('press', 'key', event.timeStamp)
      else if (event.code === SPACE.code && isButton(event)) did('press', 'space', event.timeStamp)
    },
    capture
  )
  addEventListener(
    'keyup',
    (event) => {
      if (event.code === KEY.code) did('release', 'key', event.timeStamp)
      else if (event.code === SPACE.code && isButton(event))
        did('release', 'space', event.timeStamp)
    },
    capture
  )
  addEventListener(
    'pointerdown',
    (event) => isButton(event) && did('press', 'button', event.timeStamp),
    capture
  )
  addEventListener('pointerup', (event) => did('release', 'button', event.timeStamp), capture)

  setInterval(() => {
    if (holdingSinceMs !== null || screen.state !== 'listening') return
    const nowMs = wallNow()
    if (nowMs - lastReleaseAtMs < gateMs || toldAtMs === lastReleaseAtMs) return
    toldAtMs = lastReleaseAtMs
    seen.stuck.push({ act: actIndex, turn: screen.turn, lastReleaseAtMs, seenAtMs: nowMs })
    // What it takes to go on.
    dispatchEvent(new FocusEvent('blur'))
  }, LOOK_MS)

  let pointer: Promise<void> = Promise.resolve()
  const pointTo = (action: 'down' | 'up') => {
    const box = part('talk')?.getBoundingClientRect()
    if (box === undefined) return
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    pointer = pointer.then(() => window.__soakPointer(action, x, y))
  }

  const type = (text: string) => {
    const input = part('question-input')
    if (!(input instanceof HTMLInputElement)) return
    const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
    setValue?.call(input, text)
    input.dispatchEvent(new InputEvent('input', { bubbles: true }))
    // The form has the words once React has drawn them.
    afterScreen(() => {
      did('ask', 'typed', performance.now())
      input.form?.requestSubmit()
    })
  }

  const hide = () => {
    const as = (state: DocumentVisibilityState) =>
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
    as('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    setTimeout(() => {
      as('visible')
      document.dispatchEvent(new Event('visibilitychange'))
    }, HIDDEN_MS)
  }

  const chooseDevice = async (kind: 'microphone' | 'speaker', index: number | null) => {
    const devices = await navigator.mediaDevices.enumerateDevices()
    const all = devices.filter(
      (device) =>
        device.kind === (kind === 'microphone' ? 'audioinput' : 'audiooutput') &&
        !['default', 'communications', ''].includes(device.deviceId)
    )
    const device = index === null ? undefined : all[index % Math.max(1, all.length)]
    const choice = device === undefined ? null : { id: device.deviceId, label: device.label }
    await window.heard.call('settings.change', { [kind]: choice })
  }

  const run = (deed: DriverAction): void => {
    switch (deed.do) {
      case 'key_down':
        document.body.dispatchEvent(new KeyboardEvent('keydown', KEY))
        return
      case 'key_repeat':
        document.body.dispatchEvent(new KeyboardEvent('keydown', { ...KEY, repeat: true }))
        return
      case 'key_up':
        document.body.dispatchEvent(new KeyboardEvent('keyup', KEY))
        return
      case 'pointer_down':
        pointTo('down')
        return
      case 'pointer_up':
        pointTo('up')
        return
      case 'space_down':
        part('talk')?.dispatchEvent(new KeyboardEvent('keydown', SPACE))
        return
      case 'space_up':
        part('talk')?.dispatchEvent(new KeyboardEvent('keyup', SPACE))
        return
      case 'blur':
        did('gone', 'blur', performance.now())
        dispatchEvent(new FocusEvent('blur'))
        return
      case 'hide':
        did('gone', 'hidden', performance.now())
        hide()
        return
      case 'type':
        type(deed.text)
        return
      case 'retry':
        if (!ASKS_AGAIN.has(screen.failure)) return
        did('ask_again', 'screen', performance.now())
        part('failure-action')?.click()
        return
      case 'language': {
        const other = part('kiosk')?.dataset.language === 'en' ? 'es' : 'en'
        part(`language-${other}`)?.click()
        return
      }
      case 'devices_changed':
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'))
        return
      case 'device':
        void chooseDevice(deed.device.kind, deed.device.index)
        return
      case 'trouble':
        void window.__soakTrouble(JSON.stringify(deed.trouble))
        return
      default:
        deed satisfies never
    }
  }

  /** Not a hand's: it happens when it happens, perhaps in the next act. */
  const isOfTheWorld = ({ do: deed }: ScenarioStep) =>
    deed === 'trouble' || deed === 'devices_changed' || deed === 'device' || deed === 'language'

  const settle = async (): Promise<number | null> => {
    const isSettled = await until(() => !isBusy(), settleMs)
    return isSettled ? null : screen.turn
  }

  const endAct = async ({ ending }: Scenario): Promise<number | null> => {
    await new Promise<void>(afterScreen)
    while (isLatched && held.size === 0) {
      // Two taps of two acts: nobody meant to latch. At once, the tap that ends it would be one more bounce.
      await sleep(CLOSING_TAP_MS)
      run({ do: 'key_down' })
      await sleep(CLOSING_TAP_MS)
      run({ do: 'key_up' })
      await new Promise<void>(afterScreen)
    }
    switch (ending.kind) {
      case 'settled':
        return settle()
      case 'during': {
        const isThere = await until(() => screen.state === ending.state || !isBusy(), settleMs)
        if (!isThere) return screen.turn
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

  const playAct = async (act: Scenario): Promise<void> => {
    actIndex = act.index
    const startMs = performance.now()
    for (const move of act.moves) {
      if (isOfTheWorld(move)) setTimeout(() => run(move), move.atMs)
    }
    for (const move of act.moves) {
      if (isOfTheWorld(move)) continue
      const waitMs = startMs + move.atMs - performance.now()
      if (waitMs > 0) await sleep(waitMs)
      run(move)
    }
    await pointer
    const unfinishedTurn = await endAct(act)
    seen.acts.push({
      index: act.index,
      name: act.name,
      startedAtMs: wall(startMs),
      endedAtMs: wallNow(),
      unfinishedTurn
    })
  }

  let isStopped = false
  Object.defineProperty(window, '__soak', {
    value: {
      play: async (acts) => {
        isStopped = false
        for (const act of acts) {
          if (isStopped) break
          await playAct(act)
        }
        // A batch is judged whole: what it asked has its end by then.
        await settle()
        await sleep(gateMs)
        const played = seen
        seen = { screens: [{ ...screen }], deeds: [], holds: [], stuck: [], acts: [] }
        return played
      },
      stop: () => {
        isStopped = true
      },
      state: () => screen
    } satisfies Driver
  })
}
