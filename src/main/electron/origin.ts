// The one address that the kiosk's window ever shows.

export const PAGE_SCHEME = 'app'
export const PAGE_HOST = 'kiosk'
export const PAGE_ORIGIN = `${PAGE_SCHEME}://${PAGE_HOST}`
export const PAGE_URL = `${PAGE_ORIGIN}/`

/** True for a page of the kiosk. `URL.origin` is `null` for schemes of one's own, so the parts are compared. */
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
