import type { Found, ManuscriptCheck } from '../check.ts'
import {
  type AuditedGroup,
  differenceInterval,
  type Facts,
  type GroupScore,
  groupScore,
  metricsOn,
} from '../facts/facts.ts'
import { numberText, scoreText, spaced } from '../facts/writing.ts'
import { isCited, isExpectation, type Passage, type Sentence } from './manuscript.ts'
import { type OrderClaim, orderClaims } from './ordering.ts'
import { mentionsIn, type Subject, subjectsOf } from './subjects.ts'

/**
 * "A beats B" against the runs: an error where they say the opposite, a warning where the difference is not larger than what chance makes of it.
 * A name of several groups stands for the best of them; other names in the sentence ("at learning rate 0.01") say which.
 */
export const wrongOrder: ManuscriptCheck = {
  id: 'wrong-order',
  looksFor: 'comparisons that the runs do not bear out',
  find: ({ passages, facts }) => {
    const subjects = subjectsOf(facts)
    return passages.flatMap((passage) =>
      passage.sentences.flatMap((sentence) =>
        isCited(sentence) || isExpectation(sentence)
          ? []
          : orderClaims(sentence.text, subjects).flatMap((claim) =>
              judged(claim, { sentence, passage, facts, subjects }),
            ),
      ),
    )
  },
}

interface Setting {
  readonly sentence: Sentence
  readonly passage: Passage
  readonly facts: Facts
  readonly subjects: readonly Subject[]
}

function judged(claim: OrderClaim, { sentence, passage, facts, subjects }: Setting): Found[] {
  const context = mentionsIn(sentence.text, subjects).filter(
    ({ name }) => name !== claim.first.name && name !== claim.second.name,
  )
  const measure = measureOf(sentence.text, facts)
  const [a, b] = [claim.first, claim.second].map((mention) => bestOf(narrowed(mention.groups, context), measure))
  if (a === undefined || b === undefined || a.group === b.group) return []
  const isFirstLess = claim.says === 'smaller' || claim.says === (measure.goal === 'min' ? 'better' : 'worse')
  // Positive where the first is as the sentence says.
  const sign = (isFirstLess ? -1 : 1) * (claim.isDenied ? -1 : 1)
  const difference = sign * (a.score.mean - b.score.mean)
  const noise = differenceInterval(a.score, b.score)
  const isSure = measure.isExact || (noise !== undefined && (noise.low > 0 || noise.high < 0))
  const [text, other] = [a, b].map(
    ({ group, score }) => `${group.label} ${measure.text(score.mean)}${spread(score, measure)}`,
  )
  const told = {
    where: passage.id,
    why: 'A comparison is what readers take with them, and it must be what the runs show and more than chance.',
  }
  const saw = `“${claim.text.trim()}”: ${measure.name} is ${text} and ${other}`
  if (difference > 0 && isSure) return []
  // Denied: not shown to be better is what the sentence says.
  if (claim.isDenied && !isSure) return []
  if (difference < 0 && (isSure || !claim.isDenied))
    return [
      {
        ...{ ...told, severity: 'error' as const, saw: `${saw}, which is the other way round.` },
        mend: `Turn the sentence round, or name the measure and the runs that it is of.`,
      },
    ]
  return [
    {
      ...{ ...told, severity: 'warning' as const },
      saw: `${saw}; ${noise === undefined ? 'with one seed each and no interval nobody can tell' : difference === 0 ? 'they are equal' : `the 95 % interval of the difference, ${measure.difference(noise.low)} to ${measure.difference(noise.high)}, holds 0`}.`,
      mend: 'Say that the runs cannot tell them apart, or train more seeds of both (assay compare tests the difference).',
    },
  ]
}

/** Where other names of the sentence say which cells are meant, those. */
function narrowed(groups: readonly AuditedGroup[], context: readonly Subject[]): readonly AuditedGroup[] {
  return context.reduce((left, { groups: own }) => {
    const both = left.filter((group) => own.includes(group))
    return both.length > 0 ? both : left
  }, groups)
}

/** By what a sentence compares. */
interface Measure {
  readonly name: string
  readonly goal: 'min' | 'max'
  /** Whether it has no chance in it, as a number of parameters. */
  readonly isExact: boolean
  of(group: AuditedGroup): GroupScore | undefined
  text(value: number): string
  difference(value: number): string
}

function measureOf(text: string, { groups }: Facts): Measure {
  if (/\b(?:parameters|weights)\b/i.test(text))
    return {
      ...{ name: 'the number of parameters', goal: 'min', isExact: true, text: numberText, difference: numberText },
      of: ({ runs: [run] }) =>
        run && { split: 'test', metric: 'parameters', goal: 'min', mean: run.manifest.model.parameters, n: 1 },
    }
  const split = /\bvalidation\b/i.test(text)
    ? 'validation'
    : /\btrain(?:ing)? (?:loss|accuracy|error|set|split|data)\b/i.test(text)
      ? 'train'
      : 'test'
  const metrics = [...new Set(groups.flatMap((group) => metricsOn(group, split)))]
  const asked = metrics.find((metric) =>
    new RegExp(`\\b${WORDS[metric] ?? metric.replace(/[A-Z].*$/, '')}\\b`, 'i').test(text),
  )
  const metric = asked ?? metrics[0] ?? 'loss'
  const goal = groups.flatMap((group) => groupScore(group, split, metric) ?? [])[0]?.goal ?? 'max'
  return {
    ...{ name: `the ${split} ${spaced(metric)}`, goal, isExact: false },
    of: (group) => groupScore(group, split, metric),
    text: (value) => scoreText(metric, value),
    difference: (value) => scoreText(metric, value),
  }
}

/** What prose calls a metric, where that is not the first word of its name. */
const WORDS: Readonly<Record<string, string>> = {
  f1Macro: 'f1(?:[ -]score)?',
  mse: 'mse|mean squared error',
  rmse: 'rmse',
  mae: 'mae|mean absolute error',
  rocAucMacro: 'auc',
  rocAuc: 'auc',
}

function bestOf(groups: readonly AuditedGroup[], measure: Measure) {
  const scored = groups.flatMap((group) => {
    const score = measure.of(group)
    return score === undefined ? [] : [{ group, score }]
  })
  return scored.sort((a, b) => (measure.goal === 'min' ? 1 : -1) * (a.score.mean - b.score.mean))[0]
}

const spread = ({ interval, n }: GroupScore, measure: Measure): string =>
  interval === undefined
    ? ''
    : ` (${measure.text(interval.low)} to ${measure.text(interval.high)}, ${interval.over === 'seeds' ? `${n} seeds` : 'one seed'})`
