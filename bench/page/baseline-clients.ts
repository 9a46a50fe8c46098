// Drives one baseline client at a time with the talk key, in Chromium.
import { agentsRealtime } from './agents-realtime.ts'
import type { BaselineClient } from './baseline-client.ts'
import { openMicrophoneHook } from './open-microphone-hook.ts'
import { idleCall, webRtcHelper } from './webrtc-helper.ts'

const makers = { webRtcHelper, agentsRealtime, openMicrophoneHook } as const
export type BaselineClientName = keyof typeof makers

const TALK_KEY = 'F19'

const problems: string[] = []
let client: BaselineClient | null = null
let underWay: Promise<void> = Promise.resolve()

const report = (problem: string): void => {
  problems.push(problem)
}

const on = (type: 'keydown' | 'keyup', act: (driven: BaselineClient) => Promise<void>): void =>
  addEventListener(type, (event) => {
    if (event.code !== TALK_KEY || event.repeat || client === null) return
    const mine = act(client)
    underWay = Promise.all([underWay, mine]).then(
      () => undefined,
      (error: unknown) => report(String(error))
    )
  })
on('keydown', (driven) => driven.press())
on('keyup', (driven) => driven.release())

const baseline = {
  problems,
  use: (name: BaselineClientName, openaiUrl: string): void => {
    client = makers[name]({ openaiUrl, report })
  },
  /** Resolves once the client has handled the last press and release. */
  settled: (): Promise<void> => underWay,
  close: (): void => {
    client?.close()
    client = null
  },
  /** Opens the microphone, its track disabled, and a call that stays idle. */
  openIdleCall: async (constraints: MediaTrackConstraints): Promise<void> => {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: constraints })
    const call = idleCall()
    for (const track of microphone.getTracks()) {
      track.enabled = false
      call.peerConnection.addTrack(track, microphone)
    }
    await call.connect()
  }
}

declare global {
  interface Window {
    baseline: typeof baseline
  }
}
window.baseline = baseline
