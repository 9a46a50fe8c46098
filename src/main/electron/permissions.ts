// Restricts the page to the microphone, the choice of a speaker, and known pedals. Electron grants every permission
// that has no handler, so each has one here.
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
    // Electron reports `isMainFrame: false` for every page here. The page's policy allows no frames, and the picker
    // below checks them.
    if (permission === 'hid') return isKioskUrl(requestingOrigin)
    const isOurs = details.isMainFrame && isKioskUrl(requestingOrigin)
    const isAudio = permission === 'media' && details.mediaType === 'audio'
    // Not logged: a starting page causes dozens of denied checks.
    return isOurs && (isAudio || isSpeakerSelection(permission))
  })

  session.setDevicePermissionHandler(({ deviceType, device, origin }) => {
    if (deviceType !== 'hid' || !isKioskUrl(origin)) return deny(deviceType, origin)
    // Not logged: every keyboard and mouse is checked whenever the page lists its pedals.
    return isPedal(device)
  })
  // A kiosk's screen shows no picker: the first pedal is chosen.
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
  // It would fetch a dictionary from Google.
  session.setSpellCheckerEnabled(false)
  session.setBluetoothPairingHandler((details, callback) => {
    deny('bluetooth', details.deviceId)
    callback({ confirmed: false })
  })
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault()
    deny('usb', 'picker')
    choose()
  })
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault()
    deny('serial', 'picker')
    choose('')
  })
}

/** Electron's types omit this name from the check's permissions. */
const isSpeakerSelection = (permission: string): boolean => permission === 'speaker-selection'
