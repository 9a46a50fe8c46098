// A passage from its quote on. What does not fit is cut; the section is one tap away.
import { useLayoutEffect, useRef } from 'react'
import type { CitedSection } from '../../call/answer-citations.ts'
import { PassageText } from './passage-text.tsx'

type Props = Pick<CitedSection, 'text' | 'quotes' | 'language'>

export const PassageExcerpt = ({ text, quotes, language }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (box.current === null) return
    const quoted = quotes.length === 0 ? null : box.current.querySelector<HTMLElement>('.quoted')
    box.current.scrollTop = quoted?.offsetTop ?? 0
  }, [quotes])
  return (
    <div className="excerpt passage" ref={box} lang={language} data-testid="passage">
      <PassageText text={text} quotes={quotes} />
    </div>
  )
}
