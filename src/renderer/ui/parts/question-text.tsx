// The person's question in two lines; a longer one opens over the answer.
import { ChevronDown, MessageCircle } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** @returns whether the text is longer than its lines */
const useIsClamped = (text: string, box: { current: HTMLElement | null }): boolean => {
  const [isClamped, setClamped] = useState(false)
  useLayoutEffect(() => {
    const { current } = box
    if (text === '' || current === null) {
      setClamped(false)
      return
    }
    // A rounded height may be a pixel less.
    const measure = () => setClamped(current.scrollHeight > current.clientHeight + 1)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [text, box])
  return isClamped
}

export const QuestionText = ({ text }: { text: string }) => {
  const { t } = useTranslation()
  const box = useRef<HTMLParagraphElement>(null)
  const isClamped = useIsClamped(text, box)
  const [openedText, setOpenedText] = useState<string | null>(null)
  const isOpen = isClamped && openedText === text
  const toggle = () => setOpenedText(isOpen ? null : text)
  return (
    <>
      <div className="transcript">
        <MessageCircle className="icon" aria-hidden="true" />
        <span className="visually-hidden">{t('conversation.you_asked')}</span>
        <p className="transcript-text" ref={box} data-testid="heard">
          {text}
        </p>
        {isClamped && (
          <button
            type="button"
            className="transcript-open"
            data-testid="heard-open"
            aria-label={t('conversation.whole_question')}
            aria-expanded={isOpen}
            onClick={toggle}
          >
            <ChevronDown className="icon" aria-hidden="true" />
          </button>
        )}
      </div>
      {isOpen && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the button above closes it by keyboard
        // biome-ignore lint/a11y/noStaticElementInteractions: a tap anywhere on it closes it
        <div className="transcript-whole" data-testid="heard-whole" onClick={toggle}>
          {text}
        </div>
      )}
    </>
  )
}
