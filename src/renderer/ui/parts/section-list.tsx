// Sections by title, each a button that opens it: an answer's sources with their passages, or the nearest sections.
import { BookOpen } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { Citation } from '../../../shared/handbook.ts'
import type { CitedSection } from '../../call/answer-citations.ts'
import { useActions, useKiosk } from './use-kiosk.ts'

// Loaded with the first answer.
const PassageExcerpt = lazy(async () => ({
  default: (await import('./passage-excerpt.tsx')).PassageExcerpt
}))

type Props = {
  /** `citation`: a source of the answer. `nearest`: it does not answer. */
  kind: 'citation' | 'nearest'
  section: Citation
  note?: string | undefined
  passage?: Pick<CitedSection, 'text' | 'quotes'> | null
}

const SectionCard = ({ kind, section, note, passage = null }: Props) => {
  const { t } = useTranslation()
  const language = useKiosk((state) => state.settings.language)
  const { openSection } = useActions()
  return (
    <li
      className="citation"
      data-testid={kind}
      data-slug={section.slug}
      data-language={section.language}
      data-misquoted={note !== undefined}
    >
      <button
        type="button"
        className="citation-open"
        data-testid={`${kind}-open`}
        onClick={() => openSection(section, passage?.quotes)}
      >
        <BookOpen className="icon" aria-hidden="true" />
        <span className="citation-title" lang={section.language} data-testid={`${kind}-title`}>
          {section.title}
        </span>
        {section.language !== language && (
          <span className="citation-note">{t(`conversation.only_in_${section.language}`)}</span>
        )}
        {note !== undefined && (
          <span className="citation-note" data-testid="quote-note">
            {note}
          </span>
        )}
      </button>
      {passage !== null && (
        <Suspense fallback={null}>
          <PassageExcerpt {...passage} language={section.language} />
        </Suspense>
      )}
    </li>
  )
}

const keyOf = ({ slug, language }: Citation): string => `${slug} ${language}`

type CitationsProps = {
  sections: readonly CitedSection[]
  /** The answer is the passage itself. */
  isReadOut: boolean
}

export const Citations = ({ sections, isReadOut }: CitationsProps) => {
  const { t } = useTranslation()
  return (
    <ul className="citations" aria-label={t('conversation.section')}>
      {sections.map((section) => (
        <SectionCard
          key={keyOf(section)}
          kind="citation"
          section={section}
          note={section.hasUnverifiedQuote ? t('conversation.misquoted') : undefined}
          passage={isReadOut ? null : { text: section.text, quotes: section.quotes }}
        />
      ))}
    </ul>
  )
}

export const Nearest = ({ sections }: { sections: readonly Citation[] }) => {
  const { t } = useTranslation()
  return (
    <>
      <p className="label" id="nearest-label">
        {t('conversation.nearest')}
      </p>
      <ul className="citations citations-nearest" aria-labelledby="nearest-label">
        {sections.map((section) => (
          <SectionCard key={keyOf(section)} kind="nearest" section={section} />
        ))}
      </ul>
    </>
  )
}
