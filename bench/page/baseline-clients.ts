// Runs in Chromium: the rival clients, one at a time, behind the key that also drives the kiosk.
import { agentsRealtime } from './agents-realtime.ts'
import type { BaselineClient } from './baseline-client.ts'
import { openMicrophoneHook } from './open-microphone-hook.ts'
import { webRtcHelper } from './webrtc-helper.ts'

const makers = { webRtcHelper, agentsRealtime, openMicrophoneHook } as const
export type BaselineClientName = keyof typeof makers

/** The key that the kiosk talks with by default. */
const TALK_KEY = 'F19'

const problems: string[] = []
let peer: BaselineClient | null = null
let underWay: Promise<void> = Promise.resolve()

const complain = (problem: string): void => {
  problems.push(problem)
}

const on = (type: 'keydown' | 'keyup', act: (driven: BaselineClient) => Promise<void>): void =>
  addEventListener(type, (event) => {
    if (event.code !== TALK_KEY || event.repeat || peer === null) return
    const mine = act(peer)
    underWay = Promise.all([underWay, mine]).then(
      () => undefined,
      (error: unknown) => complain(String(error))
    )
  })
on('keydown', (driven) => driven.press())
on('keyup', (driven) => driven.release())

const peers = {
  problems,
  use: (name: BaselineClientName, openaiUrl: string): void => {
    peer = makers[name]({ openaiUrl, complain })
  },
  /** When the client has done what it does at the last press and release. */
  settled: (): Promise<void> => underWay,
  putDown: (): void => {
    peer?.close()
    peer = null
  }
}

declare global {
  interface Window {
    peers: typeof peers
  }
}
window.peers = peers
