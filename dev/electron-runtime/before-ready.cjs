// Prepares a development runtime whose launcher loads the app after Electron is ready. It makes the app's calls that must
// come earlier, when the launcher first requires electron. A released Electron does not load this file.
const Module = require('node:module')
const scheme = require('../../src/main/electron/page-scheme.json')

const load = Module._load
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest)
  if (request !== 'electron' || loaded.app === undefined || loaded.app.isReady()) return loaded
  Module._load = load
  const { app, protocol } = loaded
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
  protocol.registerSchemesAsPrivileged([scheme])
  // The app's own calls come too late and are made above.
  app.enableSandbox = () => {}
  protocol.registerSchemesAsPrivileged = () => {}
  return loaded
}
