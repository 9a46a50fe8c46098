// Sections by title, each a button that opens it: an answer's sources, or the nearest sections.
import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Citation } from '../../../shared/handbook.ts'
import type { CitedSection } from '../../call/answer-citations.ts'
import { useActions, useKiosk } from './use-kiosk.ts'

type Props = {
  /** `citation`: a source of the answer. `nearest`: it does not answer. */
  kind: 'citation' | 'nearest'
  section: Citation
  note?: string | undefined
}

const SectionButton = ({ kind, section, note }: Props) => {
  const { t } = useTranslation()
  const language = useKiosk((state) => state.settings.language)
  const { openSection } = useActions()
  return (
    <li
      className="citation-place"
      data-testid={kind}
      data-slug={section.slug}
      data-language={section.language}
      data-misquoted={note !== undefined}
    >
      <button
        type="button"
        className="citation"
        data-testid={`${kind}-open`}
        onClick={() => openSection(section)}
      >
        <BookOpen className="icon" aria-hidden="true" />
        <span className="citation-words">
          <span className="citation-title" data-testid={`${kind}-title`}>
            {section.title}
          </span>
          {section.language !== language && (
            <span className="citation-language">
              {t(`conversation.only_in_${section.language}`)}
            </span>
          )}
          {note !== undefined && (
            <span className="citation-language" data-testid="quote-note">
              {note}
            </span>
          )}
        </span>
      </button>
    </li>
  )
}

const keyOf = ({ slug, language }: Citation): string => `${slug} ${language}`

export const Citations = ({ sections }: { sections: readonly CitedSection[] }) => {
  const { t } = useTranslation()
  return (
    <ul className="citations" aria-label={t('conversation.section')}>
      {sections.map((section) => (
        <SectionButton
          key={keyOf(section)}
          kind="citation"
          section={section}
          note={section.hasUnverifiedQuote ? t('conversation.misquoted') : undefined}
        />
      ))}
    </ul>
  )
}

export const Nearest = ({ sections }: { sections: readonly Citation[] }) => {
  const { t } = useTranslation()
  return (
    <div>
      <p className="label" id="nearest-label">
        {t('conversation.nearest')}
      </p>
      <ul className="citations citations-nearest" aria-labelledby="nearest-label">
        {sections.map((section) => (
          <SectionButton key={keyOf(section)} kind="nearest" section={section} />
        ))}
      </ul>
    </div>
  )
}
