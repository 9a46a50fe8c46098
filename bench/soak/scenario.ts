// What the driver does, as data: one act is one person's go at the kiosk, in moves with their times.
import type { FaultInjection } from '../../dev/openai/fault-injection.ts'

export type InjectedFaults = Partial<FaultInjection>

/** Microphone and speaker by their place in the list of devices; null: the system's default. */
export type DeviceChange = { kind: 'microphone' | 'speaker'; index: number | null }

export type DriverAction =
  | { do: 'key_down' }
  /** What a held key sends. */
  | { do: 'key_repeat' }
  | { do: 'key_up' }
  | { do: 'pointer_down' }
  | { do: 'pointer_up' }
  /** The button on the screen, by the keyboard. */
  | { do: 'space_down' }
  | { do: 'space_up' }
  /** The window loses the focus. */
  | { do: 'blur' }
  /** The page is hidden, and seen again a moment later. */
  | { do: 'hide' }
  | { do: 'type'; text: string }
  /** The button beside the sentence that says what failed, when it offers to ask again. */
  | { do: 'retry' }
  | { do: 'language' }
  | { do: 'devices_changed' }
  | { do: 'device'; device: DeviceChange }
  | { do: 'trouble'; trouble: InjectedFaults }

export type ScenarioStep = { atMs: number } & DriverAction

/** How the act ends, and the next one begins. */
export type ScenarioEnd =
  /** The question has its end, and its answer was heard out. */
  | { kind: 'settled' }
  /** This long after the kiosk came to this state, unless everything ended before. */
  | { kind: 'during'; state: 'processing' | 'speaking'; afterMs: number }
  | { kind: 'after'; ms: number }

export type Scenario = {
  /** From 0; with the seed it is all there is to know of the act. */
  index: number
  name: string
  /** In the order of their times, which count from the beginning of the act. */
  moves: readonly ScenarioStep[]
  ending: ScenarioEnd
}
