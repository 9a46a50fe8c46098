// Starts Xvfb as a display for Electron on a machine without one.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
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
  const number = await firstLine(child)
  return { name: `:${number}`, close: () => child.kill('SIGTERM') }
}

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new CommandError('Xvfb did not start within 10 s.')),
      XVFB_START_MS
    )
    child.once('error', reject)
    child.once('exit', (code) => reject(new CommandError(`Xvfb ended with code ${code}.`)))
    createInterface({ input: child.stdio[3] as Readable }).once('line', (line) => {
      clearTimeout(timer)
      resolve(line.trim())
    })
  })
