// Runs in Chromium: gives tests the kiosk's audio code and measures it from outside.
/// <reference types="vite/client" />
/// <reference path="../../../src/renderer/audio/audio-context-sink.d.ts" />
/// <reference path="./track-processor.d.ts" />
import { createAudibleDetector } from '../../../src/renderer/audio/audible-detector.ts'
import { createMicrophone } from '../../../src/renderer/audio/microphone.ts'
import { runMicrophoneTest } from '../../../src/renderer/audio/microphone-test.ts'
import {
  createRecorder,
  createRecorderContext,
  type Recorder
} from '../../../src/renderer/audio/recorder.ts'
import { RECORDING_RATE_HZ } from '../../../src/renderer/audio/recorder-core.ts'
import { createSpeaker } from '../../../src/renderer/audio/speaker.ts'
import { playTestTone } from '../../../src/renderer/audio/test-tone.ts'
import { schedule, wait } from './watch.ts'

/** Messages of the log; none is expected. */
const problems: string[] = []
const log = (event: string, message: string) => {
  problems.push(`${event}: ${message}`)
}

/** The fake microphone without any processing. */
const rawMicrophone = async (): Promise<MediaStreamTrack> => {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
  })
  const [track] = stream.getAudioTracks()
  if (track === undefined) throw new Error('There is no fake microphone.')
  return track
}

/** A microphone with a steady tone, on the clock of `context`. */
const humming = (
  frequencyHz: number,
  gain: number,
  context = new AudioContext()
): MediaStreamTrack => {
  const tone = new OscillatorNode(context, { frequency: frequencyHz })
  const room = context.createMediaStreamDestination()
  tone.connect(new GainNode(context, { gain })).connect(room)
  tone.start()
  const [track] = room.stream.getAudioTracks()
  if (track === undefined) throw new Error('There is no track.')
  return track
}

const newRecorder = (context = createRecorderContext()): Recorder =>
  createRecorder({ context, schedule, log })

/** A recorder with a loaded worklet, a connected microphone and a full pre-roll. */
const warmRecorder = async (
  track: MediaStreamTrack,
  context = createRecorderContext()
): Promise<Recorder> => {
  const recorder = newRecorder(context)
  recorder.setMicrophone(track)
  const isConnected = new Promise<void>((resolve) => {
    const stop = recorder.onChunk(() => {
      stop()
      resolve()
    })
  })
  recorder.start(-1)
  await isConnected
  await recorder.stop(-1)
  recorder.drop(-1)
  await wait(300)
  return recorder
}

/** Resolves when a microphone that was silent has sounded for so many milliseconds, by its own samples. */
const soundLasts = async (track: MediaStreamTrack, forMs: number): Promise<void> => {
  const recorder = newRecorder()
  recorder.setMicrophone(track)
  let wasSilent = false
  let loudSamples = 0
  const isReached = new Promise<void>((resolve) => {
    recorder.onChunk((_, piece) => {
      const isLoud = piece.some((sample) => Math.abs(sample) > 1_600)
      wasSilent ||= !isLoud
      if (isLoud && wasSilent) loudSamples += piece.length
      if (loudSamples >= (forMs / 1000) * RECORDING_RATE_HZ) resolve()
    })
  })
  recorder.start(0)
  await isReached
  recorder.close()
}

/**
 * Counts a track's loud samples in milliseconds, as the browser delivers them. Counted samples may still be on their way
 * to other consumers.
 */
const loudMsOf = (track: MediaStreamTrack): { sofar: () => number; stop: () => Promise<void> } => {
  const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader()
  let loudMs = 0
  const count = async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const samples = new Float32Array(value.numberOfFrames)
      value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' })
      loudMs +=
        (samples.filter((sample) => Math.abs(sample) > 0.05).length / value.sampleRate) * 1000
      value.close()
    }
  }
  const counting = count()
  return {
    sofar: () => loudMs,
    stop: async () => {
      await reader.cancel()
      await counting
    }
  }
}

const samplesOf = (recorder: Recorder, recordingId: number): number[] | null => {
  const samples = recorder.read(recordingId)
  return samples === null ? null : [...samples]
}

/**
 * The `performance.now()` at which a context's clock was 0. The clock moves in steps, and a step is seen late but never
 * early: the least value is the most exact.
 */
const clockZeroMs = async (context: AudioContext): Promise<number> => {
  let zeroMs = Number.POSITIVE_INFINITY
  for (let look = 0; look < 150; look++) {
    zeroMs = Math.min(zeroMs, performance.now() - context.currentTime * 1000)
    await wait(1)
  }
  return zeroMs
}

const newSpeaker = (context: AudioContext) =>
  createSpeaker(context, new Audio(), navigator.mediaDevices, log)

const newDetector = (context: AudioContext, node: AudioNode) => {
  const audible: number[] = []
  const silent: number[] = []
  const detector = createAudibleDetector(context, node, {
    onAudible: (atMs) => audible.push(atMs),
    onSilent: (atMs) => silent.push(atMs),
    log
  })
  return { detector, audible, silent }
}

export type LoopbackCall = {
  stream: MediaStream
  /** Sends a track; null sends nothing, as a far end between two answers. */
  send: (track: MediaStreamTrack | null) => Promise<void>
  packets: () => Promise<number>
  close: () => void
}

/** A call of the page with itself: packets, Opus and a jitter buffer. */
const loopbackCall = async (): Promise<LoopbackCall> => {
  const far = new RTCPeerConnection()
  const near = new RTCPeerConnection()
  far.onicecandidate = ({ candidate }) => void near.addIceCandidate(candidate ?? undefined)
  near.onicecandidate = ({ candidate }) => void far.addIceCandidate(candidate ?? undefined)
  const stream = new Promise<MediaStream>((resolve) => {
    near.ontrack = ({ track }) => resolve(new MediaStream([track]))
  })
  const { sender } = far.addTransceiver('audio', { direction: 'sendonly' })
  await far.setLocalDescription()
  if (far.localDescription !== null) await near.setRemoteDescription(far.localDescription)
  await near.setLocalDescription()
  if (near.localDescription !== null) await far.setRemoteDescription(near.localDescription)
  while (near.connectionState !== 'connected') await wait(5)
  return {
    stream: await stream,
    send: (track) => sender.replaceTrack(track),
    packets: async () => {
      let received = 0
      const statistics = await near.getStats()
      statistics.forEach((report: { type: string; packetsReceived?: number }) => {
        if (report.type === 'inbound-rtp') received += report.packetsReceived ?? 0
      })
      return received
    },
    close: () => {
      far.close()
      near.close()
    }
  }
}

export const audioLab = {
  problems,
  schedule,
  wait,
  rawMicrophone,
  humming,
  soundLasts,
  newRecorder,
  warmRecorder,
  samplesOf,
  loudMsOf,
  clockZeroMs,
  newSpeaker,
  loopbackCall,
  newDetector,
  createRecorderContext,
  createMicrophone,
  runMicrophoneTest,
  playTestTone
}

declare global {
  interface Window {
    audioLab: typeof audioLab
  }
}

window.audioLab = audioLab
