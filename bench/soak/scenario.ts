// The data of a scenario: one person's use of the kiosk, in steps with times.
import type { FaultInjection } from '../../dev/openai/fault-injection.ts'

export type InjectedFaults = Partial<FaultInjection>

/** `index` in the list of devices; null: the system's default. */
type DeviceChange = { kind: 'microphone' | 'speaker'; index: number | null }

export type DriverAction =
  | { do: 'key_down' }
  /** A held key repeats. */
  | { do: 'key_repeat' }
  | { do: 'key_up' }
  | { do: 'pointer_down' }
  | { do: 'pointer_up' }
  /** The space bar on the talk button. */
  | { do: 'space_down' }
  | { do: 'space_up' }
  | { do: 'blur' }
  /** The page is hidden and shown again. */
  | { do: 'hide' }
  | { do: 'type'; text: string }
  /** Asks again after a failure, where the screen offers it. */
  | { do: 'retry' }
  | { do: 'language' }
  | { do: 'devices_changed' }
  | { do: 'device'; device: DeviceChange }
  | { do: 'inject_faults'; faults: InjectedFaults }

export type ScenarioStep = { atMs: number } & DriverAction

/** The next scenario begins then. */
export type ScenarioEnd =
  /** The answer was played to its end. */
  | { kind: 'settled' }
  /** After the kiosk enters this state, or all questions have ended. */
  | { kind: 'during'; state: 'processing' | 'speaking'; afterMs: number }
  | { kind: 'after'; ms: number }

export type Scenario = {
  /** With the seed it determines the scenario. */
  index: number
  name: string
  /** In the order of their times, from the start of the scenario. */
  steps: readonly ScenarioStep[]
  ending: ScenarioEnd
}
