/**
 * Trains every configuration of `tuning.ts` once, and keeps the accuracy after each epoch; parts that are there are left as they are.
 *
 * usage: train.ts worker workers; says on standard error how far it is
 */
import '../../src/runtime/ort/node.ts'
import { mkdir } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import { accuracy, crossEntropy, experiment, fashionMnist, mlp, standardize } from '../../src/index.ts'
import { setDefaultThreads } from '../../src/runtime/index.ts'
import { fitAll } from '../../src/search/fits/index.ts'
import { configHash, prepareData, prepareNetwork } from '../../src/train/index.ts'
import { scoresOf } from '../../src/train/scores.ts'
import { fileOf, folder, type Part, readPart, type Training } from './trainings.ts'
import { configurations, EPOCHS, optimizerOf, SAMPLES } from './tuning.ts'

const [worker, workers] = process.argv.slice(2).map(Number)
if (worker === undefined || workers === undefined) throw new Error('usage: train.ts worker workers')
setDefaultThreads(1)
const base = experiment({
  name: 'fashion-5000',
  data: fashionMnist(),
  split: { validation: 60_000 - SAMPLES, stratify: true },
  prepare: [standardize()],
  model: mlp({ hidden: [64], outputs: 10 }),
  loss: crossEntropy(),
  optimizer: optimizerOf({ optimizer: 'adam', rate: 6, weightDecay: 0, hidden: [64], dropout: 0 }),
  batchSize: 64,
  epochs: EPOCHS,
  metrics: [accuracy()],
})
const all = await prepareData(base)
const data = { ...all, validation: { ...all.validation, indices: all.validation.indices.subarray(0, SAMPLES) } }
await mkdir(folder, { recursive: true })

const parts = configurations()
for (const [number, part] of parts.entries()) {
  if (number % workers !== worker) continue
  const experiments = part.map((one) =>
    base.with({
      model: mlp({ hidden: [...one.hidden], dropout: one.dropout, outputs: 10 }),
      optimizer: optimizerOf(one),
    }),
  )
  const [first] = experiments
  const hash = first && configHash(first, 0)
  if (first === undefined || hash === undefined || (await readPart(number))?.experiment === hash) continue
  const prepared = prepareNetwork(first, data)
  // Each has chance of its own, so that no two are better together.
  const fits = experiments.map((one, i) => ({ experiment: one, prepared, seed: number * part.length + i }))
  const trainings = await fitAll(fits, async ({ status, reports, evaluate }): Promise<Training> => {
    const curve = reports.map(({ validation }) => validation?.accuracy ?? Number.NaN).filter(Number.isFinite)
    if (status === 'diverged') return { curve: curve.slice(0, EPOCHS - 1) }
    const { accuracy: test } = scoresOf(base.metrics, await evaluate(prepared.test))
    return { curve, ...(test !== undefined && { test }) }
  })
  const result: Part = { experiment: hash, trainings: trainings.filter((one) => one !== undefined) }
  await writeFileAtomic(fileOf(number).pathname, `${JSON.stringify(result)}\n`)
  process.stderr.write(`trainings ${number + 1} of ${parts.length}\n`)
}
process.exit(0)
