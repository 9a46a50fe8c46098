// Renames the snake_case columns of a row to camelCase.

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name
export type CamelCased<Row> = {
  [Key in keyof Row as Key extends string ? CamelCase<Key> : Key]: Row[Key]
}

/** Renames the row's own columns; nested objects stay as they are. */
export const camelCased = <Row extends object>(row: Row): CamelCased<Row> =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value
    ])
  ) as CamelCased<Row>
