// Where a kiosk stands among all: a share between 0 and 1 from its own random id. The same for ever for the same
// purpose, and another for each purpose, so that it is not always the same kiosks that go first.
import { createHash } from 'node:crypto'

const SHARES = 2 ** 32

/** @param purpose such as `window`, or a version whose roll-out it is */
export const rolloutBucketOf = (deviceId: string, purpose: string): number =>
  createHash('sha256').update(`${deviceId}:${purpose}`).digest().readUInt32BE(0) / SHARES
