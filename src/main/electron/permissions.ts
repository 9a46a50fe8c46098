// What the page may use of the machine: its microphone and a choice of speaker. Electron grants everything
// where no handler says otherwise, so everything is answered here.
import type { Session } from 'electron'
import type { Log } from '../log.ts'
import { isKioskUrl } from './origin.ts'

export const restrictPermissions = (session: Session, log: Log): void => {
  const deny = (permission: string, from: string): false => {
    log.warn('permission.denied', { permission, from })
    return false
  }

  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const isOurs = details.isMainFrame && isKioskUrl(details.requestingUrl)
    const mediaTypes = 'mediaTypes' in details ? (details.mediaTypes ?? []) : []
    const isAudioOnly = mediaTypes.length === 1 && mediaTypes[0] === 'audio'
    const allowed =
      isOurs && ((permission === 'media' && isAudioOnly) || permission === 'speaker-selection')
    callback(allowed || deny([permission, ...mediaTypes].join(' '), details.requestingUrl))
  })

  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    const isOurs = details.isMainFrame && isKioskUrl(requestingOrigin)
    const isAudio = permission === 'media' && details.mediaType === 'audio'
    // Checks are asked by the dozen while a page starts; denials of them are the rule and not logged.
    return isOurs && (isAudio || isSpeakerSelection(permission))
  })

  session.setDevicePermissionHandler(({ deviceType, origin }) => deny(deviceType, origin))
  session.setDisplayMediaRequestHandler((request, callback) => {
    deny('display-capture', request.securityOrigin)
    callback({})
  })
  session.setBluetoothPairingHandler((details, callback) => {
    deny('bluetooth', details.deviceId)
    callback({ confirmed: false })
  })
  for (const picker of ['select-hid-device', 'select-usb-device', 'select-serial-port'] as const) {
    denyPicker(session, picker, deny)
  }
}

/** The check's list of names is shorter in the types than in Chromium. */
const isSpeakerSelection = (permission: string): boolean => permission === 'speaker-selection'

/** The three pickers differ in their event's types and not in how nothing is chosen. */
const denyPicker = (
  session: Session,
  picker: 'select-hid-device' | 'select-usb-device' | 'select-serial-port',
  deny: (permission: string, from: string) => false
): void => {
  switch (picker) {
    case 'select-hid-device':
      session.on(picker, (event, _details, choose) => {
        event.preventDefault()
        deny('hid', 'picker')
        choose('')
      })
      return
    case 'select-usb-device':
      session.on(picker, (event, _details, choose) => {
        event.preventDefault()
        deny('usb', 'picker')
        choose()
      })
      return
    case 'select-serial-port':
      session.on(picker, (event, _ports, _contents, choose) => {
        event.preventDefault()
        deny('serial', 'picker')
        choose('')
      })
      return
    default:
      picker satisfies never
  }
}
