// A modal dialog.
import { type ReactNode, useEffect, useRef } from 'react'

type Props = {
  className: string
  labelledBy: string
  testId?: string
  step?: string
  onClose: () => void
  /** @param close returns the focus and then calls `onClose` */
  children: (close: () => void) => ReactNode
}

export const Dialog = ({ className, labelledBy, testId, step, onClose, children }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      className={className}
      data-testid={testId}
      data-step={step}
      aria-labelledby={labelledBy}
      // React lets `close` bubble, unlike the browser: a dialog within this one closes only itself.
      onClose={(event) => event.target === event.currentTarget && onClose()}
    >
      {children(() => dialog.current?.close())}
    </dialog>
  )
}
