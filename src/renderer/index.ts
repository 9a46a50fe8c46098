// Asks main for the initial state, creates the app and mounts it.
import './zod-jitless.ts'
import { createRendererApp } from './app/app.ts'
import { mount, mountFailure } from './ui/screens/mount.tsx'

const start = async () => {
  const root = document.getElementById('root')
  if (root === null) throw new Error('index.html has no #root')
  const loaded = await window.heard.call('kiosk.initialState', {})
  if (loaded.ok) mount(root, createRendererApp(window, window.heard, loaded.value))
  else mountFailure(root, loaded.error.code)
}

void start()
