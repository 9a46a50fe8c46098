// The network of the preview shell: Node's own, without a proxy and with Node's authorities.
import { socketOfWs } from '../../src/main/calls/model-socket.ts'
import type { MainAppPorts } from '../../src/main/main-app-parts.ts'

export const nodeNetwork: MainAppPorts['network'] = {
  fetch: globalThis.fetch,
  fetchPlain: globalThis.fetch,
  isOnline: () => true,
  facts: async () => ({ proxy: null, hasProxySignIn: false, certificate: null }),
  socketOpeners: async () => [socketOfWs({})]
}
