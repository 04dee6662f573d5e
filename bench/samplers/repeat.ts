/**
 * Searches the same space of dense networks on 5,000 images of Fashion-MNIST three ways, again and again with other chance: at random, by
 * TPE, and at random with ASHA, which goes on until it has found what the random search had found.
 *
 * usage: repeat.ts first end; prints a JSON object a repetition
 */
import '../../src/runtime/ort/node.ts'
import { accuracy, adam, crossEntropy, experiment, fashionMnist, mlp, standardize } from '../../src/index.ts'
import { foldIn, key } from '../../src/random/index.ts'
import { setDefaultThreads } from '../../src/runtime/index.ts'
import {
  choice,
  createStudy,
  float,
  logFloat,
  neverPrune,
  type Pruner,
  random,
  type Sampler,
  space,
  successiveHalving,
  tpe,
} from '../../src/search/index.ts'
import { fit, prepareData, prepareNetwork } from '../../src/train/index.ts'

const [TRIALS, EPOCHS, SAMPLES] = [25, 9, 5000]
const RUNGS = { minResource: 1, reductionFactor: 3 }

setDefaultThreads(1)
const base = experiment({
  name: 'fashion-5000',
  data: fashionMnist(),
  split: { validation: 55_000, stratify: true },
  prepare: [standardize()],
  model: mlp({ hidden: [64], outputs: 10 }),
  loss: crossEntropy(),
  optimizer: adam(),
  epochs: EPOCHS,
  metrics: [accuracy()],
})
const tuning = space({
  lr: logFloat(1e-5, 1),
  weightDecay: logFloat(1e-6, 1),
  dropout: float(0, 0.8),
  hidden: choice([[16], [64], [128], [128, 64]]),
  batchSize: choice([32, 128, 512]),
})
const data = await prepareData(base)
// Enough to choose by, and a tenth of the time of all 55,000.
const few = { ...data.validation, indices: data.validation.indices.subarray(0, SAMPLES) }

interface Found {
  readonly best: number
  readonly epochs: number
}

/** Searches until as many trials have ended, or the wanted value is reached. */
async function search(
  sampler: Sampler,
  pruner: Pruner,
  repetition: number,
  { trials = Number.POSITIVE_INFINITY, wanted = Number.POSITIVE_INFINITY, mostEpochs = Number.POSITIVE_INFINITY },
): Promise<Found> {
  const from = foldIn(foldIn(key(repetition), 'bench'), pruner.kind)
  const study = await createStudy({
    ...{ name: 'bench', space: tuning, sampler, pruner, direction: 'maximize' as const, key: from },
    ...(Number.isFinite(trials) && { trials }),
  })
  let [best, epochs] = [0, 0]
  const isOver = (): boolean => best >= wanted || epochs >= mostEpochs
  for (let trial = await study.ask(); trial !== undefined; trial = await study.ask()) {
    const { lr, weightDecay, dropout, hidden, batchSize } = trial.config
    const one = base.with({
      optimizer: adam({ lr, weightDecay }),
      model: mlp({ hidden: [...hidden], dropout, outputs: 10 }),
      batchSize,
    })
    const asked = trial
    let value = 0
    let isPruned = false
    try {
      await fit(one, prepareNetwork(one, { ...data, validation: few }), 0, {
        onEpoch: ({ epoch, validation }) => {
          epochs += 1
          value = validation?.accuracy ?? 0
          best = Math.max(best, value)
          asked.report(epoch, value)
          isPruned = epoch < EPOCHS && asked.shouldPrune()
        },
        shouldStop: () => isPruned || isOver(),
      })
      await study.tell(trial, isPruned ? { pruned: true } : value)
    } catch (error) {
      await study.tell(trial, { failed: error instanceof Error ? error.message : String(error) })
    }
    if (isOver()) break
  }
  return { best, epochs }
}

for (let repetition = Number(process.argv[2]); repetition < Number(process.argv[3]); repetition++) {
  const atRandom = await search(random(), neverPrune(), repetition, { trials: TRIALS })
  const byTpe = await search(tpe(), neverPrune(), repetition, { trials: TRIALS })
  const byAsha = await search(random(), successiveHalving(RUNGS), repetition, {
    wanted: atRandom.best,
    mostEpochs: 2 * atRandom.epochs,
  })
  process.stdout.write(`${JSON.stringify({ repetition, random: atRandom, tpe: byTpe, asha: byAsha })}\n`)
}
process.exit(0)
