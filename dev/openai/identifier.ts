// Makes identifiers as the API does: a prefix for the kind, then random letters.
import { randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export type IdentifierPrefix = 'event' | 'item' | 'resp' | 'call' | 'sess' | 'conv' | 'rtc' | 'ek'

/** 21 letters are about 125 bits. */
const LETTERS = 21

/** `event_A1b2…`. An `ek_` is a secret and is twice as long. */
export const newIdentifier = (prefix: IdentifierPrefix): string => {
  const length = prefix === 'ek' ? LETTERS * 2 : LETTERS
  let letters = ''
  for (const byte of randomBytes(length)) letters += ALPHABET[byte % ALPHABET.length]
  return `${prefix}_${letters}`
}
