// Page probe: records key presses, calls and the first audible sound of an answer. It is installed before the page's own
// code, in the kiosk and in the baseline clients alike.

export type ObservedCall = {
  channelOpenAtMs: number
  /** `session.created`. */
  firstEventAtMs: number | null
}

/** Times are the page's `performance.now()`; add `performance.timeOrigin` for the wall clock. */
type CallProbe = {
  keyDownsAtMs: number[]
  keyUpsAtMs: number[]
  /** In the order in which their data channels opened. */
  calls: ObservedCall[]
  /** Samples the remote tracks every 5 ms for 5 ms above −45 dBFS; null at the limit. */
  firstAudible(withinMs: number): Promise<number | null>
  /** Resolves after this much silence. */
  quietFor(ms: number): Promise<void>
}

declare global {
  interface Window {
    __calls: CallProbe
  }
}

/** Runs in the page: everything that it uses must be inside it. */
export const installCallProbe = (): void => {
  const SAMPLE_EVERY_MS = 5
  const AUDIBLE_RMS = 10 ** (-45 / 20)
  /** 5.3 ms at 48 kHz. */
  const WINDOW_SAMPLES = 256
  const keyDownsAtMs: number[] = []
  const keyUpsAtMs: number[] = []
  const calls: ObservedCall[] = []

  const capture = { capture: true } as const
  addEventListener(
    'keydown',
    (event) => void (event.repeat || keyDownsAtMs.push(event.timeStamp)),
    capture
  )
  addEventListener('keyup', (event) => void keyUpsAtMs.push(event.timeStamp), capture)

  const analysers = new Map<MediaStreamTrack, AnalyserNode>()
  let context: AudioContext | null = null
  const listenTo = (track: MediaStreamTrack): void => {
    if (track.kind !== 'audio') return
    context ??= new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = WINDOW_SAMPLES
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
    analysers.set(track, analyser)
  }
  const samples = new Float32Array(WINDOW_SAMPLES)
  const isAudible = (): boolean => {
    for (const [track, analyser] of analysers) {
      if (track.readyState === 'ended') {
        analyser.disconnect()
        analysers.delete(track)
        continue
      }
      analyser.getFloatTimeDomainData(samples)
      let sum = 0
      for (const sample of samples) sum += sample * sample
      if (Math.sqrt(sum / samples.length) > AUDIBLE_RMS) return true
    }
    return false
  }

  const NativeConnection = window.RTCPeerConnection
  window.RTCPeerConnection = class extends NativeConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.addEventListener('track', ({ track }) => listenTo(track))
    }

    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options)
      const call: ObservedCall = { channelOpenAtMs: 0, firstEventAtMs: null }
      channel.addEventListener('open', () => {
        call.channelOpenAtMs = performance.now()
        calls.push(call)
      })
      channel.addEventListener('message', () => {
        call.firstEventAtMs ??= performance.now()
      })
      return channel
    }
  }

  const probe: CallProbe = {
    keyDownsAtMs,
    keyUpsAtMs,
    calls,
    firstAudible: (withinMs) =>
      new Promise((resolve) => {
        const untilMs = performance.now() + withinMs
        const timer = setInterval(() => {
          const nowMs = performance.now()
          const isSound = isAudible()
          if (!isSound && nowMs < untilMs) return
          clearInterval(timer)
          resolve(isSound ? nowMs : null)
        }, SAMPLE_EVERY_MS)
      }),
    quietFor: (ms) =>
      new Promise((resolve) => {
        let quietSinceMs = performance.now()
        const timer = setInterval(() => {
          const nowMs = performance.now()
          if (isAudible()) quietSinceMs = nowMs
          if (nowMs - quietSinceMs < ms) return
          clearInterval(timer)
          resolve()
        }, SAMPLE_EVERY_MS)
      })
  }
  Object.defineProperty(window, '__calls', { value: probe })
}
