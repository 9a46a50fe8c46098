// Starts Xvfb as a display for Electron on a machine without one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { waitForLine } from '../child-process.ts'
import { findXvfb, installCommand, TOOLS } from '../external-tools.ts'
import { CommandError } from '../run-command.ts'

export type Display = { name: string; close(): void }

const XVFB_START_MS = 10_000

export const hasDisplay = (): boolean =>
  process.platform !== 'linux' ||
  process.env.DISPLAY !== undefined ||
  process.env.WAYLAND_DISPLAY !== undefined

/** @throws CommandError when Xvfb is missing or does not start. */
export const startXvfb = async (): Promise<Display> => {
  const xvfb = findXvfb()
  if (xvfb === null) {
    const tools = TOOLS.filter((tool) => tool.name === 'xvfb')
    throw new CommandError(
      `There is no display and no Xvfb. To get it: sudo ${installCommand(tools)}`
    )
  }
  // -displayfd chooses a free number and writes it when the server is ready.
  const child = spawn(
    xvfb,
    ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }
  )
  const ended = once(child, 'exit').then(([code]) => Number(code))
  const number = await waitForLine(
    child.stdio[3] as Readable,
    (line) => line.trim(),
    ended,
    XVFB_START_MS,
    {
      onEnd: (code) => new CommandError(`Xvfb ended with code ${code}.`),
      onLimit: () => new CommandError('Xvfb did not start within 10 s.')
    }
  )
  return { name: `:${number}`, close: () => child.kill('SIGTERM') }
}
