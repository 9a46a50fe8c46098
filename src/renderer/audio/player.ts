// Plays an answer that arrives as samples, in the place of WebRTC's jitter buffer. Its output is a stream, so
// that the speaker's path (volume, cut, meter, device) is the same for both transports.
import playerWorkletUrl from './player.worklet.ts?worker&url'
import {
  type FlushedSegment,
  PLAYER_PROCESSOR,
  PLAYER_RATE_HZ,
  type PlayerOrder,
  type PlayerReport
} from './player-buffer.ts'

export type { FlushedSegment } from './player-buffer.ts'
export { PLAYER_RATE_HZ } from './player-buffer.ts'

/** The audio thread answers within a block or two. A cut does not wait for one that has died. */
export const FLUSH_LIMIT_MS = 100

export type PlayerEvent =
  | { kind: 'started'; segment: number }
  /** The last sample of an ended segment was played. */
  | { kind: 'drained'; segment: number }

export type Player = {
  stream: MediaStream
  /** Takes mono PCM16 at 24 kHz and its memory. Segments play in the order in which they begin. */
  push: (segment: number, samples: Int16Array<ArrayBuffer>) => void
  end: (segment: number) => void
  /**
   * Silences the output. Resolves with the unfinished segments, in order, and their played samples; with none
   * when the audio thread does not answer.
   */
  flush: () => Promise<readonly FlushedSegment[]>
  /** Milliseconds of sound played, as last reported. */
  playedMs: () => number
  /** Underruns in the middle of an answer. */
  underruns: () => number
  close: () => void
}

export type PlayerPorts = {
  /** See `createPlayerContext`. */
  context: AudioContext
  onEvent: (event: PlayerEvent) => void
  schedule: (run: () => void, ms: number) => () => void
  log: (event: string, message: string) => void
}

export type OpenPlayer = (onEvent: PlayerPorts['onEvent']) => Promise<Player>

/**
 * At the model's rate. It plays nothing, and still runs on the speaker's clock, like its stream's consumer.
 * Without one (`sinkId: none`) Chromium's timer falls behind on a busy machine.
 */
export const createPlayerContext = (): AudioContext =>
  new AudioContext({ sampleRate: PLAYER_RATE_HZ, latencyHint: 'interactive' })

/** The system's default. */
const DEFAULT_SINK = ''

/** Closes the context with the player. @throws when the worklet cannot be loaded */
export const createPlayer = async ({
  context,
  onEvent,
  schedule,
  log
}: PlayerPorts): Promise<Player> => {
  try {
    await context.audioWorklet.addModule(playerWorkletUrl)
  } catch (error) {
    void context.close()
    throw error
  }
  const node = new AudioWorkletNode(context, PLAYER_PROCESSOR, {
    numberOfInputs: 0,
    outputChannelCount: [1]
  })
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 })
  node.connect(destination)
  const flushes = new Map<number, (cuts: readonly FlushedSegment[]) => void>()
  let lastFlush = 0
  let playedSamples = 0
  let underruns = 0
  let isClosed = false

  const send = (order: PlayerOrder, transfer: Transferable[] = []) => {
    if (!isClosed) node.port.postMessage(order, transfer)
  }
  // A context stops when its speaker fails, and the answer with it: the default speaker goes on.
  context.onerror = () => {
    log('player.speakerLost', 'The speaker whose clock the player ran on is gone.')
    void context.setSinkId(DEFAULT_SINK).then(() => context.resume(), noSpeaker)
  }
  const noSpeaker = (error: unknown) =>
    log('player.noSpeaker', `The player found no speaker: ${String(error)}`)
  node.onprocessorerror = () => log('player.failed', "The player's worklet has failed.")
  node.port.onmessage = ({ data: report }: MessageEvent<PlayerReport>) => {
    if (isClosed) return
    switch (report.kind) {
      case 'started':
      case 'drained':
        onEvent(report)
        return
      case 'progress':
        if (report.underruns > underruns) {
          log('player.underrun', `The sound ran out ${report.underruns} times on this call.`)
        }
        playedSamples = report.playedSamples
        underruns = report.underruns
        return
      case 'flushed':
        flushes.get(report.flush)?.(report.cuts)
        return
      default:
        report satisfies never
    }
  }

  return {
    stream: destination.stream,
    push: (segment, samples) => {
      // Chromium suspends a context until the page is touched; a press is a touch.
      if (context.state === 'suspended') void context.resume()
      send({ kind: 'push', segment, samples }, [samples.buffer])
    },
    end: (segment) => send({ kind: 'end', segment }),
    flush: () => {
      lastFlush += 1
      const flush = lastFlush
      return new Promise((resolve) => {
        const finish = (cuts: readonly FlushedSegment[]) => {
          stopWaiting()
          flushes.delete(flush)
          resolve(cuts)
        }
        const stopWaiting = schedule(() => {
          log('player.flushTimeout', 'The player did not say what it had played.')
          finish([])
        }, FLUSH_LIMIT_MS)
        flushes.set(flush, finish)
        send({ kind: 'flush', flush })
      })
    },
    playedMs: () => (playedSamples / PLAYER_RATE_HZ) * 1000,
    underruns: () => underruns,
    close: () => {
      if (isClosed) return
      isClosed = true
      node.disconnect()
      for (const finish of [...flushes.values()]) finish([])
      void context.close()
    }
  }
}
