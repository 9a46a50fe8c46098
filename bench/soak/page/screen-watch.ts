// Watches the kiosk's screen in its page.
import type { ScreenObservation } from '../observations.ts'

export const part = (name: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`[data-testid=${name}]`)

export const wallClockMs = (pageMs = performance.now()): number => performance.timeOrigin + pageMs

export const readScreen = (): ScreenObservation => {
  const root = part('kiosk')?.dataset
  return {
    atMs: wallClockMs(),
    state: root?.state ?? 'gone',
    turn: Number(root?.turn ?? 0),
    failure: root?.failure ?? '',
    outcome: part('answer')?.dataset.outcome ?? '',
    hint: part('hint')?.dataset.code ?? '',
    citations: document.querySelectorAll('[data-testid=citation]').length
  }
}

const isSame = ({ atMs: _one, ...before }: ScreenObservation, after: ScreenObservation): boolean =>
  Object.entries(before).every(([name, value]) => Reflect.get(after, name) === value)

export const watchScreen = (onChange: (screen: ScreenObservation) => void) => {
  let current = readScreen()
  const waiting = new Set<() => void>()
  const update = (): void => {
    const next = readScreen()
    if (isSame(current, next)) return
    current = next
    onChange(next)
    for (const check of [...waiting]) check()
  }
  new MutationObserver(update).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-state', 'data-turn', 'data-failure', 'data-outcome', 'data-code']
  })

  const tasks: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => tasks.shift()?.()

  return {
    current: () => current,
    /** False at the limit. */
    until: (isTrue: () => boolean, limitMs: number): Promise<boolean> =>
      new Promise((resolve) => {
        const end = (isThere: boolean): void => {
          clearTimeout(limit)
          waiting.delete(check)
          resolve(isThere)
        }
        const check = (): void => {
          if (isTrue()) end(true)
        }
        const limit = setTimeout(() => end(false), limitMs)
        waiting.add(check)
        check()
      }),
    /** The kiosk handles an event after our listeners and draws in a microtask: one task later. */
    afterUpdate: (run: () => void): void => {
      tasks.push(() => {
        update()
        run()
      })
      port2.postMessage(null)
    }
  }
}
export type ScreenWatch = ReturnType<typeof watchScreen>
