// A window for key listeners, and its events.

/** An event with fields and, where given, a time stamp. */
export const input = (type: string, fields: object = {}, timeMs?: number): Event => {
  const event = Object.assign(new Event(type, { cancelable: true }), fields)
  return timeMs === undefined ? event : Object.defineProperty(event, 'timeStamp', { value: timeMs })
}

export const createWindowDouble = () => {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const target = Object.assign(new EventTarget(), { document })
  const key = (
    type: 'keydown' | 'keyup',
    code: string,
    {
      repeat = false,
      atMs,
      key: character = code
    }: { repeat?: boolean; atMs?: number; key?: string } = {}
  ): Event => {
    const event = input(type, { code, key: character, repeat }, atMs)
    target.dispatchEvent(event)
    return event
  }
  return { target, window: target as unknown as Window, document, key }
}
