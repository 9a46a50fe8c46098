// The database's functions by name with their parameters, as the generated types have them, and null where a parameter
// takes it: the generator knows of none, and a brand's sections have no restaurant.
import type { Database, Json } from './database.types.ts'

type Functions = Database['public']['Functions']

export type RpcName = keyof Functions & string

/** What is JSON is checked in the database. */
export type RpcArguments<Name extends RpcName> = {
  [Key in keyof Functions[Name]['Args']]: Json extends Functions[Name]['Args'][Key]
    ? unknown
    : Functions[Name]['Args'][Key] | null
}
