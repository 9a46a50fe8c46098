// Something that opens above the screen and has the keyboard until it is closed.
import { type ReactNode, useEffect, useRef } from 'react'

type Props = {
  className: string
  labelledBy: string
  testId?: string
  step?: string
  onClose: () => void
  /** @param close gives the focus back to where it was, and then calls `onClose` */
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
      // React lets `close` bubble, the browser does not: a dialog within this one closes for itself only.
      onClose={(event) => event.target === event.currentTarget && onClose()}
    >
      {children(() => dialog.current?.close())}
    </dialog>
  )
}
