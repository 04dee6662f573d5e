import type { NumberFact } from '../facts/numberFact.ts'
import { isShare } from '../facts/writing.ts'
import type { Literal } from './literals.ts'

/** A number in one of the units in which it can be written, and what a digit of the literal is worth there. */
interface Written {
  readonly value: number
  readonly half: number
}

/** The literal in the units of a fact: 98.5 % is 0.985, and beside a share a bare 98.5 is, too. */
function readings({ value, half, unit }: Literal, fact: NumberFact): Written[] {
  // Differences are said in points alone: among so many of them any number would be one.
  if (fact.quantity === 'difference' && unit !== 'points') return []
  const plain = { value, half }
  const share = { value: value / 100, half: half / 100 }
  switch (unit) {
    case 'percent':
      // Settings such as a dropout of 0.5 are said in percent, and so are tables that show percents.
      if (fact.quantity === 'shown') return [plain, share]
      return fact.quantity === 'time' || (fact.metric !== undefined && !isShare(fact.metric)) ? [] : [share]
    case 'points':
      return fact.quantity === 'shown' ? [plain, share] : fact.metric === undefined ? [] : [share]
    case 'seconds':
      return fact.quantity === 'time' || fact.quantity === 'shown' ? [plain] : []
    case 'none':
      if (fact.quantity === 'time') return []
      // "98.5" may be a share without its sign; what is left of a share to one is said in percent.
      return fact.metric !== undefined && isShare(fact.metric) && !fact.what.startsWith('1 −')
        ? [plain, share]
        : [plain]
  }
}

/** Whether a fact, rounded as the literal is, is the literal. Half a digit is within, whichever way a tie is rounded. */
export function isRounded(literal: Literal, fact: NumberFact): boolean {
  return readings(literal, fact).some(({ value, half }) => isWithin(value, fact.value, half))
}

const isWithin = (value: number, actual: number, half: number): boolean =>
  Math.abs(Math.abs(value) - Math.abs(actual)) <= half * (1 + 1e-9) + 1e-12 * Math.abs(actual)

/** Whether a fact is what a literal may mean: that itself, or what lies on the side of its bound. */
export function isMeant(literal: Literal, fact: NumberFact): boolean {
  if (isRounded(literal, fact)) return true
  if (literal.bound === undefined) return literal.isWithin && fact.quantity === 'epochs' && literal.value <= fact.value
  // Something lies above almost any number: a bound is of scores, or of what the words beside it name.
  if (fact.quantity !== (literal.quantity ?? 'score')) return false
  return readings(literal, fact).some(({ value }) =>
    literal.bound === 'above' ? fact.value > value : fact.value < value,
  )
}

/** Of what a literal is held against: numbers of its quantity, or where no word says what it counts all of them. */
export const candidates = ({ quantity }: Literal, facts: readonly NumberFact[]): readonly NumberFact[] =>
  quantity === undefined ? facts : facts.filter((fact) => fact.quantity === quantity || fact.quantity === 'shown')

/**
 * The facts that are nearest to a literal, in relation to its size: of percents scores alone, and of those first what the named groups
 * have on the test split.
 */
export function nearest(
  literal: Literal,
  facts: readonly NumberFact[],
  named: ReadonlySet<string>,
  most = 2,
): NumberFact[] {
  const pool = facts.filter(
    ({ quantity, what, metric }) =>
      quantity !== 'shown' &&
      (literal.unit !== 'percent' ||
        (quantity === 'score' && metric !== undefined && isShare(metric) && SCORE.test(what))),
  )
  const own = pool.filter(({ groups = [] }) => groups.some((group) => named.has(group)))
  const test = own.filter(({ what }) => what.startsWith('test '))
  const [among = pool] = [test, own].filter(({ length }) => length > 0)
  const distance = (fact: NumberFact): number =>
    Math.min(
      ...readings(literal, fact).map(
        ({ value }) => Math.abs(value - fact.value) / (Math.abs(value) + Math.abs(fact.value) + 1e-12),
      ),
    )
  const ranked = among
    .map((fact) => ({ fact, far: distance(fact) }))
    .filter(({ far }) => Number.isFinite(far))
    .sort((a, b) => a.far - b.far)
  const texts = new Set<string>()
  return ranked.flatMap(({ fact }) => {
    if (texts.size >= most || texts.has(fact.text)) return []
    texts.add(fact.text)
    return [fact]
  })
}

/** A score itself, not a bound of its interval or what is left to one. */
const SCORE = /^(?:test|validation|train) /
