import { UsageError } from '../../errors.ts'
import { holds } from './leaf.ts'
import { type Choice, type Definition, type Leaf, requireName, type Value } from './parameter.ts'

/** One coordinate of a space. */
export interface Axis {
  /** `lr`, `optimizer`, `optimizer/adam/beta1`: names with slashes between. */
  readonly path: string
  /** A branch's own axis is the choice among its names. */
  readonly parameter: Leaf
  /** Where it is part of a branch: index of that branch's axis, and of the option that it belongs to. */
  readonly condition?: { readonly axis: number; readonly option: number }
}

/** One number an axis: index of the value of a choice, value of a number; undefined where the axis's branch is not the chosen one. */
export type Point = readonly (number | undefined)[]

/** A definition's names, each with its axis. */
export interface Node {
  readonly name: string
  readonly axis: number
  /** The nodes of each option, where the name is a branch. */
  readonly options?: readonly (readonly Node[])[]
}

/** Lays a definition out as axes, a branch before its contents. */
export function layOut(definition: Definition): { readonly nodes: readonly Node[]; readonly axes: readonly Axis[] } {
  const axes: Axis[] = []
  const walk = (inner: Definition, prefix: string, condition: Axis['condition']): Node[] =>
    Object.entries(inner).map(([name, parameter]) => {
      requireName('space', name)
      const path = `${prefix}${name}`
      const axis = axes.length
      const own = condition === undefined ? {} : { condition }
      if (parameter.kind !== 'branch') {
        axes.push({ path, parameter, ...own })
        return { name, axis }
      }
      const names = Object.keys(parameter.branches)
      const among: Choice = { kind: 'choice', values: names }
      axes.push({ path, parameter: among, ...own })
      const options = names.map((option, i) =>
        walk(parameter.branches[option] ?? {}, `${path}/${option}/`, { axis, option: i }),
      )
      return { name, axis, options }
    })
  const nodes = walk(definition, '', undefined)
  if (axes.length === 0) throw new UsageError('space: there are no parameters; give at least one')
  return { nodes, axes }
}

/** Whether an axis has a value in a point whose earlier axes are filled. */
export const isActive = ({ condition }: Axis, point: Point): boolean =>
  condition === undefined || point[condition.axis] === condition.option

/**
 * The point whose active axes have the values that are given for them, in the axes' order.
 *
 * @param value - told the axis and its index
 */
export function fillPoint(axes: readonly Axis[], value: (axis: Axis, index: number) => number): Point {
  const point: (number | undefined)[] = []
  for (const [index, axis] of axes.entries()) point.push(isActive(axis, point) ? value(axis, index) : undefined)
  return point
}

/** A point as plain JSON. */
export function build(nodes: readonly Node[], axes: readonly Axis[], point: Point): { readonly [name: string]: Value } {
  return Object.fromEntries(
    nodes.map(({ name, axis, options }): [string, Value] => {
      const [parameter, at] = [axes[axis]?.parameter, point[axis] ?? Number.NaN]
      const value = parameter?.kind === 'choice' ? (parameter.values[at] ?? null) : at
      return [name, options === undefined ? value : { kind: value, ...build(options[at] ?? [], axes, point) }]
    }),
  )
}

/** The point of plain JSON, or what is wrong with it, in a sentence. */
export function read(nodes: readonly Node[], axes: readonly Axis[], config: unknown): Point | string {
  const point = new Array<number | undefined>(axes.length).fill(undefined)
  const visit = (
    inner: readonly Node[],
    value: unknown,
    extra: readonly string[],
    where: string,
  ): string | undefined => {
    if (typeof value !== 'object' || value === null) return `${where} is ${JSON.stringify(value)}, not a record`
    const unknown = Object.keys(value).find(
      (name) => !extra.includes(name) && inner.every((node) => node.name !== name),
    )
    if (unknown !== undefined) return `${where} has "${unknown}", which the space has not`
    for (const { name, axis, options } of inner) {
      const parameter = axes[axis]?.parameter
      const path = axes[axis]?.path ?? name
      if (parameter === undefined || !Object.hasOwn(value, name)) return `${path} is missing`
      const given: unknown = Reflect.get(value, name)
      const kind: unknown =
        options !== undefined && typeof given === 'object' && given !== null ? Reflect.get(given, 'kind') : given
      const at = parameter.kind === 'choice' ? indexIn(parameter, kind) : kind
      if (typeof at !== 'number' || !holds(parameter, at))
        return `${path} is ${JSON.stringify(kind)}: give ${rangeOf(parameter)}`
      point[axis] = at
      const problem = options && visit(options[at] ?? [], given, ['kind'], path)
      if (problem !== undefined) return problem
    }
    return undefined
  }
  return visit(nodes, config, [], 'the configuration') ?? point
}

const indexIn = ({ values }: Choice, value: unknown): number => {
  const text = JSON.stringify(value)
  return values.findIndex((one) => one === value || JSON.stringify(one) === text)
}

function rangeOf(leaf: Leaf): string {
  if (leaf.kind === 'choice') return `one of ${leaf.values.map((value) => JSON.stringify(value)).join(', ')}`
  const step = leaf.step === null || (leaf.kind === 'int' && leaf.step === 1) ? '' : ` in steps of ${leaf.step}`
  return `a ${leaf.kind === 'int' ? 'whole number' : 'number'} from ${leaf.low} to ${leaf.high}${step}`
}
