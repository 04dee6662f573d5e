import type { Json } from '../train/index.ts'

/** A setting that is not the same in all of several descriptions; undefined where one has none. */
export interface Distinction {
  /** Names with dots between them: `optimizer.lr`. */
  readonly path: string
  /** In the order of the descriptions. */
  readonly values: readonly (Json | undefined)[]
}

/**
 * In what several descriptions differ, setting by setting. What differs in its kind (two optimizers, two kinds of layers) and lists and networks
 * of different lengths are one distinction each, not one for each thing inside: `differences` of two is the other way to see it.
 *
 * @example
 * distinctions([{ epochs: 3, optimizer: { kind: 'sgd', lr: 1 } }, { epochs: 3, optimizer: { kind: 'sgd', lr: 2 } }])
 * // [{ path: 'optimizer.lr', values: [1, 2] }]
 */
export function distinctions(values: readonly (Json | undefined)[], path = ''): Distinction[] {
  if (new Set(values.map((value) => JSON.stringify(value))).size <= 1) return []
  const nests = values.filter(isNest)
  if (nests.length < values.length || !areAlike(nests)) return [{ path, values }]
  const names = new Set(nests.flatMap((nest) => Object.keys(nest)))
  return [...names].flatMap((name) =>
    distinctions(
      nests.map((nest) => entriesOf(nest).get(name)),
      path === '' ? name : `${path}.${name}`,
    ),
  )
}

type Nest = Json[] | { [name: string]: Json }

const isNest = (value: Json | undefined): value is Nest => typeof value === 'object' && value !== null
const entriesOf = (nest: Nest): Map<string, Json> => new Map(Object.entries(nest))

/** Whether it helps to look inside: lists of one length, strategies of one kind, networks with the same children. */
function areAlike(nests: readonly Nest[]): boolean {
  const shape = (nest: Nest): string => {
    if (Array.isArray(nest)) return `list of ${nest.length}`
    const children = nest.children
    return `${JSON.stringify(nest.kind)} ${isNest(children) ? Object.keys(children).join() : ''}`
  }
  return new Set(nests.map(shape)).size === 1
}

/**
 * A setting as text: `adam(lr: 0.001)`, and networks as their layers, `Flatten → Linear(16) → ReLU → Linear(10)`.
 *
 * @example
 * settingText({ kind: 'adam', lr: 0.001 }) // 'adam(lr: 0.001)'
 */
export function settingText(value: Json | undefined): string {
  if (value === undefined) return '–'
  if (!isNest(value)) return value === null ? 'none' : String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(settingText).join(', ')
  const { kind, children, ...rest } = value
  if (children !== undefined && isNest(children)) return Object.values(children).map(layerText).join(' → ')
  const inside = Object.entries(rest).map(([name, setting]) => `${name}: ${settingText(setting)}`)
  if (typeof kind !== 'string') return inside.length === 0 ? 'none' : inside.join(', ')
  return inside.length === 0 ? kind : `${kind}(${inside.join(', ')})`
}

/** Sizes alone: the names of a layer's settings would hide the network. */
function layerText(layer: Json): string {
  if (!isNest(layer) || Array.isArray(layer)) return settingText(layer)
  const { kind, children, ...rest } = layer
  if (children !== undefined && isNest(children)) return `${settingText(kind)}[${settingText(layer)}]`
  const sizes = Object.values(rest).filter((value) => typeof value === 'number' || Array.isArray(value))
  return `${settingText(kind)}${sizes.length === 0 ? '' : `(${sizes.map(settingText).join(', ')})`}`
}
