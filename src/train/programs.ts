import { gradients } from '../autodiff/index.ts'
import { applyModel, isWeights, type Loss, type TensorTree, type Variables } from '../nn/index.ts'
import { makeUpdater, type Optimizer } from '../optim/index.ts'
import { keyType } from '../random/index.ts'
import { compile, type Program } from '../runtime/index.ts'
import { allocate, leavesOf, mapLeaves, type Tensor, type TensorType, type TypedArray } from '../tensor/index.ts'
import type { Network, Prepared } from './prepare.ts'

/** A network's weights while it trains: parameters are views into one arena, buffers stand beside them. */
export interface State {
  readonly variables: Variables
  /** The trained numbers, in the order in which the programs take them. */
  readonly parameters: readonly Float32Array[]
  readonly gradients: readonly Float32Array[]
  readonly buffers: ReadonlyMap<string, Float32Array>
  /** Optimiser state by name and parameter, for checkpoints. */
  readonly optimizerState: ReadonlyMap<string, Float32Array>
  /** Applies the gradients; steps are counted from 1. */
  update(step: number, lr?: number): void
}

/** Lays the variables out for training: copies them into an arena that the optimiser works on in place. */
export function makeState(initial: Variables, optimizer: Optimizer): State {
  const leaves = leavesOf(initial.parameters, isWeights)
  const updater = makeUpdater(
    optimizer,
    leaves.reduce((sum, { leaf }) => sum + leaf.data.length, 0),
  )
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
  const parameters = views(updater.parameters.view)
  for (const [i, { leaf }] of leaves.entries()) parameters[i]?.set(leaf.data)

  const buffers = mapLeaves(initial.buffers, isWeights, ({ shape, data }) => ({ shape, data: Float32Array.from(data) }))
  const placed = mapLeaves(initial.parameters, isWeights, ({ shape, data }, path) => ({
    shape,
    data: viewOf(updater.parameters.view, path, data.length),
  }))
  const moments = Object.entries(updater.state).flatMap(([name, { view }]) =>
    views(view).map((array, i) => [`${name}.${leaves[i]?.path}`, array] as const),
  )
  return {
    variables: { parameters: placed, buffers },
    parameters,
    gradients: views(updater.gradients.view),
    buffers: new Map(leavesOf(buffers, isWeights).map(({ path, leaf }) => [path, leaf.data])),
    optimizerState: new Map(moments),
    update: updater.step,
  }
}

const typesOf = (weights: Variables['parameters']) =>
  mapLeaves(weights, isWeights, ({ shape }): TensorType => ({ dtype: 'float32', shape }))

/** One batch in and, in training, one step of the optimiser. The arrays of the result are used again by the next call. */
export interface Step {
  /** Mean loss of the batch. */
  readonly loss: number
  /** `[batch, …outputs]` */
  readonly output: TypedArray
}

export interface BatchData {
  readonly inputs: TypedArray
  readonly targets: TypedArray
}

/** Programs for one batch size. */
export interface TrainProgram {
  /** Forward, backward, and new running statistics; the gradients lie in the state afterwards. */
  run(batch: BatchData, key: Uint32Array): Promise<Step>
}

interface Parts {
  readonly prepared: Prepared
  readonly loss: Loss
  readonly state: State
}

const batchTypes = ({ prepared: { train, inputDtype, target }, loss }: Parts, batch: number) => ({
  x: { dtype: inputDtype, shape: [batch, ...train.dataset.inputs.shape] } satisfies TensorType,
  target: loss.targetType(batch, target),
})

/** Traces and prepares the training step for a batch size. */
export async function trainProgram(parts: Parts, batch: number): Promise<TrainProgram> {
  const { prepared, loss, state } = parts
  const { parameters, buffers } = state.variables
  let changing: readonly string[] = []
  const program = await compile(
    (input: Traced) => {
      const { output, bufferUpdates } = forward(prepared.network, input, true)
      const value = loss.apply(output, input.target)
      changing = [...bufferUpdates.keys()]
      return {
        loss: value,
        output,
        gradients: gradients(value, input.parameters),
        buffers: [...bufferUpdates.values()],
      }
    },
    { parameters: typesOf(parameters), buffers: typesOf(buffers), ...batchTypes(parts, batch), key: keyType },
  )
  const [lossValue, output] = results(program)
  const updates = changing.flatMap((path) => {
    const buffer = state.buffers.get(path)
    return buffer === undefined ? [] : [{ buffer, update: new Float32Array(buffer.length) }]
  })
  const outputs = [lossValue, output, ...state.gradients, ...updates.map(({ update }) => update)]
  return {
    run: async ({ inputs, targets }, key) => {
      await program.runFlat([...state.parameters, ...state.buffers.values(), inputs, targets, key], outputs)
      for (const { buffer, update } of updates) buffer.set(update)
      return { loss: lossValue[0] ?? Number.NaN, output }
    },
  }
}

/** Loss and outputs of a batch without training; targets are needed for the loss. */
export async function evaluationProgram(parts: Parts, batch: number): Promise<(data: BatchData) => Promise<Step>> {
  const { prepared, loss, state } = parts
  const { parameters, buffers } = state.variables
  const program = await compile(
    (input: Omit<Traced, 'key'>) => {
      const { output } = forward(prepared.network, input, false)
      return { loss: loss.apply(output, input.target), output }
    },
    { parameters: typesOf(parameters), buffers: typesOf(buffers), ...batchTypes(parts, batch) },
  )
  const outputs = results(program)
  return async ({ inputs, targets }) => {
    await program.runFlat([...state.parameters, ...state.buffers.values(), inputs, targets], outputs)
    const [loss, output] = outputs
    return { loss: loss[0] ?? Number.NaN, output }
  }
}

interface Traced {
  readonly parameters: TensorTree
  readonly buffers: TensorTree
  readonly x: Tensor
  readonly target: Tensor
  readonly key: Tensor
}

function forward(
  { model, prepare }: Network,
  { parameters, buffers, x, ...rest }: Omit<Traced, 'key'> & { readonly key?: Tensor },
  training: boolean,
) {
  return applyModel(model, parameters, prepare(x), { buffers, training, ...(rest.key && { key: rest.key }) })
}

/** Arrays for the first two outputs, the loss and the network's. */
function results(program: Pick<Program<readonly unknown[], unknown>, 'graph'>): [TypedArray, TypedArray] {
  const [loss, output] = program.graph.outputs.map(({ dtype, shape }) =>
    allocate(
      dtype,
      shape.reduce((a, b) => a * b, 1),
    ),
  )
  if (loss === undefined || output === undefined) throw new Error('the program has no loss and output')
  return [loss, output]
}

/** Makes a program for each batch size once: the last batch of a split may be smaller than the others. */
export function bySize<P>(make: (size: number) => Promise<P>): (size: number) => Promise<P> {
  const made = new Map<number, P>()
  return async (size) => {
    const program = made.get(size) ?? (await make(size))
    made.set(size, program)
    return program
  }
}
