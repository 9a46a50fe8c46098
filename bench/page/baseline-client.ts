// What every rival client is driven through: the same key, the same server, the same search.

/** Addresses that a page of the bench is given. The server is the bench's own, on the page's origin. */
export const TOKEN_PATH = '/token'
export const CALL_PATH = '/call'
export const SEARCH_PATH = '/search'

export type BaselineClient = {
  /** The key went down: connects when there is no call, and talks. */
  press: () => Promise<void>
  /** The key went up: what was said is a question. Resolves when the client has done what it does then. */
  release: () => Promise<void>
  /** Puts the call down and the microphone off. */
  close: () => void
}

export type BaselineClientPorts = {
  /** The model's address, with `/v1`. */
  openaiUrl: string
  /** What went wrong; nothing, on a good day. */
  complain: (problem: string) => void
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

/** An ephemeral key for this client's session. */
export const fetchToken = (client: string): Promise<string> =>
  post(TOKEN_PATH, 'application/json', JSON.stringify({ client }))

/** The answer to an offer, from a server that opens the call itself. */
export const postSdpOffer = (offerSdp: string): Promise<string> =>
  post(CALL_PATH, 'application/sdp', offerSdp)

/** What the handbook says, as the text of a tool's output. */
export const searchHandbook = (query: string): Promise<string> =>
  post(SEARCH_PATH, 'application/json', JSON.stringify({ query }))
