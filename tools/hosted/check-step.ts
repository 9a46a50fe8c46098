// One step of a check, and what it found.

export type Finding = {
  /** `warned`: it works now, and somebody should look at it. */
  outcome: 'passed' | 'warned' | 'failed'
  /** Never a key, a token, a password or a question. */
  said: string
}

export type Step = { name: string } & Finding

export const passed = (said: string): Finding => ({ outcome: 'passed', said })
export const warned = (said: string): Finding => ({ outcome: 'warned', said })
export const refused = (said: string): Finding => ({ outcome: 'failed', said })
