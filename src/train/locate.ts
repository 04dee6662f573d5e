import { applyModel, describeLayer } from '../nn/index.ts'
import { keyType } from '../random/index.ts'
import { compile } from '../runtime/index.ts'
import { allocate, sizeOf } from '../tensor/index.ts'
import type { Experiment } from './experiment.ts'
import { separate } from './layout.ts'
import type { Prepared } from './prepare.ts'
import { type BatchData, type BatchInputs, batchTypes, type WeightInputs, weightTypes } from './programs.ts'
import type { State } from './state.ts'
import { parametersOf } from './weightChanges.ts'

const allFinite = (values: ArrayLike<number>): boolean => Array.prototype.every.call(values, Number.isFinite)
const wrongIn = (values: ArrayLike<number>): number =>
  Array.prototype.find.call(values, (value) => !Number.isFinite(value))

/**
 * In which part of a network the numbers of a batch stopped being finite: computed once more, layer by layer, after a loss that is NaN or
 * infinite has been met.
 */
export async function locateLoss(
  { loss }: Experiment,
  prepared: Prepared,
  state: State,
  size: number,
  data: BatchData,
  key: Uint32Array,
): Promise<string> {
  const weight = parametersOf(state).find((parameter) => !allFinite(parameter.data))
  if (weight !== undefined) return `the weight "${weight.path}" holds ${wrongIn(weight.data)}`
  const { model, prepare } = prepared.network
  const layout = separate(state.variables.parameters)
  let places: readonly string[] = []
  const program = await compile(
    ({ parameters, buffers }: WeightInputs, batch: BatchInputs & { readonly key: BatchInputs['x'] }) => {
      const x = prepare(batch.x)
      const { calls } = applyModel(model, layout.unpack(parameters), x, { buffers, training: true, key: batch.key })
      const floats = calls.filter(({ output }) => output.dtype === 'float32')
      places = floats.map(
        ({ path, layer }) => `${path === '' ? 'the model' : `layer "${path}"`}, ${describeLayer(layer)}`,
      )
      return [x, ...floats.map(({ output }) => output)]
    },
    weightTypes(state, layout),
    { ...batchTypes(prepared, loss, size), key: keyType },
  )
  const outputs = program.graph.outputs.map(({ dtype, shape }) => allocate(dtype, sizeOf(shape)))
  await program.runFlat([...state.parameters, ...state.buffers.values(), data.inputs, data.targets, key], outputs)
  const first = outputs.findIndex((values) => !allFinite(values))
  if (first === 0) return `the samples hold ${wrongIn(outputs[0] ?? [])} after their preparation`
  if (first > 0) return `it appeared first in ${places[first - 1]}, whose output holds ${wrongIn(outputs[first] ?? [])}`
  return `it appeared first in the loss, ${loss.kind}`
}

/** The layer at which gradients, on their way from the loss to the first layer, stopped being finite. */
export function locateGradient(state: State): string {
  const wrong = parametersOf(state).findLast((parameter) => !allFinite(parameter.gradient))
  return wrong === undefined ? 'together they are too large' : `it appeared first in that of "${wrong.path}"`
}
