import { subtree } from '../../nn/context.ts'
import { applyModel, isWeights, type Layer, type TensorTree, type Variables, type WeightTree } from '../../nn/index.ts'
import { constant, mapLeaves, type Tensor } from '../../tensor/index.ts'

/** The two ends of a trained variational autoencoder. */
export interface LatentModel {
  /** Latent numbers of a sample. */
  readonly size: number
  /** Means of the distributions that the encoder gives, `[batch, size]`. */
  encode(x: Tensor): Tensor
  /** What the decoder makes of latent numbers `[batch, size]`: logits where the model puts out logits. */
  decode(z: Tensor): Tensor
}

/** What stands before and after the `gaussianLatent` of a `sequential`; undefined for a model of another form. */
export function latentModel(model: Layer, { parameters, buffers }: Variables): LatentModel | undefined {
  const layers = Object.entries(model.children ?? {})
  const at = layers.findIndex(([, { kind }]) => kind === 'GaussianLatent')
  const size = layers[at]?.[1].config.size
  if (model.kind !== 'Sequential' || typeof size !== 'number' || at + 1 === layers.length) return undefined
  const [weights, statistics] = [fixed(parameters), fixed(buffers)]
  const through = (part: typeof layers, x: Tensor): Tensor =>
    part.reduce(
      (h, [name, child]) => applyModel(child, subtree(weights, name), h, { buffers: subtree(statistics, name) }).output,
      x,
    )
  return {
    size,
    encode: (x) => through(layers.slice(0, at + 1), x),
    decode: (z) => through(layers.slice(at + 1), z),
  }
}

const fixed = (tree: WeightTree): TensorTree =>
  mapLeaves(tree, isWeights, ({ shape, data }) => constant(data, shape, 'float32'))
