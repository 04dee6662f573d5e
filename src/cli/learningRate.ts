import type { Experiment, Report, Training } from '../train/index.ts'

/** The learning rate of the last step that was taken: what the schedule made of it from what it knew then. */
export function lastLearningRate(
  { schedule, optimizer, epochs }: Experiment,
  { position: { step }, stepsPerEpoch, history }: Pick<Training, 'position' | 'stepsPerEpoch' | 'history'>,
  canValidate: boolean,
): number {
  const observations = history
    .filter((report) => report.step < step && (report.validation !== undefined || !canValidate))
    .map(({ epoch: _, step: __, ...scores }: Report) => scores)
  return optimizer.lr * schedule.factor(step - 1, epochs * stepsPerEpoch, { stepsPerEpoch, history: observations })
}
