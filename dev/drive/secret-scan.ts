// Searches the renderer's memory, storage and page for keys and tokens.
import type { CDPSession, Page } from '@playwright/test'

/** Shapes of every secret in the system: OpenAI's keys, Supabase's keys, and JSON web tokens. */
const SECRET_PATTERN =
  /\b(?:ek_|sk-)[A-Za-z0-9_-]{8,}|\bsb_(?:publishable|secret)_[A-Za-z0-9_-]{8,}|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+/g

export const secretsIn = (text: string): string[] => [...new Set(text.match(SECRET_PATTERN) ?? [])]

/** A flag of Chromium: V8 cuts a snapshot's strings at 1,024 characters, and a longer text could hide a token. */
export const WHOLE_STRINGS_FLAG = '--js-flags=--heap-snapshot-string-limit=4000000'

const heapSnapshot = async (session: CDPSession): Promise<string> => {
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  return chunks.join('')
}

const storageAndDom = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases()
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      databases.map((database) => database.name),
      await caches.keys().catch(() => []),
      location.href,
      document.documentElement.outerHTML,
      [...document.querySelectorAll('input')].map((input) => input.value)
    ])
  })

/** All distinct secrets in the page's memory, storage and DOM. Count them; never log them. */
export const secretsInRenderer = async (page: Page): Promise<string[]> => {
  const session = await page.context().newCDPSession(page)
  try {
    return secretsIn((await heapSnapshot(session)) + (await storageAndDom(page)))
  } finally {
    await session.detach()
  }
}
