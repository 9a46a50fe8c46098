// Three builds: main as ESM for Node, the preload as one CommonJS file (a sandboxed window can load
// nothing else), and the renderer as a static page.
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

/** The bundled packages, for `build/bill-of-materials.ts`. */
const LICENSES = { fileName: 'licenses.json' }

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      license: LICENSES,
      rolldownOptions: {
        input: { bootstrap: resolve('src/main/bootstrap.ts'), index: resolve('src/main/index.ts') }
      }
    }
  },
  preload: {
    build: {
      outDir: 'out/preload',
      license: LICENSES,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      license: LICENSES,
      minify: true,
      target: 'chrome130',
      rolldownOptions: { input: { index: resolve('src/renderer/index.html') } }
    }
  }
})
