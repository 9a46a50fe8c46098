// Opens the kiosk's audio code in a real Chromium, built with its worklets and under the kiosk's own headers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWav } from '../../dev/wav.ts'
import { pageHeaders } from '../../src/main/renderer-page.ts'
import { type Browser, bundle, openServedPage, pageScript } from './served-page.ts'

/** A script of `page/`. */
type AudioEntry = 'audio' | 'player' | 'websocket-transport'

/** Builds as electron-vite builds the kiosk's page; the entry is `/audio.js`, the worklets are files of their own. */
export const bundlePage = (entry: AudioEntry): Promise<Map<string, string>> =>
  bundle(
    {
      target: 'chrome130',
      rolldownOptions: {
        input: { audio: pageScript(entry) },
        output: { entryFileNames: '[name].js' }
      }
    },
    './'
  )

export type AudioPage = Browser & { scripts: readonly string[] }

const RATE_HZ = 48_000

/** @param samples at 48 kHz, which the fake microphone plays in a loop; a second of silence by default. */
export const openAudioPage = async (
  entry: AudioEntry,
  samples = new Int16Array(RATE_HZ)
): Promise<AudioPage> => {
  const folder = mkdtempSync(join(tmpdir(), 'heard-audio-'))
  const microphone = join(folder, 'microphone.wav')
  writeFileSync(microphone, writeWav({ samples, rateHz: RATE_HZ }))
  const scripts = await bundlePage(entry)
  const { page, close } = await openServedPage(
    scripts,
    '/audio.js',
    microphone,
    pageHeaders("'none'")
  )
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`In the page: ${message.text()}`)
  })
  return {
    page,
    scripts: [...scripts.keys()],
    close: async () => {
      await close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
