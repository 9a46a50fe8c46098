// Chooses the display of the kiosk.

/** The used part of Electron's `Display`. */
export type KioskDisplay = {
  id: number
  label: string
  /** In device-independent pixels, on the plane that all displays share. */
  bounds: { x: number; y: number; width: number; height: number }
}

/** `primary`, a number from 1 in reading order, or part of the display's name. */
export type DisplayChoice = string

/**
 * The chosen display, or the primary one while the chosen one is unplugged.
 * @param displays Electron passes none only while the last one is unplugged; then null
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
