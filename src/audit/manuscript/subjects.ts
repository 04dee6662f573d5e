import type { AuditedGroup, Facts } from '../facts/facts.ts'

/** Groups that a name stands for. */
export interface Subject {
  readonly name: string
  readonly groups: readonly AuditedGroup[]
  /** What finds it in a text. */
  readonly pattern: RegExp
}

/** A name of groups in a text. */
export interface Mention extends Subject {
  readonly start: number
  readonly end: number
}

/** What is known by no name alone. */
const NO_NAME = /^(?:[\d.,\s]|e[-+]?\d)+$/i

/** Everything by which a write-up may call groups: labels, names of experiments, values of a grid's axes, and models by their names. */
export function subjectsOf({ groups }: Facts): Subject[] {
  const found = new Map<string, { name: string; groups: Set<AuditedGroup> }>()
  const add = (name: string, group: AuditedGroup): void => {
    const key = keyOf(name)
    if (key.length < 2) return
    const known = found.get(key)
    if (known) known.groups.add(group)
    else found.set(key, { name, groups: new Set([group]) })
  }
  for (const group of groups) {
    add(group.label, group)
    add(group.name, group)
    for (const [axis, value] of Object.entries(group.labels))
      add(NO_NAME.test(value) ? `${axis} ${value}` : value, group)
    for (const { id, manifest } of group.runs) {
      add(id, group)
      if (manifest.model.name !== 'Sequential') add(manifest.model.name, group)
    }
  }
  return [...found.values()].map(({ name, groups: own }) => ({
    ...{ name, groups: [...own] },
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])${patternOf(name)}(?![\\p{L}\\p{N}]|\\.\\d)`, 'giu'),
  }))
}

const keyOf = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '')

/** `resNet18` also as "ResNet-18" and "res net 18". */
function patternOf(name: string): string {
  const pieces = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+(?:\.\d+)?|[^\sA-Za-z\d_-]/g) ?? [name]
  return pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s_-]?')
}

/**
 * The names of groups in a text, in its order; where one is inside another the longer is meant.
 *
 * @example
 * mentionsIn('ResNet-18 beats LeNet5', subjectsOf(facts)).map(({ name }) => name) // ['resNet18', 'leNet5']
 */
export function mentionsIn(text: string, subjects: readonly Subject[]): Mention[] {
  const all = subjects.flatMap((subject) =>
    Array.from(
      text.matchAll(subject.pattern),
      ({ index, 0: found }): Mention => ({ ...subject, start: index, end: index + found.length }),
    ),
  )
  const longest = all.sort((a, b) => b.end - b.start - (a.end - a.start))
  const kept: Mention[] = []
  for (const one of longest) if (!kept.some(({ start, end }) => start < one.end && end > one.start)) kept.push(one)
  return kept.sort((a, b) => a.start - b.start)
}
