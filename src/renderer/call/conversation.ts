// One conversation with the model: what happens on the call goes through the turn's reducer, and what
// the reducer decides is done here, in its order. The only place where the turn meets the world.
import type { Span } from '../../shared/answer-check.ts'
import type { Bridge } from '../../shared/contract.ts'
import type { FailureCode } from '../../shared/failure.ts'
import {
  type AnswerReport,
  type Citation,
  type HandbookQuestion,
  type Passage,
  QUERY_LENGTH_LIMIT,
  type ReportedAnswer,
  toolOutput
} from '../../shared/handbook.ts'
import type { Language } from '../../shared/language.ts'
import { TIME_TO_FIRST_AUDIO_LIMIT_MS } from '../../shared/rating.ts'
import type { Settings } from '../../shared/settings.ts'
import type { TurnTiming } from '../../shared/turn-timing.ts'
import type { Recorder } from '../audio/recorder.ts'
import {
  answerIn,
  type CaptionEvent,
  type Captions,
  emptyCaptions,
  reduceCaptions,
  transcriptIn
} from '../captions/captions.ts'
import type { HintCode, Outcome, TimerName, TurnEffect, TurnEvent } from '../turn/turn-events.ts'
import { initialTurnState, reduceTurn, type TurnState } from '../turn/turn-reducer.ts'
import { createTurnTimings } from '../turn/turn-timing.ts'
import {
  type AnswerChecks,
  bestSection,
  type CitedSection,
  nearestSections,
  type ReviewedReport,
  reviewReport,
  withPassages
} from './answer-citations.ts'
import {
  appendPieces,
  type ClientEvent,
  type InputSettings,
  inputSettingsUpdate,
  MINTED_INPUT_SETTINGS
} from './client-events.ts'
import type { ReplaceReason } from './connection.ts'
import { failureFromMain, type KioskFailure, kioskFailure } from './failures.ts'
import { searchHandbook, searchOfflineCopy } from './handbook-search.ts'
import { addExchange, type Exchange, replayItems } from './history.ts'
import { createResponseQueue } from './response-queue.ts'
import { readServerEvent, type ServerError, type ServerEvent } from './server-events.ts'
import { readToolCall } from './tool-calls.ts'
import type { TransportPath } from './transport.ts'

/** What the screen shows of the current or last turn. */
export type TurnView = {
  id: number
  transcript: string
  answer: string
  /** Whether the handbook had something; null until it has answered. */
  found: boolean | null
  /** The sections that the answer was taken from: those of its report, or the best one while there is none. */
  citations: readonly CitedSection[]
  /** The sections nearest to the question, for when it is not answered. */
  nearest: readonly Citation[]
  /** Figures of `answer` that stand in no passage that was given for it. */
  unverified: readonly Span[]
  /**
   * Whose word `found` and `citations` are: the search's; the search's until the answer is complete, which may say
   * otherwise; or the model's, which read the passages and spoke.
   */
  verdict: 'searched' | 'awaited' | 'reported'
  /** What is shown comes from the copy of the handbook on this machine. */
  offline: boolean
  /** It is only shown: there was no call to say it on. */
  silent: boolean
  outcome: Outcome | null
  failure: KioskFailure | null
  /** The id that the backend knows the question by; null when it has not answered it: there is nothing to rate. */
  questionId: string | null
  /** From the release to the first sound of the answer, in milliseconds; null where it was not measured. */
  timeToFirstAudioMs: number | null
}

export type ConversationPorts = {
  bridge: Bridge
  /** False when there is no open call. */
  send: (event: ClientEvent) => boolean
  /** What carries the call in use; null while there is none. */
  path: () => TransportPath | null
  /** Somebody waits for a call. */
  wakeCall: () => void
  /** The call in use does not do what a call does. */
  replaceCall: (reason: ReplaceReason) => void
  /** How the call is to listen. */
  listening: () => InputSettings
  gate: { open: () => void; close: () => void }
  /** A question has been asked: the next sound of the speaker is its answer. */
  onQuestionSent: () => void
  recorder: Pick<Recorder, 'start' | 'stop' | 'silenceAt' | 'read' | 'drop'>
  speaker: { cut: () => void; restore: () => void }
  loadChecks: () => Promise<AnswerChecks>
  language: () => Language
  newId: () => string
  /** Milliseconds that only grow, on the clock of the DOM's events. */
  now: () => number
  /** Unix milliseconds. */
  wallClock: () => number
  schedule: (run: () => void, ms: number) => () => void
  onChange: (turn: TurnState, view: TurnView) => void
  onHint: (hint: HintCode) => void
  log: (
    level: 'info' | 'warn' | 'error',
    event: string,
    detail: Record<string, string | number | boolean | null>
  ) => void
}

export type Conversation = {
  dispatch: (event: TurnEvent) => void
  /** One message of the data channel, unread. */
  receive: (data: string) => void
  /** A new call is open: the old one's words and debts are gone; its last questions are told to the new one. */
  opened: (call: { replay: boolean }) => void
  /** The call in use is gone; another one will come by itself. */
  lost: () => void
  /** The way of listening was changed in the settings. */
  inputSettingsChanged: () => void
  /** A moment of the turn under way that only the world outside knows. */
  mark: (mark: 'firstPacket' | 'audible', atMs: number) => void
  /** Puts the last failure away; its turn stays what it was. */
  dismiss: () => void
  /** Takes every word off the screen. */
  forget: () => void
  state: () => TurnState
}

const COMMIT_PREFIX = 'commit-'
/** What the service writes is for the log, within the limit of the contract's `log.write`. */
const MESSAGE_LIMIT = 500
/** An answer has two or three sentences; the backend counts no further. */
const MOST_UNVERIFIED_FIGURES = 100
/** A turn of which nothing is known yet. */
export const emptyTurn = (id: number): TurnView => ({
  id,
  transcript: '',
  answer: '',
  found: null,
  citations: [],
  nearest: [],
  unverified: [],
  verdict: 'searched',
  offline: false,
  silent: false,
  outcome: null,
  failure: null,
  questionId: null,
  timeToFirstAudioMs: null
})

const heardMsOf = ({ marks: { release, audible } }: TurnTiming): number | null => {
  if (release === undefined || audible === undefined) return null
  const timeToFirstAudioMs = Math.round(audible - release)
  return timeToFirstAudioMs >= 0 && timeToFirstAudioMs <= TIME_TO_FIRST_AUDIO_LIMIT_MS
    ? timeToFirstAudioMs
    : null
}

/** @param tailMs how long the microphone stays open after a release */
export const createConversation = (
  ports: ConversationPorts,
  { tailMs, talkMode }: Pick<Settings, 'tailMs' | 'talkMode'>
): Conversation => {
  let turn = initialTurnState(tailMs, talkMode)
  let captions: Captions = emptyCaptions
  let view = emptyTurn(0)
  let questionId = ports.newId()
  /** All that the model was given for the question of `view`. */
  let passages: readonly Passage[] = []
  /** Loaded with the first passages: nothing is checked before there are any. */
  let checks: AnswerChecks | null = null
  /** What it reports of its answer; null while it has not. */
  let report: ReviewedReport | null = null
  /** The backend knows what became of the answer. */
  let isTold = false
  let startedAtMs = 0
  let history: readonly Exchange[] = []
  let listening: InputSettings = MINTED_INPUT_SETTINGS
  /** Grows with every call: a recording that is on its way to one is not sent on the next. */
  let callCount = 0
  /** When the last press happened, as the event that is being stepped says. */
  let pressedAtMs = 0
  let isAskedAgain = false
  /** Clears of the input buffer that the service has not confirmed yet. */
  let clearsOnTheirWay = 0
  /** What was typed, in the step that begins its turn. */
  let askedText = ''
  const timings = createTurnTimings()
  /** Timers of the turn, each with what stops it. The reducer starts and stops them. */
  const timers = new Map<TimerName, () => void>()
  const pending: TurnEvent[] = []
  let isStepping = false
  let eventCount = 0

  const nextEventId = () => {
    eventCount += 1
    return `heard-${eventCount}`
  }
  const queue = createResponseQueue((event) => void ports.send(event), nextEventId, ports.schedule)

  const unverifiedIn = (answer: string, state: 'complete' | 'streaming'): readonly Span[] =>
    checks?.unverifiedFigures(answer, passages, state) ?? []

  const show = () => {
    const { id } = view
    const transcript = transcriptIn(captions, id).text
    const said = answerIn(captions, id).text
    // A new call starts without captions; what was said on the old one stays on the screen.
    const answer = said === '' ? view.answer : said
    const isGiven = !isBeingGiven()
    view = {
      ...view,
      transcript: transcript === '' ? view.transcript : transcript,
      answer,
      // Words before the first search are not the handbook's: there is nothing yet to check them against.
      unverified:
        view.found === null ? [] : unverifiedIn(answer, isGiven ? 'complete' : 'streaming'),
      verdict: view.verdict === 'awaited' && isGiven ? 'searched' : view.verdict
    }
    ports.onChange(turn, view)
  }

  const note = (event: CaptionEvent) => {
    captions = reduceCaptions(captions, event)
  }

  const mark = (name: Parameters<typeof timings.mark>[1], atMs = ports.now()) => {
    if (turn.turn !== null) timings.mark(turn.turn.id, name, atMs)
  }

  const forgetSource = () => {
    passages = []
    report = null
    isTold = false
  }

  const search = async (turnId: number, callId: string, asked: HandbookQuestion) => {
    const searchedId = questionId
    const [result, loaded] = await Promise.all([
      searchHandbook(ports.bridge, searchedId, asked, ports.language()),
      ports.loadChecks()
    ])
    checks = loaded
    // The turn may have ended while the handbook was read; the reducer would ignore the result as well.
    if (turn.turn?.id !== turnId) return
    mark('toolAnswered')
    if (!result.ok) {
      view = { ...view, failure: failureFromMain(result.error) }
      dispatch({ type: 'search_failed', turnId, callId, code: result.error.code })
      return
    }
    const { found, nearest, method } = result.value
    passages = withPassages(passages, result.value.passages)
    report = null
    view = {
      ...view,
      found: view.found === true || found,
      citations: bestSection(passages),
      nearest: nearestSections(passages, nearest),
      verdict: passages.length > 0 ? 'awaited' : 'searched',
      offline: view.offline || method === 'offline',
      failure: null,
      questionId: method === 'offline' ? view.questionId : searchedId
    }
    dispatch({ type: 'searched', turnId, callId, found, output: toolOutput(result.value) })
  }

  /** Shows what the model says that its answer was taken from. */
  const take = (turnId: number, reported: AnswerReport) => {
    if (view.id !== turnId || checks === null) return
    report = reviewReport(reported, passages, checks.checkQuote)
    view = { ...view, found: reported.found, verdict: 'reported', citations: report.cited }
  }

  /** Lets the backend know what became of an answer, once: with its last word, or with its turn. */
  const tellReport = (outcome: ReportedAnswer['outcome']) => {
    const askedId = view.questionId
    if (askedId === null || isTold) return
    isTold = true
    // What cannot be sent now is kept in main; what it rejects is logged there.
    void ports.bridge.call('handbook.reportAnswer', {
      questionId: askedId,
      outcome,
      sections: [...(report?.sections ?? [])],
      unverifiedQuotes: report?.unverifiedQuotes ?? 0,
      unverifiedFigures: Math.min(
        unverifiedIn(view.answer, 'complete').length,
        MOST_UNVERIFIED_FIGURES
      )
    })
  }

  const completeAnswer = (turnId: number) => {
    if (view.id !== turnId) return
    if (report !== null) tellReport(report.outcome)
    else if (passages.length > 0 && view.answer !== '') tellReport('missing')
  }

  /** Whether the answer on the screen is still being given: then it may still be reported. */
  const isBeingGiven = () =>
    turn.turn?.id === view.id && turn.turn.phase === 'answering' && !turn.turn.final

  /** The last rung: what is known of the question's words is looked up in the copy, and shown. */
  const searchOffline = async (turnId: number) => {
    const question = view.transcript.slice(0, QUERY_LENGTH_LIMIT).trim()
    const answer =
      question === '' ? null : await searchOfflineCopy(ports.bridge, { question }, ports.language())
    if (turn.turn?.id !== turnId) return
    // What is shown from the copy is another answer.
    report = null
    if (answer !== null) {
      passages = answer.passages
      view = {
        ...view,
        found: true,
        verdict: 'searched',
        offline: true,
        silent: true,
        citations: bestSection(passages),
        answer: passages[0]?.text ?? ''
      }
    }
    dispatch({ type: 'searched_offline', turnId, found: answer !== null })
  }

  const clearInput = () => {
    if (!ports.send({ type: 'input_audio_buffer.clear', event_id: nextEventId() })) return
    clearsOnTheirWay += 1
    dispatch({ type: 'input_settled', settled: false })
  }

  const awaitQuiet = async (turnId: number, releasedAtMs: number) => {
    const isQuiet = await ports.recorder.silenceAt(turnId, releasedAtMs)
    if (isQuiet) dispatch({ type: 'silence_detected', turnId, releasedAtMs, atMs: ports.now() })
  }

  const sendRecording = async (turnId: number, recordingId: number) => {
    const onCall = callCount
    await ports.recorder.stop(recordingId)
    // Another call has come in between: the turn asks again on that one.
    if (onCall !== callCount) return
    const samples = ports.recorder.read(recordingId)
    // The turn counts on an end of its commit, also when it has ended itself meanwhile.
    if (samples === null || samples.length === 0 || turn.turn?.id !== turnId) {
      dispatch({ type: 'commit_refused', turnId, empty: true })
      return
    }
    clearInput()
    for (const audio of appendPieces(samples)) {
      ports.send({ type: 'input_audio_buffer.append', event_id: nextEventId(), audio })
    }
    mark('commit')
    ports.onQuestionSent()
    ports.send({ type: 'input_audio_buffer.commit', event_id: `${COMMIT_PREFIX}${turnId}` })
  }

  const listenAsSet = () => {
    const wanted = ports.listening()
    const input = inputSettingsUpdate(listening, wanted)
    if (input === null) return
    const sent = ports.send({
      type: 'session.update',
      event_id: nextEventId(),
      session: { type: 'realtime', audio: { input } }
    })
    if (sent) listening = wanted
  }

  const endTiming = (turnId: number, outcome: TurnTiming['outcome'], asks: number) => {
    const timing = timings.end(turnId, { outcome, asks, path: ports.path() }, ports.now())
    if (timing === null) return
    if (view.id === turnId) view = { ...view, timeToFirstAudioMs: heardMsOf(timing) }
    // A line that is lost with the bridge is lost; main logs what it rejects.
    void ports.bridge.call('turns.record', timing)
  }

  const endView = (turnId: number, outcome: Outcome, code: string | null) => {
    if (view.id !== turnId) return
    // Reported and interrupted before its last word: what was reported counts.
    if (report !== null) tellReport(report.outcome)
    const isNamedByMain = view.failure !== null && view.failure.code === code
    view = {
      ...view,
      outcome,
      failure:
        code === null
          ? null
          : isNamedByMain
            ? view.failure
            : kioskFailure(code as FailureCode, 'The turn failed.')
    }
    ports.log(outcome === 'failed' ? 'warn' : 'info', 'turn.ended', {
      turn: turnId,
      outcome,
      failure: code,
      ms: Math.round(ports.now() - startedAtMs)
    })
    if (outcome === 'answered' || outcome === 'not_found') history = addExchange(history, view)
  }

  const sendOutput = ({ callId, output }: { callId: string; output: string }) => {
    ports.send({
      type: 'conversation.item.create',
      event_id: nextEventId(),
      item: { type: 'function_call_output', call_id: callId, output }
    })
  }

  const run = (effect: TurnEffect): void => {
    switch (effect.type) {
      case 'open_gate':
        ports.gate.open()
        mark('gate')
        return
      case 'close_gate':
        ports.gate.close()
        return
      case 'start_recording':
        ports.recorder.start(effect.turnId)
        return
      case 'stop_recording':
        void ports.recorder.stop(effect.turnId)
        return
      case 'await_silence':
        void awaitQuiet(effect.turnId, effect.releasedAtMs)
        return
      case 'drop_recording':
        ports.recorder.drop(effect.recordingId)
        return
      case 'send_recording':
        void sendRecording(effect.turnId, effect.recordingId)
        return
      case 'wake_call':
        ports.wakeCall()
        return
      case 'replace_call':
        ports.replaceCall('no_answer')
        return
      case 'search_offline':
        void searchOffline(effect.turnId)
        return
      case 'clear_input':
        clearInput()
        return
      case 'commit':
        mark('commit')
        ports.onQuestionSent()
        ports.send({
          type: 'input_audio_buffer.commit',
          event_id: `${COMMIT_PREFIX}${effect.turnId}`
        })
        return
      case 'send_text': {
        ports.onQuestionSent()
        const itemId = `question-${ports.newId().slice(0, 8)}-${effect.turnId}`
        note({
          type: 'question_item_assigned',
          turnId: effect.turnId,
          itemId,
          previousItemId: undefined,
          text: effect.text
        })
        ports.send({
          type: 'conversation.item.create',
          event_id: nextEventId(),
          item: {
            id: itemId,
            type: 'message',
            role: 'user',
            content: [{ type: 'input_text', text: effect.text }]
          }
        })
        return
      }
      case 'delete_item':
        // Named as nobody's, so that its late transcript is not taken for the next question's.
        note({
          type: 'question_item_assigned',
          turnId: 0,
          itemId: effect.itemId,
          previousItemId: undefined,
          text: null
        })
        ports.send({
          type: 'conversation.item.delete',
          event_id: nextEventId(),
          item_id: effect.itemId
        })
        return
      case 'create_response':
        queue.create(effect.requestId, effect.kind)
        return
      case 'drop_requests':
        queue.drop()
        return
      case 'cancel_response':
        queue.cancel(effect.responseId)
        return
      case 'clear_output':
        ports.send({ type: 'output_audio_buffer.clear', event_id: nextEventId() })
        return
      case 'cut_speaker':
        ports.speaker.cut()
        return
      case 'restore_speaker':
        ports.speaker.restore()
        return
      case 'search':
        void search(effect.turnId, effect.callId, effect.question)
        return
      case 'send_tool_output':
        mark('outputSent')
        sendOutput(effect)
        return
      case 'resolve_tool_call':
        sendOutput(effect)
        return
      case 'answer_reported':
        take(effect.turnId, effect.report)
        return
      case 'answer_complete':
        completeAnswer(effect.turnId)
        return
      case 'start_timer': {
        const { timer, turnId, ms } = effect
        if (timer === 'tail' && turn.turn?.phase === 'releasing') {
          timings.released(turnId, turn.turn.releasedAtMs, turn.turn.tailMs)
        }
        timers.get(timer)?.()
        timers.set(
          timer,
          ports.schedule(() => {
            timers.delete(timer)
            dispatch({ type: 'timer', timer, turnId })
          }, ms)
        )
        return
      }
      case 'stop_timer':
        timers.get(effect.timer)?.()
        timers.delete(effect.timer)
        return
      case 'hint':
        ports.onHint(effect.hint)
        return
      case 'turn_started':
        questionId = ports.newId()
        startedAtMs = ports.now()
        // What is asked again is known already, though nobody has said it in this turn.
        view = {
          ...emptyTurn(effect.turnId),
          transcript: isAskedAgain ? view.transcript : askedText
        }
        forgetSource()
        timings.begin({
          turnId: effect.turnId,
          kind: effect.kind,
          carrier: effect.carrier,
          pressedAtMs: pressedAtMs || startedAtMs,
          // Of the press as well: its event was on its way for a moment.
          atMs: ports.wallClock() - (startedAtMs - (pressedAtMs || startedAtMs))
        })
        note({ type: 'turn_started', turnId: effect.turnId })
        return
      case 'turn_committed':
        // Its caption is named where the event is read: only the event knows what came before.
        return
      case 'turn_discarded':
        note({ type: 'turn_discarded', turnId: effect.turnId })
        view = emptyTurn(effect.turnId)
        forgetSource()
        endTiming(effect.turnId, 'discarded', 0)
        return
      case 'turn_ended':
        endView(effect.turnId, effect.outcome, effect.failure)
        endTiming(effect.turnId, effect.outcome, effect.asks)
        return
      default:
        effect satisfies never
    }
  }

  /** Effects may bring events about; each waits until the one before it is done. */
  function dispatch(event: TurnEvent): void {
    pending.push(event)
    if (isStepping) return
    isStepping = true
    try {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        if (next.type === 'press') pressedAtMs = next.atMs
        else if (next.type === 'ask' || next.type === 'ask_again') pressedAtMs = ports.now()
        isAskedAgain = next.type === 'ask_again'
        askedText = next.type === 'ask' ? next.text : ''
        const step = reduceTurn(turn, next)
        turn = step.state
        for (const effect of step.effects) run(effect)
      }
    } finally {
      isStepping = false
    }
    show()
  }

  const onServerError = (error: ServerError) => {
    const verdict = queue.judge(error)
    const eventId = error.event_id ?? ''
    ports.log(verdict.kind === 'unrelated' ? 'warn' : 'info', 'call.error', {
      code: error.code ?? null,
      message: error.message.slice(0, MESSAGE_LIMIT),
      verdict: verdict.kind
    })
    if (error.code === 'session_expired') ports.replaceCall('session_expired')
    else if (verdict.kind === 'refused') {
      dispatch({ type: 'response_refused', requestId: verdict.requestId })
    } else if (eventId.startsWith(COMMIT_PREFIX)) {
      dispatch({
        type: 'commit_refused',
        turnId: Number(eventId.slice(COMMIT_PREFIX.length)),
        empty: error.code === 'input_audio_buffer_commit_empty'
      })
    }
  }

  /** Hands-free the service commits by itself: what it commits is the turn that is heard. */
  const turnOfCommit = (): number =>
    turn.unconfirmedCommits[0] ?? (turn.turn?.phase === 'speech_detected' ? turn.turn.id : 0)

  /** The model goes on speaking of a turn for a moment after its end: that is no news of the next one. */
  const ownerOf = (responseId: string): number | null => {
    const live = turn.turn
    return live?.phase === 'answering' && live.responses.includes(responseId) ? live.id : null
  }

  const onResponseCreated = (responseId: string, requestId: string | null) => {
    const atMs = ports.now()
    queue.created(responseId)
    dispatch({ type: 'response_created', responseId, requestId })
    const turnId = ownerOf(responseId)
    if (turnId === null) return
    mark('responseCreated', atMs)
    note({ type: 'response_assigned', responseId, turnId })
  }

  const onResponseDone = (
    response: Extract<ServerEvent, { type: 'response.done' }>['response']
  ) => {
    const calls = response.output.flatMap((item) =>
      // An interrupted call is listed too; only a completed one may be carried out.
      item.type === 'function_call' && item.status === 'completed' ? [readToolCall(item)] : []
    )
    const hasAudio = response.output.some(
      (item) =>
        item.type === 'message' &&
        (item.content ?? []).some(({ type }) => type === 'output_audio' || type === 'audio')
    )
    const { status } = response
    const event: TurnEvent = {
      type: 'response_done',
      responseId: response.id,
      status:
        status === 'completed' || status === 'cancelled' || status === 'incomplete'
          ? status
          : 'failed',
      hasAudio,
      calls
    }
    if (event.status === 'failed') {
      ports.log('warn', 'call.responseFailed', { response: response.id, status })
    }
    const hasSearch = calls.some(({ tool }) => tool === 'search')
    if (hasSearch && ownerOf(response.id) !== null) mark('toolCall')
    // The queue first: what the turn asks for next may go out at once.
    queue.done(response.id)
    dispatch(event)
  }

  const act = (event: ServerEvent): void => {
    switch (event.type) {
      case 'error':
        onServerError(event.error)
        return
      case 'session.created':
        return
      case 'input_audio_buffer.speech_started':
        pressedAtMs = ports.now()
        dispatch({ type: 'speech_started', itemId: event.item_id, atMs: pressedAtMs })
        return
      case 'input_audio_buffer.speech_stopped':
        // Hands-free: nobody lets go, and the model has done the waiting that a tail is for.
        if (turn.turn?.phase === 'speech_detected' && turn.turn.itemId === event.item_id) {
          timings.released(turn.turn.id, ports.now(), 0)
        }
        return
      case 'input_audio_buffer.cleared':
        clearsOnTheirWay = Math.max(0, clearsOnTheirWay - 1)
        if (clearsOnTheirWay === 0) dispatch({ type: 'input_settled', settled: true })
        return
      case 'conversation.item.added': {
        const { id, role } = event.item
        if (event.item.type !== 'message') return
        note({
          type: 'item_added',
          itemId: id,
          previousItemId: event.previous_item_id,
          role: role === 'user' ? 'person' : 'model'
        })
        show()
        return
      }
      case 'input_audio_buffer.committed': {
        const turnId = turnOfCommit()
        if (turnId === turn.turn?.id) mark('committed')
        // Hands-free the service commits by itself: this is all that says that a question has been asked.
        if (turnId === turn.turn?.id && turn.turn.phase === 'speech_detected')
          ports.onQuestionSent()
        note({
          type: 'question_item_assigned',
          turnId,
          itemId: event.item_id,
          previousItemId: event.previous_item_id,
          text: null
        })
        dispatch({ type: 'committed', itemId: event.item_id })
        return
      }
      case 'conversation.item.input_audio_transcription.delta':
        note({ type: 'transcript_delta', itemId: event.item_id, delta: event.delta ?? '' })
        show()
        return
      case 'conversation.item.input_audio_transcription.completed':
        note({ type: 'transcript_completed', itemId: event.item_id, text: event.transcript })
        show()
        return
      case 'conversation.item.input_audio_transcription.failed':
        ports.log('warn', 'call.transcriptionFailed', { item: event.item_id })
        return
      case 'response.created':
        onResponseCreated(event.response.id, event.response.metadata?.request ?? null)
        return
      case 'response.done':
        onResponseDone(event.response)
        return
      case 'response.output_audio_transcript.delta':
      case 'response.output_text.delta':
        note({
          type: 'answer_delta',
          responseId: event.response_id,
          itemId: event.item_id,
          delta: event.delta
        })
        dispatch({ type: 'response_progress', responseId: event.response_id })
        return
      case 'response.output_audio_transcript.done':
      case 'response.output_text.done':
        note({
          type: 'answer_done',
          responseId: event.response_id,
          itemId: event.item_id,
          text: event.type === 'response.output_text.done' ? event.text : event.transcript
        })
        dispatch({ type: 'response_progress', responseId: event.response_id })
        return
      case 'output_audio_buffer.started':
        if (ownerOf(event.response_id) !== null) mark('audioStarted')
        dispatch({ type: 'audio_started', responseId: event.response_id })
        return
      case 'output_audio_buffer.stopped':
        dispatch({ type: 'audio_stopped', responseId: event.response_id })
        return
      case 'output_audio_buffer.cleared':
        dispatch({ type: 'audio_cleared', responseId: event.response_id })
        return
      default:
        event satisfies never
    }
  }

  return {
    dispatch,
    receive: (data) => {
      const read = readServerEvent(data)
      switch (read.kind) {
        case 'event':
          act(read.event)
          return
        case 'unknown':
          return
        case 'malformed':
          ports.log('warn', 'call.malformedEvent', { type: read.type, reason: read.reason })
          return
        default:
          read satisfies never
      }
    },
    opened: ({ replay }) => {
      callCount += 1
      clearsOnTheirWay = 0
      queue.reset()
      captions = emptyCaptions
      listening = MINTED_INPUT_SETTINGS
      listenAsSet()
      if (!replay) history = []
      for (const item of replayItems(history, ports.newId)) {
        // Named as nobody's: what was said on the old call is not said again on the screen.
        if ('id' in item) {
          note({
            type: 'question_item_assigned',
            turnId: 0,
            itemId: item.id,
            previousItemId: undefined,
            text: null
          })
        }
        ports.send({ type: 'conversation.item.create', event_id: nextEventId(), item })
      }
      dispatch({ type: 'call_opened' })
    },
    lost: () => {
      callCount += 1
      clearsOnTheirWay = 0
      dispatch({ type: 'call_lost' })
      queue.reset()
    },
    inputSettingsChanged: listenAsSet,
    mark,
    dismiss: () => {
      view = { ...view, failure: null }
      show()
    },
    forget: () => {
      captions = emptyCaptions
      history = []
      view = emptyTurn(view.id)
      forgetSource()
      show()
    },
    state: () => turn
  }
}
