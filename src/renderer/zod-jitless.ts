// The page's policy forbids eval. Zod tries it once when the first schema is made, and the policy would
// report the attempt; so this is imported before any module that makes one.
import { z } from 'zod'

z.config({ jitless: true })
