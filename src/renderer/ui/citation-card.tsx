// A section of the handbook that the answer came from.
import { BookOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Citation } from '../../shared/handbook.ts'
import type { Language } from '../../shared/language.ts'

type Props = { citation: Citation; language: Language }

export const CitationCard = ({ citation, language }: Props) => {
  const { t } = useTranslation()
  return (
    <li
      className="citation"
      data-testid="citation"
      data-slug={citation.slug}
      data-language={citation.language}
    >
      <BookOpen className="icon" aria-hidden="true" />
      <span className="citation-words">
        <span className="citation-title" data-testid="citation-title">
          {citation.title}
        </span>
        {citation.language !== language && (
          <span className="citation-language">
            {t(`conversation.only_in_${citation.language}`)}
          </span>
        )}
      </span>
    </li>
  )
}
