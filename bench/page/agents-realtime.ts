// Baseline client: `@openai/agents-realtime`, as its guide shows it. Push-to-talk with turn detection off, `mute`, and
// commit and response.create through the transport ("you are responsible for committing audio turns and then sending
// response.create").
import {
  OpenAIRealtimeWebRTC as AgentsWebRTC,
  RealtimeAgent,
  RealtimeSession,
  tool
} from '@openai/agents-realtime'
import { z } from 'zod'
import {
  type BaselineClient,
  type BaselineClientPorts,
  fetchKey,
  searchHandbook
} from './baseline-client.ts'

const agent = new RealtimeAgent({
  name: 'Handbook',
  instructions: 'Answer from the handbook, always. Search it first.',
  tools: [
    tool({
      name: 'search_handbook',
      description: 'Searches the handbook.',
      parameters: z.object({ question: z.string() }),
      execute: ({ question }) => searchHandbook(question)
    })
  ]
})

export const agentsRealtime = ({ openaiUrl, report }: BaselineClientPorts): BaselineClient => {
  let session: RealtimeSession | null = null
  let connecting: Promise<void> = Promise.resolve()

  const connect = async (): Promise<void> => {
    const apiKey = await fetchKey('agents-realtime')
    const opened = new RealtimeSession(agent, {
      transport: new AgentsWebRTC(),
      model: 'gpt-realtime-2.1',
      config: { audio: { input: { turnDetection: null } } }
    })
    session = opened
    opened.on('error', ({ error }) => report(JSON.stringify(error)))
    await opened.connect({ apiKey, url: `${openaiUrl}/realtime/calls` })
  }

  return {
    press: async () => {
      if (session === null) {
        connecting = connect()
        await connecting
      } else {
        session.transport.sendEvent({ type: 'input_audio_buffer.clear' })
        session.mute(false)
      }
    },
    release: async () => {
      await connecting
      session?.mute(true)
      session?.transport.sendEvent({ type: 'input_audio_buffer.commit' })
      session?.transport.sendEvent({ type: 'response.create' })
    },
    close: () => {
      session?.close()
      session = null
    }
  }
}
