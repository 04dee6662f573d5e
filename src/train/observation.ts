import type { Observation } from '../optim/index.ts'
import type { Report } from './position.ts'

/**
 * What schedules are told of a report: its scores; nothing of an epoch without the evaluation that it could have had, as that says nothing
 * of what they watch.
 *
 * @param canValidate whether there are samples to validate on
 */
export function observationsOf(
  { epoch: _, step: __, ...scores }: Report,
  canValidate: boolean,
): readonly Observation[] {
  return scores.validation === undefined && canValidate ? [] : [scores]
}
