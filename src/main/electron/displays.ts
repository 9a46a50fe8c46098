// Keeps the full-screen window on its display while displays are plugged in, unplugged, turned and resized.
import type { BrowserWindow, Screen } from 'electron'
import { chooseDisplay, type DisplayChoice } from '../displays.ts'
import type { Log } from '../log.ts'

type Window = Pick<BrowserWindow, 'isDestroyed' | 'getBounds' | 'setBounds' | 'setKiosk'>
type Displays = Pick<Screen, 'on' | 'getAllDisplays' | 'getPrimaryDisplay'>

/** Where the window belongs now; null while there is no display at all. */
export const displayBounds = (screen: Displays, choice: DisplayChoice) =>
  chooseDisplay(screen.getAllDisplays(), screen.getPrimaryDisplay().id, choice)?.bounds ?? null

/** @param currentWindow the window of the moment; a new one opens where `displayBounds` says */
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
    // A full-screen window is moved by no system: it leaves, moves, and is full screen again.
    window.setKiosk(false)
    window.setBounds(bounds)
    window.setKiosk(true)
  }
  screen.on('display-added', place)
  screen.on('display-removed', place)
  screen.on('display-metrics-changed', place)
}
