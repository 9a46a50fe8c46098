// Builds `/bridge.js`, which defines `window.heard` before any script of the renderer runs.
import { CALL_NAMES, NOTIFICATION_NAMES } from '../../src/shared/contract-names.ts'
import { createPageBridge } from './page-bridge.ts'

export const SOCKET_PATH = '/bridge'
/** WebSocket subprotocol of the bridge; a first connection offers its token beside it. */
export const SUBPROTOCOL = 'heard'
export const TOKEN_PREFIX = 'heard-token-'

/** The script removes the token from the address bar before any other script can read it. */
export const bridgeScript = (): string => `// Made by the preview shell from the contract.
{
  const token = location.hash.slice(1)
  if (token !== '') history.replaceState(null, '', location.pathname)
  const protocols = [${JSON.stringify(SUBPROTOCOL)}]
  if (token !== '') protocols.push(${JSON.stringify(TOKEN_PREFIX)} + token)
  const createPageBridge = ${createPageBridge.toString()}
  Object.defineProperty(window, 'heard', {
    value: createPageBridge({
      callNames: ${JSON.stringify(CALL_NAMES)},
      notificationNames: ${JSON.stringify(NOTIFICATION_NAMES)},
      onPort: (webSocketId, port) =>
        postMessage({ kind: 'heard.webSocketPort', webSocketId }, location.origin, [port]),
      openSocket: () => new WebSocket('ws://' + location.host + ${JSON.stringify(SOCKET_PATH)}, protocols),
      onLost: () => dispatchEvent(new Event('heard-bridge-lost'))
    })
  })
}
`
