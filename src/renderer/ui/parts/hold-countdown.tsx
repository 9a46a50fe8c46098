// Counts down the last seconds of a hold on the talk button.
import { useEffect, useState } from 'react'
import { COUNTDOWN_FROM_S, msToNextSecond, secondsLeft } from './countdown-seconds.ts'

/** @param endsAtMs on `performance.now()`'s clock; null without a hold */
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
      // Once a second and not once a frame, to spare the CPU.
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
