// The project's build without its page: what the preload's build test and nothing else needs.
import { defineConfig } from 'electron-vite'
import project from '../../electron.vite.config.ts'

const { main, preload } = project
export default defineConfig({ main, preload })
