import object from '@jsep-plugin/object'
import jsep from 'jsep'
import { UsageError } from '../../errors.ts'

/** What stands between `{{` and `}}`, as a tree. It is looked up, never run. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'options'; readonly entries: readonly (readonly [name: string, value: Expression])[] }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }

export const OPERATORS = ['+', '-', '*', '/'] as const
export type Operator = (typeof OPERATORS)[number]

jsep.plugins.register(object)

const CAN_DO =
  'an expression is made of calls such as run("name"), members such as .test.accuracy, numbers, texts, { options }, [lists] and + - * /'

/**
 * Reads an expression.
 *
 * @throws UsageError saying where it cannot be read, or what it holds that expressions have not
 *
 * @example
 * parseExpression("points(run('a').test.accuracy - run('b').test.accuracy)")
 */
export function parseExpression(text: string): Expression {
  let tree: jsep.Expression
  try {
    tree = jsep(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`it cannot be read: ${reason}; ${CAN_DO}`)
  }
  return own(tree)
}

/** Trees of jsep are of any kind: what is not known is refused by name. */
function own(node: jsep.Expression): Expression {
  switch (node.type) {
    case 'Literal': {
      const { value } = node
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        return { kind: 'literal', value }
      throw new UsageError(`${String(value)} is no value that an expression can have: ${CAN_DO}`)
    }
    case 'ArrayExpression':
      return { kind: 'list', items: inner(node.elements) }
    case 'ObjectExpression':
      return { kind: 'options', entries: nodes(node.properties).map(entry) }
    case 'MemberExpression':
      return { kind: 'member', of: own(child(node.object)), name: memberName(node) }
    case 'CallExpression': {
      const callee = child(node.callee)
      if (callee.type !== 'Identifier' || typeof callee.name !== 'string')
        throw new UsageError(`only functions can be called, as in run("name"): ${CAN_DO}`)
      return { kind: 'call', name: callee.name, args: inner(node.arguments) }
    }
    case 'UnaryExpression':
      if (node.operator === '-') return { kind: 'negative', of: own(child(node.argument)) }
      throw new UsageError(`the operator ${String(node.operator)} is not known: ${CAN_DO}`)
    case 'BinaryExpression': {
      const operator = OPERATORS.find((known) => known === node.operator)
      if (operator === undefined) throw new UsageError(`the operator ${String(node.operator)} is not known: ${CAN_DO}`)
      return { kind: 'operation', operator, left: own(child(node.left)), right: own(child(node.right)) }
    }
    case 'Identifier':
      throw new UsageError(
        `"${String(node.name)}" is a name alone: write a text in quotes, or call ${String(node.name)}(…)`,
      )
    case 'Compound':
      throw new UsageError(
        nodes(node.body).length === 0 ? `it is empty: ${CAN_DO}` : `it holds more than one expression: ${CAN_DO}`,
      )
    default:
      throw new UsageError(`it holds what is not known here (${node.type}): ${CAN_DO}`)
  }
}

/** `test` of `.test`, `learning rate` of `['learning rate']`, `0` of `[0]`. */
function memberName({ computed, property }: jsep.Expression): string {
  const inside = child(property)
  if (computed === true && inside.type === 'Literal' && ['string', 'number'].includes(typeof inside.value))
    return String(inside.value)
  if (computed !== true && inside.type === 'Identifier') return String(inside.name)
  throw new UsageError(`a member is a name, as in .test or ['learning rate']: ${CAN_DO}`)
}

function entry(node: jsep.Expression): readonly [string, Expression] {
  const key = isNode(node.key) ? node.key : undefined
  const name = key?.type === 'Identifier' ? key.name : key?.type === 'Literal' ? key.value : undefined
  if (node.type !== 'Property' || node.computed === true || name === undefined || !isNode(node.value))
    throw new UsageError(`options are names and values, as in { id: 'fig:curves' }: ${CAN_DO}`)
  return [String(name), own(node.value)]
}

const isNode = (value: unknown): value is jsep.Expression =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function child(value: unknown): jsep.Expression {
  if (isNode(value)) return value
  throw new UsageError(`something is missing: ${CAN_DO}`)
}

const nodes = (values: unknown): jsep.Expression[] => (Array.isArray(values) ? values.map(child) : [])
const inner = (values: unknown): Expression[] => nodes(values).map(own)
