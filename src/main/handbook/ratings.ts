// Thumbs, as they are said to the backend.
import type { Rating } from '../../shared/rating.ts'
import type { KioskAccount } from '../account/account.ts'
import type { BackendPorts } from '../backend.ts'
import type { Log } from '../log.ts'
import { sayOnce } from './saying-request.ts'
import { createSayings, type Sayings } from './sayings.ts'

export type RatingPorts = BackendPorts & { account: Pick<KioskAccount, 'current'>; log: Log }

export const createRatings = (ports: RatingPorts): Sayings<Rating> =>
  createSayings({
    account: ports.account,
    log: ports.log,
    one: 'rating',
    many: 'ratings',
    send: (groupId, { questionId, rating, heardMs }) =>
      sayOnce(ports, 'The rating', {
        name: 'rate_answer',
        args: {
          _group_id: groupId,
          _question_id: questionId,
          _rating: rating,
          ...(heardMs === undefined ? {} : { _heard_ms: heardMs })
        }
      }),
    detailOf: ({ rating }) => ({ rating })
  })
