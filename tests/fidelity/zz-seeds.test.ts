import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, connectHelper, openBrowser, seenCount, seenUntil, sendEvents } from './chromium.ts'
import { pushToTalkSession, type StandIn, startStandIn } from './stand-in.ts'
let standIn: StandIn
let browser: Browser
beforeAll(async () => { standIn = await startStandIn(['--brief']); browser = await openBrowser() })
afterAll(async () => { await browser?.close(); await standIn?.stop() })
test('seeds', async () => {
  for (const profile of ['very_bad', 'poor', 'busy_wifi']) {
    const out: string[] = []
    for (let seed = 1; seed <= 12; seed += 1) {
      await standIn.misbehave({ network: { profile, seed } })
      const t = Date.now()
      try {
        await connectHelper(browser.page, standIn.url, await standIn.mint(pushToTalkSession))
        const c = Date.now() - t
        const from = await seenCount(browser.page)
        await sendEvents(browser.page, [{ type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'How hot does chicken have to be?' }] } }, { type: 'response.create' }])
        await seenUntil(browser.page, 'response.done', from)
        out.push(`${c}+${Date.now() - t - c}`)
      } catch (e) { out.push(`FAIL ${String(e).slice(0, 80)}`) }
      await browser.page.evaluate(() => window.helper?.close())
    }
    console.log(profile, out.join(' '))
  }
  expect(1).toBe(1)
}, 500_000)
