// A page that another one takes the place of leaves no calls behind.
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { hangUpOnNavigation } from '../../../../src/main/electron/hang-up-on-navigation.ts'

it('hangs up with every page that another takes the place of, and not within one', () => {
  const webContents = new EventEmitter()
  let hangUps = 0
  hangUpOnNavigation({ webContents } as unknown as Parameters<typeof hangUpOnNavigation>[0], {
    pageLost: async () => {
      hangUps += 1
    }
  })
  webContents.emit('did-start-navigation')
  webContents.emit('did-navigate-in-page')
  expect(hangUps).toBe(0)
  webContents.emit('did-navigate')
  webContents.emit('did-navigate')
  expect(hangUps).toBe(2)
})
