// One name for a request in everybody's log: the kiosk's, the function's, Postgres's and the model's.

/** Given by the caller where it is well formed, so that a kiosk's log and this one can be laid side by side. */
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9_-]{7,63}$/
/** Letters and digits alone can be a key as well; what begins like one is not written into a log. */
const LIKE_A_SECRET = /^(sk|ek|sb|eyJ)/

export const requestIdOf = (request: Request): string => {
  const given = request.headers.get('x-request-id') ?? ''
  return WELL_FORMED.test(given) && !LIKE_A_SECRET.test(given) ? given : crypto.randomUUID()
}
