// Lists the ports that a kiosk's processes hold, on Linux.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

export type OpenSockets = {
  /** Ports of TCP sockets that listen on an address other than loopback. */
  listening: number[]
  /** Local ports of UDP sockets. */
  udp: number[]
}

const LOOPBACK = /^(0100007F|0{24}01000000):/
const LISTEN = '0A'

/** @param userData names the processes: Chromium passes the folder to each of them */
export const openSockets = (userData: string): OpenSockets => {
  const inodes = new Set(processesOf(userData).flatMap(socketInodes))
  const entries = (table: string) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => inodes.has(fields[9] ?? ''))
      .map(([, local = '', , state]) => ({ local, state }))
  const portOf = ({ local }: { local: string }) => Number.parseInt(local.split(':')[1] ?? '', 16)
  return {
    listening: [...entries('tcp'), ...entries('tcp6')]
      .filter(({ local, state }) => state === LISTEN && !LOOPBACK.test(local))
      .map(portOf),
    udp: [...entries('udp'), ...entries('udp6')].map(portOf)
  }
}

const processesOf = (userData: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').includes(userData)
    } catch {
      // It has ended.
      return false
    }
  })

const socketInodes = (pid: string): string[] => {
  const folder = join('/proc', pid, 'fd')
  try {
    return readdirSync(folder).flatMap(
      (fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, fd)))?.[1] ?? []
    )
  } catch {
    // It has ended, or closed a file meanwhile.
    return []
  }
}
