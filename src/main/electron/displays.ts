// Keeps the full-screen window on its display while displays are added, removed, rotated and resized.
import type { BrowserWindow, Screen } from 'electron'
import { chooseDisplay, type DisplayChoice } from '../displays.ts'
import type { Log } from '../log.ts'

type Window = Pick<BrowserWindow, 'isDestroyed' | 'getBounds' | 'setBounds' | 'setKiosk'>
type Displays = Pick<Screen, 'on' | 'getAllDisplays' | 'getPrimaryDisplay'>

/** The chosen display's bounds; null while there is no display. */
export const displayBounds = (screen: Displays, choice: DisplayChoice) =>
  chooseDisplay(screen.getAllDisplays(), screen.getPrimaryDisplay().id, choice)?.bounds ?? null

export const followDisplays = (
  screen: Displays,
  currentWindow: () => Window | null,
  choice: DisplayChoice,
  log: Log
): void => {
  const place = () => {
    const window = currentWindow()
    const bounds = displayBounds(screen, choice)
    if (window === null || window.isDestroyed() || bounds === null) return
    const { x, y, width, height } = window.getBounds()
    const isThere =
      x === bounds.x && y === bounds.y && width === bounds.width && height === bounds.height
    if (isThere) return
    log.info('window.moved', { ...bounds })
    // No system moves a full-screen window.
    window.setKiosk(false)
    window.setBounds(bounds)
    window.setKiosk(true)
  }
  screen.on('display-added', place)
  screen.on('display-removed', place)
  screen.on('display-metrics-changed', place)
}
