import type { RunCheck } from '../check.ts'

/** Runs without a validation split: nothing could be chosen with them but by the training or the test split. */
export const noValidation: RunCheck = {
  id: 'no-validation',
  looksFor: 'runs without a validation split where something had to be chosen',
  find: ({ groups }) => {
    const runs = groups.flatMap((group) => group.runs)
    const without = runs.filter(({ manifest }) => manifest.data.splits.validation === 0)
    const [first] = without
    if (first === undefined) return []
    return [
      {
        severity: groups.length > 1 ? 'warning' : 'note',
        where: first.id,
        saw: `${without.length === runs.length ? (runs.length === 1 ? 'The run has' : `All ${runs.length} runs have`) : `${without.length} of ${runs.length} runs have`} no validation split.`,
        why: 'Whatever was chosen (rates, sizes, epochs) was chosen on the training or the test split, and the test score is no estimate any more.',
        mend: 'Keep some training samples for it: split: { validation: 0.1 }, and test once at the end.',
      },
    ]
  },
}
