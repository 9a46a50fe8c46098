// The button on the screen as a source of holds: by finger, mouse, Space or Enter, or by clicks without any of them.
import type { TurnEvent } from './turn-events.ts'

export const BUTTON_SOURCE = 'button'

const HOLD_KEYS = new Set(['Space', 'Enter', 'NumpadEnter'])

/**
 * Captures the pointer, so that a finger that slides off still ends the hold where it is lifted. Switch control, voice
 * control and screen readers only click: their first click presses, the next one releases.
 * @param isHeld whether the hold of a press still goes on
 * @returns the function that stops it and releases a running hold
 */
export const listenToHoldButton = (
  button: HTMLElement,
  dispatch: (event: TurnEvent) => void,
  isHeld: () => boolean
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
      // A second finger asks no second question. A pointer that lost its capture without an event must not
      // block the button.
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
  button.addEventListener(
    'click',
    ({ detail, timeStamp }) => {
      // A click of a pointer, whose press and release have been heard.
      if (detail > 0) return
      if (isHeld()) release(timeStamp)
      else press(timeStamp)
    },
    options
  )

  return () => {
    aborter.abort()
    if (pointerId !== null || keyCode !== null) release(performance.now())
  }
}
