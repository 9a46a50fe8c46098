// Changes a constant in a function of the database.
import type { Transaction } from '@electric-sql/pglite'

/**
 * @throws Error for an undeclared constant: the search has changed
 */
export const withConstant = (definition: string, name: string, value: string): string => {
  const declared = new RegExp(`(\\b${name}\\s+constant\\s[^:;]*:=)[^;]*;`)
  if (!declared.test(definition)) throw new Error(`No constant ${name} is declared.`)
  return definition.replace(declared, (_, before: string) => `${before} ${value};`)
}

/** @param name a function of the schema `private` */
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
    throw new Error(`There are ${rows.length} functions private.${name}.`)
  }
  await sql.exec(withConstant(only.definition, constant, value))
}
