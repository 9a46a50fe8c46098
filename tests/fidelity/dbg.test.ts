import { test } from 'vitest'
import { connectHelper, openBrowser } from './chromium.ts'
import { pushToTalkSession, startStandIn } from './stand-in.ts'
test('dbg', async () => {
  const s = await startStandIn()
  const b = await openBrowser()
  b.page.on('console', (m) => console.log('PAGE', m.text()))
  await connectHelper(b.page, s.url, await s.mint(pushToTalkSession))
  await b.page.evaluate(() => { window.helper.channel.addEventListener('message', (e) => console.log(performance.now(), e.data.slice(0, 200))); window.helper.channel.addEventListener('close', () => console.log(performance.now(), 'CLOSE')) })
  for (const wait of [0]) {
    await new Promise((r) => setTimeout(r, wait))
    const t = await b.page.evaluate(() => performance.now())
    await s.misbehave({ malformedEvent: '{"type":"x"}' })
    const [t2, seen] = await b.page.evaluate(async () => { const t = performance.now(); const n = window.helper.watch.seen.length; await new Promise((r) => setTimeout(r, 600)); return [t, window.helper.watch.seen.slice(-1).map((x) => x.atMs)] as const })
    console.log('WAIT', wait, 'sent between', t, t2, 'seen', seen)
  }
  await s.misbehave({ expireSessions: true })
  await new Promise((r) => setTimeout(r, 500))
  console.log(await b.page.evaluate(() => [window.helper.closed, window.helper.watch.seen.map((x) => x.event.type)]))
  await b.close(); await s.stop()
})
