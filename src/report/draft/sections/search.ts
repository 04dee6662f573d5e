import { type DraftContext, withMention } from '../context.ts'

/** What a search found: its best trial, how it came to it, and what mattered. */
export async function ofStudy({ study, said, block }: DraftContext): Promise<string[]> {
  if (study === undefined) return []
  const s = study.expression
  return [
    await said(
      `The best of {{ ${s}.complete }} complete trials reached {{ ${s}.best.value }} in {{ ${s}.objective }}, by which it was chosen: that is too good an estimate.`,
    ),
    await said(`Trained on all training data and tested, its configuration reached {{ ${s}.test }}.`),
    await withMention(
      'The best configuration stands in',
      'tab:trial',
      block(`table('best', ${s}, { id: 'tab:trial' })`),
    ),
    await withMention(
      'The course of the search is drawn in',
      'fig:history',
      block(`figure('history', ${s}, { id: 'fig:history' })`),
    ),
    await withMention(
      'Every trial against every parameter is drawn in',
      'fig:slices',
      block(`figure('slices', ${s}, { id: 'fig:slices' })`),
    ),
    await withMention(
      'Which parameters mattered is told by',
      'tab:importance',
      block(`table('importance', ${s}, { id: 'tab:importance' })`),
    ),
    await withMention(
      'Trials that failed stand in',
      'tab:failures',
      block(`table('failures', ${s}, { id: 'tab:failures' })`),
    ),
  ]
}
