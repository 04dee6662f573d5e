import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command } from '@commander-js/extra-typings'
import { setDefaultThreads } from '../runtime/index.ts'
import '../runtime/ort/node.ts'
import {
  type CrossValidation,
  type CrossValidationFolder,
  crossValidate,
  type MaterializedFolds,
  materializeFolds,
  openFolder,
  type RefitRecord,
} from '../search/index.ts'
import type { Experiment } from '../train/index.ts'
import { type FoldProgress, foldProgress } from './crossValidation/progress.ts'
import { refitted } from './crossValidation/refitted.ts'
import { type AskedStrategy, parseStrategy, strategyFor } from './crossValidation/strategy.ts'
import { planText, scoresText } from './crossValidation/text.ts'
import { INTERRUPTED, interruptible } from './interrupts.ts'
import { loadExperiment } from './loadExperiment.ts'
import { loading } from './loading.ts'
import { note, print, printJson } from './output.ts'
import { seedList, wholeNumber } from './parse.ts'
import { parseSetting } from './run.ts'
import type { Setting } from './training/protocol.ts'

const noSettings: readonly Setting[] = []

export const cvCommand = new Command('cv')
  .description(
    'Cross-validate an experiment on its training data, then train it on all of them and look at the test split once',
  )
  .argument('<file>', 'TypeScript file whose default export is an experiment')
  .option('--folds <n>', 'folds', wholeNumber('--folds', 2), 5)
  .option(
    '--strategy <how>',
    'kFold, stratified, grouped=COLUMN, time or time=COLUMN; repeated=N after a comma or alone; default: stratified where there are classes, else kFold',
    parseStrategy,
  )
  .option('--seeds <list>', 'seeds of each fold, as in 0,1,2; default: the experiment’s', seedList('--seeds'))
  .option('--epochs <n>', 'passes over the training samples, instead of the experiment’s', wholeNumber('--epochs', 1))
  .option(
    '--set <path=value>',
    'change one setting; may be given more than once',
    (text: string, before: readonly Setting[]) => [...before, parseSetting(text)],
    noSettings,
  )
  .option('--no-refit', 'do not train on all data at the end: the test split is not looked at')
  .option('--threads <n>', 'threads inside one op; default: one a physical core', wholeNumber('--threads', 1))
  .option('--out <folder>', 'folder that holds cross-validations', 'cv')
  .option('--runs <folder>', 'folder that holds the runs, for the one on all data', 'runs')
  .option('--json', 'print what it came to as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay cv examples/sinc.ts
  assay cv examples/fashion-mnist-dense.ts --folds 3 --epochs 2 --no-refit --json
  assay cv study.ts --strategy grouped=patient,repeated=3 --seeds 0,1

Early stopping watches a fifth of what a fold trains on, never the fold itself. Written to cv/NAME-TIME: cv.json, folds.json, and oof.parquet
with what was said of each sample by a network that had not seen it. The same command goes on with what was interrupted.
Exit code: 0 done, 1 a training failed, 2 wrong use, ${INTERRUPTED} interrupted.`,
  )
  .action(async (file, { folds: count, strategy = {}, set, epochs, json = false, out, runs, threads, ...options }) => {
    const settings: readonly Setting[] = [...set, ...(epochs === undefined ? [] : [setting('epochs', epochs)])]
    const loaded = await loadExperiment(resolve(file))
    const experiment = settings.reduce((of, [path, value]) => of.set(path, value), loaded)
    const { seeds = experiment.seeds } = options
    setDefaultThreads(threads)
    let kept: CrossValidationFolder | undefined
    try {
      let found: { readonly cv: CrossValidation; readonly folds: MaterializedFolds } | undefined
      const isDone = await interruptible(async (check) => {
        const folds = await foldsOf(experiment, strategy, count, check)
        kept = await openFolder(resolve(out), { experiment, folds, seeds, file: resolve(file), settings })
        const cv = await scored(experiment, folds, seeds, kept, check)
        if (cv !== undefined) found = { cv, folds }
      })
      if (!isDone || found === undefined || kept === undefined) {
        if (kept !== undefined) note(`what is done is kept in ${kept.folder}; the same command goes on`)
        return
      }
      const { cv } = found
      if (!json) print(scoresText(experiment.name, cv))
      const [diverged] = cv.results.filter(({ status }) => status === 'diverged')
      if (diverged !== undefined) {
        note(
          `${cv.results.filter(({ status }) => status === 'diverged').length} of ${cv.results.length} trainings diverged; the first: ${diverged.error}`,
        )
        process.exitCode = 1
      }
      let refit: RefitRecord | undefined
      if (options.refit && diverged === undefined) {
        const { fingerprint } = cv.division
        const where = { file: resolve(file), root: resolve(runs), settings, fingerprint, json, threads }
        refit = await refitted(experiment, cv, seeds[0] ?? 0, where)
        if (refit === undefined) {
          note(`the scores are kept in ${kept.folder}; the same command goes on`)
          return
        }
      }
      const record = await kept.finish(cv, refit)
      if (json) printJson({ folder: kept.folder, ...(typeof record === 'object' ? record : {}) })
      else print(`Written: ${kept.folder}`)
    } finally {
      kept?.close()
    }
  })

/** Loads the data, once, and divides them. */
async function foldsOf(
  experiment: Experiment,
  strategy: AskedStrategy,
  count: number,
  check: () => void,
): Promise<MaterializedFolds> {
  const loads = loading()
  try {
    const loaded = await experiment.data.load({
      onProgress: (progress) => {
        check()
        loads.at(progress)
      },
    })
    const data = { ...experiment.data, load: async () => loaded }
    return await materializeFolds(experiment.with({ data }), { folds: strategyFor(strategy, count, loaded.train) })
  } finally {
    loads.stop()
  }
}

/** Milliseconds between two turns of the event loop, in which signals are heard. */
const TURN = 100

/** Trains what has not been trained before, keeps each as it is done, and shows how far it is. */
async function scored(
  experiment: Experiment,
  folds: MaterializedFolds,
  seeds: readonly number[],
  kept: CrossValidationFolder,
  check: () => void,
): Promise<CrossValidation | undefined> {
  let progress: FoldProgress | undefined
  let turned = performance.now()
  const places: string[] = []
  try {
    return await crossValidate(
      experiment,
      { folds, seeds },
      {
        known: kept.known,
        onPlan: (plan, fits) => {
          note(planText(plan, kept.done))
          progress = foldProgress(plan, fits)
          places.push(...fits.map(({ place }) => JSON.stringify(place)))
        },
        onStart: ({ fits }) => progress?.start(fits),
        onStep: ({ fit, samples }) => progress?.step(fit, samples),
        onSettled: async () => {
          if (performance.now() - turned < TURN) return
          progress?.show()
          await setImmediate()
          check()
          turned = performance.now()
        },
        onFold: async (result) => {
          await kept.keep(result)
          const { repeat, fold, seed } = result
          progress?.done(places.indexOf(JSON.stringify({ repeat, fold, seed })))
        },
      },
    )
  } finally {
    progress?.stop()
  }
}

const setting = (path: string, value: Setting[1]): Setting => [path, value]
