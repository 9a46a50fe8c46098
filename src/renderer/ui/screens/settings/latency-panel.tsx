// The latency of the last turns, and what they cost.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { KeptTurn, TurnTiming } from '../../../../shared/turn-timing.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import {
  CHARTED_TURNS,
  chartedMs,
  LATENCY_METRICS,
  type LatencyMetric,
  metricsByPath,
  tallyOf
} from '../../parts/latency-metrics.ts'
import { useActions } from '../../parts/use-kiosk.ts'
import { CostTable } from './cost-table.tsx'

/** Smaller figures have a decimal. */
const DECIMAL_BELOW_MS = 10

/** With a decimal point, as in both languages here; ungrouped, since 1.250 has two readings. */
const withoutUnit = (ms: number): string => ms.toFixed(ms < DECIMAL_BELOW_MS ? 1 : 0)

const useMs = (): ((ms: number | null) => string) => {
  const { t } = useTranslation()
  return (ms) => (ms === null ? t('latency.none') : t('latency.ms', { ms: withoutUnit(ms) }))
}

const FigureCells = ({ figure }: { figure: LatencyMetric | undefined }) => {
  const { t } = useTranslation()
  const msOf = useMs()
  const { n, missing } = figure ?? { n: 0, missing: 0 }
  return (
    <>
      <td className="metric-count">{t('latency.measured_value', { n, of: n + missing })}</td>
      <td>{msOf(figure?.p50Ms ?? null)}</td>
      <td>{msOf(figure?.p95Ms ?? null)}</td>
    </>
  )
}

const COLUMNS = ['measured', 'p50', 'p95'] as const

const Figures = ({ turns }: { turns: readonly TurnTiming[] }) => {
  const { t } = useTranslation()
  const paths = metricsByPath(turns)
  return (
    <table className="latency-table">
      <thead>
        {paths.length > 1 && (
          <tr>
            <td />
            {paths.map(({ path }) => (
              <th key={path} colSpan={3} scope="colgroup" className="metric-path">
                {t(`latency.path.${path}`)}
              </th>
            ))}
          </tr>
        )}
        <tr>
          <td />
          {paths.map(({ path }) =>
            COLUMNS.map((name) => (
              <th key={`${path} ${name}`} scope="col">
                {t(`latency.${name}`)}
              </th>
            ))
          )}
        </tr>
      </thead>
      <tbody>
        {LATENCY_METRICS.map((name) => (
          <tr key={name} data-figure={name}>
            <th scope="row">{t(`latency.metric.${name}`)}</th>
            {paths.map(({ path, figures }) => (
              <FigureCells key={path} figure={figures.find((figure) => figure.name === name)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const OutcomeCounts = ({ turns }: { turns: readonly TurnTiming[] }) => {
  const { t } = useTranslation()
  const tally = tallyOf(turns)
  const parts = [
    ['turns', tally.turns],
    ['answered', tally.answered],
    ['not_found', tally.notFound],
    ['failed_turns', tally.failed],
    ['asked_again', tally.askedAgain]
  ] as const
  return (
    <dl className="outcome-counts">
      {parts.map(([name, count]) => (
        <div key={name} className="outcome-count" data-tally={name}>
          <dt>{t(`latency.${name}`)}</dt>
          <dd>{count}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Units of the drawing. */
const BAR = { width: 8, gap: 4, height: 80, least: 2 } as const

const Chart = ({ turns }: { turns: readonly TurnTiming[] }) => {
  const { t } = useTranslation()
  const values = chartedMs(turns)
  if (values.length === 0) return null
  const slowestMs = Math.max(...values, 1)
  const bars = values.map((ms, at) => ({
    x: at * (BAR.width + BAR.gap),
    height: Math.max(BAR.least, (BAR.height * ms) / slowestMs)
  }))
  const caption = t('latency.last', {
    n: values.length,
    ms: withoutUnit(slowestMs)
  })
  return (
    <figure className="chart">
      <svg
        viewBox={`0 0 ${CHARTED_TURNS * (BAR.width + BAR.gap)} ${BAR.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={caption}
      >
        {bars.map(({ x, height }) => (
          <rect key={x} x={x} y={BAR.height - height} width={BAR.width} height={height} />
        ))}
      </svg>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

export const LatencyPanel = ({ onClose }: { onClose: () => void }) => {
  const { t } = useTranslation()
  const { recentTurns } = useActions()
  const [shown, setShown] = useState<'times' | 'cost'>('times')
  const other = shown === 'times' ? 'cost' : 'times'
  const [turns, setTurns] = useState<readonly KeptTurn[] | null>(null)
  useEffect(() => {
    let isShown = true
    void recentTurns().then((read) => isShown && setTurns(read))
    return () => {
      isShown = false
    }
  }, [recentTurns])
  return (
    <Dialog
      className="sheet sheet-large"
      labelledBy="latency-title"
      testId="latency"
      onClose={onClose}
    >
      {(close) => (
        <>
          <header className="sheet-head">
            <h2 id="latency-title">{t(`latency.title.${shown}`)}</h2>
            <Button look="small" testId="latency-other" onPress={() => setShown(other)}>
              {t(`latency.show.${other}`)}
            </Button>
            <Button look="strong" testId="latency-close" onPress={close}>
              {t('settings.close')}
            </Button>
          </header>
          <div className="sheet-body latency">
            {turns === null && <p className="latency-message">{t('latency.loading')}</p>}
            {turns?.length === 0 && (
              <p className="latency-message" data-testid="latency-empty">
                {t('latency.empty')}
              </p>
            )}
            {turns !== null && turns.length > 0 && shown === 'cost' && <CostTable turns={turns} />}
            {turns !== null && turns.length > 0 && shown === 'times' && (
              <>
                <OutcomeCounts turns={turns} />
                <Figures turns={turns} />
                <Chart turns={turns} />
              </>
            )}
          </div>
        </>
      )}
    </Dialog>
  )
}
