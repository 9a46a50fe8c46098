// Defines the origin of the kiosk's page.

export const PAGE_SCHEME = 'app'
const PAGE_HOST = 'kiosk'
export const PAGE_URL = `${PAGE_SCHEME}://${PAGE_HOST}/`

/** Compares the parts of the URL: `URL.origin` is `null` for custom schemes. */
export const isKioskUrl = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (
    url.protocol === `${PAGE_SCHEME}:` &&
    url.host === PAGE_HOST &&
    url.username === '' &&
    url.password === ''
  )
}
