import { ResultKind } from '../../display.ts'
import { UsageError } from '../../errors.ts'

/**
 * Something that a write-up refers to. In a template string it is an expression, `{{ run('resnet').test.accuracy }}`, which is looked up
 * when the write-up is built; in a cell of a notebook it shows itself.
 */
export interface Reference {
  /** Without braces. */
  readonly expression: string
  /** With braces. */
  toString(): string
}

/** A number or a text of a run. */
export interface ValueReference extends Reference {
  readonly isValue: true
}

/** A table or a figure. */
export interface BlockReference extends Reference {
  readonly isBlock: true
}

export const referenceKind = new ResultKind<Reference>()

/** What can be an argument of a call. */
export type Argument =
  | string
  | number
  | boolean
  | Reference
  | readonly Argument[]
  | { readonly [name: string]: Argument | undefined }

const isReference = (value: object): value is Reference => 'expression' in value && typeof value.expression === 'string'

/** An argument as it is written in an expression. */
export function written(value: Argument): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return String(value)
    throw new UsageError(`${value} cannot be written in an expression: give a finite number`)
  }
  if (isList(value)) return `[${value.map(written).join(', ')}]`
  if (isReference(value)) return value.expression
  const entries = Object.entries(value).flatMap(([name, one]) =>
    one === undefined ? [] : [`${key(name)}: ${written(one)}`],
  )
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

const isList = (value: Argument): value is readonly Argument[] => Array.isArray(value)

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', "'": "\\'", '\\': '\\\\' }
const quoted = (text: string): string => `'${text.replaceAll(/[\n\r\t'\\]/g, (sign) => ESCAPES[sign] ?? sign)}'`

/** Words that are names of nothing else. */
const RESERVED = new Set(['true', 'false', 'null', 'this'])
const isName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name) && !RESERVED.has(name)
const key = (name: string): string => (isName(name) ? name : quoted(name))

/** A call as an expression. */
export const call = (name: string, args: readonly (Argument | undefined)[]): string =>
  `${name}(${args.flatMap((arg) => (arg === undefined ? [] : [written(arg)])).join(', ')})`

/**
 * A reference with members of any name, each of which is a reference again: what there is of a run is known when the write-up is built.
 *
 * @typeParam T - which members there are, for the editor
 */
export function referenceTo<T extends Reference>(expression: string): T {
  const target = referenceKind.mark({ expression, toString: () => `{{ ${expression} }}` })
  const found = new Proxy(target, {
    get: (own, name) => {
      if (typeof name === 'symbol' || name in own) return Reflect.get(own, name)
      // Whoever awaits a value asks for this, and so does JSON.
      if (name === 'then' || name === 'toJSON') return undefined
      return referenceTo(`${expression}${isName(name) ? `.${name}` : `[${/^\d+$/.test(name) ? name : quoted(name)}]`}`)
    },
  })
  // Every member is a reference: the type says which of them are meant.
  return found as Reference as T
}
