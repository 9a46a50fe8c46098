// Handles handbook: does over HTTP what `npm run handbook` does, with one POST per operation.
import type { Backend, Caller } from '../_shared/backend.ts'
import { createEndpoint, type EndpointSettings } from '../_shared/endpoint.ts'
import { BRAND_OPERATIONS } from './brand-operations.ts'
import type { HandbookDatabase } from './database.ts'
import type { HandbookPorts, OperationTable } from './operation-table.ts'
import { type Operation, type OperationOf, operationSchema } from './operations.ts'
import { QUESTION_OPERATIONS } from './question-operations.ts'
import { SECTION_OPERATIONS } from './section-operations.ts'

/** Two languages of the longest section, each character an escape or four bytes. */
export const DRAFT_LIMIT_BYTES = 3 * 1_024 * 1_024

const OPERATIONS: OperationTable = {
  ...SECTION_OPERATIONS,
  ...QUESTION_OPERATIONS,
  ...BRAND_OPERATIONS
}

const carryOut = <Name extends Operation['operation']>(
  ports: HandbookPorts,
  name: Name,
  operation: OperationOf<Name>
) => OPERATIONS[name](ports, operation)

type HandbookDependencies = EndpointSettings &
  Omit<HandbookPorts, 'database'> & {
    verify: Backend['verify']
    databaseAs: (caller: Caller) => HandbookDatabase
  }

export const createHandler = ({
  verify,
  databaseAs,
  embedTexts,
  ...settings
}: HandbookDependencies) =>
  createEndpoint<Operation>({
    name: 'handbook',
    backend: { verify },
    ...settings,
    bodySchema: operationSchema,
    bodyLimitBytes: DRAFT_LIMIT_BYTES,
    work: async (caller, body) => {
      const ports = { database: databaseAs(caller), embedTexts }
      const outcome = await carryOut(ports, body.operation, body)
      return { ...outcome, log: { operation: body.operation, ...outcome.log } }
    }
  })
