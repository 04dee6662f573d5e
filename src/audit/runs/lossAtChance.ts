import type { Found, RunCheck } from '../check.ts'
import { finishedRuns, kindAt } from '../facts/facts.ts'
import { numberText } from '../facts/writing.ts'

/** A loss this near to that of guessing has learnt next to nothing. */
const NEAR = 0.95

/** Classifiers whose training loss ended where guessing is: they were trained with a rate too high or too low, or not at all. */
export const lossAtChance: RunCheck = {
  id: 'loss-at-chance',
  looksFor: 'trainings that ended where guessing is',
  find: ({ groups }) =>
    groups.flatMap((group) =>
      finishedRuns(group).flatMap(({ id, manifest, summary }): Found[] => {
        const classes = manifest.data.classes?.length ?? 0
        const loss = summary.train?.loss?.last ?? summary.validation?.loss?.last
        const chance = Math.log(classes)
        if (classes < 2 || kindAt(manifest.experiment, 'loss') !== 'crossEntropy' || loss === undefined) return []
        if (loss < NEAR * chance) return []
        return [
          {
            severity: 'warning',
            where: id,
            saw: `The loss of ${group.label} ended at ${numberText(loss)}, and guessing among ${classes} classes gives ${numberText(chance)}.`,
            why: 'It has learnt next to nothing: what it scores says nothing of its architecture or its data.',
            mend: 'Try other learning rates (assay lr-find), look at the labels, and leave it out of comparisons of models.',
          },
        ]
      }),
    ),
}
