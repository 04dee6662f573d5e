import { linearSumAssignment } from 'linear-sum-assignment'
import { isWeights, type Layer, loadStateDict, type StateDict, stateDict, type Variables } from '../../../nn/index.ts'
import { foldIn, type Key, key, permutation } from '../../../random/index.ts'
import { compile, spec } from '../../../runtime/index.ts'
import { leavesOf, matmul, transpose } from '../../../tensor/index.ts'
import { type PermutableUnits, permutableUnits } from './permutable.ts'
import { type Order, permuted, reordered, unitRows } from './permute.ts'

/** A network whose units stand in the order in which they are most like another's. */
export interface Alignment {
  /** B with its units in other places: the same function. */
  readonly variables: Variables
  readonly units: readonly PermutableUnits[]
  /** Of each of `units`, in that order. */
  readonly orders: readonly Order[]
  /** Passes over all groups, the last of which moved nothing. */
  readonly sweeps: number
  /** Distance from A, the length of the difference of all trained numbers: as B was, and as it is now. */
  readonly before: number
  readonly after: number
}

/** A bound that sweeps do not reach: each step lessens the distance, and there are finitely many orders. */
const MOST_SWEEPS = 200
/** Sums of products are float32's. */
const NOISE = 1e-6

/**
 * Brings the units of network B into the order in which its weights are closest to A's (weight matching of Ainsworth, Hayase and Srinivasa, "Git
 * Re-Basin", 2022): units of one group after the other by a linear assignment, the others as they are, until nothing moves. What is found is a
 * minimum that no single group can better, not surely the best; another seed takes the groups in another order and may find another.
 *
 * @param sample shape of one sample as the model gets it, after the preparation
 * @param options.seed orders the groups; default 0
 * @throws UsageError for a network with layers of which it is not known how their inputs change places
 * @example
 * const { variables } = await weightMatching(a, b, { model, sample: [1, 28, 28] })
 */
export async function weightMatching(
  a: Variables,
  b: Variables,
  { model, sample, seed = 0 }: { readonly model: Layer; readonly sample: readonly number[]; readonly seed?: number },
): Promise<Alignment> {
  const units = permutableUnits(model, sample)
  const trained = new Set(leavesOf(a.parameters, isWeights).map(({ path }) => path))
  const [target, weights] = [stateDict(a), stateDict(b)]
  const matching = { units, trained, target, weights, products: productsOf() }
  const orders = units.map(({ size }): Order => Uint32Array.from({ length: size }, (_, i) => i))
  let sweeps = 0
  for (let moved = units.length > 0; moved && sweeps < MOST_SWEEPS; sweeps++) {
    moved = false
    for (const g of permutation(sweepKey(seed, sweeps), units.length)) {
      const better = await bestOrder(matching, orders, g)
      if (better === undefined) continue
      orders[g] = better
      moved = true
    }
  }
  const aligned = loadStateDict(b, permuted(weights, units, orders))
  return {
    ...{ variables: aligned, units, orders, sweeps },
    before: distance(target, weights, trained),
    after: distance(target, stateDict(aligned), trained),
  }
}

const sweepKey = (seed: number, sweep: number): Key => foldIn(foldIn(key(seed), 'weight matching'), sweep)

interface Matching {
  readonly units: readonly PermutableUnits[]
  /** Names of what is matched; running statistics only follow. */
  readonly trained: ReadonlySet<string>
  readonly target: StateDict
  readonly weights: StateDict
  readonly products: ReturnType<typeof productsOf>
}

/** The order of one group that likens B most to A while the others stay; undefined where it is the one that there is. */
async function bestOrder(matching: Matching, orders: readonly Order[], g: number): Promise<Order | undefined> {
  const { units, trained, target, weights, products } = matching
  const [group, order] = [units[g], orders[g]]
  if (group === undefined || order === undefined) return undefined
  const { size } = group
  const likeness = new Float64Array(size * size)
  for (const own of group.axes) {
    const [wanted, given] = [target[own.name], weights[own.name]]
    if (wanted === undefined || given === undefined || !trained.has(own.name)) continue
    // Along its other axes the weight lies as the other groups have it now.
    let placed = given
    for (const [h, { axes }] of units.entries())
      for (const axis of axes)
        if (axis.name === own.name && (h !== g || axis.axis !== own.axis))
          placed = reordered(placed, axis, orders[h] ?? order)
    const [rows, others] = [unitRows(wanted, own, size), unitRows(placed, own, size)]
    const found = await products(rows, others, size)
    for (let i = 0; i < likeness.length; i++) likeness[i] = (likeness[i] ?? 0) + (found[i] ?? 0)
  }
  const matrix = Array.from({ length: size }, (_, i) => likeness.slice(i * size, (i + 1) * size))
  const { rowAssignments } = linearSumAssignment(matrix, { maximaze: true })
  const better = Uint32Array.from(rowAssignments)
  const after = orders.with(g, better)
  const gain = agreement(matching, group, after) - agreement(matching, group, orders)
  return gain > NOISE * Math.abs(agreement(matching, group, orders)) ? better : undefined
}

/** Σ A·B over the weights of a group. It may have units on two axes of one weight, of which an assignment sees one at a time. */
function agreement({ units, trained, target, weights }: Matching, group: PermutableUnits, orders: readonly Order[]) {
  const names = [...new Set(group.axes.map(({ name }) => name))].filter((name) => trained.has(name))
  const moved = permuted(Object.fromEntries(names.flatMap((name) => entry(weights, name))), units, orders)
  return names.reduce((sum, name) => sum + dot(target[name]?.data, moved[name]?.data), 0)
}

const entry = (weights: StateDict, name: string) => {
  const found = weights[name]
  return found === undefined ? [] : [[name, found] as const]
}

function dot(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

function distance(a: StateDict, b: StateDict, names: ReadonlySet<string>): number {
  let sum = 0
  for (const name of names) {
    const [one, other] = [a[name]?.data ?? new Float32Array(), b[name]?.data ?? new Float32Array()]
    for (let i = 0; i < one.length; i++) sum += ((one[i] ?? 0) - (other[i] ?? 0)) ** 2
  }
  return Math.sqrt(sum)
}

/** Inner products of all rows of one matrix with all rows of another, each by a program that is made once for its shape. */
function productsOf() {
  const made = new Map<string, ReturnType<typeof make>>()
  const make = (rows: number, width: number) =>
    compile((x, y) => matmul(x, transpose(y)), spec([rows, width]), spec([rows, width]))
  return async (x: Float32Array, y: Float32Array, rows: number): Promise<Float32Array> => {
    const width = x.length / rows
    const name = `${rows} ${width}`
    const program = made.get(name) ?? make(rows, width)
    made.set(name, program)
    const [product] = await (await program).runFlat([x, y])
    return Float32Array.from(product ?? [])
  }
}
