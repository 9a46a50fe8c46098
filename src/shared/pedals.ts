// Foot pedals and hand microphones that are no keyboards: which ones the page may open, and how their reports
// are read. Main's allow-list and the renderer's decoder are this one list, so that neither knows a device
// that the other does not.

/** A report as it arrives, without its id: WebHID gives the id apart. */
export type ReportRule = {
  /** 0 for a device that does not number its reports; null where no source says. */
  reportId: number | null
  /** Report type in the first byte, where reports of several types share an id. */
  firstByte: number | null
  /** Index of the first byte of buttons. */
  offset: number
  /** One byte, or two with the lower one first. */
  width: 1 | 2
  /** Bits that are buttons; the others say something else. */
  mask: number
  /**
   * Number of bit 0. A device with two interfaces numbers the second one's buttons from 16: what is held on
   * one is not to be taken for what is held on the other.
   */
  firstButton: 0 | 16
}

export type Pedal = {
  vendorId: number
  productId: number
  /** The collection that sends buttons, where a device has several; null: whichever it has. */
  usage: { page: number; id: number } | null
  name: string
  report: ReportRule
}

const PHILIPS = 0x0911
const NUANCE = 0x0554

/** Generic Desktop page, Joystick: what Philips calls the gamepad or browser mode. */
const JOYSTICK = { page: 0x01, id: 0x04 }
/** A page of Philips' own, on which SpeechMikes talk in HID mode. */
const SPEECHMIKE = { page: 0xffa0, id: 0x01 }

/**
 * Two bytes, of which the three lowest bits are the left, middle and right pedal.
 * Source: VECFootpedal (peternewman, lib/FootpedalDefs.js: packet of 2 bytes, uint16 LE at 0, masks 1, 2, 4) and
 * infinity-footpedal (breedx2, pedal.c: bits 0 to 2 of byte 0 of 2). Data begins at the first byte that hidraw
 * gives, so reports are not numbered.
 */
const VEC_REPORT: ReportRule = {
  reportId: 0,
  firstByte: null,
  offset: 0,
  width: 1,
  mask: 0x07,
  firstButton: 0
}

/**
 * Byte 0: left, middle, right and, on the ACC2330, the fourth pedal.
 * Source: dictation_support (GoogleChromeLabs), src/foot_control_device.ts. It does not look at the report's id.
 */
const FOOT_CONTROL_REPORT: ReportRule = {
  reportId: null,
  firstByte: null,
  offset: 0,
  width: 1,
  mask: 0x0f,
  firstButton: 0
}

/**
 * A report of type 0x80 (button event) has its buttons in bytes 7 and 8, lower one first; other types are
 * answers to commands, motion and radio. Bit 6 is nothing; bits 0 and 7 are what a bar code scanner did.
 * Source: dictation_support, src/speechmike_hid_device.ts (`BUTTON_PRESS_EVENT`, both button maps), which sends
 * with report id 0: reports are not numbered.
 */
const SPEECHMIKE_REPORT: ReportRule = {
  reportId: 0,
  firstByte: 0x80,
  offset: 7,
  width: 2,
  mask: 0xff3e,
  firstButton: 0
}

/**
 * Bytes 0 and 1, lower one first; bits 3, 7, 8 and 15 are no buttons.
 * Source: dictation_support, src/speechmike_gamepad_device.ts.
 */
const SPEECHMIKE_GAMEPAD_REPORT: ReportRule = {
  reportId: null,
  firstByte: null,
  offset: 0,
  width: 2,
  mask: 0x7e77,
  firstButton: 16
}

/**
 * Bytes 1 and 2, lower one first: ten buttons, of which bit 2 is record.
 * Source: dictation_support, src/powermic_3_device.ts, which sets its light with report id 0.
 */
const POWERMIC_3_REPORT: ReportRule = {
  reportId: 0,
  firstByte: null,
  offset: 1,
  width: 2,
  mask: 0x03ff,
  firstButton: 0
}

/**
 * The allow-list. Ids of Philips and Nuance: dictation_support, src/dictation_device_manager.ts; of VEC, which
 * sells the same device as Infinity IN-USB-1 and -2: the sources of its report.
 */
export const PEDALS: readonly Pedal[] = [
  {
    vendorId: 0x05f3,
    productId: 0x00ff,
    usage: null,
    name: 'VEC Infinity foot pedal',
    report: VEC_REPORT
  },
  {
    vendorId: PHILIPS,
    productId: 0x1844,
    usage: JOYSTICK,
    name: 'Philips foot control ACC2310/2320',
    report: FOOT_CONTROL_REPORT
  },
  {
    vendorId: PHILIPS,
    productId: 0x091a,
    usage: JOYSTICK,
    name: 'Philips foot control ACC2330',
    report: FOOT_CONTROL_REPORT
  },
  {
    vendorId: PHILIPS,
    productId: 0x0c1c,
    usage: SPEECHMIKE,
    name: 'Philips SpeechMike',
    report: SPEECHMIKE_REPORT
  },
  {
    vendorId: PHILIPS,
    productId: 0x0c1d,
    usage: SPEECHMIKE,
    name: 'Philips SpeechMike Premium Air',
    report: SPEECHMIKE_REPORT
  },
  {
    vendorId: PHILIPS,
    productId: 0x0c1e,
    usage: SPEECHMIKE,
    name: 'Philips SpeechOne or SpeechMike Ambient',
    report: SPEECHMIKE_REPORT
  },
  {
    vendorId: PHILIPS,
    productId: 0x0c1e,
    usage: JOYSTICK,
    name: 'Philips SpeechOne or SpeechMike Ambient',
    report: SPEECHMIKE_GAMEPAD_REPORT
  },
  {
    vendorId: PHILIPS,
    productId: 0x0fa0,
    usage: SPEECHMIKE,
    name: 'Philips SpeechMike',
    report: SPEECHMIKE_REPORT
  },
  {
    vendorId: PHILIPS,
    productId: 0x0fa0,
    usage: JOYSTICK,
    name: 'Philips SpeechMike',
    report: SPEECHMIKE_GAMEPAD_REPORT
  },
  {
    vendorId: NUANCE,
    productId: 0x0064,
    usage: SPEECHMIKE,
    name: 'Nuance PowerMic IV',
    report: SPEECHMIKE_REPORT
  },
  {
    vendorId: NUANCE,
    productId: 0x0064,
    usage: JOYSTICK,
    name: 'Nuance PowerMic IV',
    report: SPEECHMIKE_GAMEPAD_REPORT
  },
  {
    vendorId: NUANCE,
    productId: 0x1001,
    usage: { page: 0x01, id: 0x00 },
    name: 'Nuance PowerMic III',
    report: POWERMIC_3_REPORT
  }
]

/** What tells a device; main knows serial ports too, whose ids are texts. */
type Ids = { vendorId?: unknown; productId?: unknown }
type Collection = { usagePage?: number | undefined; usage?: number | undefined }

/** True for a device that the page may open, by its USB ids alone: an interface is the renderer's to tell. */
export const isPedal = (device: Ids): boolean => PEDALS.some((pedal) => hasIds(pedal, device))

/** The pedal that a device is, or null when it is none, or the wrong interface of one. */
export const pedalOf = (device: Ids & { collections: readonly Collection[] }): Pedal | null =>
  PEDALS.find((pedal) => hasIds(pedal, device) && hasUsage(pedal, device.collections)) ?? null

/**
 * Buttons that are held, one bit each from bit 0: an unsigned number of 32 bits.
 * @returns null for a report that says nothing of buttons, and leaves them as they were
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
