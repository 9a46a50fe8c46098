// Keeps the transcripts of a conversation by turn. The person's transcript may arrive after the answer, and its first
// words before their item.

type Role = 'person' | 'model'

type Line = {
  itemId: string
  role: Role
  turnId: number | null
  responseId: string | null
  text: string
  final: boolean
}

export type Captions = {
  lines: readonly Line[]
  /** The person's words before their item is assigned, by item. */
  early: Readonly<Record<string, { text: string; final: boolean }>>
  /** The turn of each response. */
  responses: Readonly<Record<string, number>>
  /** The turn that early words belong to. */
  spokenTurnId: number | null
}

export type CaptionEvent =
  | { type: 'turn_started'; turnId: number }
  | { type: 'turn_discarded'; turnId: number }
  /** By commit, or for a typed question. */
  | { type: 'question_item_assigned'; turnId: number; itemId: string; text: string | null }
  | { type: 'transcript_delta'; itemId: string; delta: string }
  | { type: 'transcript_completed'; itemId: string; text: string }
  | { type: 'response_assigned'; responseId: string; turnId: number }
  /** Its words are not shown. */
  | { type: 'responses_withdrawn'; responses: readonly string[] }
  | { type: 'answer_delta'; responseId: string; itemId: string; delta: string }
  | { type: 'answer_done'; responseId: string; itemId: string; text: string }

/** Enough for the turn on the screen, and for late transcripts of the turns before it. */
const LINES_LIMIT = 24

export const emptyCaptions: Captions = { lines: [], early: {}, responses: {}, spokenTurnId: null }

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const upsert = (
  captions: Captions,
  itemId: string,
  role: Role,
  change: (line: Line) => Line
): Captions => {
  const blank: Line = {
    itemId,
    role,
    turnId: null,
    responseId: null,
    text: '',
    final: false
  }
  const isKnown = captions.lines.some((line) => line.itemId === itemId)
  return {
    ...captions,
    lines: isKnown
      ? captions.lines.map((line) => (line.itemId === itemId ? change(line) : line))
      : [...captions.lines, change(blank)]
  }
}

const withTranscript = (
  captions: Captions,
  itemId: string,
  text: string,
  final: boolean
): Captions => {
  const isAssigned = captions.lines.some((line) => line.itemId === itemId && line.turnId !== null)
  if (isAssigned) {
    return upsert(captions, itemId, 'person', (line) =>
      line.final && !final ? line : { ...line, text: final ? text : line.text + text, final }
    )
  }
  const known = captions.early[itemId]
  if (known?.final === true && !final) return captions
  return {
    ...captions,
    early: {
      ...captions.early,
      [itemId]: { text: final ? text : (known?.text ?? '') + text, final }
    }
  }
}

const withoutOldLines = (captions: Captions): Captions => {
  const lines = captions.lines.slice(-LINES_LIMIT)
  const named = new Set(lines.map((line) => line.responseId))
  return {
    ...captions,
    lines,
    responses: Object.fromEntries(
      Object.entries(captions.responses).filter(([responseId]) => named.has(responseId))
    )
  }
}

export const reduceCaptions = (captions: Captions, event: CaptionEvent): Captions => {
  switch (event.type) {
    case 'turn_started':
      return { ...withoutOldLines(captions), spokenTurnId: event.turnId, early: {} }
    case 'turn_discarded':
      return { ...captions, spokenTurnId: null, early: {} }
    case 'question_item_assigned': {
      const early = captions.early[event.itemId]
      const named = upsert(captions, event.itemId, 'person', (line) => ({
        ...line,
        turnId: event.turnId,
        text: event.text ?? early?.text ?? line.text,
        final: event.text !== null || (early?.final ?? line.final)
      }))
      return {
        ...named,
        early: without(captions.early, event.itemId),
        spokenTurnId: captions.spokenTurnId === event.turnId ? null : captions.spokenTurnId
      }
    }
    case 'transcript_delta':
      return withTranscript(captions, event.itemId, event.delta, false)
    case 'transcript_completed':
      return withTranscript(captions, event.itemId, event.text, true)
    case 'response_assigned':
      return {
        ...captions,
        responses: { ...captions.responses, [event.responseId]: event.turnId }
      }
    case 'responses_withdrawn':
      return { ...captions, responses: event.responses.reduce(without, captions.responses) }
    case 'answer_delta':
      return upsert(captions, event.itemId, 'model', (line) =>
        line.final ? line : { ...line, responseId: event.responseId, text: line.text + event.delta }
      )
    case 'answer_done':
      return upsert(captions, event.itemId, 'model', (line) => ({
        ...line,
        responseId: event.responseId,
        text: event.text,
        final: true
      }))
    default:
      return event satisfies never
  }
}

const joined = (lines: readonly { text: string }[]): string =>
  lines
    .map((line) => line.text.trim())
    .join(' ')
    .trim()

/** The person's words in a turn: provisional ones until their item is assigned. */
export const transcriptIn = (captions: Captions, turnId: number): string => {
  const lines = captions.lines.filter((line) => line.role === 'person' && line.turnId === turnId)
  if (lines.length > 0) return joined(lines)
  return captions.spokenTurnId === turnId ? joined(Object.values(captions.early)) : ''
}

/** Whether the service has sent the whole transcript of a turn's question. */
export const isTranscriptWhole = (captions: Captions, turnId: number): boolean => {
  const assigned = captions.lines.filter((line) => line.role === 'person' && line.turnId === turnId)
  const early = captions.spokenTurnId === turnId ? Object.values(captions.early) : []
  const known = assigned.length > 0 ? assigned : early
  return known.length > 0 && known.every(({ final }) => final)
}

/** The words of a turn's last response that has any; earlier ones announce a search. */
export const answerIn = (captions: Captions, turnId: number): string => {
  const lines = captions.lines.filter(
    (line) =>
      line.role === 'model' &&
      line.responseId !== null &&
      captions.responses[line.responseId] === turnId &&
      line.text !== ''
  )
  const last = Object.keys(captions.responses).findLast((responseId) =>
    lines.some((line) => line.responseId === responseId)
  )
  return joined(lines.filter((line) => line.responseId === last))
}
