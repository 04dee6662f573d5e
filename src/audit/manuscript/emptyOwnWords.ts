import type { ManuscriptCheck } from '../check.ts'

/** Places for the author's own words that are empty in a version that is not a draft. */
export const emptyOwnWords: ManuscriptCheck = {
  id: 'empty-own-words',
  looksFor: 'places for the author’s own words that are still empty',
  find: ({ isDraft, own }) =>
    isDraft
      ? []
      : own
          .filter(({ isEmpty }) => isEmpty)
          .map(({ id, prompt, where }) => ({
            severity: 'warning',
            where,
            saw: `Nothing is written at “${id}”: ${prompt}`,
            why: 'What the runs mean is what only you can say; a report without it is a print-out.',
            mend: `Write between <!-- own: ${id} … --> and <!-- /own -->, or remove the place where it does not apply.`,
          })),
}
