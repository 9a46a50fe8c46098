// Preloaded into every edge function: ends it when the backend that started it is gone. A backend that
// was killed outright cannot end anything itself, and the orphan would keep its port and its keys.

/** The part of Deno's API that this file uses; the rest of the project is typed for Node. */
declare const Deno: {
  readonly ppid: number
  exit: (code: number) => never
  unrefTimer: (timer: ReturnType<typeof setInterval>) => void
}

const POLL_MS = 500

const parentPid = Deno.ppid
// Unreferenced: it must not keep a function alive that has nothing left to do.
Deno.unrefTimer(
  setInterval(() => {
    if (Deno.ppid !== parentPid) Deno.exit(0)
  }, POLL_MS)
)

export {}
