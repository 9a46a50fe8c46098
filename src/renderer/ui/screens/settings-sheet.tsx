// The settings: sound, talking, call and kiosk.
import { AudioLines, Mic, Phone, Store } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { useActions, useKiosk } from '../parts/use-kiosk.ts'
import { CallTab } from './settings/call-tab.tsx'
import { KioskTab } from './settings/kiosk-tab.tsx'
import { LatencyPanel } from './settings/latency-panel.tsx'
import { SoundTab } from './settings/sound-tab.tsx'
import { TalkingTab } from './settings/talking-tab.tsx'

const TABS = {
  sound: { Icon: AudioLines, Panel: SoundTab },
  talking: { Icon: Mic, Panel: TalkingTab },
  call: { Icon: Phone, Panel: CallTab },
  kiosk: { Icon: Store, Panel: KioskTab }
} as const
type TabName = keyof typeof TABS
const TAB_NAMES = Object.keys(TABS) as TabName[]

/** The tabs stand in a column, or in a row on an upright screen. */
const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

type TabsProps = { chosen: TabName; onChoose: (tab: TabName) => void }

const Tabs = ({ chosen, onChoose }: TabsProps) => {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = (TAB_NAMES.indexOf(chosen) + step + TAB_NAMES.length) % TAB_NAMES.length
    onChoose(TAB_NAMES[at] ?? chosen)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus()
  }
  return (
    <div
      className="tabs"
      role="tablist"
      aria-orientation="vertical"
      aria-label={t('settings.title')}
      ref={list}
      onKeyDown={move}
    >
      {TAB_NAMES.map((name) => {
        const { Icon } = TABS[name]
        return (
          <button
            key={name}
            type="button"
            role="tab"
            id={`settings-tab-${name}`}
            className="tab"
            data-testid={`settings-tab-${name}`}
            aria-selected={name === chosen}
            aria-controls="settings-panel"
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            <Icon className="icon" aria-hidden="true" />
            {t(`settings.tab.${name}`)}
          </button>
        )
      })}
    </div>
  )
}

type Props = { onClose: () => void }

export const SettingsSheet = ({ onClose }: Props) => {
  const { t } = useTranslation()
  const [tab, setTab] = useState<TabName>('sound')
  const [isLatencyOpen, setLatencyOpen] = useState(false)
  const version = useKiosk((state) => state.version)
  // The sheet covers the screen's banner.
  const failure = useKiosk((state) => state.appFailure)
  const canExit = useKiosk((state) => state.maintenance.canExit)
  const { leave } = useActions()
  const { Panel } = TABS[tab]
  return (
    <Dialog
      className="sheet sheet-large"
      labelledBy="settings-title"
      testId="settings"
      onClose={onClose}
    >
      {(close) => (
        <>
          <header className="sheet-head">
            <h2 id="settings-title">{t('settings.title')}</h2>
            {failure !== null && (
              <p className="warning" role="alert" data-testid="settings-failure">
                {t(`failure.${failure.code}`)}
              </p>
            )}
            <Button look="strong" testId="settings-close" onPress={close}>
              {t('settings.close')}
            </Button>
          </header>
          <div className="settings">
            <Tabs chosen={tab} onChoose={setTab} />
            <div
              key={tab}
              id="settings-panel"
              className="sheet-body"
              role="tabpanel"
              aria-labelledby={`settings-tab-${tab}`}
              data-testid="settings-panel"
            >
              <Panel />
            </div>
          </div>
          <footer className="sheet-foot">
            <Button look="small" testId="latency-open" onPress={() => setLatencyOpen(true)}>
              {t('latency.open')}
            </Button>
            <span className="version">{t('settings.version', { version })}</span>
            {canExit && (
              <>
                <Button look="small" testId="restart" onPress={() => leave('restart')}>
                  {t('maintenance.restart')}
                </Button>
                <Button look="small" testId="exit" onPress={() => leave('exit')}>
                  {t('maintenance.exit')}
                </Button>
              </>
            )}
          </footer>
          {isLatencyOpen && <LatencyPanel onClose={() => setLatencyOpen(false)} />}
        </>
      )}
    </Dialog>
  )
}
