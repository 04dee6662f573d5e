import { gradients } from '../autodiff/index.ts'
import { applyModel, isWeights, type Layer, type Loss, type TensorTree } from '../nn/index.ts'
import { keyType } from '../random/index.ts'
import { compile, type Program } from '../runtime/index.ts'
import {
  add,
  allocate,
  type MapTree,
  mapLeaves,
  type Shape,
  sizeOf,
  type Tensor,
  type TensorType,
  type TypedArray,
} from '../tensor/index.ts'
import { type Layout, placementOf } from './layout.ts'
import { type Mixup, mixed } from './mixup.ts'
import type { Prepared } from './prepare.ts'
import type { State } from './state.ts'

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
  /** Forward, backward, and new running statistics, which `settle` takes over; the gradients lie in the state afterwards. */
  run(batch: BatchData, key: Uint32Array): Promise<Step & { settle(): void }>
  /** It will not be run again. */
  dispose(): void
}

/** What programs must know of the data: all but the samples. */
export type Problem = Pick<Prepared, 'network' | 'target' | 'inputDtype'> & {
  readonly train: { readonly dataset: { readonly inputs: { readonly shape: Shape } } }
}

interface Parts {
  readonly prepared: Problem
  readonly loss: Loss
  readonly state: State
  /** For training alone. */
  readonly mixup?: Mixup | undefined
}

/** Traces and prepares the training step for a batch size. */
export async function trainProgram({ prepared, loss, state, mixup }: Parts, batch: number): Promise<TrainProgram> {
  const { model, prepare } = prepared.network
  const placement = placementOf(state)
  const step = trainingStep(model, loss, placement, mixup)
  const run = await compileStep(
    (input) => step({ ...input, x: prepare(input.x) }),
    { ...weightTypes(state, placement), ...batchTypes(prepared, loss, batch), key: keyType },
    { ...placement, buffers: state.buffers },
  )
  return {
    run: async (data, key) => {
      const { loss: value, output, updates } = await run(data, key)
      const settle = (): void => {
        for (const { buffer, update } of updates) buffer.set(update)
      }
      return { loss: value[0] ?? Number.NaN, output, settle }
    },
    dispose: run.dispose,
  }
}

/** Loss and outputs of a batch without training; targets are needed for the loss. */
export async function evaluationProgram(
  { prepared, loss, state }: Parts,
  batch: number,
): Promise<(data: BatchData) => Promise<Step>> {
  const { model, prepare } = prepared.network
  const placement = placementOf(state)
  const step = evaluationStep(model, loss, placement)
  const program = await compile(
    (input: WeightInputs, data: BatchInputs) => step(input, { ...data, x: prepare(data.x) }),
    weightTypes(state, placement),
    batchTypes(prepared, loss, batch),
  )
  const outputs = results(program)
  return async ({ inputs, targets }) => {
    await program.runFlat([...placement.parameters, ...state.buffers.values(), inputs, targets], outputs)
    const [loss, output] = outputs
    return { loss: loss[0] ?? Number.NaN, output }
  }
}

/** A network's weights as they enter a program. */
export interface WeightInputs {
  readonly parameters: readonly Tensor[]
  readonly buffers: TensorTree
}

/** A batch as it enters the model, and what the loss compares the output with. */
export interface BatchInputs {
  readonly x: Tensor
  readonly target: Tensor
}

export type StepInputs = WeightInputs & BatchInputs & { readonly key: Tensor }

/** What a training step computes. */
export interface StepOutputs {
  readonly loss: Tensor
  readonly output: Tensor
  /** As the layout packs them. */
  readonly gradients: readonly Tensor[]
  /** New values of the buffers that change, by path. */
  readonly buffers: Readonly<Record<string, Tensor>>
}

/** One step of one network, forward and backward, as a function of tensors. */
export const trainingStep =
  (model: Layer, loss: Loss, { unpack, pack }: Layout, mixup?: Mixup) =>
  ({ parameters, buffers, x, target, key }: StepInputs): StepOutputs => {
    const weights = unpack(parameters)
    const mixture = mixup && mixed(mixup, x, target, key)
    const seen = mixture?.x ?? x
    const { output, bufferUpdates, losses } = applyModel(model, weights, seen, { buffers, training: true, key })
    const fit = mixture?.loss(loss, output) ?? loss.apply(output, target)
    const value = losses.reduce((sum, own) => add(sum, own), fit)
    return {
      loss: value,
      output,
      gradients: pack(gradients(value, weights)),
      buffers: Object.fromEntries(bufferUpdates),
    }
  }

/** One network without training. */
export const evaluationStep =
  (model: Layer, loss: Loss, { unpack }: Layout) =>
  ({ parameters, buffers }: WeightInputs, { x, target }: BatchInputs) => {
    const { output, losses } = applyModel(model, unpack(parameters), x, { buffers })
    return { loss: losses.reduce((sum, own) => add(sum, own), loss.apply(output, target)), output }
  }

/** Types of {@link WeightInputs}. */
export const weightTypes = ({ variables: { buffers } }: State, { types }: Layout) => ({
  parameters: types,
  buffers: mapLeaves(buffers, isWeights, ({ shape }): TensorType => ({ dtype: 'float32', shape })),
})

/** Types of a batch as it is stored. */
export const batchTypes = ({ train, inputDtype, target }: Problem, loss: Loss, batch: number) => ({
  x: { dtype: inputDtype, shape: [batch, ...train.dataset.inputs.shape] } satisfies TensorType,
  target: loss.targetType(batch, target),
})

/** Arrays that a training program reads and writes in each step. */
interface Arrays {
  readonly parameters: readonly Float32Array[]
  readonly gradients: readonly Float32Array[]
  readonly buffers: ReadonlyMap<string, Float32Array>
}

/** What a step makes of running statistics; they stay as they are until it is copied, as a step that diverged is not taken. */
interface BufferUpdate {
  readonly buffer: Float32Array
  readonly update: Float32Array
}

/** What comes out of a compiled training step, beside the gradients. */
interface StepResults {
  readonly loss: TypedArray
  readonly output: TypedArray
  readonly updates: readonly BufferUpdate[]
}

/** Runs a step; `dispose` says that it will not be run again. */
interface CompiledStep {
  (batch: BatchData, key: Uint32Array): Promise<StepResults>
  dispose(): void
}

/** Compiles a training step that works on these arrays in place; the arrays of its result are used again by the next run. */
export async function compileStep(
  step: (input: StepInputs) => StepOutputs,
  types: MapTree<StepInputs, Tensor, TensorType>,
  { parameters, gradients, buffers }: Arrays,
): Promise<CompiledStep> {
  let changing: readonly string[] = []
  const program = await compile((input: StepInputs) => {
    const outputs = step(input)
    changing = Object.keys(outputs.buffers)
    return outputs
  }, types)
  const [loss, output] = results(program)
  const updates = changing.flatMap((path) => {
    const buffer = buffers.get(path)
    return buffer === undefined ? [] : [{ buffer, update: new Float32Array(buffer.length) }]
  })
  const outputs = [loss, output, ...gradients, ...updates.map(({ update }) => update)]
  const weights = [...parameters, ...buffers.values()]
  const run = async ({ inputs, targets }: BatchData, key: Uint32Array): Promise<StepResults> => {
    await program.runFlat([...weights, inputs, targets, key], outputs)
    return { loss, output, updates }
  }
  return Object.assign(run, { dispose: program.dispose })
}

/** Arrays for the first two outputs, the loss and the network's. */
export function results(program: Pick<Program<readonly unknown[], unknown>, 'graph'>): [TypedArray, TypedArray] {
  const [loss, output] = program.graph.outputs.map(({ dtype, shape }) => allocate(dtype, sizeOf(shape)))
  if (loss === undefined || output === undefined) throw new Error('the program has no loss and output')
  return [loss, output]
}

/** Makes a program for each batch size once: the last batch of a split may be smaller than the others. */
export function bySize<P>(make: (size: number) => Promise<P>): BySize<P> {
  const made = new Map<number, P>()
  const programFor = async (size: number): Promise<P> => {
    const program = made.get(size) ?? (await make(size))
    made.set(size, program)
    return program
  }
  return Object.assign(programFor, { made: () => [...made.values()] })
}

/** See {@link bySize}. */
export interface BySize<P> {
  (size: number): Promise<P>
  /** Those made so far. */
  made(): readonly P[]
}
