// Computes a kiosk's place in a roll-out. It is stable per purpose and differs between purposes, so that the first
// kiosks of one release are not the first of the next.
import { createHash } from 'node:crypto'

const BUCKETS = 2 ** 32

/**
 * 0 to 1, from the kiosk's random id.
 * @param purpose `window`, or the version that is rolled out
 */
export const rolloutBucketOf = (deviceId: string, purpose: string): number =>
  createHash('sha256').update(`${deviceId}:${purpose}`).digest().readUInt32BE(0) / BUCKETS
