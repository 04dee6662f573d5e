import { missingName } from '../../data/table/names.ts'
import { UsageError } from '../../errors.ts'
import { labelled } from '../../runs/groups.ts'
import { type Referent, readValue, type Subject } from './referent.ts'
import type { Filter } from './selection.ts'
import { requireNumber } from './value.ts'

/** A text that a function was given. @throws UsageError where it is none */
export async function textArgument(given: Referent | undefined, call: string, what: string): Promise<string> {
  const value = given === undefined ? undefined : await readValue(given, what)
  if (typeof value?.value === 'string') return value.value
  throw new UsageError(`${call} takes ${what} in quotes${value === undefined ? '' : `, and got ${value.text}`}`)
}

/** A number. @throws UsageError where it is none */
export async function numberArgument(given: Referent | undefined, call: string, what: string): Promise<number> {
  if (given === undefined) throw new UsageError(`${call} takes ${what}`)
  return requireNumber(await readValue(given, what), call)
}

/** What `{ learning rate: '0.1' }` chooses. @throws UsageError where it is no options */
export async function filterArgument(given: Referent | undefined, call: string): Promise<Filter> {
  if (given === undefined) return []
  if (given.kind !== 'options') throw new UsageError(`${call} takes what to choose by as options, as in { seed: 0 }`)
  const filter: [string, string][] = []
  for (const [name, value] of given.entries) filter.push([name, String((await readValue(value, name)).value)])
  return filter
}

/** What a figure or a table is about. */
export function subjectArgument(given: Referent | undefined, call: string): Subject | undefined {
  if (given === undefined || given.kind === 'options') return undefined
  if (given.kind === 'list') {
    const all = given.items.map((item) => subjectArgument(item, call))
    const groups = all.flatMap((one) => (one?.kind === 'runs' ? one.groups : []))
    // What told them apart among others need not do so here.
    if (groups.length > 0 && all.every((one) => one?.kind === 'runs')) return { kind: 'runs', groups: labelled(groups) }
    throw new UsageError(`${call} takes a list of runs and groups alone`)
  }
  if (given.kind === 'thing' && given.subject !== undefined) return given.subject
  throw new UsageError(`${call} is about a run('…'), group('…'), study('…') or profile('…')`)
}

/** Options that a function was given, each of which it reads once. */
export interface Options {
  text(name: string): Promise<string | undefined>
  number(name: string): Promise<number | undefined>
  /** `true` or `false`; false where it is not given. */
  flag(name: string): Promise<boolean>
  /** A list of texts, or one. */
  texts(name: string): Promise<readonly string[] | undefined>
  /** @throws UsageError naming an option that was given and nobody has read */
  done(): void
}

export function optionsOf(given: Referent | undefined, call: string): Options {
  if (given !== undefined && given.kind !== 'options')
    throw new UsageError(`${call} takes options in { } as its last argument`)
  const entries = given?.entries ?? new Map<string, Referent>()
  const known = new Set<string>()
  const get = (name: string): Referent | undefined => {
    known.add(name)
    return entries.get(name)
  }
  const inside = (name: string): string => `the option ${name} of ${call}`
  return {
    text: async (name) => {
      const found = get(name)
      return found === undefined ? undefined : textArgument(found, inside(name), 'a text')
    },
    number: async (name) => {
      const found = get(name)
      return found === undefined ? undefined : numberArgument(found, inside(name), 'a number')
    },
    flag: async (name) => {
      const found = get(name)
      const value = found === undefined ? false : (await readValue(found, inside(name))).value
      if (typeof value === 'boolean') return value
      throw new UsageError(`${inside(name)} is true or false, and was given ${String(value)}`)
    },
    texts: async (name) => {
      const found = get(name)
      if (found === undefined) return undefined
      const items = found.kind === 'list' ? found.items : [found]
      return Promise.all(items.map((item) => textArgument(item, inside(name), 'texts')))
    },
    done: () => {
      const unknown = [...entries.keys()].find((name) => !known.has(name))
      if (unknown !== undefined) throw new UsageError(missingName(call, 'option', unknown, [...known]))
    },
  }
}
