import type { ProfileParts } from './profile.ts'
import { percent, whole } from './words.ts'

/** Fewer samples than this give a hold-out score that is mostly chance (its 95 % interval is wider than ± 5 points). */
const FEW = 2000

/** A test split needs no more than this: the 95 % interval of an accuracy of 90 % is then ± 0.6 points. */
const ENOUGH = 10_000

/** Samples that a class needs to be in training, validation and test by 5 folds. */
export const FEWEST = 5

/** How samples should be parted into training, validation and test, in words. */
export function proposeSplit({ splits, problem, duplicates }: ProfileParts): string {
  const [first, second] = splits
  const train = first?.samples ?? 0
  const test = second?.samples ?? 0
  const all = train + test
  const counts = (first?.classCounts ?? []).filter((count) => count > 0)
  const stratified =
    problem.task === 'classification' && counts.length > 1 && Math.min(...counts) >= FEWEST
      ? ', stratified by class'
      : ''
  const warning =
    duplicates.between > 0
      ? ` ${whole(duplicates.between)} of the test samples are in the training split too: leave them out of one.`
      : duplicates.withinTrain > 0
        ? ' Keep equal samples in one part, or leave the copies out.'
        : ''
  if (test > 0) {
    const validation = Math.min(ENOUGH, Math.max(1, Math.round(train / 6)))
    return `Keep the test split as it is (${whole(test)}, ${percent(test / all)}) and hold out ${whole(validation)} (${percent(validation / all)}) of the rest to choose models by${stratified}; ${whole(train - validation)} (${percent((train - validation) / all)}) are left to train.${warning}`
  }
  if (all < 2 * FEWEST) return 'Not at all: they are too few to be divided. Gather more.'
  if (all < FEW)
    return `Hold out 20 % (${whole(Math.round(all * 0.2))}) to test${stratified}, and choose models by cross-validation in 5 folds of the rest: a validation part of so few samples would be mostly chance.${warning}`
  const part = Math.min(ENOUGH, Math.round(all * 0.15))
  return `Hold out ${whole(part)} (${percent(part / all)}) to test and as many to validate${stratified}; ${whole(all - 2 * part)} (${percent((all - 2 * part) / all)}) are left to train.${warning}`
}
