// Parses the values of command-line options.
import { CommandError } from './run-command.ts'

/** EX_USAGE of sysexits.h. */
export const EXIT_USAGE = 64

/** @throws CommandError outside the range, and for other text */
export const wholeNumber = (option: string, text: string, least: number, most: number): number => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new CommandError(
    `${option} is a whole number from ${least} to ${most}, not "${text}".`,
    EXIT_USAGE
  )
}

/** @throws CommandError for any other text */
export const oneOf = <T extends string>(
  option: string,
  text: string | undefined,
  allowed: readonly T[]
): T | undefined => {
  const value = allowed.find((each) => each === text)
  if (text === undefined || value !== undefined) return value
  throw new CommandError(`${option} is ${allowed.join(' or ')}, not "${text}".`, EXIT_USAGE)
}
