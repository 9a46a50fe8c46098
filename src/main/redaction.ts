// Redacts keys, tokens, passwords and session descriptions, by field name and by shape.

const HIDDEN = '[hidden]'

/** Deeper than any intended detail; also ends a cycle. */
const DEPTH_LIMIT = 8

/** Names of fields with secret values, compared without case, `-` and `_`. */
const SECRET_FIELDS =
  /^(authorization|proxyauthorization|apikey|cookie|setcookie|password|secret|.*token|.*secretkey|ephemeralkey|.*sdp)$/

/**
 * Shapes of secrets inside a longer string: a JWT (Supabase access tokens), OpenAI's ephemeral and standard keys,
 * Supabase's secret keys, a bearer header, an SDP.
 */
const SECRET_SHAPES: readonly RegExp[] = [
  /eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g,
  /\bek_[\w-]{4,}/g,
  /\bsk-[\w-]{4,}/g,
  /\bsb_secret_[\w-]{4,}/g,
  /\bBearer\s+[\w.~+/=-]{4,}/gi,
  /\bv=0\r?\n[\s\S]*/g
]

/** `name=value` and `name: value` of a secret inside a text, as in an address, a form or a header. The name stays. */
const SECRET_PAIR =
  /((?<![\w-])[\w-]*(?:password|passwd|passphrase|pwd|secret|token|api_?key|credential|authorization)["']?\s*[=:]\s*)(?!\[hidden\])(?:"[^"]*"|'[^']*'|(?:Basic|Bearer|Digest)\s+\S+|[^\s&;,"'})]+)/gi

/** The account of an address, as in `postgres://name:password@host`. */
const URL_ACCOUNT = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi

export const redactText = (text: string): string =>
  SECRET_SHAPES.reduce((rest, shape) => rest.replaceAll(shape, HIDDEN), text)
    .replaceAll(SECRET_PAIR, `$1${HIDDEN}`)
    .replaceAll(URL_ACCOUNT, `$1${HIDDEN}@`)

/** Copies a value as plain data, with secrets hidden and errors as name, message and stack. */
export const redact = (value: unknown): unknown => redactAt(value, 0)

const redactAt = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function') {
    return redactText(String(value))
  }
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEPTH_LIMIT) return '[too deep]'
  if (value instanceof Error) {
    return {
      name: value.name,
      message: redactText(value.message),
      stack: redactText(value.stack ?? ''),
      ...(value.cause === undefined ? {} : { cause: redactAt(value.cause, depth + 1) })
    }
  }
  if (Array.isArray(value)) return value.map((item) => redactAt(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      redactText(name),
      isSecretField(name) && item !== null && item !== undefined
        ? HIDDEN
        : redactAt(item, depth + 1)
    ])
  )
}

const isSecretField = (name: string): boolean =>
  SECRET_FIELDS.test(name.toLowerCase().replaceAll(/[-_]/g, ''))
