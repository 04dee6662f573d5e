import { vmap } from '../autodiff/index.ts'
import { allocateBatch, type Batch } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import type { Loss } from '../nn/index.ts'
import { keyType } from '../random/index.ts'
import { compile } from '../runtime/index.ts'
import {
  type MapTree,
  mapLeaves,
  reshape,
  slice,
  stack,
  type Tensor,
  type TensorType,
  type TypedArray,
} from '../tensor/index.ts'
import { oneVector } from './layout.ts'
import type { Prepared } from './prepare.ts'
import {
  type BatchData,
  type BatchInputs,
  batchTypes,
  compileStep,
  evaluationStep,
  results,
  trainingStep,
  trainProgram,
  type WeightInputs,
  weightTypes,
} from './programs.ts'
import type { States } from './state.ts'

/** Results of all members; the arrays are used again by the next run. */
export interface MembersStep {
  /** Mean loss of each member's batch. */
  readonly losses: TypedArray
  /** `[batch, …outputs]` of each member. */
  readonly outputs: readonly TypedArray[]
}

interface MembersTrainingStep extends MembersStep {
  /** Takes over the new running statistics of a member; those of one that stands still stay. */
  settle(place: number): void
}

/** One training step of all members, for one batch size. */
export interface PopulationProgram {
  /** Where each member's batch is to be put before a run. */
  readonly rooms: readonly Batch[]
  /** @param keys of the members for this step, `[members, 2]` */
  run(keys: Uint32Array): Promise<MembersTrainingStep>
  /** It will not be run again. */
  dispose(): void
}

interface Parts {
  /** Each member's own. */
  readonly prepared: readonly Prepared[]
  readonly loss: Loss
  readonly states: States
}

/** The training step of one network under `vmap`: every member has weights, batch and key of its own. */
export async function populationProgram(parts: Parts, batch: number): Promise<PopulationProgram> {
  const { prepared, loss, states } = parts
  const { one, state, layout } = member(prepared, states)
  const size = prepared.length
  const room = allocateBatch(one.train.dataset, size * batch)
  const [inputs, targets] = [cut(room.inputs, size), cut(room.targets, size)]
  const rooms = prepared.map((_, k) => ({
    size: batch,
    inputs: inputs[k] ?? room.inputs,
    targets: targets[k] ?? room.targets,
  }))
  if (size === 1) {
    // A large network alone needs no cutting up of its parameters.
    const program = await trainProgram({ prepared: one, loss, state }, batch)
    return {
      rooms,
      run: async (keys) => {
        const { loss: value, output, settle } = await program.run(room, keys)
        return { losses: Float32Array.of(value), outputs: [output], settle }
      },
      dispose: program.dispose,
    }
  }
  const step = vmap(trainingStep(one.network.model, loss, layout))
  const prepareAll = preparation(prepared)
  const types = { ...weightTypes(state, layout), ...batchTypes(one, loss, batch), key: keyType }
  const run = await compileStep((input) => step({ ...input, x: prepareAll(input.x) }), ofAll(types, size), {
    parameters: [states.flat.parameters],
    gradients: [states.flat.gradients],
    buffers: states.buffers,
  })
  return {
    rooms,
    run: async (keys) => {
      const { loss: losses, output, updates } = await run(room, keys)
      const settle = (place: number): void => {
        for (const { buffer, update } of updates) {
          const width = buffer.length / size
          buffer.set(update.subarray(place * width, (place + 1) * width), place * width)
        }
      }
      return { losses, outputs: cut(output, size), settle }
    },
    dispose: run.dispose,
  }
}

/** Losses and outputs of all members for one batch that they share, without training. */
export async function populationEvaluation(
  { prepared, loss, states }: Parts,
  batch: number,
): Promise<(data: BatchData) => Promise<MembersStep>> {
  const { one, state, layout } = member(prepared, states)
  const step = vmap(evaluationStep(one.network.model, loss, layout), { inAxes: [0, null] })
  const program = await compile(
    (weights: WeightInputs, { x, target }: BatchInputs) => step(weights, { x: one.network.prepare(x), target }),
    ofAll(weightTypes(state, layout), prepared.length),
    batchTypes(one, loss, batch),
  )
  const outputs = results(program)
  return async ({ inputs, targets }) => {
    await program.runFlat([states.flat.parameters, ...states.buffers.values(), inputs, targets], outputs)
    const [losses, output] = outputs
    return { losses, outputs: cut(output, prepared.length) }
  }
}

/** The first member stands for all when a step is traced. */
function member([one]: readonly Prepared[], { members: [state] }: States) {
  if (one === undefined || state === undefined) throw new UsageError('a population needs at least one member')
  return { one, state, layout: oneVector(state) }
}

const isType = (value: unknown): value is TensorType =>
  typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value

const ofAll = <T>(types: T, size: number): MapTree<T, TensorType, TensorType> =>
  mapLeaves(types, isType, ({ dtype, shape }): TensorType => ({ dtype, shape: [size, ...shape] }))

/** `[members, batch, …]` as stored to what the model gets; members may have preparation fitted on data of their own. */
function preparation(prepared: readonly Prepared[]): (x: Tensor) => Tensor {
  const [first, ...others] = prepared.map(({ network }) => network.prepare)
  if (first !== undefined && others.every((prepare) => prepare === first)) return vmap((x: Tensor) => first(x))
  return (x) =>
    stack(
      prepared.map(({ network }, k) => {
        const own = slice(x, { starts: [k], ends: [k + 1] })
        return network.prepare(reshape(own, own.shape.slice(1)))
      }),
    )
}

/** An array cut into as many views, one behind the other. */
function cut<A extends { readonly length: number; subarray(begin: number, end: number): A }>(
  array: A,
  count: number,
): A[] {
  const size = array.length / count
  return Array.from({ length: count }, (_, k) => array.subarray(k * size, (k + 1) * size))
}
