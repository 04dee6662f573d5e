/** What tests of transforms share. @module */
import { createDataset, type Dataset, type FittedTransform, type Transform } from '../data/index.ts'
import { fitTransforms } from '../data/transforms/fitTransforms.ts'
import { pipeline } from '../data/transforms/transform.ts'
import { graphOf, interpret } from '../runtime/index.ts'
import { cast, placeholder, type Shape, sizeOf, type Tensor } from '../tensor/index.ts'

/** Samples without targets that mean anything. */
export const samplesOf = (data: Uint8Array | Float32Array, shape: Shape) =>
  createDataset({
    name: 'made',
    inputs: { data, shape },
    targets: { task: 'regression', values: new Float32Array(data.length / sizeOf(shape)), shape: [] },
  })

/** The numbers below `count`, every `step`th. */
export const upTo = (count: number, step = 1) => Uint32Array.from({ length: count }, (_, i) => i * step)

/** The transform as it learnt from some samples; default all. */
export async function learnt(
  transform: Transform,
  dataset: Dataset,
  indices: Uint32Array = upTo(dataset.length),
): Promise<FittedTransform> {
  const [fitted] = await fitTransforms([transform], { dataset, indices })
  if (fitted === undefined) throw new Error('one transform gives one')
  return fitted
}

/** Samples as a transform makes them, computed in float64; the transform's own constants are float32. */
export function prepared(
  fitted: FittedTransform | readonly FittedTransform[],
  { inputs: { shape, data } }: { readonly inputs: { readonly shape: Shape; readonly data: ArrayLike<number> } },
  dtype: 'uint8' | 'float32' = data instanceof Uint8Array ? 'uint8' : 'float32',
): Float64Array {
  const transforms = 'apply' in fitted ? [fitted] : fitted
  return computed((x) => pipeline(transforms)(cast(x, 'float32')), data, shape, dtype)
}

/** A function of `[batch, …shape]` on these numbers, in float64. */
export function computed(
  of: (x: Tensor) => Tensor,
  data: ArrayLike<number>,
  shape: Shape,
  dtype: 'uint8' | 'float32' = 'float32',
): Float64Array {
  const whole = [data.length / sizeOf(shape), ...shape]
  const x = placeholder('x', { dtype, shape: whole })
  const [result] = interpret(graphOf([x], [of(x)]), [{ shape: whole, data: Float64Array.from(data) }])
  return result?.data ?? new Float64Array()
}
