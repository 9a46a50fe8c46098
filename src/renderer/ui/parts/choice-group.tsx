// One of a few choices, each with a name and perhaps a sentence on its use.
type Choice<T> = { value: T; name: string; sentence?: string; testId: string }

type Props<T> = {
  label: string
  /** Side by side, or one below the other. */
  layout: 'row' | 'column'
  choices: readonly Choice<T>[]
  chosen: T
  onChoose: (value: T) => void
}

export const ChoiceGroup = <T extends string | number>({
  label,
  layout,
  choices,
  chosen,
  onChoose
}: Props<T>) => (
  <fieldset className="choices" data-layout={layout} aria-label={label}>
    {choices.map(({ value, name, sentence, testId }) => (
      <button
        key={value}
        type="button"
        className="choice"
        data-testid={testId}
        aria-pressed={value === chosen}
        onClick={() => value !== chosen && onChoose(value)}
      >
        <span className="choice-name">{name}</span>
        {sentence !== undefined && <span className="choice-detail">{sentence}</span>}
      </button>
    ))}
  </fieldset>
)
