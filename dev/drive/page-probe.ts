// Observes the kiosk's page from outside: screen states, speaker audio, microphones, tool calls and refused URLs. The
// kiosk itself has no hook for it.

export type StateSeen = { state: string; atMs: number }

/** On `window.__pageProbe`. Times are the page's `performance.now()`. */
export type PageProbe = {
  states: StateSeen[]
  /** Time of each answered getUserMedia call for audio. */
  microphoneOpenedAtMs: number[]
  /** The tracks of those answers. The kiosk sends the last one, and its `enabled` is the gate. */
  microphones: MediaStreamTrack[]
  /** URLs that the content security policy refused to the page. */
  refusedUrls: string[]
  /** Arguments of the model's last call of each tool, as JSON, from the data channel; a WebSocket call has none. */
  toolArguments: Record<string, string>
  recorder: SpeakerRecorder
}

export type SpeakerRecorder = {
  /** Starts over without the earlier samples. */
  start(): void
  /** Everything since the start: base64 of mono PCM16. */
  stop(): { base64: string; sampleRate: number; startedAtMs: number }
}

declare global {
  interface Window {
    __pageProbe: PageProbe
    __speakerRecorder: SpeakerRecorder
  }
}

/** Runs in the page, and may use nothing outside itself. */
export const installPageProbe = (): void => {
  const states: StateSeen[] = []
  const microphoneOpenedAtMs: number[] = []
  const microphones: MediaStreamTrack[] = []
  const refusedUrls: string[] = []
  const toolArguments: Record<string, string> = {}

  document.addEventListener('securitypolicyviolation', (event) => {
    if (event.effectiveDirective === 'connect-src') refusedUrls.push(event.blockedURI)
  })

  const readState = (): void => {
    const state = document.querySelector<HTMLElement>('[data-testid=kiosk]')?.dataset.state
    if (state !== undefined && states.at(-1)?.state !== state) {
      states.push({ state, atMs: performance.now() })
    }
  }
  new MutationObserver(readState).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-state']
  })

  const devices = navigator.mediaDevices
  if (devices !== undefined) {
    const getUserMedia = devices.getUserMedia.bind(devices)
    devices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints)
      const [track] = stream.getAudioTracks()
      if (track !== undefined) {
        microphoneOpenedAtMs.push(performance.now())
        microphones.push(track)
      }
      return stream
    }
  }

  const noteToolCall = ({ data }: MessageEvent<unknown>): void => {
    if (typeof data !== 'string' || !data.includes('"response.output_item.done"')) return
    const { item } = JSON.parse(data) as {
      item: { type: string; name: string; arguments: string }
    }
    if (item.type === 'function_call') toolArguments[item.name] = item.arguments
  }
  const { createDataChannel } = RTCPeerConnection.prototype
  RTCPeerConnection.prototype.createDataChannel = function (...args) {
    const channel = createDataChannel.apply(this, args)
    channel.addEventListener('message', noteToolCall)
    return channel
  }

  const pageProbe: PageProbe = {
    states,
    microphoneOpenedAtMs,
    microphones,
    refusedUrls,
    toolArguments,
    recorder: window.__speakerRecorder
  }
  Object.defineProperty(window, '__pageProbe', { value: pageProbe })
}

/** Records the speaker's audio. Runs in the page before `installPageProbe`, and may use nothing outside itself. */
export const installSpeakerRecorder = (): void => {
  // The speaker plays the nodes that are connected to an AudioContext's destination: the recorder connects to the same
  // ones. It is a ScriptProcessor, since the page's policy allows no foreign worklet. Each context has its own recording:
  // the microphone's recorder runs on the speaker's clock too, silent and at another rate.
  type Recording = { chunks: Float32Array[]; samples: number; sampleRate: number; peak: number }
  const recordings: Recording[] = []
  const recorders = new WeakMap<BaseAudioContext, ScriptProcessorNode>()
  let startedAtMs = performance.now()
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => unknown
  const recorderOf = (context: AudioContext): ScriptProcessorNode => {
    const known = recorders.get(context)
    if (known !== undefined) return known
    const recorder = context.createScriptProcessor(4096, 1, 1)
    const { sampleRate } = context
    const recording: Recording = { chunks: [], samples: 0, sampleRate, peak: 0 }
    recordings.push(recording)
    recorder.onaudioprocess = (event) => {
      const chunk = event.inputBuffer.getChannelData(0).slice()
      // An idle context is suspended. Silence fills the gap, so that sample positions stay times.
      const elapsed = Math.round(((performance.now() - startedAtMs) / 1000) * sampleRate)
      const missing = elapsed - recording.samples - chunk.length
      if (missing > 2 * chunk.length) {
        recording.chunks.push(new Float32Array(missing))
        recording.samples += missing
      }
      recording.chunks.push(chunk)
      recording.samples += chunk.length
      for (const sample of chunk) recording.peak = Math.max(recording.peak, Math.abs(sample))
    }
    // Only a connected processor runs; its output is silence.
    connect.call(recorder, context.destination)
    recorders.set(context, recorder)
    return recorder
  }
  // The microphone's recorder and the WebSocket call's player have no speaker.
  const isAudible = (context: BaseAudioContext): context is AudioContext =>
    context instanceof AudioContext &&
    !('sinkId' in context && typeof context.sinkId === 'object' && context.sinkId !== null)
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode && isAudible(this.context)) {
      connect.call(this, recorderOf(this.context))
    }
    return connect.apply(this, args)
  } as typeof AudioNode.prototype.connect

  const recorder: SpeakerRecorder = {
    start() {
      for (const recording of recordings) {
        recording.chunks.length = 0
        recording.samples = 0
        recording.peak = 0
      }
      startedAtMs = performance.now()
    },
    stop() {
      // The loudest recording holds the answer.
      const [loudest] = recordings.toSorted((one, other) => other.peak - one.peak)
      const { chunks, samples, sampleRate } = loudest ?? {
        chunks: [],
        samples: 0,
        sampleRate: 48_000
      }
      const bytes = new Uint8Array(samples * 2)
      const view = new DataView(bytes.buffer)
      let at = 0
      for (const chunk of chunks) {
        for (const sample of chunk) {
          view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32_767, true)
          at += 2
        }
      }
      let binary = ''
      for (let i = 0; i < bytes.length; i += 0x8000) {
        binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
      }
      return { base64: btoa(binary), sampleRate, startedAtMs }
    }
  }

  Object.defineProperty(window, '__speakerRecorder', { value: recorder })
}
