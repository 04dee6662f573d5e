import type { ManuscriptCheck } from '../check.ts'
import { groupScores } from '../facts/facts.ts'
import type { NumberFact } from '../facts/numberFact.ts'
import { numbersOf } from '../facts/numbers.ts'
import { isShare } from '../facts/writing.ts'
import { type Literal, literalsOf } from './literals.ts'
import { isCited, isExpectation, type Manuscript, type Passage, type Sentence } from './manuscript.ts'
import { candidates, isMeant, isRounded, nearest } from './matching.ts'
import { shownNumbers } from './shownNumbers.ts'
import { mentionsIn, type Subject, subjectsOf } from './subjects.ts'

const WHY = 'A number that was typed stays as it is when the run changes, and no reader can tell where it came from.'

/**
 * Numbers typed by hand: one that a run has should be a reference to it; one that no run has is wrong, or of something that is not in
 * the runs. Small whole numbers without a noun of the field ("two columns", "3 pictures") count nothing here.
 */
export const literalNumber: ManuscriptCheck = {
  id: 'literal-number',
  looksFor: 'numbers typed by hand that no run has',
  find: (manuscript) => {
    const facts = [...numbersOf(manuscript.facts), ...shownNumbers(manuscript), ...differencesOf(manuscript)]
    const subjects = subjectsOf(manuscript.facts)
    return manuscript.passages
      .filter(({ isGenerated }) => !isGenerated)
      .flatMap((passage) =>
        passage.sentences.flatMap((sentence) =>
          literalsOf(sentence).flatMap((literal) => judged(literal, { sentence, passage, facts, subjects }) ?? []),
        ),
      )
  },
}

interface Surroundings {
  readonly sentence: Sentence
  readonly passage: Passage
  readonly facts: readonly NumberFact[]
  readonly subjects: readonly Subject[]
}

function judged(literal: Literal, { sentence, passage, facts, subjects }: Surroundings) {
  if (isSmall(literal)) return undefined
  const among = candidates(literal, facts)
  const exact = among.find((fact) => fact.expression !== undefined && isRounded(literal, fact))
  const meant = exact ?? among.find((fact) => isMeant(literal, fact))
  const where = passage.id
  if (meant !== undefined) {
    if (meant !== exact || isSetting(literal)) return undefined
    return {
      ...{ severity: 'note' as const, where, why: WHY },
      saw: `“${literal.text}” is typed by hand; it is the ${meant.what} (${meant.text}).`,
      mend: `Write it as {{ ${meant.expression} }} so that it follows the run.`,
    }
  }
  const isOthers = isCited(sentence) || isExpectation(sentence) || passage.role === 'background'
  // In sections on method and data numbers are of many things that no run keeps; beside a noun of the field they are still the run's.
  if (passage.role !== 'results' && literal.quantity === undefined) return undefined
  const named = mentionsIn(sentence.text, subjects).flatMap(({ groups }) => groups.map(({ id }) => id))
  const near = nearest(literal, among.length > 0 ? among : facts, new Set(named))
  const nearText = near.map(({ what, text }) => `${what} ${text}`).join('; ')
  return {
    ...{ severity: isOthers ? ('note' as const) : ('error' as const), where, why: WHY },
    saw: `“${literal.text}” in “${excerpt(sentence, literal)}” matches no run${nearText === '' ? '' : `; nearest: ${nearText}`}.`,
    mend:
      near[0]?.expression === undefined
        ? 'Take the number from a run with {{ … }}, or say whose it is with a citation.'
        : `If that is meant, write {{ ${near[0].expression} }}; else take the number from the run that has it, or cite whose it is.`,
  }
}

/** Up to this a bare whole number is a word, as in "the 3 pictures". */
const MOST_WORDS = 12

const isSmall = ({ value, half, unit, quantity }: Literal): boolean =>
  quantity === undefined && unit === 'none' && half === 0.5 && Math.abs(value) <= MOST_WORDS

/** Counts that stay what they are as long as the experiment does are fine as words: "3 seeds". */
const isSetting = ({ quantity, value, half }: Literal): boolean =>
  ['seeds', 'runs', 'groups', 'classes'].includes(quantity ?? '') && half === 0.5 && value <= MOST_WORDS

const REACH = 45

/** The words around a number. */
function excerpt({ text }: Sentence, { start, end }: Literal): string {
  const from = Math.max(0, start - REACH)
  const to = Math.min(text.length, end + REACH)
  return `${from > 0 ? '…' : ''}${text.slice(from, to).trim()}${to < text.length ? '…' : ''}`
}

/** Differences between the scores of two groups, which prose says in points. */
function differencesOf({ facts: { groups } }: Manuscript): NumberFact[] {
  const scored = groups.flatMap((group) => groupScores(group).map((score) => ({ group, score })))
  const names = new Set(scored.map(({ score: { split, metric } }) => `${split}.${metric}`))
  return [...names].filter(isShare).flatMap((at) => {
    const all = scored.filter(({ score: { split, metric } }) => `${split}.${metric}` === at)
    return all.flatMap((a, i) =>
      all.slice(i + 1).map((b): NumberFact => {
        const value = a.score.mean - b.score.mean
        return {
          ...{ quantity: 'difference', metric: a.score.metric, value, text: `${(100 * value).toFixed(2)} points` },
          what: `difference in ${at.replace('.', ' ')} between ${a.group.label} and ${b.group.label}`,
          expression: `points(${a.group.expression}.${at} - ${b.group.expression}.${at})`,
          groups: [a.group.id, b.group.id],
        }
      }),
    )
  })
}
