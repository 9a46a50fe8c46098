// Weighted random actions of a property test.
import fc from 'fast-check'

type Fields<Action, Kind> = {
  [F in Exclude<keyof Extract<Action, { kind: Kind }>, 'kind'>]: fc.Arbitrary<
    Extract<Action, { kind: Kind }>[F]
  >
}

/** @returns a function from a weight, a kind and the fields of that kind to an argument of `fc.oneof` */
export const weightedActions =
  <Action extends { kind: string }>() =>
  <Kind extends Action['kind']>(weight: number, kind: Kind, fields: Fields<Action, Kind>) => ({
    weight,
    arbitrary: fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<Action>
  })
