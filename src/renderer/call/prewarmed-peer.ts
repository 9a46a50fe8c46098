// Keeps a peer whose offer is ready, with its certificate and its addresses, so that a press posts the offer at once.
// The peer has no key, sends nothing while it waits, and serves one call.
import { createTimer, type Schedule } from '../schedule.ts'
import { disposePeer, type OfferingPeer, type PeerSetup } from './webrtc-peer.ts'

/** Leaves the thread and the network to the call that took the last peer. */
export const PREWARM_DELAY_MS = 2_000

/** For changes of the network without an event. A new peer costs about 20 ms of the page's thread. */
export const PREWARMED_MAX_AGE_MS = 300_000

/** After a failure; a call without a prewarmed peer makes its own. */
const RETRY_MS = 60_000

export type PrewarmedPeerPorts = {
  offer: (setup: PeerSetup) => Promise<OfferingPeer>
  /** The setup of the next call. */
  setup: () => Promise<PeerSetup>
  schedule: Schedule
  log: (event: string, message: string) => void
}

export type PrewarmedPeer = {
  keep: () => void
  drop: () => void
  /** The addresses of the offer are outdated. */
  networkChanged: () => void
  /** @returns the peer that is ready, if it has this setup; another one is made later */
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
  const timer = createTimer(schedule)
  /** Grows when a peer is taken or given up: a peer of an earlier count is closed once it is made. */
  let generation = 0

  const clear = () => {
    generation += 1
    timer.stop()
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
    const startedIn = generation
    try {
      const made = await offer(await setup())
      if (generation !== startedIn) return disposePeer(made)
      ready = made
      timer.start(replace, PREWARMED_MAX_AGE_MS)
    } catch (error) {
      log('call.peerPrewarmFailed', String(error))
      if (generation === startedIn) timer.start(replace, RETRY_MS)
    }
  }

  return {
    keep: () => {
      if (isKept) return
      isKept = true
      timer.start(replace, PREWARM_DELAY_MS)
    },
    drop: () => {
      isKept = false
      giveUp()
    },
    networkChanged: () => {
      if (!isKept) return
      giveUp()
      // Changes come in bursts.
      timer.start(replace, PREWARM_DELAY_MS)
    },
    take: (wanted) => {
      if (!isKept) return null
      const taken = clear()
      timer.start(replace, PREWARM_DELAY_MS)
      if (taken === null || taken.setup === wanted) return taken
      disposePeer(taken)
      return null
    }
  }
}
