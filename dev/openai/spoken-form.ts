// Spells signs for the voice: "165 °F" becomes "165 degrees Fahrenheit". Captions keep the sign.

const WORDS = {
  en: {
    F: 'degrees Fahrenheit',
    C: 'degrees Celsius',
    degrees: 'degrees',
    percent: 'percent',
    to: 'to',
    and: 'and',
    ppm: 'parts per million'
  },
  es: {
    F: 'grados Fahrenheit',
    C: 'grados Celsius',
    degrees: 'grados',
    percent: 'por ciento',
    to: 'a',
    and: 'y',
    ppm: 'partes por millón'
  }
} as const

/** Rewrites signs that a speech synthesiser reads badly or omits. */
export const spokenForm = (text: string, language: 'en' | 'es'): string => {
  const words = WORDS[language]
  return text
    .replace(/(\d)\s*[–—-]\s*(?=\d)/g, `$1 ${words.to} `)
    .replace(/\s*°\s*F\b/g, ` ${words.F}`)
    .replace(/\s*°\s*C\b/g, ` ${words.C}`)
    .replace(/\s*°/g, ` ${words.degrees}`)
    .replace(/(\d)\s*%/g, `$1 ${words.percent}`)
    .replace(/\bppm\b/g, words.ppm)
    .replace(/\s*&\s*/g, ` ${words.and} `)
    .replace(/[*_`#|›»«]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
