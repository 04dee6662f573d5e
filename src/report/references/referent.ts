import { missingName } from '../../data/table/names.ts'
import { UsageError } from '../../errors.ts'
import type { RunGroup } from '../../runs/index.ts'
import type { Block } from '../document.ts'
import type { Value } from './value.ts'

/** What figures and tables are about. */
export type Subject =
  | { readonly kind: 'runs'; readonly groups: readonly RunGroup[] }
  | { readonly kind: 'study'; readonly name: string }
  | { readonly kind: 'profile'; readonly name: string }

/** What an expression, or a part of it, stands for. */
export type Referent =
  | ThingReferent
  | { readonly kind: 'blocks'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly items: readonly Referent[] }
  | { readonly kind: 'options'; readonly entries: ReadonlyMap<string, Referent> }

/** A thing with members, a value, or both: `run('a').test.accuracy` is a number, and has `.best`. */
export interface ThingReferent {
  readonly kind: 'thing'
  /** What it is in messages: `run resnet-s0`. */
  readonly name: string
  /** Computed when it is asked for. */
  readonly value?: () => Value | Promise<Value>
  readonly members?: Members
  readonly subject?: Subject
}

export type Members = Readonly<Record<string, () => ThingReferent | Promise<ThingReferent>>>

/** A value with nothing inside. */
export const plain = (name: string, value: () => Value | Promise<Value>, members?: Members): ThingReferent => ({
  kind: 'thing',
  name,
  value,
  ...(members !== undefined && { members }),
})

/** A member of a thing. @throws UsageError naming the members that there are, and the nearest */
export async function memberOf(referent: Referent, name: string): Promise<Referent> {
  if (referent.kind === 'list') {
    const found = referent.items[Number(name)]
    if (found !== undefined) return found
    throw new UsageError(`the list has ${referent.items.length} items, and no "${name}"`)
  }
  if (referent.kind !== 'thing') throw new UsageError(`.${name} is of nothing that has members`)
  const { members = {} } = referent
  const found = Object.hasOwn(members, name) ? members[name] : undefined
  if (found !== undefined) return found()
  const known = Object.keys(members)
  if (known.length === 0) throw new UsageError(`${referent.name} is a value and has no "${name}"`)
  throw new UsageError(missingName(referent.name, 'value', name, known))
}

/** What a referent says in a line. @throws UsageError where it is none */
export async function readValue(referent: Referent, what = 'this'): Promise<Value> {
  if (referent.kind === 'thing' && referent.value !== undefined) return referent.value()
  if (referent.kind === 'thing')
    throw new UsageError(
      `${referent.name} is no value: add what of it, one of .${Object.keys(referent.members ?? {}).join(', .')}`,
    )
  if (referent.kind === 'blocks')
    throw new UsageError(`${what} gives a table or a figure: it belongs into a paragraph of its own`)
  throw new UsageError(`${what} is a ${referent.kind === 'list' ? 'list' : 'set of options'}, not a value`)
}
