// Types the result of a step of the check.

export type Finding = {
  /** `warned`: it works, and needs attention. */
  outcome: 'passed' | 'warned' | 'failed'
  /** Never a key, a token, a password or a question. */
  message: string
}

export type Step = { name: string } & Finding

export const passed = (message: string): Finding => ({ outcome: 'passed', message })
export const warned = (message: string): Finding => ({ outcome: 'warned', message })
export const refused = (message: string): Finding => ({ outcome: 'failed', message })
