// Bundles a TypeScript module into one script for a page.
import { build } from 'vite'
import { fromProject } from '../dev/paths.ts'

/** @param entry relative to the project; it sets its own globals */
export const bundlePageScript = async (entry: string): Promise<string> => {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    // A library build leaves this variable to the page.
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'esnext',
      lib: { entry: fromProject(entry), formats: ['iife'], name: 'bench' }
    }
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (output === undefined || !('output' in output)) throw new Error('vite built nothing.')
  return output.output[0].code
}
