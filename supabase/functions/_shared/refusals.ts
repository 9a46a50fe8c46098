// Everything a function can refuse with: the code that programs read, the status, and the sentence that
// people read in their language.
import type { Language } from './language.ts'

export type Refusal =
  | { code: 'unauthorized' }
  | { code: 'method_not_allowed' }
  /** `problem` is for whoever wrote the request: field names and limits, never what a person said. */
  | { code: 'bad_request'; problem: string }
  | { code: 'not_a_member' }
  | { code: 'voice_disabled' }
  | { code: 'ai_disabled' }
  | { code: 'limit_exceeded'; dailyCount: number | null; dailyLimit: number | null }
  | { code: 'model_busy'; retryAfterSeconds: number }
  | { code: 'model_failed' }
  | { code: 'internal' }

const STATUS: Record<Refusal['code'], number> = {
  unauthorized: 401,
  method_not_allowed: 405,
  bad_request: 400,
  not_a_member: 403,
  voice_disabled: 403,
  ai_disabled: 403,
  limit_exceeded: 429,
  model_busy: 429,
  model_failed: 502,
  internal: 500
}

const MESSAGES: Record<Refusal['code'], Record<Language, string>> = {
  unauthorized: {
    en: 'Please sign in again.',
    es: 'Vuelve a iniciar sesión.'
  },
  method_not_allowed: {
    en: 'This address only takes POST requests.',
    es: 'Esta dirección solo acepta solicitudes POST.'
  },
  bad_request: {
    en: 'The request could not be understood.',
    es: 'No se entendió la solicitud.'
  },
  not_a_member: {
    en: 'This account does not belong to that restaurant.',
    es: 'Esta cuenta no pertenece a ese restaurante.'
  },
  voice_disabled: {
    en: 'Voice is not enabled for your role.',
    es: 'La voz no está habilitada para tu rol.'
  },
  ai_disabled: {
    en: 'The assistant is not enabled for your role.',
    es: 'El asistente no está habilitado para tu rol.'
  },
  limit_exceeded: {
    en: 'The limit of questions has been reached.',
    es: 'Se alcanzó el límite de preguntas.'
  },
  model_busy: {
    en: 'The voice service is busy. Please try again in a moment.',
    es: 'El servicio de voz está ocupado. Inténtalo de nuevo en un momento.'
  },
  model_failed: {
    en: 'The voice service is not working right now.',
    es: 'El servicio de voz no funciona en este momento.'
  },
  internal: {
    en: 'Something went wrong on our side.',
    es: 'Algo salió mal de nuestro lado.'
  }
}

const detailOf = (refusal: Refusal): Record<string, unknown> => {
  switch (refusal.code) {
    case 'bad_request':
      return { problem: refusal.problem }
    case 'limit_exceeded':
      return { daily_count: refusal.dailyCount, daily_limit: refusal.dailyLimit }
    case 'unauthorized':
    case 'method_not_allowed':
    case 'not_a_member':
    case 'voice_disabled':
    case 'ai_disabled':
    case 'model_busy':
    case 'model_failed':
    case 'internal':
      return {}
    default: {
      const unknown: never = refusal
      throw new Error(`Unknown refusal: ${JSON.stringify(unknown)}`)
    }
  }
}

/** The response for a refusal: `{error, message, …}` and, where waiting helps, `Retry-After`. */
export const refusalResponse = (refusal: Refusal, language: Language): Response => {
  const headers = new Headers()
  if (refusal.code === 'model_busy') headers.set('retry-after', String(refusal.retryAfterSeconds))
  if (refusal.code === 'method_not_allowed') headers.set('allow', 'POST, OPTIONS')
  return Response.json(
    { error: refusal.code, message: MESSAGES[refusal.code][language], ...detailOf(refusal) },
    { status: STATUS[refusal.code], headers }
  )
}
