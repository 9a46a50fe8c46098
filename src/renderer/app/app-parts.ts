// The parts of the app that its features act on.
import type { Conversation } from '../call/conversation.ts'
import type { SectionOpener } from '../section-reader/opened-section.ts'
import type { AppAudio } from './audio.ts'
import type { AppCalls } from './calls.ts'
import type { AppDevices } from './devices.ts'
import type { Hints } from './hints.ts'
import type { Level } from './level.ts'
import type { SoundCheck } from './sound-check.ts'

export type AppParts = {
  audio: AppAudio
  devices: AppDevices
  calls: AppCalls
  level: Level
  soundCheck: SoundCheck
  sections: SectionOpener
  hints: Hints
  conversation: Conversation
}
