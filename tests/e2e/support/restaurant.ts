// Reads and changes the restaurant with the backend's secret key, and restores it after the test.
import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import type { StackAddress } from '../../../dev/local-stack.ts'

export type RolePolicy = {
  voice_enabled: boolean
}

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

const KIOSK_ROLE = 'crew'

export class Restaurant {
  readonly #client: SupabaseClient
  readonly #groupId: string
  #before: RolePolicy | null = null

  constructor(stack: StackAddress, groupId: string) {
    this.#client = createClient(stack.supabaseUrl, stack.secretKey, {
      auth: { persistSession: false, autoRefreshToken: false }
    })
    this.#groupId = groupId
  }

  async changePolicy(change: Partial<RolePolicy>): Promise<void> {
    this.#before ??= await this.#policy()
    const { error } = await this.#client
      .from('role_policies')
      .update(change)
      .eq('group_id', this.#groupId)
      .eq('role', KIOSK_ROLE)
    if (error !== null) throw new Error(`role_policies: ${error.message}`)
  }

  async restore(): Promise<void> {
    if (this.#before !== null) await this.changePolicy(this.#before)
    this.#before = null
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

  async #policy(): Promise<RolePolicy> {
    const { data, error } = await this.#client
      .from('role_policies')
      .select('voice_enabled')
      .eq('group_id', this.#groupId)
      .eq('role', KIOSK_ROLE)
      .single()
    if (error !== null) throw new Error(`role_policies: ${error.message}`)
    return data
  }
}
