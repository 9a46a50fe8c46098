// The packaged kiosk: fuses set, files in the archive.
import type { Asked } from '../../dev/ask.ts'
import { waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { findCertutil, installCommand, TOOLS } from '../../dev/external-tools.ts'
import { askTyped, CHICKEN, expectLogged } from './support/ask.ts'
import { lastLine, runNode } from './support/commands.ts'
import { expect, test } from './support/fixtures.ts'
import { openSockets } from './support/open-sockets.ts'

const MDNS_PORT = 5353

test('answers a question, makes no request from the page, and logs its shell', async ({ open }) => {
  const { page, requests, log } = await open()
  await waitUntilReady(page)
  const { outcome, answer } = await askTyped(page, CHICKEN)
  expect(outcome).toBe('answered')
  expect(answer).toContain('165')
  expect(requests.urls).toEqual([])
  expect(await log()).toContainEqual(
    expect.objectContaining({ event: 'kiosk.started', shell: 'electron' })
  )
})

test('the page of the packed kiosk opens no window and no developer tools, and stays where it is', async ({
  open
}) => {
  const opened = await open()
  const { page, context } = opened
  await waitUntilReady(page)
  for (const key of ['F12', 'Control+Shift+I', 'Control+N', 'Control+R']) {
    await page.keyboard.press(key)
  }
  expect(await page.evaluate(() => window.open('https://example.com/') === null)).toBe(true)
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  await expectLogged(opened, 'navigation.denied')
  expect(page.url()).toBe('app://kiosk/')
  expect(context.pages()).toHaveLength(1)
})

test('answers in a company’s network, and names the authority that is not installed', async ({
  // The fixture skips where the shell's parts are missing.
  open: _open,
  shell
}) => {
  const certutil = TOOLS.filter(({ name }) => name === 'certutil')
  test.skip(findCertutil() === null, `certutil is missing: sudo ${installCommand(certutil)}`)
  const askIn = (network: string) =>
    runNode('dev/ask.ts', ['--json', '--shell', shell, '--network', network, CHICKEN])

  const company = await askIn('company')
  expect(company.code, company.stderr).toBe(0)
  expect(lastLine(company.stdout) as Asked).toMatchObject({ shell, outcome: 'answered' })

  const untrusted = await askIn('untrusted')
  expect(untrusted.code).not.toBe(0)
  expect(untrusted.stderr).toContain(
    'This computer does not trust Harbor Filter Authority, which issued the certificate of supabase.heard.test: install this authority’s certificate.'
  )
})

test('listens on no port of the network, and has UDP sockets of its calls only', async ({
  open
}) => {
  const { page, userDataDir } = await open()
  await waitUntilReady(page)
  // The call in use, the standby call and the prepared peer.
  const { listening, udp } = openSockets(userDataDir)
  expect(listening).toEqual([])
  expect(udp.length).toBeGreaterThan(0)
  expect(udp).not.toContain(MDNS_PORT)
})
