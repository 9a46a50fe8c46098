// Where Chromium says that the machine's network is another one. TypeScript's DOM does not know it yet.

/** Fires `change`, also when only the estimate of the network's speed is another; null where there is none. */
export const networkInformation = (navigator: Navigator): EventTarget | null =>
  'connection' in navigator && navigator.connection instanceof EventTarget
    ? navigator.connection
    : null
