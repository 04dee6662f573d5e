import type { AuditedGroup, Facts } from '../facts/facts.ts'
import type { NumberFact } from '../facts/numberFact.ts'
import { numbersOf } from '../facts/numbers.ts'
import { literalsOf } from './literals.ts'
import type { Sentence } from './manuscript.ts'
import { isRounded } from './matching.ts'

/** A score that a sentence reports, by a reference or as a typed number, and the group that it is of. */
export interface ReportedScore {
  readonly text: string
  readonly group: AuditedGroup
  readonly split: string
  /** What a reference asks of the score: `last`, `best`, `std`, … */
  readonly member: string
}

const SCORE = /\.(train|validation|test)\.([A-Za-z]\w*)(?:\.(\w+))?/g
/** What a reference may ask of a score that is no score of its own. */
const ERROR_BARS = ['std', 'low', 'high', 'interval', 'meanStd', 'seeds']

export type Reader = (sentence: Sentence) => readonly ReportedScore[]

/** Reads which scores sentences report. */
export function scoreReader(facts: Facts): Reader {
  const scores = numbersOf(facts).filter(
    ({ quantity, what }) => quantity === 'score' && /^(?:test|validation|best epoch)/.test(what),
  )
  return (sentence) => [
    ...sentence.spans.flatMap(({ expression, start, end }) =>
      expression === undefined ? [] : referred(expression, sentence.text.slice(start, end), facts),
    ),
    ...literalsOf(sentence)
      .filter(({ unit, half }) => unit === 'percent' || half < 0.5)
      .flatMap((literal) => {
        const fits = scores.filter((fact) => isRounded(literal, fact))
        const [only] = fits
        // A number of many runs says of none that it is theirs.
        return only === undefined || new Set(fits.flatMap(({ groups = [] }) => groups)).size > 1
          ? []
          : typed(literal.text, only, facts)
      }),
  ]
}

function referred(expression: string, text: string, facts: Facts): ReportedScore[] {
  const groups = facts.groups.filter(({ expression: own }) => expression.includes(own))
  const [only] = groups.length > 0 ? groups : facts.groups.length === 1 ? facts.groups : []
  if (only === undefined) return []
  return Array.from(expression.matchAll(SCORE), ([, split = '', , member = 'last']) => ({
    ...{ text, group: only, split, member },
  }))
}

function typed(text: string, { groups = [], what }: NumberFact, facts: Facts): ReportedScore[] {
  const group = facts.groups.find(({ id }) => groups.includes(id))
  if (group === undefined) return []
  const split = /validation/.test(what) ? 'validation' : 'test'
  return [{ text, group, split, member: what.startsWith('best') ? 'best' : 'last' }]
}

export const isErrorBar = ({ member }: ReportedScore): boolean => ERROR_BARS.includes(member)
