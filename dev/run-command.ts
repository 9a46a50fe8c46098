// What a person in front of a terminal reads while something takes long. Always on stderr: stdout
// belongs to the commands' results.

const startedAtMs = performance.now()

/** One line, with the seconds since the command began. */
export const say = (text: string): void => {
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(6)
  process.stderr.write(`${seconds} s  ${text}\n`)
}

/** Ends the command with a sentence instead of a stack. */
export class CommandError extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Runs a command's main function; a CommandError is its sentence, anything else is a bug with its stack. */
export const runCommand = async (main: () => Promise<number>): Promise<void> => {
  try {
    process.exitCode = await main()
  } catch (error) {
    if (error instanceof CommandError) {
      process.stderr.write(`\n${error.message}\n`)
      process.exitCode = error.exitCode
    } else {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
      process.exitCode = 70
    }
  }
  // Playwright and the children's pipes may still hold the loop; everything was closed in order above.
  process.exit()
}
