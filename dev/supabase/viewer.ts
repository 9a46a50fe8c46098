// Makes a transaction act as a person or a key of the project, as PostgREST does for a request.
import type { Transaction } from '@electric-sql/pglite'

export type Viewer =
  | { role: 'anon' }
  | { role: 'service_role' }
  | { role: 'authenticated'; userId: string }

/** Sets the role and the claims that auth.uid() reads, for the rest of the transaction. */
export const actAs = async (sql: Transaction, viewer: Viewer): Promise<void> => {
  const { role } = viewer
  const sub = viewer.role === 'authenticated' ? viewer.userId : ''
  const claims = sub === '' ? { role } : { role, sub, aud: role }
  await sql.query(
    `select set_config('request.jwt.claims', $1, true),
            set_config('request.jwt.claim.sub', $2, true),
            set_config('request.jwt.claim.role', $3, true),
            set_config('role', $3, true)`,
    [JSON.stringify(claims), sub, role]
  )
}
