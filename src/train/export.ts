import { applyModel, isWeights, type TensorTree, type Variables } from '../nn/index.ts'
import { graphOf, writeOnnx } from '../runtime/index.ts'
import { constant, mapLeaves, placeholder } from '../tensor/index.ts'
import type { Prepared } from './prepare.ts'

/**
 * The trained network as the bytes of an `.onnx` file for any runtime: weights inside, preparation included, so it takes
 * samples as they are stored (`input`, `[batch, …sample]`, uint8 or float32) and gives `output`, for classifiers the logits.
 */
export function inferenceOnnx(
  { network, inputDtype, train }: Prepared,
  { parameters, buffers }: Variables,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const baked = (weights: Variables['parameters']): TensorTree =>
    mapLeaves(weights, isWeights, ({ shape, data }) => constant(data, shape, 'float32'))
  const x = placeholder('input', { dtype: inputDtype, shape: [1, ...train.dataset.inputs.shape] })
  const { output } = applyModel(network.model, baked(parameters), network.prepare(x), { buffers: baked(buffers) })
  return writeOnnx(graphOf([x], [output]), {
    target: 'standard',
    names: { inputs: ['input'], hostValues: [], outputs: ['output'] },
    anyBatch: true,
    metadata,
  })
}
