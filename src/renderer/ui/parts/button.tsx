import type { ReactNode } from 'react'

type Props = {
  testId: string
  look?: 'strong' | 'small' | 'icon' | undefined
  /** Name for a button without words. */
  label?: string
  disabled?: boolean
  onPress: () => void
  children: ReactNode
}

export const Button = ({ testId, look, label, disabled, onPress, children }: Props) => (
  <button
    type="button"
    className={look === undefined ? 'button' : `button button-${look}`}
    data-testid={testId}
    aria-label={label}
    // Not `disabled`: it would lose the focus.
    aria-disabled={disabled}
    onClick={() => disabled !== true && onPress()}
  >
    {children}
  </button>
)
