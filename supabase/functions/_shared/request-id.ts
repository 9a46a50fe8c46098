// Chooses the id under which the kiosk, the function, Postgres and the model log one request.

const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9_-]{7,63}$/
/** A key can be letters and digits alone; an id that begins like one stays out of the log. */
const LIKE_A_SECRET = /^(sk|ek|sb|eyJ)/

/** The caller's id where it is well formed, otherwise a new one. */
export const requestIdOf = (request: Request): string => {
  const given = request.headers.get('x-request-id') ?? ''
  return WELL_FORMED.test(given) && !LIKE_A_SECRET.test(given) ? given : crypto.randomUUID()
}
