import { groupedHoldOut, type HoldOutStrategy, holdOut, timeOrdered } from '../../data/index.ts'
import type { Experiment, Json } from '../../train/index.ts'
import type { Described } from './folds.ts'

/** Share of a fold's training part that is held out of it to be watched. */
const SHARE = 0.2

/**
 * Whether a training looks at samples that it does not train on: to stop early, to say which weights are the best, or to lower its
 * learning rate. In a fold these are never the samples that give the score.
 */
export function watches({ earlyStopping, monitor, schedule }: Experiment): boolean {
  if (monitor?.startsWith('validation.') === true || scheduleWatches(schedule)) return true
  return earlyStopping !== undefined && monitor === undefined
}

export const scheduleWatches = ({ config: { monitor } }: Experiment['schedule']): boolean =>
  typeof monitor === 'string' && monitor.startsWith('validation.')

/**
 * How to hold out what is watched where nobody says: a fifth of the training part, groups whole where the folds keep groups whole, the
 * latest where they go by time, and otherwise at random with the proportions of the classes.
 */
export function defaultInner({ kind, config }: Described): HoldOutStrategy {
  const { by, of } = config
  if (isDescribed(of)) return defaultInner({ kind: of.kind, config: of })
  if (kind === 'groupedKFold' && typeof by === 'string') return groupedHoldOut({ by, validation: SHARE })
  if (kind === 'expandingWindow') return timeOrdered({ validation: SHARE, ...(typeof by === 'string' && { by }) })
  return holdOut({ validation: SHARE })
}

const isDescribed = (value: unknown): value is { readonly kind: string; readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string'
