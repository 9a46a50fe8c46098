// Reads and changes the restaurant with the backend's secret key, and restores it after the test.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { StackAddress } from '../../../dev/local-stack.ts'

export type AskedQuestion = {
  question: string
  /** From the answer report; null before it. */
  outcome: string | null
  answered_from: string[]
  /** Null with `outcome`. */
  unverified_quotes: number | null
  unverified_figures: number | null
  rating: string | null
}

export type RecordedCost = {
  model: string
  text_input: number
  audio_input: number
  audio_output: number
  transcription_model: string
  transcription_seconds: number
  cost: number
}

const KIOSK_ROLE = 'crew'

export class Restaurant {
  readonly #client: SupabaseClient
  readonly #groupId: string
  #isVoiceOff = false
  #isLimited = false

  constructor(stack: StackAddress, groupId: string) {
    this.#client = createClient(stack.supabaseUrl, stack.secretKey, {
      auth: { persistSession: false, autoRefreshToken: false }
    })
    this.#groupId = groupId
  }

  async turnVoiceOff(): Promise<void> {
    this.#isVoiceOff = true
    await this.#setVoice(false)
  }

  async restore(): Promise<void> {
    if (this.#isVoiceOff) await this.#setVoice(true)
    this.#isVoiceOff = false
    if (this.#isLimited) await this.#setKeyLimit(null)
    this.#isLimited = false
  }

  /** The restaurant's last question, as its manager reads it. */
  async lastAsked(): Promise<AskedQuestion | null> {
    const { data, error } = await this.#client
      .from('asked_questions')
      .select('question, outcome, answered_from, unverified_quotes, unverified_figures, rating')
      .eq('group_id', this.#groupId)
      .order('asked_at', { ascending: false })
      .limit(1)
      .maybeSingle()
    if (error !== null) throw new Error(`asked_questions: ${error.message}`)
    return data
  }

  /** Tokens and dollars of the restaurant's last turn. */
  async lastCost(): Promise<RecordedCost | null> {
    const { data, error } = await this.#client
      .from('turn_costs')
      .select(
        'model, text_input, audio_input, audio_output, transcription_model, transcription_seconds, cost'
      )
      .eq('group_id', this.#groupId)
      .order('reported_at', { ascending: false })
      .limit(1)
      .maybeSingle()
    if (error !== null) throw new Error(`turn_costs: ${error.message}`)
    // The embedded backend returns a numeric as text.
    return data === null ? null : { ...data, cost: Number(data.cost) }
  }

  /** Limits of each account, until `restore`. */
  async limitKeys(mostInAnHour: number): Promise<void> {
    await this.#setKeyLimit(mostInAnHour)
    this.#isLimited = true
  }

  async #setKeyLimit(most: number | null): Promise<void> {
    const { error } = await this.#client
      .from('usage_limits')
      .update({ most })
      .eq('group_id', this.#groupId)
      .eq('measure', 'keys')
      .eq('period', 'hour')
    if (error !== null) throw new Error(`usage_limits: ${error.message}`)
  }

  async #setVoice(isEnabled: boolean): Promise<void> {
    const { error } = await this.#client
      .from('role_policies')
      .update({ voice_enabled: isEnabled })
      .eq('group_id', this.#groupId)
      .eq('role', KIOSK_ROLE)
    if (error !== null) throw new Error(`role_policies: ${error.message}`)
  }
}
