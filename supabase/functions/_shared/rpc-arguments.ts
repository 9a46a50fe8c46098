// Types the parameters of the database's functions: the generated types, with null, which the generator does not know.
import type { Database, Json } from './database.types.ts'

type Functions = Database['public']['Functions']

export type RpcName = keyof Functions & string

/** The database checks parameters that are JSON. */
export type RpcArguments<Name extends RpcName> = {
  [Key in keyof Functions[Name]['Args']]: Json extends Functions[Name]['Args'][Key]
    ? unknown
    : Functions[Name]['Args'][Key] | null
}
