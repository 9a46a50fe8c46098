// Opens the settings' store outside Electron: conf, the base class of electron-store.
import Conf from 'conf'
import type { OpenStore } from '../../src/main/settings/settings-file.ts'

export const openConf: OpenStore = (options) => new Conf(options)
