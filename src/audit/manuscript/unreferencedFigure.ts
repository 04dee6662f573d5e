import type { ManuscriptCheck } from '../check.ts'

/** Figures and tables with an id that the text never mentions. */
export const unreferencedFigure: ManuscriptCheck = {
  id: 'unreferenced-figure',
  looksFor: 'figures and tables that the text never mentions',
  find: ({ labelled, mentions }) =>
    labelled
      .filter(({ id }) => !mentions.has(id))
      .map(({ id, kind, where }) => ({
        severity: 'note',
        where,
        saw: `The ${kind} ${id} is never mentioned in the text.`,
        why: 'A reader who is not told what to see in it passes it over, and in columns it may stand pages away.',
        mend: `Say what it shows where you use it, as in “@${id} shows …”, or leave it out.`,
      })),
}
