import { applyModel, isWeights, type TensorTree, type Variables } from '../nn/index.ts'
import { graphOf, writeOnnx } from '../runtime/index.ts'
import { simplify } from '../runtime/simplify/index.ts'
import { constant, mapLeaves, placeholder } from '../tensor/index.ts'
import type { Prepared } from './prepare.ts'

/**
 * The trained network as the bytes of an `.onnx` file for any runtime: weights inside, preparation included, so it takes
 * samples as they are stored (`input`, `[batch, …sample]`, uint8 or float32) and gives `output`, for classifiers the logits.
 * It takes any batch, unless a layer computes with the batch's size: then one sample at a time. The metadata names the
 * classes.
 *
 * @param metadata further entries of the file's metadata
 */
export function inferenceOnnx(
  prepared: Prepared,
  { parameters, buffers }: Variables,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { network, inputDtype, train } = prepared
  const baked = (weights: Variables['parameters']): TensorTree =>
    mapLeaves(weights, isWeights, ({ shape, data }) => constant(data, shape, 'float32'))
  const [weights, statistics] = [baked(parameters), baked(buffers)]
  const write = (batch: number, anyBatch: boolean): Uint8Array => {
    const x = placeholder('input', { dtype: inputDtype, shape: [batch, ...train.dataset.inputs.shape] })
    const { output } = applyModel(network.model, weights, network.prepare(x), { buffers: statistics })
    return writeOnnx(graphOf([x], simplify([output])), {
      target: 'standard',
      names: { inputs: ['input'], hostValues: [], outputs: ['output'] },
      anyBatch,
      metadata: { ...contentsOf(prepared), ...metadata },
    })
  }
  // With the first axis left open, nothing may differ between the file for two samples and the one for three.
  const [two, three] = [write(2, true), write(3, true)]
  const isFree = two.length === three.length && two.every((byte, i) => byte === three[i])
  return isFree ? two : write(1, false)
}

/** What a reader of an exported file should know of its inputs and outputs, as JSON under plain names. */
export const contentsOf = ({ target, transforms }: Prepared): Readonly<Record<string, string>> => ({
  ...(target.task === 'classification' && { classes: JSON.stringify(target.classes) }),
  'preparation inside': JSON.stringify(transforms.map(({ kind }) => kind)),
})
