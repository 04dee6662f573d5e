import { missingName } from '../../data/table/names.ts'
import { UsageError } from '../../errors.ts'
import type { Block } from '../document.ts'
import { operated } from './arithmetic.ts'
import { type Expression, parseExpression } from './expression.ts'
import { FUNCTIONS } from './functions.ts'
import type { Records } from './records.ts'
import { memberOf, plain, type Referent, readValue } from './referent.ts'
import type { Value } from './value.ts'

/** What an expression gave: a value for a line, or blocks for a paragraph of their own. */
export type Evaluated =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'blocks'; readonly blocks: readonly Block[] }

/**
 * Evaluates an expression against stored runs. Nothing is executed: names are looked up.
 *
 * @throws UsageError where the expression cannot be read, or names what is not there
 *
 * @example
 * await evaluate("run('resnet18-s0').test.accuracy", openRecords('runs'))
 * // { kind: 'value', value: { value: 0.9773, text: '97.73%', source: 'resnet18-s0-…: test accuracy, …', … } }
 */
export async function evaluate(text: string, records: Records): Promise<Evaluated> {
  const found = await referentOf(parseExpression(text), records)
  if (found.kind === 'blocks')
    return { kind: 'blocks', blocks: found.blocks.map((block) => ({ ...block, origin: text.trim() })) }
  return { kind: 'value', value: await readValue(found, text.trim()) }
}

async function referentOf(expression: Expression, records: Records): Promise<Referent> {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      const text = String(value)
      const unit = typeof value === 'number' ? { unit: 'setting' as const } : {}
      return plain(`"${text}"`, () => ({ value, text, ...unit, source: 'the text itself', runs: [] }))
    }
    case 'list': {
      const items: Referent[] = []
      for (const item of expression.items) items.push(await referentOf(item, records))
      return { kind: 'list', items }
    }
    case 'options': {
      const entries = new Map<string, Referent>()
      for (const [name, value] of expression.entries) {
        if (entries.has(name)) throw new UsageError(`the option "${name}" is given twice`)
        entries.set(name, await referentOf(value, records))
      }
      return { kind: 'options', entries }
    }
    case 'member':
      return memberOf(await referentOf(expression.of, records), expression.name)
    case 'call': {
      const { name, args } = expression
      const make = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
      if (make === undefined)
        throw new UsageError(missingName('the language of expressions', 'function', name, Object.keys(FUNCTIONS)))
      const given: Referent[] = []
      for (const arg of args) given.push(await referentOf(arg, records))
      return make(given, records)
    }
    case 'negative': {
      const of = await readValue(await referentOf(expression.of, records))
      return plain('a negative number', () => operated('*', { ...of, value: -1, unit: 'number', text: '−1' }, of))
    }
    case 'operation': {
      const left = await readValue(await referentOf(expression.left, records))
      const right = await readValue(await referentOf(expression.right, records))
      return plain('a computed number', () => operated(expression.operator, left, right))
    }
  }
}
