import { type AuditedGroup, groupScore } from '../../../audit/index.ts'
import { lossAtChance } from '../../../audit/runs/lossAtChance.ts'
import { argmax, confusionMatrix } from '../../../metrics/index.ts'
import { judgedGroups } from '../../group/groupPredictions.ts'
import { type DraftContext, listed, ownPlace, paragraphs } from '../context.ts'
import { type Headline, headlineOf } from './results.ts'

/** Points by which the training accuracy has to be above the validation accuracy for a prompt on over-fitting. */
const GAP = 0.02
/** A validation loss that has risen by this share of its best value. */
const RISE = 0.1

/** What to think about, as places for the author's words: which depends on what the runs show. */
export async function discussionSection(context: DraftContext): Promise<string> {
  const headline = headlineOf(context)
  return paragraphs([
    '# Discussion {#sec:discussion}',
    ownPlace('answer', 'What is the answer to your question, and how sure are you of it?'),
    overfitting(context),
    failed(context),
    headline === undefined ? '' : await confused(headline),
    context.study === undefined
      ? ''
      : ownPlace(
          'search',
          'Which parameters mattered, is the best at the edge of a range that you searched, and how much of its score is luck?',
        ),
    ownPlace(
      'limits',
      'What can these runs not tell (other data, other seeds, other budgets), and what would you try next?',
    ),
  ])
}

function overfitting({ facts: { groups } }: DraftContext): string {
  const found = groups.filter(isOverfitted).map(({ label }) => label)
  if (found.length === 0) return ''
  return ownPlace(
    'overfitting',
    `The training scores of ${shown(found)} are well above the validation scores, or the validation loss rises again: is that over-fitting, and what would help?`,
  )
}

function isOverfitted(group: AuditedGroup): boolean {
  const [train, validation] = ['train', 'validation'].map((split) => groupScore(group, split, 'accuracy'))
  if (train !== undefined && validation !== undefined && train.mean - validation.mean > GAP) return true
  return group.runs.some(({ summary }) => {
    const loss = summary.validation?.loss
    return loss !== undefined && Number.isFinite(loss.last) && loss.last > (1 + RISE) * loss.best
  })
}

function failed({ facts }: DraftContext): string {
  const chance = new Set(lossAtChance.find(facts).map(({ where }) => where))
  const found = facts.groups.filter(({ runs }) =>
    runs.some(({ id, manifest }) => manifest.status !== 'finished' || chance.has(id)),
  )
  if (found.length === 0) return ''
  return ownPlace(
    'failed',
    `These did not train (they diverged, failed, or ended where guessing is): ${shown(found.map(({ label }) => label))}. Why, and what does that say of the learning rate?`,
  )
}

/** Pairs of classes that a prompt names. */
const MOST_PAIRS = 2

async function confused({ best }: Headline): Promise<string> {
  const [judged] = await judgedGroups([best])
  if (judged === undefined) return ''
  const counts = judged.runs.map(({ predictions: { targets, scores, classes } }) =>
    confusionMatrix(targets, argmax(scores, classes), classes),
  )
  const pairs = judged.classes
    .flatMap((of, t) =>
      judged.classes.slice(t + 1).map((other, k) => {
        const p = t + 1 + k
        const count = counts.reduce((sum, one) => sum + (one.counts[t]?.[p] ?? 0) + (one.counts[p]?.[t] ?? 0), 0)
        return { names: `${of} with ${other}`, count }
      }),
    )
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_PAIRS)
  return pairs.length === 0
    ? ''
    : ownPlace(
        'confused',
        `The classes confused most are ${listed(pairs.map(({ names }) => names))}: what do their samples share?`,
      )
}

const MOST_SHOWN = 3
const shown = (names: readonly string[]): string =>
  names.length <= MOST_SHOWN
    ? listed(names)
    : `${names.slice(0, MOST_SHOWN).join(', ')} and ${names.length - MOST_SHOWN} others`
