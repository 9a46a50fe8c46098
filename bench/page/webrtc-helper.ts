// Baseline client: the WebRTC helper of `openai`, as its guide shows it. The app's server opens the call, so no key is
// minted. Push-to-talk as in the API's guide: clear at the press, commit and response.create at the release.
import { OpenAIRealtimeWebRTC } from 'openai/realtime/webrtc'
import {
  type BaselineClient,
  type BaselineClientPorts,
  postSdpOffer,
  searchHandbook
} from './baseline-client.ts'

/** A call that its caller adds tracks to before it connects. */
export const idleCall = () => {
  const realtime = new OpenAIRealtimeWebRTC()
  return {
    peerConnection: realtime.peerConnection,
    connect: () => realtime.connect({ exchangeSdp: postSdpOffer })
  }
}

export const webRtcHelper = ({ report }: BaselineClientPorts): BaselineClient => {
  const player = new Audio()
  player.autoplay = true
  let microphone: MediaStream | null = null
  let connection: OpenAIRealtimeWebRTC | null = null
  let connecting: Promise<void> = Promise.resolve()

  const connect = async (): Promise<void> => {
    microphone = await navigator.mediaDevices.getUserMedia({ audio: true })
    const realtime = new OpenAIRealtimeWebRTC()
    connection = realtime
    for (const track of microphone.getTracks()) {
      realtime.peerConnection.addTrack(track, microphone)
    }
    realtime.peerConnection.addEventListener('track', ({ track, streams }) => {
      player.srcObject = streams[0] ?? new MediaStream([track])
    })
    realtime.on('error', ({ error }) => report(`${error.code}: ${error.message}`))
    realtime.on('response.done', ({ response }) => {
      for (const item of response.output ?? []) {
        if (item.type === 'function_call') void answer(item.call_id ?? '', item.arguments ?? '{}')
      }
    })
    await realtime.connect({ exchangeSdp: postSdpOffer })
  }

  const answer = async (callId: string, argumentsJson: string): Promise<void> => {
    const { question } = JSON.parse(argumentsJson)
    const output = await searchHandbook(question)
    connection?.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: callId, output }
    })
    connection?.send({ type: 'response.create' })
  }

  return {
    press: async () => {
      if (connection === null) {
        connecting = connect()
        await connecting
      } else connection.send({ type: 'input_audio_buffer.clear' })
    },
    release: async () => {
      await connecting
      connection?.send({ type: 'input_audio_buffer.commit' })
      connection?.send({ type: 'response.create' })
    },
    close: () => {
      connection?.close()
      connection = null
      for (const track of microphone?.getTracks() ?? []) track.stop()
      microphone = null
    }
  }
}
