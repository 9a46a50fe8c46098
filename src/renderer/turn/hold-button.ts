// The button on the screen as a source of holds: finger, mouse, or Space and Enter while it has the focus.
import type { TurnEvent } from './turn-events.ts'

/** What a turn knows the button by. */
export const BUTTON_SOURCE = 'button'

const HOLD_KEYS = new Set(['Space', 'Enter', 'NumpadEnter'])

/**
 * Makes `button` hold to talk. The pointer is captured, so that a finger that slides off the button
 * still ends the hold where it is lifted; whatever takes the pointer away releases as well.
 * @returns the function that stops listening, and releases a hold that is under way
 */
export const listenToHoldButton = (
  button: HTMLElement,
  dispatch: (event: TurnEvent) => void
): (() => void) => {
  const aborter = new AbortController()
  const options = { signal: aborter.signal }
  let pointerId: number | null = null
  let keyCode: string | null = null

  const press = (atMs: number) => dispatch({ type: 'press', source: BUTTON_SOURCE, atMs })
  const release = (atMs: number) => dispatch({ type: 'release', source: BUTTON_SOURCE, atMs })

  button.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType === 'mouse' && event.button !== 0) return
      // A second finger on the button is not a second question. A pointer that is not captured any more
      // was lost without a word: it must not leave the button dead.
      const isHeldByAnother =
        pointerId !== null && pointerId !== event.pointerId && button.hasPointerCapture(pointerId)
      if (isHeldByAnother) return
      pointerId = event.pointerId
      button.setPointerCapture(event.pointerId)
      press(event.timeStamp)
    },
    options
  )
  const pointerGone = (event: PointerEvent) => {
    if (event.pointerId !== pointerId) return
    pointerId = null
    release(event.timeStamp)
  }
  button.addEventListener('pointerup', pointerGone, options)
  button.addEventListener('pointercancel', pointerGone, options)
  button.addEventListener('lostpointercapture', pointerGone, options)
  // A long touch opens the context menu, which takes the pointer away.
  button.addEventListener('contextmenu', (event) => event.preventDefault(), options)

  button.addEventListener(
    'keydown',
    (event) => {
      if (!HOLD_KEYS.has(event.code)) return
      event.preventDefault()
      if (event.repeat) return
      keyCode = event.code
      press(event.timeStamp)
    },
    options
  )
  const keyGone = (atMs: number) => {
    if (keyCode === null) return
    keyCode = null
    release(atMs)
  }
  button.addEventListener(
    'keyup',
    (event) => {
      if (event.code !== keyCode) return
      event.preventDefault()
      keyGone(event.timeStamp)
    },
    options
  )
  button.addEventListener('blur', (event) => keyGone(event.timeStamp), options)

  return () => {
    aborter.abort()
    if (pointerId !== null || keyCode !== null) release(performance.now())
  }
}
