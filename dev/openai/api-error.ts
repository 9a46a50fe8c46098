// Builds the errors of the OpenAI API: one envelope over HTTP, the same fields inside an `error` event.

export type ApiErrorBody = {
  message: string
  type: string
  param: string | null
  code: string | null
}

/** The reason for refusing a request or a client event; HTTP adds the status. */
export type Refusal = { code: string; message: string; param: string | null }

export type HttpStatus = 400 | 401 | 404 | 405 | 413 | 415 | 429 | 500 | 503

export type ApiError = { status: HttpStatus; error: ApiErrorBody }

export const invalidRequest = (refusal: Refusal, status: HttpStatus = 400): ApiError => ({
  status,
  error: { ...refusal, type: 'invalid_request_error' }
})

/** Shows the ends of a key only, as the real service does. */
const masked = (key: string): string =>
  key.length > 12 ? `${key.slice(0, 3)}***${key.slice(-4)}` : '***'

const keyRefused = (code: string | null, message: string): ApiError => ({
  status: 401,
  error: { message, type: 'invalid_request_error', param: null, code }
})

export const missingKey = (): ApiError =>
  keyRefused(
    null,
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
  )

export const wrongKey = (key: string): ApiError =>
  keyRefused('invalid_api_key', `Incorrect API key provided: ${masked(key)}.`)

/** The documents give no code for this one; clients can rely on the status 401 only. */
export const expiredKey = (): ApiError =>
  keyRefused('token_expired', 'The ephemeral key has expired. Create a new client secret.')

export const betaDisabled: Refusal = {
  code: 'beta_api_shape_disabled',
  message: 'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.',
  param: null
}

export const modelNotFound = (model: string): Refusal => ({
  code: 'model_not_found',
  message: `The model '${model}' does not exist or you do not have access to it.`,
  param: null
})

export type FailingStatus = 401 | 404 | 429 | 500 | 503

const STATUS_ERRORS: Record<FailingStatus, Omit<ApiErrorBody, 'param'>> = {
  401: {
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message: 'Incorrect API key provided.'
  },
  404: {
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: 'The model does not exist or you do not have access to it.'
  },
  429: {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message: 'You exceeded your current quota, please check your plan and billing details.'
  },
  500: {
    type: 'server_error',
    code: null,
    message: 'The server had an error while processing your request. Sorry about that!'
  },
  503: {
    type: 'server_error',
    code: null,
    message: 'The engine is currently overloaded, please try again later.'
  }
}

/** The error of a status, for a fault that is injected and for a bug of the stand-in. */
export const statusError = (status: FailingStatus): ApiError => ({
  status,
  error: { ...STATUS_ERRORS[status], param: null }
})
