// The last seconds of a hold, counted down where the hand is.
import { useEffect, useState } from 'react'
import { COUNTDOWN_FROM_S, msToNextSecond, secondsLeft } from './countdown-seconds.ts'

/** @param endsAtMs on `performance.now()`'s clock; null while nothing is held or the end is far */
export const useSecondsLeft = (endsAtMs: number | null): number | null => {
  const [seconds, setSeconds] = useState<number | null>(null)
  useEffect(() => {
    if (endsAtMs === null) {
      setSeconds(null)
      return
    }
    let timer: ReturnType<typeof setTimeout>
    const tick = () => {
      const now = performance.now()
      setSeconds(secondsLeft(endsAtMs, now))
      // Once a second and not once a frame: the answer's machine has better things to do.
      if (now < endsAtMs) timer = setTimeout(tick, msToNextSecond(endsAtMs, now))
    }
    tick()
    return () => clearTimeout(timer)
  }, [endsAtMs])
  return seconds !== null && seconds <= COUNTDOWN_FROM_S ? seconds : null
}

export const HoldCountdown = ({ seconds }: { seconds: number }) => (
  <span className="talk-countdown" data-testid="hold-countdown" role="timer" aria-live="off">
    {seconds}
  </span>
)
