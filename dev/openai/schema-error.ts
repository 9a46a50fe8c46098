// Turns zod's issues into the API's error: code, message and param path.
import type { z } from 'zod'
import type { Refusal } from './api-error.ts'

type Issue = z.core.$ZodIssue

const pathText = (root: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, root)

const valueAt = (data: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined,
    data
  )

const shown = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? 'undefined')

const typeName = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal'
  return typeof value === 'string' ? 'a string' : `a ${typeof value}`
}

/** Takes the branch of a union that matched the longest path. */
const deepest = (branches: readonly (readonly Issue[])[]): Issue | undefined => {
  const first = branches.flatMap((branch) => branch.slice(0, 1))
  return first.toSorted((a, b) => b.path.length - a.path.length)[0]
}

const refusalFor = (issue: Issue, root: string, data: unknown): Refusal => {
  const value = valueAt(data, issue.path)
  const param = pathText(root, issue.path)
  if (issue.code === 'unrecognized_keys') {
    const unknown = pathText(root, [...issue.path, issue.keys[0] ?? ''])
    return {
      code: 'unknown_parameter',
      message: `Unknown parameter: '${unknown}'.`,
      param: unknown
    }
  }
  if (issue.code === 'invalid_union') {
    const inner = deepest(issue.errors)
    if (inner !== undefined && inner.path.length > 0)
      return refusalFor({ ...inner, path: [...issue.path, ...inner.path] }, root, data)
  }
  if (value === undefined)
    return {
      code: 'missing_required_parameter',
      message: `Missing required parameter: '${param}'.`,
      param
    }
  switch (issue.code) {
    case 'invalid_type':
      return {
        code: 'invalid_type',
        message: `Invalid type for '${param}': expected ${issue.expected}, but got ${typeName(value)} instead.`,
        param
      }
    case 'invalid_value':
      return {
        code: 'invalid_value',
        message: `Invalid value: ${shown(value)}. Supported values are: ${issue.values.map(shown).join(', ')}.`,
        param
      }
    default:
      return {
        code: 'invalid_value',
        message: `Invalid value for '${param}': ${shown(value)}. ${issue.message}.`,
        param
      }
  }
}

/**
 * The API reports one problem at a time, an unknown field before a bad value.
 * @param root name of the checked object, such as `session`; empty for the body itself.
 */
export const apiErrorFromZod = (error: z.ZodError, root: string, data: unknown): Refusal => {
  const unknownField = error.issues.find((issue) => issue.code === 'unrecognized_keys')
  const issue = unknownField ?? error.issues[0]
  if (issue === undefined)
    return { code: 'invalid_value', message: `Invalid value for '${root}'.`, param: root }
  return refusalFor(issue, root, data)
}
