// A heading and its settings.
import { type ReactNode, useId } from 'react'

type Props = { title: string; children: ReactNode }

export const SettingsGroup = ({ title, children }: Props) => {
  const id = useId()
  return (
    <section className="group" aria-labelledby={id}>
      <h3 className="group-title" id={id}>
        {title}
      </h3>
      {children}
    </section>
  )
}
