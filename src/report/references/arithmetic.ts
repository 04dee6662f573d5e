import { UsageError } from '../../errors.ts'
import type { Operator } from './expression.ts'
import { numberValue, originOf, requireNumber, type Unit, type Value } from './value.ts'

const COMPUTED: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
}

/** A literal has no unit of its own: it takes the other's. */
const unitAfter = (operator: Operator, { unit: a = 'number' }: Value, { unit: b = 'number' }: Value): Unit => {
  if (operator === '/') return a !== 'setting' && b === 'setting' ? a : 'number'
  if (operator === '*') return a === 'setting' ? (b === 'setting' ? 'number' : b) : b === 'setting' ? a : 'number'
  if (a === b) return a === 'setting' ? 'number' : operator === '-' && a === 'share' ? 'points' : a
  return a === 'setting' ? b : b === 'setting' ? a : 'number'
}

/**
 * A sum, difference, product or quotient, in the unit that it has: the difference of two shares is in percentage points.
 *
 * @throws UsageError for texts, and where nothing finite comes out
 */
export function operated(operator: Operator, left: Value, right: Value): Value {
  const [a, b] = [requireNumber(left, `"${operator}"`), requireNumber(right, `"${operator}"`)]
  const result = COMPUTED[operator](a, b)
  if (!Number.isFinite(result)) throw new UsageError(`${left.text} ${operator} ${right.text} is no finite number`)
  const unit = unitAfter(operator, left, right)
  // No share is above one: 100 times an accuracy is a number of percents, which is written without their sign.
  const own = unit === 'share' && Math.abs(result) > 1 ? 'number' : unit
  return numberValue(result, own, originOf([left, right], ` ${operator} `))
}
