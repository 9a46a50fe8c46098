// The text of a section, beside the talk button.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { placeOf } from '../../../shared/headings.ts'
import { Button } from './button.tsx'
import { PassageText } from './passage-text.tsx'
import { useActions, useKiosk } from './use-kiosk.ts'
import '../css/section-reader.css'

/** Moves the focus to the text, so that keys scroll it, and back at the end, unless it has moved on. */
const useLentFocus = (
  dialog: RefObject<HTMLElement | null>,
  text: RefObject<HTMLElement | null>
) => {
  useLayoutEffect(() => {
    const before = document.activeElement
    const own = dialog.current
    text.current?.focus({ preventScroll: true })
    return () => {
      const isInside = own?.contains(document.activeElement) === true
      if (isInside && before instanceof HTMLElement) before.focus()
    }
  }, [dialog, text])
}

export const SectionReader = () => {
  const { t } = useTranslation()
  const openedSection = useKiosk((state) => state.openedSection)
  const language = useKiosk((state) => state.settings.language)
  const { closeSection } = useActions()
  const dialog = useRef<HTMLElement>(null)
  const text = useRef<HTMLDivElement>(null)
  useLentFocus(dialog, text)
  const section = openedSection?.section ?? null
  const anchor = placeOf(openedSection?.citation.anchor ?? '')

  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      // A dialog above takes Escape first.
      const isCovered = document.querySelector('dialog[open]') !== null
      if (event.key === 'Escape' && !event.repeat && !isCovered) closeSection()
    }
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [closeSection])

  useLayoutEffect(() => {
    if (section === null || text.current === null) return
    const places = [...text.current.querySelectorAll<HTMLElement>('[data-anchor]')]
    const place = anchor === '' ? undefined : places.find((one) => one.dataset.anchor === anchor)
    if (place === undefined) text.current.scrollTop = 0
    else place.scrollIntoView({ block: 'start' })
    // A quote far below its heading.
    text.current.querySelector('.quoted')?.scrollIntoView({ block: 'nearest' })
  }, [section, anchor])

  if (openedSection === null) return null
  const { citation, failure, quotes } = openedSection
  const shown = section ?? citation
  return (
    // Not modal: the talk button stays usable.
    <section
      className="reader"
      role="dialog"
      ref={dialog}
      aria-labelledby="reader-title"
      data-testid="reader"
      data-slug={citation.slug}
      data-state={failure !== null ? 'failed' : section === null ? 'opening' : 'open'}
    >
      <header className="reader-head">
        <h2 id="reader-title" data-testid="reader-title" lang={shown.language}>
          {shown.title}
        </h2>
        {shown.language !== language && (
          <span className="citation-language">{t(`conversation.only_in_${shown.language}`)}</span>
        )}
        <Button look="strong" testId="reader-close" onPress={closeSection}>
          {t('reader.close')}
        </Button>
      </header>
      <div
        className="reader-text passage"
        ref={text}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll what has the focus
        tabIndex={0}
        lang={shown.language}
        data-testid="reader-text"
      >
        {failure !== null ? (
          <p role="alert" lang={language} data-testid="reader-failure" data-code={failure.code}>
            {t(`failure.${failure.code}`)}
          </p>
        ) : section === null ? (
          <p lang={language}>{t('reader.opening')}</p>
        ) : (
          <PassageText text={section.text} quotes={quotes} />
        )}
      </div>
    </section>
  )
}
