// Who said what, in the order it was said. Transcripts arrive whenever they like: the person's may come
// after the answer, and its first words before the item they belong to has been named. The order is the
// conversation's own (`previous_item_id`), never that of arrival.

type Role = 'person' | 'model'

type Line = {
  itemId: string
  /** null at the start of the conversation; undefined when nobody has said yet. */
  previousItemId: string | null | undefined
  role: Role
  turnId: number | null
  responseId: string | null
  text: string
  final: boolean
}

export type Captions = {
  lines: readonly Line[]
  /** CaptionText of the person's that came before their item was named, by item. */
  early: Readonly<Record<string, { text: string; final: boolean }>>
  /** Which turn a response belongs to; responses of nobody's turn are left out. */
  responses: Readonly<Record<string, number>>
  /** The turn whose words would be early ones. */
  spokenTurnId: number | null
}

export type CaptionEvent =
  | { type: 'turn_started'; turnId: number }
  | { type: 'turn_discarded'; turnId: number }
  /** The person's item has a name: by commit, or because the kiosk made it from a typed question. */
  | {
      type: 'question_item_assigned'
      turnId: number
      itemId: string
      previousItemId: string | null | undefined
      text: string | null
    }
  | { type: 'item_added'; itemId: string; previousItemId: string | null | undefined; role: Role }
  | { type: 'transcript_delta'; itemId: string; delta: string }
  | { type: 'transcript_completed'; itemId: string; text: string }
  | { type: 'response_assigned'; responseId: string; turnId: number }
  | { type: 'answer_delta'; responseId: string; itemId: string; delta: string }
  | { type: 'answer_done'; responseId: string; itemId: string; text: string }

/** Lines that are kept: enough to order what is on the screen, few enough for a day without a pause. */
const KEPT_LINES = 24

export const emptyCaptions: Captions = { lines: [], early: {}, responses: {}, spokenTurnId: null }

const without = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

/** Changes one line, or adds it. */
const upsert = (
  captions: Captions,
  itemId: string,
  role: Role,
  change: (line: Line) => Line
): Captions => {
  const blank: Line = {
    itemId,
    previousItemId: undefined,
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

const hear = (captions: Captions, itemId: string, text: string, final: boolean): Captions => {
  const isNamed = captions.lines.some((line) => line.itemId === itemId && line.turnId !== null)
  if (isNamed) {
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

const forgetOld = (captions: Captions): Captions => {
  const lines = captions.lines.slice(-KEPT_LINES)
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
      return { ...forgetOld(captions), spokenTurnId: event.turnId, early: {} }
    case 'turn_discarded':
      return { ...captions, spokenTurnId: null, early: {} }
    case 'question_item_assigned': {
      const early = captions.early[event.itemId]
      const named = upsert(captions, event.itemId, 'person', (line) => ({
        ...line,
        turnId: event.turnId,
        previousItemId: event.previousItemId ?? line.previousItemId,
        text: event.text ?? early?.text ?? line.text,
        final: event.text !== null || (early?.final ?? line.final)
      }))
      return {
        ...named,
        early: without(captions.early, event.itemId),
        spokenTurnId: captions.spokenTurnId === event.turnId ? null : captions.spokenTurnId
      }
    }
    case 'item_added':
      return upsert(captions, event.itemId, event.role, (line) => ({
        ...line,
        previousItemId: event.previousItemId ?? line.previousItemId
      }))
    case 'transcript_delta':
      return hear(captions, event.itemId, event.delta, false)
    case 'transcript_completed':
      return hear(captions, event.itemId, event.text, true)
    case 'response_assigned':
      return {
        ...captions,
        responses: { ...captions.responses, [event.responseId]: event.turnId }
      }
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

/**
 * The lines in the conversation's order: each after the one it names as its predecessor. A line whose
 * predecessor is not known (yet) keeps the place it arrived in.
 */
export const orderedLines = (captions: Captions): readonly Line[] => {
  const known = new Set(captions.lines.map((line) => line.itemId))
  const followers = new Map<string, Line[]>()
  const roots: Line[] = []
  for (const line of captions.lines) {
    const { previousItemId } = line
    if (previousItemId == null || !known.has(previousItemId) || previousItemId === line.itemId) {
      roots.push(line)
    } else {
      followers.set(previousItemId, [...(followers.get(previousItemId) ?? []), line])
    }
  }
  const ordered: Line[] = []
  const placed = new Set<string>()
  const place = (line: Line) => {
    if (placed.has(line.itemId)) return
    placed.add(line.itemId)
    ordered.push(line)
    for (const follower of followers.get(line.itemId) ?? []) place(follower)
  }
  // `null` is the start of the conversation: nothing goes before it, whenever it arrived.
  for (const line of roots.filter((root) => root.previousItemId === null)) place(line)
  for (const line of roots) place(line)
  // A ring of predecessors is nonsense of the server's; its lines are shown all the same.
  for (const line of captions.lines) place(line)
  return ordered
}

const joined = (lines: readonly { text: string }[]): string =>
  lines
    .map((line) => line.text.trim())
    .join(' ')
    .trim()

/** The person's words in a turn: provisional ones until their item is assigned. */
export const transcriptIn = (captions: Captions, turnId: number): string => {
  const lines = orderedLines(captions).filter(
    (line) => line.role === 'person' && line.turnId === turnId
  )
  if (lines.length > 0) return joined(lines)
  return captions.spokenTurnId === turnId ? joined(Object.values(captions.early)) : ''
}

/**
 * The answer of a turn: the words of its last response that has any. Earlier responses only announce a search.
 */
export const answerIn = (captions: Captions, turnId: number): string => {
  const lines = orderedLines(captions).filter(
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
