// Thumbs, as they are said to the backend.
import type { Rating } from '../../shared/rating.ts'
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import type { Log } from '../log.ts'
import { createFeedbackOutbox, type FeedbackOutbox } from './feedback-outbox.ts'
import { sendFeedback } from './feedback-request.ts'

export type RatingPorts = BackendPorts & { account: Pick<KioskAccount, 'current'>; log: Log }

export const createRatings = (ports: RatingPorts): FeedbackOutbox<Rating> =>
  createFeedbackOutbox({
    account: ports.account,
    log: ports.log,
    one: 'rating',
    many: 'ratings',
    send: (groupId, { questionId, rating, timeToFirstAudioMs }) =>
      sendFeedback(ports, 'The rating', {
        name: 'rate_answer',
        args: {
          _group_id: groupId,
          _question_id: questionId,
          _rating: rating,
          ...(timeToFirstAudioMs === undefined
            ? {}
            : { _time_to_first_audio_ms: timeToFirstAudioMs })
        }
      }),
    detailOf: ({ rating }) => ({ rating })
  })
