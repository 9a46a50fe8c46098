// Runs in Chromium: drives and watches the official clients, unmodified.
import {
  OpenAIRealtimeWebRTC as AgentsWebRTC,
  RealtimeAgent,
  RealtimeSession,
  tool
} from '@openai/agents-realtime'
import { OpenAIRealtimeWebRTC } from 'openai/realtime/webrtc'
import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { z } from 'zod'
import { newWatch } from './watch.ts'

export type ReceivedEvent = { atMs: number; event: RealtimeServerEvent }

/** RMS below this is silence: −50 dBFS. */
const SILENCE_RMS = 0.003

type Loudness = {
  peak: () => number
  silentSince: () => number | null
}

/** Measures a remote stream every few milliseconds. */
const listenTo = (stream: MediaStream): Loudness => {
  // Chromium decodes a remote track only while an element plays it.
  const element = new Audio()
  element.srcObject = stream
  void element.play()
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  let peak = 0
  let silentSince: number | null = null
  setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    const rms = Math.sqrt(
      samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
    )
    peak = Math.max(peak, rms)
    if (rms > SILENCE_RMS) {
      silentSince = null
    } else silentSince ??= performance.now()
  }, 5)
  return { peak: () => peak, silentSince: () => silentSince }
}

const exchange =
  (url: string, key: string) =>
  async (offer: string): Promise<string> => {
    const response = await fetch(`${url}/realtime/calls`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/sdp' },
      body: offer
    })
    location = response.headers.get('Location')
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    return response.text()
  }

let location: string | null = null

const newEventWatch = () => {
  const watch = newWatch<ReceivedEvent>()
  const note = (event: RealtimeServerEvent) => watch.add({ atMs: performance.now(), event })
  return { watch, note }
}

const driveHelper = () => {
  const { watch, note } = newEventWatch()
  const closed: string[] = []
  const connection = new OpenAIRealtimeWebRTC()
  const transceiver = connection.peerConnection.addTransceiver('audio', { direction: 'sendrecv' })
  let loudness: Loudness | null = null
  connection.peerConnection.ontrack = ({ track }) => {
    loudness = listenTo(new MediaStream([track]))
  }
  connection.onEvent(note)
  connection.onConnectionEvent((event) => {
    if (event.type === 'closed') closed.push(event.reason)
  })
  return {
    watch,
    closed,
    channel: connection.dataChannel as RTCDataChannel,
    state: () => connection.peerConnection.connectionState,
    /** Addresses of the far end. */
    remoteAddresses: async () => {
      const addresses: string[] = []
      for (const report of (await connection.peerConnection.getStats()).values())
        if (report.type === 'remote-candidate') addresses.push(`${report.address}:${report.port}`)
      return addresses
    },
    loudness: () => loudness,
    connect: (url: string, key: string) => connection.connect({ exchangeSdp: exchange(url, key) }),
    /** Sends text that is outside the package's types. */
    sendRaw: (text: string) => connection.dataChannel.send(text),
    /** The fake device's file begins with its opening: the question starts at the press. */
    press: async () => {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
      })
      await transceiver.sender.replaceTrack(stream.getAudioTracks()[0] ?? null)
    },
    release: async () => {
      transceiver.sender.track?.stop()
      await transceiver.sender.replaceTrack(null)
    },
    close: () => connection.close()
  }
}

const driveAgents = (toolOutput: string) => {
  const { watch, note } = newEventWatch()
  const queries: string[] = []
  const failures: string[] = []
  let loudness: Loudness | null = null
  const search = tool({
    name: 'search_handbook',
    description: 'Searches the handbook.',
    parameters: z.object({ query: z.string() }),
    execute: async ({ query }) => {
      queries.push(query)
      return toolOutput
    }
  })
  const agent = new RealtimeAgent({
    name: 'Handbook',
    instructions: 'Answer from the handbook, always.',
    tools: [search]
  })
  const element = document.createElement('audio')
  const session = new RealtimeSession(agent, {
    transport: new AgentsWebRTC({ audioElement: element }),
    model: 'gpt-realtime-2.1'
  })
  return {
    watch,
    queries,
    failures,
    loudness: () => loudness,
    connect: async (url: string, key: string) => {
      session.on('error', ({ error }) => failures.push(JSON.stringify(error)))
      session.transport.on('*', (event) => note(event as RealtimeServerEvent))
      await session.connect({ apiKey: key, url: `${url}/realtime/calls` })
      const played = element.srcObject
      if (played instanceof MediaStream) loudness = listenTo(played)
    },
    ask: (text: string) => session.sendMessage(text),
    history: () =>
      session.history.flatMap((item) =>
        item.type === 'message'
          ? item.content.map((part) => ({
              role: item.role,
              text: ('transcript' in part ? part.transcript : 'text' in part ? part.text : '') ?? ''
            }))
          : [{ role: 'tool', text: item.type === 'function_call' ? item.name : '' }]
      ),
    usage: () => ({ input: session.usage.inputTokens, output: session.usage.outputTokens }),
    close: () => session.close()
  }
}

/**
 * Opens a call with a negotiated channel, as WARP needs it: no client of OpenAI does this yet.
 * @param dcid query parameter; null for none. @param announced announces a second channel.
 */
const driveNegotiated = async (
  url: string,
  key: string,
  { channelId, dcid, announced }: { channelId: number; dcid: string | null; announced: boolean }
) => {
  const connection = new RTCPeerConnection()
  connection.addTransceiver('audio', { direction: 'sendrecv' })
  const channel = connection.createDataChannel('events', { negotiated: true, id: channelId })
  if (announced) connection.createDataChannel('oai-events')
  const { watch, note } = newEventWatch()
  let closed = false
  channel.addEventListener('message', ({ data }) => note(JSON.parse(data)))
  channel.addEventListener('close', () => {
    closed = true
  })
  await connection.setLocalDescription()
  const response = await fetch(`${url}/realtime/calls${dcid === null ? '' : `?dcid=${dcid}`}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/sdp' },
    body: connection.localDescription?.sdp ?? ''
  })
  const text = await response.text()
  if (response.ok) await connection.setRemoteDescription({ type: 'answer', sdp: text })
  return {
    watch,
    status: response.status,
    text,
    closed: () => closed,
    send: (event: object) => channel.send(JSON.stringify(event)),
    close: () => connection.close()
  }
}

const fidelity = { driveHelper, driveAgents, driveNegotiated, location: () => location }
export type Fidelity = typeof fidelity
export type HelperDriver = ReturnType<typeof driveHelper>
export type AgentsDriver = ReturnType<typeof driveAgents>

declare global {
  interface Window {
    fidelity: Fidelity
    negotiated: Awaited<ReturnType<typeof driveNegotiated>>
    helper: HelperDriver
    agents: AgentsDriver
  }
}
window.fidelity = fidelity
