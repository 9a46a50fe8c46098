// Which of several screens the kiosk is on, and where its window belongs as screens come and go.

/** What is used of Electron's `Display`. */
export type KioskDisplay = {
  id: number
  label: string
  /** In device-independent pixels, on the plane that all displays share. */
  bounds: { x: number; y: number; width: number; height: number }
}

/** `primary`, a number from 1 in reading order, or part of the display's name. */
export type DisplayChoice = string

/**
 * The display that was chosen, or the primary one while it is not there: a kiosk on the wrong screen answers questions,
 * and one on no screen does not. What was chosen is not forgotten, so that it comes back with its display.
 * @param displays at least one; Electron gives none only while the last one is being unplugged, and then it is null
 */
export const chooseDisplay = <D extends KioskDisplay>(
  displays: readonly D[],
  primaryId: number,
  choice: DisplayChoice
): D | null => {
  const primary = displays.find(({ id }) => id === primaryId) ?? displays[0] ?? null
  if (choice === 'primary') return primary
  const ordered = [...displays].sort(
    (a, b) => a.bounds.y - b.bounds.y || a.bounds.x - b.bounds.x || a.id - b.id
  )
  const named = /^\d+$/.test(choice)
    ? ordered[Number(choice) - 1]
    : ordered.find(({ label }) => label.toLowerCase().includes(choice.toLowerCase()))
  return named ?? primary
}
