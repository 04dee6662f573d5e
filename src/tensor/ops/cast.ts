import type { DType } from '../dtype.ts'
import { mapBroadcast } from '../ndarray.ts'
import { defineOperation, type Tensor } from '../tensor.ts'

export const castOperation = defineOperation<{ readonly to: DType }>({
  name: 'cast',
  infer: ([x], { to }) => ({ dtype: to, shape: x?.shape ?? [] }),
  reference: (inputs, { to }, { shape }) =>
    mapBroadcast(shape, inputs, (x = 0) => (to === 'float32' ? x : to === 'bool' ? Number(x !== 0) : Math.trunc(x))),
  vjp: ({ inputs: [x], cotangent, attributes: { to } }) => [
    x !== undefined && x.dtype === 'float32' && to === 'float32' ? cotangent : undefined,
  ],
})

/** Another element type: fractions are cut towards zero, `bool` is "not 0". Only float to float has a gradient. */
export const cast = (x: Tensor, to: DType): Tensor => (x.dtype === to ? x : castOperation.apply([x], { to }))
