// The level as a bar.
import { useEffect, useRef } from 'react'
import { useActions } from './use-kiosk.ts'

type Props = { label: string; isLive: boolean }

export const LevelBar = ({ label, isLive }: Props) => {
  const bar = useRef<HTMLDivElement>(null)
  const { onLevel } = useActions()
  useEffect(() => {
    const show = (fill: number) => bar.current?.style.setProperty('--fill', fill.toFixed(3))
    const stop = onLevel(show)
    return () => {
      stop()
      show(0)
    }
  }, [onLevel])
  return (
    <div
      className="level"
      ref={bar}
      data-testid="level"
      data-live={isLive}
      role="img"
      aria-label={label}
    />
  )
}
