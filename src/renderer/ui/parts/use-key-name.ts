// Names of keys and pedals in the screen's language.
import { useTranslation } from 'react-i18next'
import type { Binding } from '../../../shared/settings.ts'
import { keyName } from './key-name.ts'

/** @returns what names a key by its `KeyboardEvent.code` */
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

/** @returns what names a binding; buttons of a pedal are counted from 1, as they are on the box */
export const useBindingName = (): ((binding: Binding) => string) => {
  const { t } = useTranslation()
  const nameOf = useKeyName()
  return (binding) =>
    binding.kind === 'key'
      ? nameOf(binding.code)
      : t('settings.pedal_button', { label: binding.label, button: binding.button + 1 })
}
