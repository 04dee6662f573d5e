import { isWeights, type Variables } from '../nn/index.ts'
import { makeUpdaters, type Optimizer, type Updater } from '../optim/index.ts'
import { leavesOf, mapLeaves } from '../tensor/index.ts'

/** A network's weights while it trains: parameters are views into one arena, buffers stand beside them. */
export interface State {
  readonly variables: Variables
  /** The trained numbers, in the order in which the programs take them. */
  readonly parameters: readonly Float32Array[]
  readonly gradients: readonly Float32Array[]
  /** The same numbers in the same memory, end to end, with zeros up to a whole SIMD vector. */
  readonly flat: Flat
  readonly buffers: ReadonlyMap<string, Float32Array>
  /** Optimiser state by name and parameter, for checkpoints. */
  readonly optimizerState: ReadonlyMap<string, Float32Array>
  /** Length of all gradients together; NaN or infinite where one of them is. */
  gradientNorm(): number
  /** Applies the gradients; steps are counted from 1. */
  update(step: number, lr?: number): void
}

interface Flat {
  readonly parameters: Float32Array
  readonly gradients: Float32Array
}

/** Networks of one architecture whose numbers lie member after member; each is a {@link State} by itself. */
export interface States {
  readonly members: readonly State[]
  /** {@link State.flat} of all, `[members, …]`. */
  readonly flat: Flat
  /** `[members, …]` */
  readonly buffers: ReadonlyMap<string, Float32Array>
}

/** A network as it is before training. */
export interface Beginning {
  readonly initial: Variables
  readonly optimizer: Optimizer
}

/** Lays the variables out for training: copies them into an arena that the optimiser works on in place. */
export function makeState(initial: Variables, optimizer: Optimizer): State {
  const [state] = makeStates([{ initial, optimizer }]).members
  if (state === undefined) throw new Error('one network has one state')
  return state
}

/** {@link makeState} for several networks, whose optimisers may differ in learning rate and weight decay. */
export function makeStates(networks: readonly Beginning[]): States {
  const { parameters: weights = {}, buffers: statistics = {} } = networks[0]?.initial ?? {}
  const updaters = makeUpdaters(
    networks.map(({ optimizer }) => optimizer),
    leavesOf(weights, isWeights).map(({ path, leaf }) => ({ path, shape: leaf.shape })),
  )
  const flat = { parameters: updaters.parameters.view, gradients: updaters.gradients.view }
  const buffers = new Map(
    leavesOf(statistics, isWeights).map(({ path, leaf }) => [
      path,
      new Float32Array(networks.length * leaf.data.length),
    ]),
  )
  const members = networks.map(({ initial }, member) => {
    const own = (whole: Float32Array): Float32Array => {
      const size = whole.length / networks.length
      return whole.subarray(member * size, (member + 1) * size)
    }
    const updater = updaters.members[member]
    if (updater === undefined) throw new Error('every network has an updater')
    return makeMember(initial, updater, { parameters: own(flat.parameters), gradients: own(flat.gradients) }, (path) =>
      own(buffers.get(path) ?? new Float32Array()),
    )
  })
  return { members, flat, buffers }
}

function makeMember(
  initial: Variables,
  { parameters, gradients, state, gradientNorm, step }: Updater,
  flat: Flat,
  bufferOf: (path: string) => Float32Array,
): State {
  const leaves = leavesOf(initial.parameters, isWeights)
  const offsets = new Map<string, number>()
  let length = 0
  for (const { path, leaf } of leaves) {
    offsets.set(path, length)
    length += leaf.data.length
  }
  const viewOf = (whole: Float32Array, path: string, size: number): Float32Array => {
    const start = offsets.get(path) ?? 0
    return whole.subarray(start, start + size)
  }
  const views = (whole: Float32Array) => leaves.map(({ path, leaf }) => viewOf(whole, path, leaf.data.length))
  // Every array is made once, because the runtime knows its wrappers by them.
  const placed = views(parameters.view)
  for (const [i, { leaf }] of leaves.entries()) placed[i]?.set(leaf.data)
  const byPath = new Map(leaves.map(({ path }, i) => [path, placed[i]]))
  const buffers = mapLeaves(initial.buffers, isWeights, ({ shape, data }, path) => {
    const buffer = bufferOf(path)
    buffer.set(data)
    return { shape, data: buffer }
  })
  const moments = Object.entries(state).flatMap(([name, { view }]) =>
    views(view).map((array, i) => [`${name}.${leaves[i]?.path}`, array] as const),
  )
  return {
    variables: {
      parameters: mapLeaves(initial.parameters, isWeights, ({ shape, data }, path) => ({
        shape,
        data: byPath.get(path) ?? data,
      })),
      buffers,
    },
    parameters: placed,
    gradients: views(gradients.view),
    flat,
    buffers: new Map(leavesOf(buffers, isWeights).map(({ path, leaf }) => [path, leaf.data])),
    optimizerState: new Map(moments),
    gradientNorm,
    update: step,
  }
}
