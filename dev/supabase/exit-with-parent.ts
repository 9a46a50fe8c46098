// Ends an edge function when its backend is gone. A killed backend cannot do it, and the orphan would hold its port and
// keys.

/** The project's other files are typed for Node. */
declare const Deno: {
  readonly ppid: number
  exit: (code: number) => never
  unrefTimer: (timer: ReturnType<typeof setInterval>) => void
}

const POLL_MS = 500

const parentPid = Deno.ppid
// An unreferenced timer does not keep a function running.
Deno.unrefTimer(
  setInterval(() => {
    if (Deno.ppid !== parentPid) Deno.exit(0)
  }, POLL_MS)
)

export {}
