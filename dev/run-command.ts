// Runs a command: progress goes to stderr, results to stdout.

const startedAtMs = performance.now()

/** Prints one line with the seconds since the command began. */
export const say = (text: string): void => {
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(6)
  process.stderr.write(`${seconds} s  ${text}\n`)
}

/** Ends the command with a message instead of a stack. */
export class CommandError extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Returns the exit code. Prints a CommandError's message, and the stack of any other error, which is a bug. */
export const exitCodeOf = async (main: () => Promise<number>): Promise<number> => {
  try {
    return await main()
  } catch (error) {
    if (error instanceof CommandError) {
      process.stderr.write(`\n${error.message}\n`)
      return error.exitCode
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    return 70
  }
}

/** Runs a command to the end of the process. */
export const runCommand = async (main: () => Promise<number>): Promise<void> => {
  process.exitCode = await exitCodeOf(main)
  // Playwright and the pipes of child processes may still hold the event loop.
  process.exit()
}
