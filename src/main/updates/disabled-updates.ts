// Updates that are off and report the reason.
import type { UpdateOffReason } from '../../shared/updates.ts'
import type { Updates } from './updates.ts'

export const disabledUpdates = (runningVersion: string, offReason: UpdateOffReason): Updates => ({
  start: () => {},
  stop: async () => {},
  status: () => ({
    mode: 'off',
    offReason,
    runningVersion,
    channel: 'stable',
    feed: null,
    askedAtMs: null,
    answeredAtMs: null,
    offered: null,
    problem: null,
    lastInstall: null,
    knownBad: []
  }),
  setInUse: () => {},
  isRestartAnnounced: () => false,
  onRestartAnnounced: () => {},
  pageReady: () => {},
  pageLost: () => {},
  pageCrashed: () => {}
})
