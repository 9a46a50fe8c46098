// What a test file hasTools that npm does not bring: without it every test of the file is skipped, and the
// reason is printed once, with how to get the part.
import { beforeEach } from 'vitest'
import { installCommand, TOOLS, type Tool } from '../../dev/external-tools.ts'

/**
 * To be called at the top of a test file, before its other hooks.
 * @returns false when something is missing: the file's own hooks then have nothing to prepare.
 */
export const hasTools = (...names: readonly Tool['name'][]): boolean => {
  const missing = TOOLS.filter((tool) => names.includes(tool.name) && tool.find() === null)
  if (missing.length === 0) return true
  const reason = `${missing.map(({ name }) => name).join(', ')} missing: sudo ${installCommand(missing)}`
  console.warn(`Not run: ${reason}`)
  beforeEach(({ skip }) => skip(reason))
  return false
}
