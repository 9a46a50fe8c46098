// Chromium's Network Information API, which TypeScript's DOM types lack.

/** Fires `change` for another network, and for another estimate of its speed. null where it is missing. */
export const networkInformation = (navigator: Navigator): EventTarget | null =>
  'connection' in navigator && navigator.connection instanceof EventTarget
    ? navigator.connection
    : null
