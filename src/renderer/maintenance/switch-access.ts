// Switch access with one pedal: a short press moves the focus, a long press selects. Only in dialogs that the
// pedal opened.
import { createTimer, type Schedule } from '../schedule.ts'

/** A longer press selects. */
export const CHOOSE_MS = 700

export type SwitchAccess = { press: () => void; release: () => void }

export const createSwitchAccess = (document: Document, schedule: Schedule): SwitchAccess => {
  const timer = createTimer(schedule)
  return {
    press: () => timer.start(() => choose(document.activeElement), CHOOSE_MS),
    release: () => {
      // Already selected.
      if (!timer.isRunning()) return
      timer.stop()
      const places = placesIn([...document.querySelectorAll('dialog[open]')].at(-1))
      const { activeElement } = document
      const at = activeElement instanceof HTMLElement ? places.indexOf(activeElement) : -1
      places[(at + 1) % places.length]?.focus()
    }
  }
}

const PLACES = 'button, input, select, [role=tab], [role=switch], [role=radio]'

const placesIn = (dialog: Element | undefined): HTMLElement[] =>
  [...(dialog?.querySelectorAll<HTMLElement>(PLACES) ?? [])].filter(
    (place) =>
      !place.matches(':disabled, [aria-disabled=true]') && place.getClientRects().length > 0
  )

/** One tenth of the range. */
const SLIDER_STEPS = 10

const choose = (place: Element | null): void => {
  if (place instanceof HTMLSelectElement) {
    if (place.options.length === 0) return
    place.selectedIndex = (place.selectedIndex + 1) % place.options.length
    place.dispatchEvent(new Event('change', { bubbles: true }))
    return
  }
  if (place instanceof HTMLInputElement && place.type === 'range') {
    const [min, max] = [Number(place.min), Number(place.max)]
    const next = place.valueAsNumber + (max - min) / SLIDER_STEPS
    // Past the end it starts over, since a pedal cannot step back. React looks for a value that it did not set itself.
    const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')
    value?.set?.call(place, String(place.valueAsNumber >= max ? min : Math.min(max, next)))
    place.dispatchEvent(new Event('input', { bubbles: true }))
    place.dispatchEvent(new Event('change', { bubbles: true }))
    return
  }
  if (place instanceof HTMLElement) place.click()
}
