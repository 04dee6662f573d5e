/**
 * A layer of one's own, used like a built-in one: squeeze-and-excitation (Hu, Shen and Sun, 2018), which lets a network
 * weigh its channels by what the whole image shows. Its parameters are trained, counted in the summary, saved and loaded
 * under their names like any others.
 */
import {
  accuracy,
  adam,
  conv2d,
  crossEntropy,
  experiment,
  fanInUniform,
  flatten,
  foldIn,
  type Layer,
  layer,
  linear,
  maxPool2d,
  mnist,
  relu,
  sequential,
  standardize,
} from 'assay'
import { matmul, mul, reduceMean, relu as relued, reshape, sigmoid } from 'assay/tensor'

/** Scales each of the channels by a number between 0 and 1, worked out from all channels' means. */
const squeezeExcitation = (hidden: number): Layer =>
  layer('SqueezeExcitation', {
    config: { hidden },
    init: (key, [, channels = 1]) => ({
      squeeze: fanInUniform(foldIn(key, 'squeeze'), [channels, hidden], channels),
      excite: fanInUniform(foldIn(key, 'excite'), [hidden, channels], hidden),
    }),
    apply: ({ squeeze, excite }, x) => {
      if (squeeze === undefined || excite === undefined) throw new Error('squeezeExcitation has no weights')
      const [batch = 1, channels = 1] = x.shape
      const means = reduceMean(x, { axes: [2, 3] })
      const gates = sigmoid(matmul(relued(matmul(means, squeeze)), excite))
      return mul(x, reshape(gates, [batch, channels, 1, 1]))
    },
  })

export default experiment({
  name: 'custom-layer',
  data: mnist(),
  // A sixth of MNIST is enough to see the layer learn within seconds.
  split: { validation: 50_000 },
  prepare: [standardize()],
  model: sequential(
    conv2d(16, 3, { padding: 'same' }),
    relu(),
    maxPool2d(2),
    squeezeExcitation(4),
    conv2d(32, 3, { padding: 'same' }),
    relu(),
    maxPool2d(2),
    flatten(),
    linear(10),
  ),
  loss: crossEntropy(),
  optimizer: adam({ lr: 2e-3 }),
  epochs: 2,
  metrics: [accuracy()],
})
