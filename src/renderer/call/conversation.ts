// Runs one conversation with the model: reduces each event, runs its effects, and reports the new state.
import type { Settings } from '../../shared/settings.ts'
import type { TurnState } from '../turn/turn-reducer.ts'
import type { ClientEventBody } from './client-events.ts'
import type { ConversationPorts, EffectHandlers, EffectPorts } from './conversation-ports.ts'
import {
  type ConversationEffect,
  type ConversationEvent,
  initialConversationState,
  reduceConversation
} from './conversation-reducer.ts'
import { createEventQueue } from './event-queue.ts'
import { handbookEffects } from './handbook-effects.ts'
import { replayItems } from './history.ts'
import { createInputSettingsSender } from './input-settings.ts'
import { questionEffects } from './question-effects.ts'
import { responseEffects } from './response-effects.ts'
import { createResponseQueue } from './response-queue.ts'
import { createScreenUpdates } from './screen-updates.ts'
import { readServerEvent, type ServerError, type ServerEvent } from './server-events.ts'
import {
  eventOfError,
  eventOfServer,
  HANDS_FREE_EVENT_ID,
  isUnsuccessful
} from './server-turn-events.ts'
import { createTurnCosts } from './turn-costs.ts'
import { createTurnRecord } from './turn-record.ts'

export type Conversation = {
  dispatch: (event: ConversationEvent) => void
  /** One message of the data channel. */
  receive: (data: string) => void
  /** A new call is in use; `replay` sends it the last exchanges. */
  opened: (call: { replay: boolean }) => void
  /** The call in use is gone; another one will come by itself. */
  lost: () => void
  inputSettingsChanged: () => void
  /** A moment of the turn under way that is measured outside the conversation. */
  mark: (mark: 'firstPacket' | 'audible', atMs: number) => void
  state: () => TurnState
}

/** The response whose sound the service has not announced; null without one. */
const silentResponse = ({ turn, playing }: TurnState): string | null =>
  playing === null && turn?.phase === 'answering' ? (turn.responses.at(-1) ?? null) : null

/** `log.write` takes no longer message. */
const MESSAGE_LIMIT = 500

const failureDetail = ({
  id: response,
  status,
  status_details
}: Extract<ServerEvent, { type: 'response.done' }>['response']) => {
  const { type, code, message } = status_details?.error ?? {}
  return {
    response,
    status,
    reason: status_details?.reason ?? null,
    type: type ?? null,
    code: code ?? null,
    message: message?.slice(0, MESSAGE_LIMIT) ?? null
  }
}

/** @param settings `tailMs`: how long the microphone stays open after a release */
export const createConversation = (
  ports: ConversationPorts,
  settings: Pick<Settings, 'tailMs' | 'talkMode' | 'transcriptWaitMs'>
): Conversation => {
  let state = initialConversationState(settings)
  let questionId = ''
  let callCount = 0
  let eventCount = 0

  const nextEventId = () => `heard-${++eventCount}`
  const send = (event: ClientEventBody, eventId = nextEventId()) =>
    ports.send({ ...event, event_id: eventId })
  const queue = createResponseQueue(ports.send, nextEventId, ports.schedule)

  const screen = createScreenUpdates(ports.schedule, () =>
    ports.onChange(state.turn, state.answer.view)
  )
  const dispatch = createEventQueue<ConversationEvent>((event) => {
    const before = state.turn
    const { state: after, effects } = reduceConversation(state, event)
    state = after
    screen.observe(event)
    record.observe(event, before, state.turn)
    for (const effect of effects) run(effect, event)
  }, screen.update)

  const context = { ...ports, state: () => state, dispatch }
  const record = createTurnRecord(context, () => questionId)
  const costs = createTurnCosts((cost) => void ports.bridge.call('turns.reportCost', cost))
  const effectPorts: EffectPorts = { ...context, send, mark: record.mark }
  const handlers: EffectHandlers = {
    ...questionEffects(effectPorts, () => callCount),
    ...handbookEffects(effectPorts, () => questionId),
    ...responseEffects(effectPorts, queue),
    ...record.effects,
    turn_started: (effect, cause) => {
      questionId = ports.newId()
      costs.turnStarted(questionId)
      record.effects.turn_started(effect, cause)
    },
    turn_discarded: (effect, cause) => {
      costs.turnEnded()
      record.effects.turn_discarded(effect, cause)
    },
    turn_ended: (effect, cause) => {
      costs.turnEnded()
      record.effects.turn_ended(effect, cause)
    },
    wake_call: ports.wakeCall,
    replace_call: () => ports.replaceCall('no_answer'),
    hint: ({ hint }) => ports.onHint(hint)
  }
  const run = (effect: ConversationEffect, cause: ConversationEvent) => {
    const handle = handlers[effect.type] as (
      effect: ConversationEffect,
      cause: ConversationEvent
    ) => void
    handle(effect, cause)
  }

  const inputSettings = createInputSettingsSender(ports.inputSettings, (input) =>
    send(
      { type: 'session.update', session: { type: 'realtime', audio: { input } } },
      input.turn_detection == null ? undefined : HANDS_FREE_EVENT_ID
    )
  )

  const onError = (error: ServerError) => {
    const verdict = queue.classify(error)
    ports.log(verdict.kind === 'unrelated' ? 'warn' : 'info', 'call.error', {
      code: error.code ?? null,
      message: error.message.slice(0, MESSAGE_LIMIT),
      verdict: verdict.kind
    })
    if (error.code === 'session_expired') {
      ports.replaceCall('session_expired')
      return
    }
    const event = eventOfError(error, verdict)
    if (event === null) return
    if (event.type === 'hands_free_refused') inputSettings.handsFreeRefused()
    dispatch(event)
  }

  const onServerEvent = (event: ServerEvent) => {
    costs.observe(event)
    switch (event.type) {
      case 'error':
        onError(event.error)
        return
      case 'conversation.item.input_audio_transcription.failed':
        ports.log('warn', 'call.transcriptionFailed', { item: event.item_id })
        break
      case 'response.created':
        queue.created(event.response.id)
        break
      case 'response.done':
        // Before the dispatch: the next request of the turn may go out at once.
        queue.done(event.response.id)
        break
      default:
    }
    const next = eventOfServer(event, ports.now())
    if (next === null) return
    if (event.type === 'response.done' && isUnsuccessful(event.response)) {
      ports.log('warn', 'call.responseFailed', failureDetail(event.response))
    }
    dispatch(next)
  }

  return {
    dispatch,
    receive: (data) => {
      const read = readServerEvent(data)
      if (read.kind === 'event') onServerEvent(read.event)
      else if (read.kind === 'malformed') {
        ports.log('warn', 'call.malformedEvent', { type: read.type, reason: read.reason })
      }
    },
    opened: ({ replay }) => {
      callCount += 1
      queue.reset()
      inputSettings.opened()
      const items = replay ? replayItems(state.history, ports.newId) : []
      for (const item of items) send({ type: 'conversation.item.create', item })
      const replayedItemIds = items.map(({ id }) => id)
      dispatch({ type: 'session_opened', replay, replayedItemIds })
    },
    lost: () => {
      callCount += 1
      dispatch({ type: 'call_lost' })
      queue.reset()
    },
    inputSettingsChanged: inputSettings.changed,
    mark: (mark, atMs) => {
      record.mark(mark, atMs)
      // Its sound says that the answer plays, also where the event of the service is lost.
      const responseId = mark === 'audible' ? silentResponse(state.turn) : null
      if (responseId !== null) dispatch({ type: 'audio_started', responseId })
    },
    state: () => state.turn
  }
}
