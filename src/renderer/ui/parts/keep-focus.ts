// Keeps the keyboard's focus in the kiosk: when the focused element disappears, another one near it gets the focus.

const FOCUSABLE = 'button, input, select, [tabindex="0"]'

const firstIn = (place: Element): HTMLElement | undefined =>
  [...place.querySelectorAll<HTMLElement>(FOCUSABLE)].find((one) => one.checkVisibility())

const isLost = (element: Element): boolean =>
  !element.isConnected || element.matches(':disabled') || !element.checkVisibility()

/** The last of these elements that is left; in the screen itself it is the talk button. */
const nextPlace = (root: Element, around: readonly Element[]): HTMLElement | undefined => {
  const dialog = [...root.querySelectorAll('dialog[open]')].at(-1)
  if (dialog === undefined) {
    return root.querySelector<HTMLElement>('[data-testid=talk]') ?? firstIn(root)
  }
  const near = around.find((one) => dialog.contains(one) && firstIn(one) !== undefined)
  return firstIn(near ?? dialog)
}

/** Follows the focus for the life of the page. */
export const keepFocus = (root: HTMLElement): void => {
  const { ownerDocument } = root
  let last: Element | null = null
  let around: readonly Element[] = []
  root.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return
    last = target
    around = ancestorsOf(target, root)
  })
  const restore = () => {
    const { activeElement, body } = ownerDocument
    // A tap beside every control leaves it to the page.
    if (last === null || (activeElement !== body && activeElement !== null) || !isLost(last)) return
    nextPlace(root, around)?.focus({ preventScroll: true })
  }
  new MutationObserver(restore).observe(root, {
    childList: true,
    subtree: true,
    attributeFilter: ['disabled', 'open', 'data-place']
  })
}

/** Innermost first. */
const ancestorsOf = (element: Element, root: Element): Element[] => {
  const found: Element[] = []
  for (let at = element.parentElement; at !== null && at !== root; at = at.parentElement) {
    found.push(at)
  }
  return found
}
