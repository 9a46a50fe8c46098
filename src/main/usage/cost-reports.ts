// Reports the tokens of turns to the backend, which knows the prices.
import type { TurnCost } from '../../shared/turn-cost.ts'
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import { sendReport } from '../data-api-request.ts'
import type { Log } from '../log.ts'
import { createOutbox, type Outbox } from '../outbox.ts'
import type { SessionModels } from './call-reports.ts'

/** @param modelsInUse of the call that was opened last */
export const createCostReports = (
  ports: BackendPorts & { account: Pick<KioskAccount, 'current'>; log: Log },
  modelsInUse: () => SessionModels
): Outbox<TurnCost> =>
  createOutbox({
    account: ports.account,
    log: ports.log,
    one: 'cost',
    many: 'costs',
    subjectOf: ({ questionId }) => questionId,
    send: (groupId, cost) => {
      const { model, transcriptionModel } = modelsInUse()
      return sendReport(ports, 'The cost', 'report_cost', {
        _group_id: groupId,
        _question_id: cost.questionId,
        _model: model,
        _text_input: cost.textInput,
        _text_cached: cost.textCached,
        _text_output: cost.textOutput,
        _audio_input: cost.audioInput,
        _audio_cached: cost.audioCached,
        _audio_output: cost.audioOutput,
        _transcription_model: transcriptionModel,
        _transcription_seconds: cost.transcriptionSeconds
      })
    },
    detailOf: ({ questionId: _questionId, ...tokens }) => tokens
  })
