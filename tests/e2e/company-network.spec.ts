// A kiosk in a company's network: a proxy that wants a password, a PAC file, and certificates of a private authority.

import { openCompanyNetwork } from '../../dev/company-network.ts'
import { waitUntilReady } from '../../dev/drive/kiosk-screen.ts'
import { findCertutil, installCommand, TOOLS } from '../../dev/external-tools.ts'
import { askTyped, CHICKEN } from './support/ask.ts'
import { expect, test } from './support/fixtures.ts'
import { injectFaults } from './support/stand-in-control.ts'

const certutil = TOOLS.filter(({ name }) => name === 'certutil')

test.beforeEach(() => {
  test.skip(findCertutil() === null, `certutil is missing: sudo ${installCommand(certutil)}`)
})

test('answers over the WebSocket through the proxy, with its password and the private authority', async ({
  open,
  stack
}) => {
  const network = await openCompanyNetwork(stack)
  const { supabaseUrl, openaiUrl } = network
  const env = { ...network.env, HEARD_CALL_PATH: 'websocket' }
  const { page } = await open({ supabaseUrl, openaiUrl, env })
  await waitUntilReady(page)
  const { outcome, answer } = await askTyped(page, CHICKEN)
  expect(outcome).toBe('answered')
  expect(answer).toContain('165')
  expect(new Set(network.tunnels)).toEqual(new Set(['supabase.heard.test', 'openai.heard.test']))
  await network.close()
})

test('says what is wrong with the network, and goes on when it works again', async ({
  open,
  stack
}) => {
  const network = await openCompanyNetwork(stack)
  const { supabaseUrl, openaiUrl, env } = network
  const { page, log } = await open({ supabaseUrl, openaiUrl, env })
  await waitUntilReady(page)
  const failure = page.getByTestId('failure')
  const sentences = async () =>
    (await log()).filter(({ event }) => event === 'network.failed').map((line) => line.sentence)

  for (const [mood, place, sentence] of [
    [
      'password_changed',
      'kiosk',
      /^The proxy 127\.0\.0\.1:\d+ refuses the sign-in of HEARD_PROXY_USER/
    ],
    ['blocked', 'kiosk', /^The proxy 127\.0\.0\.1:\d+ does not connect to \w+\.heard\.test/],
    [
      'certificate_expired',
      'service',
      /^The certificate of \w+\.heard\.test is valid from .* only: renew/
    ],
    ['other_date', 'kiosk', /^The clock of this computer is about 40 days slow/],
    [
      'captive_portal',
      'kiosk',
      /^The network wants a sign-in on a web page \(portal\.heard\.test\)/
    ]
  ] as const) {
    network.become(mood)
    await injectFaults(stack, { dropCalls: { silently: false } })
    await expect(failure).toHaveAttribute('data-place', place)
    await expect.poll(sentences, { message: mood }).toContainEqual(expect.stringMatching(sentence))
  }
  await expect(failure).toContainText('copy on this kiosk')

  network.become('open')
  await page.getByTestId('failure-action').click()
  await waitUntilReady(page)
  await expect(failure).toBeHidden()
  await network.close()
})

test('names the authority that is not installed, at the sign-in and in the log', async ({
  open,
  stack
}) => {
  const network = await openCompanyNetwork(stack)
  const { supabaseUrl, openaiUrl, envWithoutAuthority } = network
  const { page, log } = await open({ supabaseUrl, openaiUrl, env: envWithoutAuthority })
  await expect(page.getByTestId('network-cause')).toHaveAttribute(
    'data-cause',
    'certificate_untrusted'
  )
  expect(await log()).toContainEqual(
    expect.objectContaining({
      event: 'network.failed',
      sentence:
        'This computer does not trust Harbor Filter Authority, which issued the certificate of supabase.heard.test: install this authority’s certificate.'
    })
  )
  await network.close()
})
