// Orders what goes out over a WebSocket, where audio and events share one stream: a commit never overtakes its audio.
import type { Schedule } from '../schedule.ts'

export type SendQueuePorts = {
  post: (text: string) => void
  /** Resolves after the last `piece` of a recording. */
  recordingOver: (recordingId: number) => Promise<void>
  schedule: Schedule
}

export type SendQueue = {
  /** Goes out at once, or behind a slot that is still waiting. */
  send: (text: string) => void
  /** Lets the pieces of the next recording go out as they come. */
  openGate: () => void
  /** Puts what is sent from now on behind the last piece of the recording. */
  closeGate: () => void
  /** One piece of a recording, as whole messages. False when it is dropped: no gate was open for it. */
  piece: (recordingId: number, texts: () => Iterable<string>) => boolean
  /** Puts what is sent from now on behind the texts that the returned function gets, once. */
  hold: () => (texts: readonly string[]) => void
}

/** Waits this long for the first piece of a gate that has closed: a busy page handles press and release before it. */
export const FIRST_PIECE_LIMIT_MS = 250

type Stream = {
  kind: 'stream'
  /** null until its first piece names it. */
  recordingId: number | null
  texts: string[]
  /** `open` lets later slots pass; `closing` waits for its last piece, and the later slots wait for it. */
  gate: 'open' | 'closing' | 'over'
  onNamed: ((recordingId: number) => void) | null
}
type Slot = { kind: 'text'; text: string } | Stream

export const createSendQueue = ({ post, recordingOver, schedule }: SendQueuePorts): SendQueue => {
  const slots: Slot[] = []
  let open: Stream | null = null
  /** The newest recording with a piece; its last pieces may come after the next gate opens. */
  let newestId: number | null = null

  const newStream = (gate: Stream['gate']): Stream => {
    const stream: Stream = { kind: 'stream', recordingId: null, texts: [], gate, onNamed: null }
    slots.push(stream)
    return stream
  }

  const drain = () => {
    let at = 0
    for (let slot = slots[at]; slot !== undefined; slot = slots[at]) {
      if (slot.kind === 'text') {
        post(slot.text)
        slots.splice(at, 1)
        continue
      }
      for (const text of slot.texts.splice(0)) post(text)
      if (slot.gate === 'closing') return
      if (slot.gate === 'over') slots.splice(at, 1)
      else at += 1
    }
  }

  const finish = (stream: Stream) => {
    stream.gate = 'over'
    drain()
  }

  const close = async (stream: Stream) => {
    stream.gate = 'closing'
    const recordingId = stream.recordingId ?? (await named(stream))
    if (recordingId !== null) await recordingOver(recordingId)
    finish(stream)
  }

  const named = (stream: Stream): Promise<number | null> =>
    new Promise((resolve) => {
      const giveUp = schedule(() => resolve(null), FIRST_PIECE_LIMIT_MS)
      stream.onNamed = (recordingId) => {
        giveUp()
        resolve(recordingId)
      }
    })

  const streamFor = (recordingId: number): Stream | null => {
    for (const slot of slots) {
      if (slot.kind !== 'stream' || slot.gate === 'over') continue
      if (slot.recordingId === recordingId) return slot
      // Hands-free, a segment follows the last one under the same open gate.
      if (slot === open && slot.recordingId === newestId && newestId !== null) {
        slot.recordingId = recordingId
        return slot
      }
      const isUnnamed = slot.recordingId === null && recordingId !== newestId
      if (!isUnnamed || (slot !== open && slot.onNamed === null)) continue
      slot.recordingId = recordingId
      slot.onNamed?.(recordingId)
      return slot
    }
    return null
  }

  return {
    send: (text) => {
      slots.push({ kind: 'text', text })
      drain()
    },
    openGate: () => {
      open ??= newStream('open')
    },
    closeGate: () => {
      if (open === null) return
      const closing = open
      open = null
      void close(closing)
    },
    piece: (recordingId, texts) => {
      const stream = streamFor(recordingId)
      newestId = recordingId
      if (stream === null) return false
      stream.texts.push(...texts())
      drain()
      return true
    },
    hold: () => {
      const held = newStream('closing')
      return (texts) => {
        if (held.gate === 'over') return
        held.texts.push(...texts)
        finish(held)
      }
    }
  }
}
