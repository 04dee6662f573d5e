/** TensorFlow.js's side of the benchmarks. usage: main.ts threads cpu|wasm */
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Batch } from '../../work/batch.ts'
import type { Work } from '../../work/work.ts'
import { type Contestant, serve, stepper } from '../serve.ts'
import { modelOf } from './network.ts'

const backend = process.argv[3] ?? 'cpu'
if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend "${backend}" here`)

const optimizerOf = ({ optimizer }: Work): tf.Optimizer =>
  optimizer.kind === 'adam'
    ? tf.train.adam(optimizer.lr, 0.9, 0.999, 1e-8)
    : tf.train.momentum(optimizer.lr, optimizer.momentum)

/** Numbers of the weights that are trained. */
const parametersOf = (model: LayersModel): number =>
  model.trainableWeights.reduce((sum, { shape }) => sum + shape.reduce<number>((a, b) => a * (b ?? 1), 1), 0)

function open(work: Work, batch: number, data: Batch): Promise<Contestant> {
  const { sample, target, network } = work
  const [channels = 1, ...size] = sample
  // One channel: NHWC and NCHW lie in memory alike.
  if (size.length > 0 && channels !== 1) throw new Error(`images of ${channels} channels would have to be transposed`)
  const x = tf.tensor(data.inputs, size.length === 0 ? [batch, channels] : [batch, ...size, channels])
  const models = Array.from({ length: work.members }, () => modelOf(network, sample))
  const [first] = models
  if (first === undefined) throw new Error('a population has at least one member')
  const parameters = parametersOf(first)
  if (work.task === 'inference')
    return Promise.resolve(
      stepper(parameters, async () => {
        const output = tf.tidy(() => first.predict(x))
        if (Array.isArray(output)) throw new Error('the model has one output')
        await output.data()
        output.dispose()
        return undefined
      }),
    )
  const y =
    target.kind === 'classes'
      ? tf.oneHot(tf.tensor1d(data.targets, 'int32'), target.count)
      : tf.tensor2d(data.targets, [batch, target.count])
  for (const model of models)
    model.compile({
      optimizer: optimizerOf(work),
      loss: (labels: tf.Tensor, output: tf.Tensor) =>
        target.kind === 'classes'
          ? tf.losses.softmaxCrossEntropy(labels, output)
          : tf.losses.meanSquaredError(labels, output),
    })
  return Promise.resolve(
    stepper(parameters, async () => {
      let loss = 0
      for (const model of models) {
        const value = await model.trainOnBatch(x, y)
        if (typeof value !== 'number') throw new Error('a model without metrics gives the loss alone')
        loss = value
      }
      return loss
    }),
  )
}

// TensorFlow.js has no threads in Node, neither in WebAssembly nor else.
await serve({ version: tf.version_core, threads: 1, open })
