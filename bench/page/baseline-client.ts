// The interface of the baseline clients, and the requests to their server, which has the page's origin.

export const TOKEN_PATH = '/token'
export const CALL_PATH = '/call'
export const SEARCH_PATH = '/search'

export type BaselineClient = {
  /** Connects when there is no call, and talks. */
  press: () => Promise<void>
  /** Asks the question. Resolves once the client has sent it. */
  release: () => Promise<void>
  /** Ends the call and stops the microphone. */
  close: () => void
}

export type BaselineClientPorts = {
  /** With `/v1`. */
  openaiUrl: string
  report: (problem: string) => void
}

const post = async (path: string, type: string, body: string): Promise<string> => {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.text()
}

/** Returns an ephemeral key. */
export const fetchKey = (client: string): Promise<string> =>
  post(TOKEN_PATH, 'application/json', JSON.stringify({ client }))

/** Returns the SDP answer of a server that opens the call itself. */
export const postSdpOffer = (offerSdp: string): Promise<string> =>
  post(CALL_PATH, 'application/sdp', offerSdp)

/** Returns the text of the tool's output. */
export const searchHandbook = (question: string): Promise<string> =>
  post(SEARCH_PATH, 'application/json', JSON.stringify({ question }))
