// Names keys and pedals in the screen's language.
import { useTranslation } from 'react-i18next'
import type { Binding } from '../../../shared/settings.ts'
import { keyName } from './key-name.ts'

/** @returns a function from `KeyboardEvent.code` to a name */
export const useKeyName = (): ((code: string) => string) => {
  const { t } = useTranslation()
  return (code) => {
    const name = keyName(code)
    switch (name.kind) {
      case 'text':
        return name.text
      case 'numpad':
        return t('key.numpad', { key: name.text })
      case 'word':
        return t(`key.${name.word}`)
      default:
        return name satisfies never
    }
  }
}

/** @returns a function from a binding to its name; a pedal's buttons count from 1, as on the box */
export const useBindingName = (): ((binding: Binding) => string) => {
  const { t } = useTranslation()
  const nameOf = useKeyName()
  return (binding) =>
    binding.kind === 'key'
      ? nameOf(binding.code)
      : t('settings.pedal_button', { label: binding.label, button: binding.button + 1 })
}
