// For a development runtime whose launcher loads the app when Electron is ready already: does, at the
// launcher's own first look at electron, what the app has to do before that. A released Electron waits for
// the app and never sees this file.
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
  // The app's own calls come too late here and have been made.
  app.enableSandbox = () => {}
  protocol.registerSchemesAsPrivileged = () => {}
  return loaded
}
