// What the last call and each of the last days cost, in tokens by kind and transcribed seconds.
import { useTranslation } from 'react-i18next'
import type { KeptTurn } from '../../../../shared/turn-timing.ts'
import { type CostSum, costSums } from '../../parts/latency-metrics.ts'

const ROWS = {
  turns: ({ turns }) => turns,
  text_in: ({ counts }) => counts.textInput,
  text_cached: ({ counts }) => counts.textCached,
  text_out: ({ counts }) => counts.textOutput,
  sound_in: ({ counts }) => counts.audioInput,
  sound_cached: ({ counts }) => counts.audioCached,
  sound_out: ({ counts }) => counts.audioOutput,
  transcribed: ({ counts }) => counts.transcriptionSeconds
} as const satisfies Record<string, (sum: CostSum) => number>
const ROW_NAMES = Object.keys(ROWS) as (keyof typeof ROWS)[]

export const CostTable = ({ turns }: { turns: readonly KeptTurn[] }) => {
  const { t, i18n } = useTranslation()
  const sums = costSums(turns)
  const nameOf = (of: CostSum['of']): string =>
    of === 'call'
      ? t('latency.last_call')
      : new Date(of).toLocaleDateString(i18n.language, { day: 'numeric', month: 'long' })
  return (
    <table className="latency-table">
      <caption>{t('latency.cost_of', { n: turns.length })}</caption>
      <thead>
        <tr>
          <td />
          {sums.map(({ of }) => (
            <th key={of} scope="col">
              {nameOf(of)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ROW_NAMES.map((name) => (
          <tr key={name} data-cost={name}>
            <th scope="row">{t(`latency.cost.${name}`)}</th>
            {sums.map((sum) => (
              <td key={sum.of}>{ROWS[name](sum).toLocaleString(i18n.language)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
