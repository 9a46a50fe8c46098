// Lists the supported pedals and hand microphones that are not keyboards, and decodes their reports. Main's allow-list and
// the renderer's decoder are this one list.

/** A report without its id: WebHID passes the id separately. */
type ReportRule = {
  /** 0 for a device that does not number its reports; null where no source names the id. */
  reportId: number | null
  /** Report type in the first byte, where reports of several types share an id. */
  firstByte: number | null
  /** Index of the first byte of buttons. */
  offset: number
  /** One byte, or two in little-endian order. */
  width: 1 | 2
  /** Bits that are buttons. */
  mask: number
  /** Number of bit 0. The second interface of a device counts from 16, so that its buttons differ from the first's. */
  firstButton: 0 | 16
}

export type Pedal = {
  vendorId: number
  productId: number
  /** The collection that sends buttons, where a device has several; null: any. */
  usage: { page: number; id: number } | null
  name: string
  report: ReportRule
}

/** The common case: byte 0 of a report without a number or a type. */
const FIRST_BYTE = {
  reportId: null,
  firstByte: null,
  offset: 0,
  width: 1,
  firstButton: 0
} as const

/**
 * Two bytes; the three lowest bits are the left, middle and right pedal.
 * Source: VECFootpedal (peternewman, lib/FootpedalDefs.js: packet of 2 bytes, uint16 LE at 0, masks 1, 2, 4) and
 * infinity-footpedal (breedx2, pedal.c: bits 0 to 2 of byte 0 of 2). Data begins at the first byte of hidraw, so reports
 * are not numbered.
 */
const VEC_REPORT: ReportRule = { ...FIRST_BYTE, reportId: 0, mask: 0x07 }

/**
 * Byte 0: left, middle, right and, on the ACC2330, the fourth pedal.
 * Source: dictation_support (GoogleChromeLabs), src/foot_control_device.ts, which ignores the report's id.
 */
const FOOT_CONTROL_REPORT: ReportRule = { ...FIRST_BYTE, mask: 0x0f }

/**
 * A report of type 0x80 (button event) has its buttons in bytes 7 and 8, little-endian; other types are command answers,
 * motion and radio. Bit 6 is unused; bits 0 and 7 are the bar code scanner.
 * Source: dictation_support, src/speechmike_hid_device.ts (`BUTTON_PRESS_EVENT`, both button maps), which sends with
 * report id 0: reports are not numbered.
 */
const SPEECHMIKE_REPORT: ReportRule = {
  ...FIRST_BYTE,
  reportId: 0,
  firstByte: 0x80,
  offset: 7,
  width: 2,
  mask: 0xff3e
}

/**
 * Bytes 0 and 1, little-endian; bits 3, 7, 8 and 15 are not buttons.
 * Source: dictation_support, src/speechmike_gamepad_device.ts.
 */
const SPEECHMIKE_GAMEPAD_REPORT: ReportRule = {
  ...FIRST_BYTE,
  width: 2,
  mask: 0x7e77,
  firstButton: 16
}

/**
 * Bytes 1 and 2, little-endian: ten buttons; bit 2 is record.
 * Source: dictation_support, src/powermic_3_device.ts, which sets its light with report id 0.
 */
const POWERMIC_3_REPORT: ReportRule = {
  ...FIRST_BYTE,
  reportId: 0,
  offset: 1,
  width: 2,
  mask: 0x03ff
}

const VEC = 0x05f3
const PHILIPS = 0x0911
const NUANCE = 0x0554

const pedal = (
  vendorId: number,
  productId: number,
  usage: Pedal['usage'],
  name: string,
  report: ReportRule
): Pedal => ({ vendorId, productId, usage, name, report })

/** Philips' gamepad or browser mode: Generic Desktop page, Joystick. */
const gamepad = (vendorId: number, productId: number, name: string, report: ReportRule): Pedal =>
  pedal(vendorId, productId, { page: 0x01, id: 0x04 }, name, report)

/** A SpeechMike in HID mode, on a page of Philips. */
const speechMike = (vendorId: number, productId: number, name: string): Pedal =>
  pedal(vendorId, productId, { page: 0xffa0, id: 0x01 }, name, SPEECHMIKE_REPORT)

const AMBIENT = 'Philips SpeechOne or SpeechMike Ambient'

/**
 * The allow-list. Ids of Philips and Nuance: dictation_support, src/dictation_device_manager.ts. VEC sells its device as
 * Infinity IN-USB-1 and -2 too; its ids are in the sources of its report.
 */
export const PEDALS: readonly Pedal[] = [
  pedal(VEC, 0x00ff, null, 'VEC Infinity foot pedal', VEC_REPORT),
  gamepad(PHILIPS, 0x1844, 'Philips foot control ACC2310/2320', FOOT_CONTROL_REPORT),
  gamepad(PHILIPS, 0x091a, 'Philips foot control ACC2330', FOOT_CONTROL_REPORT),
  speechMike(PHILIPS, 0x0c1c, 'Philips SpeechMike'),
  speechMike(PHILIPS, 0x0c1d, 'Philips SpeechMike Premium Air'),
  speechMike(PHILIPS, 0x0c1e, AMBIENT),
  gamepad(PHILIPS, 0x0c1e, AMBIENT, SPEECHMIKE_GAMEPAD_REPORT),
  speechMike(PHILIPS, 0x0fa0, 'Philips SpeechMike'),
  gamepad(PHILIPS, 0x0fa0, 'Philips SpeechMike', SPEECHMIKE_GAMEPAD_REPORT),
  speechMike(NUANCE, 0x0064, 'Nuance PowerMic IV'),
  gamepad(NUANCE, 0x0064, 'Nuance PowerMic IV', SPEECHMIKE_GAMEPAD_REPORT),
  pedal(NUANCE, 0x1001, { page: 0x01, id: 0x00 }, 'Nuance PowerMic III', POWERMIC_3_REPORT)
]

/** Ids of any device: those of serial ports are strings. */
type Ids = { vendorId?: unknown; productId?: unknown }
type Collection = { usagePage?: number | undefined; usage?: number | undefined }

/** True for a device that the page may open, by its USB ids. The renderer selects the interface. */
export const isPedal = (device: Ids): boolean => PEDALS.some((pedal) => hasIds(pedal, device))

/** null for another device, or for another interface of a pedal. */
export const pedalOf = (device: Ids & { collections: readonly Collection[] }): Pedal | null =>
  PEDALS.find((pedal) => hasIds(pedal, device) && hasUsage(pedal, device.collections)) ?? null

/**
 * The buttons that are held, one bit each from bit 0: an unsigned number of 32 bits.
 * @returns null for a report without buttons, which leaves the state unchanged
 */
export const heldButtons = (pedal: Pedal, reportId: number, bytes: Uint8Array): number | null => {
  const { report } = pedal
  if (report.reportId !== null && report.reportId !== reportId) return null
  if (report.firstByte !== null && report.firstByte !== bytes[0]) return null
  const low = bytes[report.offset]
  const high = report.width === 2 ? bytes[report.offset + 1] : 0
  if (low === undefined || high === undefined) return null
  return (((low | (high << 8)) & report.mask) << report.firstButton) >>> 0
}

const hasIds = (pedal: Pedal, { vendorId, productId }: Ids): boolean =>
  pedal.vendorId === vendorId && pedal.productId === productId

const hasUsage = ({ usage }: Pedal, collections: readonly Collection[]): boolean =>
  usage === null ||
  collections.some((own) => own.usagePage === usage.page && own.usage === usage.id)
