// What is put into a page before its own code runs, the kiosk's and its rivals' alike, to see their calls from
// outside by one rule: when a key went down and up, when a call's first event came, when an answer was first heard.

export type ObservedCall = {
  channelOpenAtMs: number
  /** `session.created`: the model is there. */
  firstEventAtMs: number | null
}

/** On `window.__calls`. Times are the page's `performance.now()`; add `performance.timeOrigin` for the wall clock. */
export type CallProbe = {
  keyDownsAtMs: number[]
  keyUpsAtMs: number[]
  /** In the order in which their channels opened: when a connection was made says nothing of its call. */
  calls: ObservedCall[]
  /** Looks at the remote tracks every 5 ms from now, for 5 ms above −45 dBFS; null when none came in time. */
  firstAudible(withinMs: number): Promise<number | null>
  /** When nothing has been heard for this long. */
  quietFor(ms: number): Promise<void>
}

declare global {
  interface Window {
    __calls: CallProbe
  }
}

/** Runs in the page: everything that it uses must be inside it. */
export const installCallProbe = (): void => {
  const LOOK_MS = 5
  const AUDIBLE_RMS = 10 ** (-45 / 20)
  /** 5.3 ms at 48 kHz. */
  const WINDOW_SAMPLES = 256
  const keyDownsAtMs: number[] = []
  const keyUpsAtMs: number[] = []
  const calls: ObservedCall[] = []

  addEventListener(
    'keydown',
    (event) => void (event.repeat || keyDownsAtMs.push(event.timeStamp)),
    {
      capture: true
    }
  )
  addEventListener('keyup', (event) => void keyUpsAtMs.push(event.timeStamp), { capture: true })

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
      channel.addEventListener(
        'open',
        () => {
          const seen: ObservedCall = { channelOpenAtMs: performance.now(), firstEventAtMs: null }
          calls.push(seen)
          channel.addEventListener(
            'message',
            () => {
              seen.firstEventAtMs = performance.now()
            },
            { once: true }
          )
        },
        { once: true }
      )
      return channel
    }
  }

  const witness: CallProbe = {
    keyDownsAtMs,
    keyUpsAtMs,
    calls,
    firstAudible: (withinMs) =>
      new Promise((resolve) => {
        const untilMs = performance.now() + withinMs
        const looking = setInterval(() => {
          const nowMs = performance.now()
          const isHeard = isAudible()
          if (!isHeard && nowMs < untilMs) return
          clearInterval(looking)
          resolve(isHeard ? nowMs : null)
        }, LOOK_MS)
      }),
    quietFor: (ms) =>
      new Promise((resolve) => {
        let quietSinceMs = performance.now()
        const looking = setInterval(() => {
          const nowMs = performance.now()
          if (isAudible()) quietSinceMs = nowMs
          if (nowMs - quietSinceMs < ms) return
          clearInterval(looking)
          resolve()
        }, LOOK_MS)
      })
  }
  Object.defineProperty(window, '__calls', { value: witness })
}
