// The renderer's entry: asks main for what it needs, puts the kiosk together and draws it.
import './without-eval.ts'
import { createKiosk } from './kiosk.ts'
import { mount, mountFailure } from './screens/mount.tsx'

const start = async () => {
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  const loaded = await window.heard.call('kiosk.load', {})
  if (loaded.ok) mount(root, createKiosk(window, window.heard, loaded.value))
  else mountFailure(root, loaded.error.code)
}

void start()
