import { type AuditedGroup, type GroupScore, groupScore, metricsOn } from '../../../audit/index.ts'
import type { RunGroup } from '../../../runs/index.ts'
import { metricName } from '../../readable.ts'
import { comparisonOf } from '../../references/blocks/comparison.ts'

import { differingAxes } from '../../references/blocks/tables/axes.ts'
import { type DraftContext, ownPlace, paragraphs, withMention } from '../context.ts'
import { ofTheBest } from './best.ts'
import { isCell, MOST_IN_TEXT, MOST_IN_WORDS, nameOf, ofGroup } from './method.ts'
import { ofStudy } from './search.ts'

/** What a draft shows in more than one place: the metric that it is about, and the group that the validation split chose. */
export interface Headline {
  readonly metric: string
  readonly best: RunGroup
  /** Expression of that group. */
  readonly expression: string
}

/** Undefined where no run has finished with a finite score. */
export function headlineOf(context: DraftContext): Headline | undefined {
  const metric = context.facts.groups.flatMap((group) => metricsOn(group, 'test'))[0]
  if (metric === undefined) return undefined
  const ranked = context.facts.groups
    .flatMap((group, i) => {
      const [score, own] = [chosenBy(group, metric), context.groups[i]]
      return score === undefined || own === undefined || groupScore(group, 'test', metric) === undefined
        ? []
        : [{ own, score }]
    })
    .sort((a, b) => (a.score.goal === 'min' ? 1 : -1) * (a.score.mean - b.score.mean))
  const [first] = ranked
  if (first === undefined) return undefined
  // In a grid the write-up follows the choice when runs change.
  const isFollowed =
    context.groups.length > 1 &&
    isCell(first.own) &&
    context.facts.groups.some((group) => groupScore(group, 'validation', metric))
  const expression = isFollowed ? `best(${context.expression}, '${metric}')` : ofGroup(context, first.own)
  return { metric, best: first.own, expression }
}

const chosenBy = (group: AuditedGroup, metric: string): GroupScore | undefined =>
  groupScore(group, 'validation', metric) ?? groupScore(group, 'train', metric)

/** What came out: scores with their intervals, tests, curves, and what the best network does class by class. */
export async function resultsSection(context: DraftContext): Promise<string> {
  const headline = headlineOf(context)
  return paragraphs([
    '# Results {#sec:results}',
    ...(headline === undefined
      ? [await nothing(context)]
      : [await score(context, headline), ...(await scores(context, headline))]),
    await unfinished(context),
    await curves(context),
    ...(headline === undefined ? [] : await ofTheBest(context, headline)),
    ...(await ofStudy(context)),
    ownPlace(
      'results',
      'What do the tables and figures show? Say what surprises, and what does not differ by more than chance.',
    ),
  ])
}

const nothing = async ({ study }: DraftContext): Promise<string> =>
  study === undefined ? 'No run has finished with a score yet.' : ''

async function score(context: DraftContext, { metric, best, expression }: Headline): Promise<string> {
  const { groups, facts, said } = context
  const own = facts.groups.find(({ id }) => id === best.id)
  const which = isCell(best) ? `{{ ${expression}.cell }}` : nameOf(context, best)
  const name = metricName(metric)
  const isChosen = own !== undefined && groupScore(own, 'validation', metric) !== undefined
  const scored = own === undefined ? undefined : groupScore(own, 'test', metric)
  const seeds =
    scored !== undefined && scored.n > 1
      ? `the mean over {{ ${expression}.test.${metric}.seeds }} seeds`
      : 'one run with one seed'
  const how = (interval: string): string =>
    groups.length === 1
      ? `On the test split the ${name} is {{ ${expression}.test.${metric} }}${interval}; it is ${seeds}.`
      : isChosen
        ? `By the ${name} on the validation split the best is ${which} ({{ ${expression}.validation.${metric} }} there). On the test split it has {{ ${expression}.test.${metric} }}${interval}; it is ${seeds}.`
        : `By the ${name} on the training split, as there is no validation split to choose by, the best is ${which}. On the test split it has {{ ${expression}.test.${metric} }}${interval}; it is ${seeds}.`
  return (await said(how(` (95 % interval {{ ${expression}.test.${metric}.interval }})`))) || (await said(how('')))
}

async function scores(context: DraftContext, { metric }: Headline): Promise<string[]> {
  const { expression: e, groups, block } = context
  const axes = differingAxes(groups)
  const isGrid = groups.length > 1 && axes.length === 2
  return [
    isGrid
      ? await withMention(
          `The test ${metricName(metric)} of every cell stands in`,
          'tab:pivot',
          block(`table('pivot', ${e}, { metric: '${metric}', id: 'tab:pivot' })`),
        )
      : '',
    isGrid
      ? await withMention(
          'The same is drawn in',
          'fig:map',
          block(`figure('map', ${e}, { metric: '${metric}', id: 'fig:map' })`),
        )
      : '',
    axes.length > 1
      ? await withMention(
          'The best of each row, chosen by the validation split, is in',
          'tab:best',
          block(`table('best', ${e}, { id: 'tab:best' })`),
        )
      : '',
    isGrid || groups.length > MOST_IN_TEXT
      ? ''
      : await withMention(
          'All scores with their 95 % intervals stand in',
          'tab:scores',
          block(`table('scores', ${e}, { id: 'tab:scores' })`),
        ),
    groups.length > 1 && !isGrid
      ? await withMention(
          'They are drawn in',
          'fig:scores',
          block(`figure('scores', ${e}, { id: 'fig:scores', metrics: ['${metric}'] })`),
        )
      : '',
    await comparisons(context, metric),
    groups.length > 1 && groups.length <= MOST_IN_TEXT
      ? await withMention(
          'Which differences are more than chance is tested in',
          'tab:tests',
          block(`table('tests', ${e}, { id: 'tab:tests', metrics: ['${metric}'] })`),
        )
      : '',
  ]
}

/** "A is above B", or that nobody can tell, for every pair of a few groups. */
async function comparisons(context: DraftContext, metric: string): Promise<string> {
  const { groups, records, said } = context
  if (groups.length < 2 || groups.length > MOST_IN_WORDS) return ''
  const { metrics } = await comparisonOf(records, groups)
  const found = metrics.find((one) => one.metric === metric)
  const sentences = await Promise.all(
    (found?.tests ?? []).map(async (test) => {
      const [a, b] = [test.a, test.b].map((id) => groups.find((group) => group.id === id))
      if (a === undefined || b === undefined || test.kind === 'none') return ''
      const isKnown = test.kind === 'tested' || test.kind === 'interval'
      const [first, second] = isKnown && test.difference.estimate < 0 ? [b, a] : [a, b]
      const [x, y] = [first, second].map((group) => ofGroup(context, group))
      const [name, other] = [first, second].map((group) => nameOf(context, group))
      if (test.kind === 'silent')
        return said(
          `There is too little to test whether ${name} and ${other} differ in the test ${metricName(metric)}; the first has {{ ${x}.test.${metric} }}, the second {{ ${y}.test.${metric} }}.`,
        )
      if (!isKnown || !test.differs)
        return said(`${name} and ${other} cannot be told apart in the test ${metricName(metric)}.`)
      return said(
        `${name} has a higher test ${metricName(metric)} than ${other}, by {{ difference(${x}.test.${metric}, ${y}.test.${metric}) }}.`,
      )
    }),
  )
  return sentences.filter((text) => text !== '').join(' ')
}

async function unfinished({ expression: e, groups, all, said }: DraftContext): Promise<string> {
  const diverged = all.filter(({ manifest }) => manifest.diverged === true).length
  const others = all.filter(({ manifest: { status, diverged: has } }) => status !== 'finished' && has !== true).length
  if (diverged + others === 0) return ''
  if (all.length === 1) {
    const how = diverged > 0 ? 'diverged: its numbers stopped being finite' : 'did not finish'
    return `The run ${how}. It has no score.`
  }
  const parts = [
    diverged === 0
      ? ''
      : groups.length > 0
        ? await said(
            `{{ ${e}.diverged }} of {{ ${e}.runs }} runs diverged: their numbers stopped being finite, and they are in no mean.`,
          )
        : '',
    others === 0
      ? ''
      : await said(`{{ ${e}.finished }} of {{ ${e}.runs }} runs have finished; the others are in no mean.`),
  ]
  return parts.filter((text) => text !== '').join(' ')
}

async function curves({ expression: e, all, block }: DraftContext): Promise<string> {
  if (all.length === 0) return ''
  return withMention(
    'How training went is shown in',
    'fig:curves',
    block(`figure('curves', ${e}, { id: 'fig:curves' })`),
  )
}
