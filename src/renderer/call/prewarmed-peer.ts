// One peer that has made its offer before anybody asks, so that a press posts it at once: its certificate is made and
// its addresses are known. It has no key, sends nothing while it waits, and is used once at the most.
import type { Schedule } from '../schedule.ts'
import { disposePeer, type OfferingPeer, type PeerSetup } from './webrtc-peer.ts'

/** After the last one was taken or had to go: the call that took it has the thread and the network to itself. */
export const PREWARM_DELAY_MS = 2_000

/**
 * One that waits longer is replaced: most changes of the network are heard of, and this is for those that are not.
 * Making one takes some 20 ms of the page's thread.
 */
export const PREWARMED_MAX_AGE_MS = 300_000

/** After a failure to make one, which is no reason to have no call: that makes its own. */
const RETRY_MS = 60_000

export type PrewarmedPeerPorts = {
  /** Makes a peer with its offer. */
  offer: (setup: PeerSetup) => Promise<OfferingPeer>
  /** The way that the next call goes. */
  setup: () => Promise<PeerSetup>
  schedule: Schedule
  log: (event: string, message: string) => void
}

export type PrewarmedPeer = {
  /** Keeps one ready from now on. */
  keep: () => void
  /** Keeps none any more. */
  drop: () => void
  /** The network is another one: addresses of before lead nowhere. */
  networkChanged: () => void
  /** The one that is ready, if it goes this way; it is nobody else's from then on, and another is made later. */
  take: (setup: PeerSetup) => OfferingPeer | null
}

export const createPrewarmedPeer = ({
  offer,
  setup,
  schedule,
  log
}: PrewarmedPeerPorts): PrewarmedPeer => {
  let isKept = false
  let ready: OfferingPeer | null = null
  let stopTimer: (() => void) | null = null
  /** Counts the times that what was ready, or being made, was given up or taken. */
  let era = 0

  const later = (run: () => void, ms: number) => {
    stopTimer?.()
    stopTimer = schedule(() => {
      stopTimer = null
      run()
    }, ms)
  }

  const clear = () => {
    era += 1
    stopTimer?.()
    stopTimer = null
    const old = ready
    ready = null
    return old
  }

  const giveUp = () => {
    const old = clear()
    if (old !== null) disposePeer(old)
  }

  const replace = () => {
    giveUp()
    void prepare()
  }

  const prepare = async () => {
    const startedEra = era
    try {
      const made = await offer(await setup())
      if (era !== startedEra) return disposePeer(made)
      ready = made
      later(replace, PREWARMED_MAX_AGE_MS)
    } catch (error) {
      log('call.peerPrewarmFailed', String(error))
      if (era === startedEra) later(replace, RETRY_MS)
    }
  }

  return {
    keep: () => {
      if (isKept) return
      isKept = true
      later(replace, PREWARM_DELAY_MS)
    },
    drop: () => {
      isKept = false
      giveUp()
    },
    networkChanged: () => {
      if (!isKept) return
      giveUp()
      // Changes come in bursts: the last one counts.
      later(replace, PREWARM_DELAY_MS)
    },
    take: (wanted) => {
      if (!isKept) return null
      const taken = clear()
      later(replace, PREWARM_DELAY_MS)
      if (taken === null || taken.setup === wanted) return taken
      disposePeer(taken)
      return null
    }
  }
}
