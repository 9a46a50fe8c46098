// Performs the actions of a scenario in the kiosk's page.
import { failureAction } from '../../../src/renderer/app/failure-action.ts'
import type { FailureCode } from '../../../src/shared/failure.ts'
import type { ActionObservation } from '../observations.ts'
import type { DriverAction } from '../scenario.ts'
import { part, type ScreenWatch } from './screen-watch.ts'

const HIDDEN_MS = 40
export const TALK_KEY = { code: 'F19', key: 'F19', bubbles: true, cancelable: true } as const
export const SPACE_KEY = { code: 'Space', key: ' ', bubbles: true, cancelable: true } as const

type Observe = (kind: ActionObservation['kind'], source: string, pageMs: number) => void

const hide = (): void => {
  const show = (state: DocumentVisibilityState): void => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
    document.dispatchEvent(new Event('visibilitychange'))
  }
  show('hidden')
  setTimeout(() => show('visible'), HIDDEN_MS)
}

const chooseDevice = async (kind: 'microphone' | 'speaker', index: number | null) => {
  const mediaKind = kind === 'microphone' ? 'audioinput' : 'audiooutput'
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter(
    (device) =>
      device.kind === mediaKind && !['default', 'communications', ''].includes(device.deviceId)
  )
  const device = index === null ? undefined : devices[index % Math.max(1, devices.length)]
  const choice = device === undefined ? null : { id: device.deviceId, label: device.label }
  await window.heard.call('settings.change', { [kind]: choice })
}

export const createPerformer = (screen: ScreenWatch, observe: Observe) => {
  let pointer: Promise<void> = Promise.resolve()
  const pointTo = (action: 'down' | 'up'): void => {
    const box = part('talk')?.getBoundingClientRect()
    if (box === undefined) return
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    pointer = pointer.then(() => window.__soakPointer(action, x, y))
  }

  const type = (text: string): void => {
    const input = part('question-input')
    if (!(input instanceof HTMLInputElement)) return
    const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set
    setValue?.call(input, text)
    input.dispatchEvent(new InputEvent('input', { bubbles: true }))
    // The form has the words once React has drawn them.
    screen.afterUpdate(() => {
      observe('ask', 'typed', performance.now())
      input.form?.requestSubmit()
    })
  }

  const press = (target: HTMLElement | null, name: 'keydown' | 'keyup', key: KeyboardEventInit) =>
    void target?.dispatchEvent(new KeyboardEvent(name, key))

  const perform = (action: DriverAction) => {
    switch (action.do) {
      case 'key_down':
        return press(document.body, 'keydown', TALK_KEY)
      case 'key_repeat':
        return press(document.body, 'keydown', { ...TALK_KEY, repeat: true })
      case 'key_up':
        return press(document.body, 'keyup', TALK_KEY)
      case 'pointer_down':
        return pointTo('down')
      case 'pointer_up':
        return pointTo('up')
      case 'space_down':
        return press(part('talk'), 'keydown', SPACE_KEY)
      case 'space_up':
        return press(part('talk'), 'keyup', SPACE_KEY)
      case 'blur':
        observe('gone', 'blur', performance.now())
        dispatchEvent(new FocusEvent('blur'))
        return
      case 'hide':
        observe('gone', 'hidden', performance.now())
        return hide()
      case 'type':
        return type(action.text)
      case 'retry':
        if (failureAction(screen.current().failure as FailureCode) !== 'retry') return
        observe('ask_again', 'screen', performance.now())
        part('failure-action')?.click()
        return
      case 'language':
        part(`language-${part('kiosk')?.dataset.language === 'en' ? 'es' : 'en'}`)?.click()
        return
      case 'devices_changed':
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'))
        return
      case 'device':
        void chooseDevice(action.device.kind, action.device.index)
        return
      case 'inject_faults':
        void window.__soakInjectFaults(JSON.stringify(action.faults))
        return
      default:
        action satisfies never
    }
  }
  return { perform, pointerDone: () => pointer }
}
