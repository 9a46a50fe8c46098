// Steps through events one at a time: an event that a step dispatches waits until that step is over.

/** @param onEmpty runs after a dispatch from outside a step, once every event is handled */
export const createEventQueue = <Event>(
  step: (event: Event) => void,
  onEmpty: () => void = () => {}
): ((event: Event) => void) => {
  const pending: Event[] = []
  let isStepping = false
  return (event) => {
    pending.push(event)
    if (isStepping) return
    isStepping = true
    try {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) step(next)
    } finally {
      isStepping = false
    }
    onEmpty()
  }
}
