// What the page may use of the machine: its microphone, a choice of speaker, and pedals that are no keyboards.
// Electron grants everything where no handler says otherwise, so everything is answered here.
import type { Session } from 'electron'
import { isPedal } from '../../shared/pedals.ts'
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
    const isAllowed =
      permission === 'media'
        ? isAudioOnly
        : permission === 'speaker-selection' || permission === 'hid'
    const allowed = isOurs && isAllowed
    callback(allowed || deny([permission, ...mediaTypes].join(' '), details.requestingUrl))
  })

  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) => {
    // Electron knows no frame when it checks this one and says `isMainFrame: false` of every page. Frames are
    // kept from it by the page's policy, which allows none, and by the picker below.
    if (permission === 'hid') return isKioskUrl(requestingOrigin)
    const isOurs = details.isMainFrame && isKioskUrl(requestingOrigin)
    const isAudio = permission === 'media' && details.mediaType === 'audio'
    // Checks are asked by the dozen while a page starts; denials of them are the rule and not logged.
    return isOurs && (isAudio || isSpeakerSelection(permission))
  })

  session.setDevicePermissionHandler(({ deviceType, device, origin }) => {
    if (deviceType !== 'hid' || !isKioskUrl(origin)) return deny(deviceType, origin)
    // Asked of every keyboard and mouse whenever the page lists its pedals: a denial is the rule, not news.
    return isPedal(device)
  })
  // The page has no list to choose from on a screen without a keyboard: the first pedal there is, is meant.
  session.on('select-hid-device', (event, { deviceList, frame }, choose) => {
    event.preventDefault()
    const isOurs = frame !== null && frame.parent === null && isKioskUrl(frame.url)
    const pedal = isOurs ? deviceList.find(isPedal) : undefined
    if (pedal === undefined) deny('hid', isOurs ? 'no pedal' : (frame?.url ?? 'no frame'))
    choose(pedal?.deviceId ?? '')
  })
  session.setDisplayMediaRequestHandler((request, callback) => {
    deny('display-capture', request.securityOrigin)
    callback({})
  })
  session.setBluetoothPairingHandler((details, callback) => {
    deny('bluetooth', details.deviceId)
    callback({ confirmed: false })
  })
  for (const picker of ['select-usb-device', 'select-serial-port'] as const) {
    denyPicker(session, picker, deny)
  }
}

/** The check's list of names is shorter in the types than in Chromium. */
const isSpeakerSelection = (permission: string): boolean => permission === 'speaker-selection'

/** The two pickers differ in their event's types and not in how nothing is chosen. */
const denyPicker = (
  session: Session,
  picker: 'select-usb-device' | 'select-serial-port',
  deny: (permission: string, from: string) => false
): void => {
  switch (picker) {
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
