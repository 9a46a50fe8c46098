// Stops Zod from trying eval, which the page's policy forbids and reports. Imported before any module with a schema.
import { z } from 'zod'

z.config({ jitless: true })
