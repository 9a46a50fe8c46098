// Skips the tests of a file when a tool is missing that npm does not provide, and prints the reason with the install
// command once.
import { beforeEach } from 'vitest'
import { installCommand, TOOLS, type Tool } from '../../dev/external-tools.ts'

/** Call it at the top of a test file. @returns false when a tool is missing: the file's hooks have nothing to prepare. */
export const hasTools = (...names: readonly Tool['name'][]): boolean => {
  const missing = TOOLS.filter((tool) => names.includes(tool.name) && tool.find() === null)
  if (missing.length === 0) return true
  const reason = `${missing.map(({ name }) => name).join(', ')} missing: sudo ${installCommand(missing)}`
  console.warn(`Not run: ${reason}`)
  beforeEach(({ skip }) => skip(reason))
  return false
}
