// Follows the finger at once, and saves once the finger rests.
import { useEffect, useRef, useState } from 'react'

/** A drag has dozens of values; the settings file is written once. */
const SAVE_AFTER_MS = 200

/** @returns the value to draw, and a function that moves it */
export const useSlider = (
  saved: number,
  save: (value: number) => void
): readonly [number, (value: number) => void] => {
  const [moved, setMoved] = useState<number | null>(null)
  const latestSave = useRef(save)
  latestSave.current = save
  useEffect(() => {
    if (moved === null) return
    const timer = setTimeout(() => {
      latestSave.current(moved)
      setMoved(null)
    }, SAVE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [moved])
  return [moved ?? saved, setMoved]
}
