// Changes a constant of a function of the database, to see what it adds.
import type { Transaction } from '@electric-sql/pglite'

/**
 * The definition of a function with another value of a constant.
 * @throws Error when it declares no such constant: the search has changed, and the evaluation has to follow
 */
export const withConstant = (definition: string, name: string, value: string): string => {
  const declared = new RegExp(`(\\b${name}\\s+constant\\s[^:;]*:=)[^;]*;`)
  if (!declared.test(definition)) throw new Error(`No constant ${name} is declared.`)
  return definition.replace(declared, (_, before: string) => `${before} ${value};`)
}

/** @param name of a function of the schema `private` */
export const changeConstant = async (
  sql: Transaction,
  name: string,
  constant: string,
  value: string
): Promise<void> => {
  const { rows } = await sql.query<{ definition: string }>(
    `select pg_get_functiondef(p.oid) as definition
     from pg_proc p where p.pronamespace = 'private'::regnamespace and p.proname = $1`,
    [name]
  )
  const [only, ...others] = rows
  if (only === undefined || others.length > 0) {
    throw new Error(`private.${name} is there ${rows.length} times.`)
  }
  await sql.exec(withConstant(only.definition, constant, value))
}
