// A typed question, for a loud kitchen or a kiosk without a microphone.
import { SendHorizontal } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { QUERY_LENGTH_LIMIT } from '../../../shared/handbook.ts'
import { useActions } from './use-kiosk.ts'

export const TypedQuestionForm = () => {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const { ask } = useActions()
  const send = (event: FormEvent) => {
    event.preventDefault()
    const question = text.trim()
    if (question !== '' && ask(question)) setText('')
  }
  return (
    <form className="question" onSubmit={send}>
      <input
        type="text"
        className="field"
        data-testid="question-input"
        aria-label={t('question.label')}
        placeholder={t('question.placeholder')}
        autoComplete="off"
        enterKeyHint="send"
        maxLength={QUERY_LENGTH_LIMIT}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <button type="submit" className="button button-strong" data-testid="question-send">
        <SendHorizontal className="icon" aria-hidden="true" />
        {t('question.send')}
      </button>
    </form>
  )
}
