// Writes numbers in words from the grammar of both languages, independent of the tested code.
const EN_SMALL =
  `zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen`.split(/\s+/)
const EN_TENS = ',,twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety'.split(',')

/** 0 to 999,999: "one hundred sixty-five". */
export const inEnglish = (value: number): string => {
  if (value < 20) return EN_SMALL[value] ?? ''
  if (value < 100) {
    const [ten, unit] = [EN_TENS[Math.trunc(value / 10)], value % 10]
    return unit === 0 ? `${ten}` : `${ten}-${inEnglish(unit)}`
  }
  const [large, word] = value < 1_000 ? [100, 'hundred'] : [1_000, 'thousand']
  const rest = value % large
  const whole = `${inEnglish(Math.trunc(value / large))} ${word}`
  return rest === 0 ? whole : `${whole} ${inEnglish(rest)}`
}

const ES_SMALL =
  `cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis
diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete
veintiocho veintinueve`.split(/\s+/)
const ES_TENS = ',,,treinta,cuarenta,cincuenta,sesenta,setenta,ochenta,noventa'.split(',')
const ES_HUNDREDS =
  ',ciento,doscientos,trescientos,cuatrocientos,quinientos,seiscientos,setecientos,ochocientos,novecientos'.split(
    ','
  )

/** 0 to 999,999: "ciento sesenta y cinco". */
export const inSpanish = (value: number): string => {
  if (value < 30) return ES_SMALL[value] ?? ''
  if (value < 100) {
    const [ten, unit] = [ES_TENS[Math.trunc(value / 10)], value % 10]
    return unit === 0 ? `${ten}` : `${ten} y ${inSpanish(unit)}`
  }
  if (value === 100) return 'cien'
  if (value < 1_000) {
    const [hundred, rest] = [ES_HUNDREDS[Math.trunc(value / 100)], value % 100]
    return rest === 0 ? `${hundred}` : `${hundred} ${inSpanish(rest)}`
  }
  const [thousands, rest] = [Math.trunc(value / 1_000), value % 1_000]
  const whole = thousands === 1 ? 'mil' : `${inSpanish(thousands)} mil`
  return rest === 0 ? whole : `${whole} ${inSpanish(rest)}`
}
