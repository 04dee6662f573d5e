import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { UsageError } from '../errors.ts'
import '../runtime/ort/node.ts'
import type { BundleManifest, Check } from '../report/bundle/index.ts'
import { isClose, openRun, prepareRun, type Run, readSummary } from '../runs/index.ts'
import {
  compareWithStored,
  fitSamples,
  loadNetwork,
  predictSamples,
  samplesOfRun,
  testedNetwork,
} from '../runs/testModel/index.ts'
import { DivergedError, type Experiment, fit } from '../train/index.ts'
import { experimentOfRun } from './experimentOfRun.ts'
import { metric as metricText } from './output.ts'

/** Steps that are trained, to show that the code trains. */
const STEPS = 3

/** Told what is being done; what it throws ends it. */
export type OnTask = (task: string, share: number) => void

/**
 * Runs an unpacked bundle again: each model, from the code and the weights that are in it, tested on its test split and compared with its stored
 * predictions; and trained from the beginning for a few steps. What does not work is a check that failed, and the others go on.
 *
 * @param folder where the bundle was unpacked
 */
export async function rerunBundle(folder: string, { models }: BundleManifest, onTask: OnTask): Promise<Check[]> {
  const before = process.cwd()
  const code = join(folder, 'code')
  const checks: Check[] = []
  try {
    // Experiment files are named relative to the folder in which they were run, and may name data so.
    process.chdir(existsSync(code) ? code : folder)
    for (const { folder: model, name } of models) checks.push(...(await rerunModel(join(folder, model), name, onTask)))
  } finally {
    process.chdir(before)
  }
  return checks
}

async function rerunModel(folder: string, name: string, onTask: OnTask): Promise<Check[]> {
  onTask(`loading ${name}`, Number.NaN)
  const loaded = await attempt(async () => {
    const run = await openRun(join(folder, '..'), folder)
    return { run, experiment: await experimentOfRun(run) }
  })
  if ('reason' in loaded) return [{ what: `${name}: code`, isGood: false, text: loaded.reason }]
  const { run, experiment } = loaded.value
  const tested = await attempt(() => testAgain(run, experiment, name, onTask))
  const trained = await attempt(() => trainAgain(run, experiment, name, onTask))
  return [
    { what: `${name}: test`, ...('reason' in tested ? { isGood: false, text: tested.reason } : tested.value) },
    { what: `${name}: training`, ...('reason' in trained ? { isGood: false, text: trained.reason } : trained.value) },
  ]
}

type Found = Pick<Check, 'isGood' | 'text'>

async function testAgain(run: Run, experiment: Experiment, name: string, onTask: OnTask): Promise<Found> {
  const model = testedNetwork(await loadNetwork(run, experiment), experiment)
  try {
    const samples = fitSamples(await samplesOfRun(run, experiment, 'test'), model)
    const { predictions } = await predictSamples(model, samples, {
      onProgress: async (done, total) => {
        onTask(`testing ${name}`, done / total)
        await setImmediate()
      },
    })
    const stored = await compareWithStored(run, predictions)
    if (stored === undefined) return { isGood: false, text: 'there are no stored predictions to compare with' }
    const logged = (await readSummary(run))?.test ?? {}
    const scores = model.metrics.flatMap((metric) => {
      const [now, then] = [metric.compute(predictions), logged[metric.name]?.last]
      return then === undefined ? [] : [{ name: metric.name, now, isSame: isClose(now, then) }]
    })
    const others = scores.filter(({ isSame }) => !isSame)
    const told = scores.map(({ name: score, now }) => `${score} ${metricText(score, now)}`).join(', ')
    return {
      isGood: stored.state !== 'different' && others.length === 0,
      text: `${stored.text}${told === '' ? '' : `; ${told}`}${others.length === 0 ? '' : `, and the run logged another ${others.map((one) => one.name).join(' and ')}`}`,
    }
  } finally {
    await model.dispose()
  }
}

async function trainAgain(run: Run, experiment: Experiment, name: string, onTask: OnTask): Promise<Found> {
  onTask(`training ${name}`, 0)
  const prepared = await prepareRun(experiment, run)
  const losses: number[] = []
  await fit(experiment.with({ callbacks: [] }), prepared, run.manifest.seed, {
    onStep: ({ loss }) => {
      losses.push(loss)
    },
    onSettled: async () => {
      onTask(`training ${name}`, losses.length / STEPS)
      await setImmediate()
    },
    shouldStop: () => losses.length >= STEPS,
  })
  const [first = Number.NaN] = losses
  return {
    isGood: losses.length > 0,
    text: `trains: ${losses.length} steps from the first weights, loss ${first.toPrecision(4)} at the first`,
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly reason: string }> {
  try {
    return { value: await work() }
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof DivergedError)) throw error
    return { reason: error.message }
  }
}
