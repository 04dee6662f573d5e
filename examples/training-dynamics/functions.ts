/**
 * Two functions, sinc(5x) and sign(sin 5πx), each fitted by three dense networks of 571 or 572 parameters that differ in depth. The page has
 * the losses of all as one chart, and what all say against the functions themselves as another. A command that was broken off goes on
 * where it was:
 *
 *     assay run examples/training-dynamics/functions.ts
 */
import {
  adam,
  cosine,
  experiment,
  grid,
  kaimingNormal,
  type Layer,
  leakyRelu,
  mlp,
  mse,
  regressionFunction,
  withInit,
} from 'assay'
import { r2 } from 'assay/metrics'

const train = 500

/** Units of narrow layers die easily: a leaky ReLU, with weights drawn for it, keeps them. */
const network = (...hidden: number[]): Layer =>
  withInit(
    mlp({ hidden, outputs: 1, activation: () => leakyRelu({ negativeSlope: 0.1 }) }),
    kaimingNormal({ nonlinearity: 'leakyRelu', negativeSlope: 0.1 }),
  )

const shallow = experiment({
  name: 'shallow',
  data: regressionFunction('sinc(5x)', { train }),
  model: network(190), // 571 parameters
  loss: mse(),
  optimizer: adam({ lr: 5e-3 }),
  schedule: cosine(),
  batchSize: 50,
  epochs: 1000,
  seeds: [0, 1, 2],
  metrics: [r2()],
})

export default grid(
  {
    shallow,
    middle: shallow.with({ name: 'middle', model: network(10, 18, 15, 4) }), // 572
    deep: shallow.with({ name: 'deep', model: network(5, 10, 10, 10, 10, 10, 5) }), // 571
  },
  {
    function: {
      'sinc(5x)': { asserts: { loss: { atMost: 5e-3 } } },
      'sign(sin 5πx)': {
        data: regressionFunction('sign(sin(5πx))', { train }),
        asserts: { loss: { atMost: 0.4 } },
      },
    },
  },
  { name: 'functions' },
)
