// Runs in Chromium: the official clients, unmodified, and what a test needs to drive and to watch them.
import {
  OpenAIRealtimeWebRTC as AgentsWebRTC,
  RealtimeAgent,
  RealtimeSession,
  tool
} from '@openai/agents-realtime'
import { OpenAIRealtimeWebRTC } from 'openai/realtime/webrtc'
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { z } from 'zod'

export type ReceivedEvent = { atMs: number; event: RealtimeServerEvent }

/** RMS below this is silence: −50 dBFS. */
const SILENCE_RMS = 0.003

type Loudness = {
  peak: () => number
  audibleSince: () => number | null
  silentSince: () => number | null
}

/** Measures what a remote stream plays, every few milliseconds. */
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
  let audibleSince: number | null = null
  let silentSince: number | null = null
  setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    const rms = Math.sqrt(
      samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
    )
    peak = Math.max(peak, rms)
    if (rms > SILENCE_RMS) {
      audibleSince ??= performance.now()
      silentSince = null
    } else silentSince ??= performance.now()
  }, 5)
  return { peak: () => peak, audibleSince: () => audibleSince, silentSince: () => silentSince }
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

type Watch = { seen: ReceivedEvent[]; arrived: Set<() => void> }

const newWatch = (): Watch => ({ seen: [], arrived: new Set() })

const note = (watch: Watch, event: RealtimeServerEvent): void => {
  watch.seen.push({ atMs: performance.now(), event })
  for (const listener of watch.arrived) listener()
}

/** The first event of this type at or after a place in what was seen. */
const waitFor = (watch: Watch, type: string, from: number): Promise<number> =>
  new Promise((resolve) => {
    const look = (): void => {
      const at = watch.seen.findIndex(({ event }, index) => index >= from && event.type === type)
      if (at < 0) return
      watch.arrived.delete(look)
      resolve(at)
    }
    watch.arrived.add(look)
    look()
  })

const driveHelper = () => {
  const watch = newWatch()
  const closed: string[] = []
  const connection = new OpenAIRealtimeWebRTC()
  const transceiver = connection.peerConnection.addTransceiver('audio', { direction: 'sendrecv' })
  let loudness: Loudness | null = null
  connection.peerConnection.ontrack = ({ track }) => {
    loudness = listenTo(new MediaStream([track]))
  }
  connection.onEvent((event) => note(watch, event))
  connection.onConnectionEvent((event) => {
    if (event.type === 'closed') closed.push(event.reason)
  })
  return {
    watch,
    closed,
    channel: connection.dataChannel as RTCDataChannel,
    state: () => connection.peerConnection.connectionState,
    /** Where the far end's packets come from, as far as the browser knows. */
    remoteAddresses: async () => {
      const addresses: string[] = []
      for (const report of (await connection.peerConnection.getStats()).values())
        if (report.type === 'remote-candidate') addresses.push(`${report.address}:${report.port}`)
      return addresses
    },
    loudness: () => loudness,
    connect: (url: string, key: string) => connection.connect({ exchangeSdp: exchange(url, key) }),
    send: (event: RealtimeClientEvent) => connection.send(event),
    /** Text that is no event of the package's types: what the strictness tests send. */
    sendRaw: (text: string) => connection.dataChannel.send(text),
    /** The fake device's file begins when it is opened: press is where the question starts. */
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
  const watch = newWatch()
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
      session.transport.on('*', (event) => note(watch, event as RealtimeServerEvent))
      await session.connect({ apiKey: key, url: `${url}/realtime/calls` })
      const played = element.srcObject
      if (played instanceof MediaStream) loudness = listenTo(played)
    },
    ask: (text: string) => session.sendMessage(text),
    interrupt: () => session.interrupt(),
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
 * A call whose channel both sides know beforehand, as WARP wants it: no client of OpenAI's does this yet.
 * @param dcid what the address says; null for nothing. @param announced a second channel, which the client announces.
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
  const watch = newWatch()
  let closed = false
  channel.addEventListener('message', ({ data }) => note(watch, JSON.parse(data)))
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

const fidelity = { driveHelper, driveAgents, driveNegotiated, waitFor, location: () => location }
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
