// Baseline client: the hook of the product's first plan, with GA event shapes and without React state. It fetches a key,
// makes the connection, opens the microphone and posts the offer one after the other. The microphone is always open, and
// the server's voice detection ends a turn after 800 ms of silence. A press and a release start and stop the speech.
import {
  type BaselineClient,
  type BaselineClientPorts,
  fetchKey,
  searchHandbook
} from './baseline-client.ts'

type ServerEvent = {
  type: string
  name?: string
  call_id?: string
  arguments?: string
  error?: { message?: string }
}

export const openMicrophoneHook = ({ openaiUrl, report }: BaselineClientPorts): BaselineClient => {
  let pc: RTCPeerConnection | null = null
  let dc: RTCDataChannel | null = null
  let stream: MediaStream | null = null
  let audioElement: HTMLAudioElement | null = null
  let connecting: Promise<void> = Promise.resolve()

  const handleToolCall = async (name: string, callId: string, args: string): Promise<void> => {
    if (name !== 'search_handbook') return
    try {
      const { question } = JSON.parse(args)
      const output = await searchHandbook(question)
      if (dc?.readyState !== 'open') return
      dc.send(
        JSON.stringify({
          type: 'conversation.item.create',
          item: { type: 'function_call_output', call_id: callId, output }
        })
      )
      dc.send(JSON.stringify({ type: 'response.create' }))
    } catch (error) {
      report(String(error))
    }
  }

  const handleMessage = ({ data }: MessageEvent): void => {
    const event: ServerEvent = JSON.parse(data)
    switch (event.type) {
      case 'response.function_call_arguments.done':
        void handleToolCall(event.name ?? '', event.call_id ?? '', event.arguments ?? '{}')
        return
      case 'error':
        report(event.error?.message ?? 'Unknown error')
        return
      default:
        return
    }
  }

  const cleanup = (): void => {
    dc?.close()
    dc = null
    pc?.close()
    pc = null
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = null
    if (audioElement !== null) audioElement.srcObject = null
    audioElement = null
  }

  const connect = async (): Promise<void> => {
    const ephemeralKey = await fetchKey('open-microphone-hook')

    const connection = new RTCPeerConnection()
    pc = connection
    const element = document.createElement('audio')
    element.autoplay = true
    audioElement = element
    connection.ontrack = ({ track, streams }) => {
      element.srcObject = streams[0] ?? new MediaStream([track])
    }

    stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
    })
    for (const track of stream.getAudioTracks()) connection.addTrack(track)

    dc = connection.createDataChannel('oai-events')
    dc.onmessage = handleMessage

    const offer = await connection.createOffer()
    await connection.setLocalDescription(offer)
    const response = await fetch(`${openaiUrl}/realtime/calls`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${ephemeralKey}`, 'Content-Type': 'application/sdp' },
      body: offer.sdp ?? ''
    })
    if (!response.ok) throw new Error('Failed to establish WebRTC connection')
    await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() })
    connection.onconnectionstatechange = () => {
      if (connection.connectionState === 'failed') cleanup()
    }
  }

  /** Speech and silence of the person; the hook has no part in it. */
  const talk = (isTalking: boolean): void => {
    for (const track of stream?.getAudioTracks() ?? []) track.enabled = isTalking
  }

  return {
    press: async () => {
      if (pc === null) {
        connecting = connect()
        await connecting
      } else talk(true)
    },
    release: async () => {
      talk(false)
      await connecting
      // The release may come before the microphone is open.
      talk(false)
    },
    close: cleanup
  }
}
