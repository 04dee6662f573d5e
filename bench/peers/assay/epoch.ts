import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  accuracy,
  crossEntropy,
  experiment,
  type HoldOutStrategy,
  holdOut,
  initialVariables,
  mnist,
  parameterCount,
  prepare,
  standardize,
} from '../../../src/index.ts'
import { execute } from '../../../src/runs/index.ts'
import type { Epoch } from '../../work/epoch.ts'
import type { Contestant } from '../serve.ts'
import { modelOf, optimizerOf } from './network.ts'

/** An epoch as `assay run` has it, in a run folder of its own: each time with the next seed, from new weights on. */
export async function epoch({ work, batch, training, validation }: Epoch, folder: string): Promise<Contestant> {
  let ended = Number.NaN
  const whole = experiment({
    name: 'bench-epoch',
    data: mnist({ folder }),
    split: shortened(holdOut({ validation }), training),
    prepare: [standardize()],
    model: modelOf(work.network),
    loss: crossEntropy(),
    optimizer: optimizerOf(work),
    batchSize: batch,
    epochs: 1,
    metrics: [accuracy()],
    callbacks: [
      {
        onEnd: () => {
          ended = performance.now()
        },
      },
    ],
  })
  const prepared = await prepare(whole)
  let seed = 0
  const once = async () => {
    const root = await mkdtemp(join(tmpdir(), 'assay-bench-'))
    try {
      const began = performance.now()
      const { losses, test } = await execute(whole, prepared, { root, seed: seed++ })
      return { time: ended - began, losses, accuracy: test?.scores.accuracy ?? Number.NaN }
    } finally {
      await rm(root, { recursive: true })
    }
  }
  return {
    parameters: parameterCount(initialVariables(prepared, 0)),
    run: async (epochs) => {
      const done = []
      for (let i = 0; i < epochs; i++) done.push(await once())
      const [first, last] = [done[0]?.losses[0], done.at(-1)?.losses.at(-1)]
      return {
        times: done.map(({ time }) => time),
        losses: [first, last].filter((loss) => loss !== undefined),
        accuracies: done.map(({ accuracy }) => accuracy),
      }
    },
  }
}

/** The same division with fewer samples to train on. */
const shortened = (strategy: HoldOutStrategy, training: number): HoldOutStrategy => ({
  ...strategy,
  divide: (samples, from) => {
    const { train, validation } = strategy.divide(samples, from)
    return { train: train.subarray(0, training), validation }
  },
})
