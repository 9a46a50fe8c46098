// A switch.
import { useId } from 'react'

type Props = {
  name: string
  detail?: string
  testId: string
  isOn: boolean
  onSwitch: (isOn: boolean) => void
}

export const Toggle = ({ name, detail, testId, isOn, onSwitch }: Props) => {
  const detailId = useId()
  return (
    <button
      type="button"
      role="switch"
      className="toggle"
      data-testid={testId}
      aria-checked={isOn}
      aria-label={name}
      aria-describedby={detail === undefined ? undefined : detailId}
      onClick={() => onSwitch(!isOn)}
    >
      <span className="toggle-track" aria-hidden="true" />
      <span className="choice-words">
        <span className="choice-name">{name}</span>
        {detail !== undefined && (
          <span className="choice-detail" id={detailId}>
            {detail}
          </span>
        )}
      </span>
    </button>
  )
}
