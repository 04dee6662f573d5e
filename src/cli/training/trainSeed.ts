import { createHash } from 'node:crypto'
import { parameterCount } from '../../nn/index.ts'
import type { RunReportExtras } from '../../report/content.ts'
import { runExtras } from '../../report/runExtras.ts'
import { writeRunReport } from '../../report/runReport.ts'
import { type ExecuteOptions, type Execution, execute } from '../../runs/index.ts'
import type { Experiment, Prepared, State } from '../../train/index.ts'
import type { Outcome } from './protocol.ts'
import { isStopped, STEP_INTERVAL_MS, type Surroundings } from './work.ts'

/** Where runs go, and what else the command line says of them. */
export type Where = Pick<
  ExecuteOptions,
  'root' | 'file' | 'overrides' | 'grid' | 'resume' | 'checkpointEvery' | 'onRecords'
>

/** One of the runs of a command. */
interface Turn {
  readonly seed: number
  /** From 1. */
  readonly turn: number
  readonly turns: number
  /** In place of the experiment's name. */
  readonly title?: string
}

/** Trains one seed, or goes on with it, tells of it as it goes on, and writes its report. */
export async function trainSeed(
  experiment: Experiment,
  prepared: Prepared,
  { seed, turn, turns, title }: Turn,
  { stop, post }: Surroundings,
  where: Where,
): Promise<Execution> {
  const began = performance.now()
  const canValidate = prepared.validation.indices.length > 0
  let told = 0
  let samples = 0
  let epoch = { began, isWhole: true, loss: 0, samples: 0 }
  const execution = await execute(experiment, prepared, {
    ...where,
    seed,
    onStart: ({ id, folder, stepsPerEpoch, state, position: { step }, manifest, records }) => {
      epoch = { ...epoch, began: performance.now(), isWhole: step % stepsPerEpoch === 0 }
      const steps = experiment.epochs * stepsPerEpoch
      if (where.onRecords !== undefined) post({ type: 'track', run: { folder, manifest, steps, records } })
      const { everySteps } = experiment.evaluation
      post({
        type: 'start',
        id,
        folder,
        name: title ?? experiment.name,
        seed,
        turn,
        turns,
        epochs: experiment.epochs,
        stepsPerEpoch,
        step,
        samples: prepared.train.indices.length,
        parameters: parameterCount(state.variables),
        leftOut: { count: prepared.leftOut.length, first: prepared.leftOut.slice(0, 3) },
        scores: reportedScores(experiment, canValidate),
        monitor: experiment.monitor ?? `${canValidate ? 'validation' : 'train'}.loss`,
        ...(everySteps !== undefined && { everySteps }),
      })
    },
    onStep: (step) => {
      samples += step.samples
      epoch.samples += step.samples
      epoch.loss += step.loss * step.samples
      if (performance.now() - told < STEP_INTERVAL_MS) return
      told = performance.now()
      const meanLoss = epoch.loss / epoch.samples
      post({ type: 'step', epoch: step.epoch, step: step.step, loss: step.loss, meanLoss, samples })
    },
    onEvaluation: (report, { best }) => post({ type: 'epoch', report, isBest: best?.step === report.step }),
    onEpoch: (report, training) => {
      const now = performance.now()
      post({
        type: 'epoch',
        report,
        isBest: training.best?.step === report.step,
        learningRate: training.learningRate,
        ...(epoch.isWhole && { seconds: (now - epoch.began) / 1000 }),
      })
      epoch = { began: now, isWhole: true, loss: 0, samples: 0 }
    },
    shouldStop: () => isStopped(stop),
  })
  const extras = await runExtras(execution, { experiment, prepared })
  const report = await writeRunReport(execution.folder, extras)
  const seconds = (performance.now() - began) / 1000
  const named = title === undefined ? {} : { title }
  post({ type: 'end', outcome: { ...outcomeOf(execution, extras, prepared), ...named, seed, seconds, report } })
  return execution
}

/** What each epoch's report will have in it. */
function reportedScores({ metrics, evaluation, regularizers }: Experiment, canValidate: boolean) {
  const names = ['loss', ...metrics.map(({ name }) => name)]
  const splits = ['train', ...(evaluation.train ? ['trainEvaluated'] : []), ...(canValidate ? ['validation'] : [])]
  return [
    ...names.flatMap((name) => splits.map((split) => ({ split, name }))),
    ...(regularizers.length > 0 ? ['penalty', 'sparsity'].map((name) => ({ split: 'weights', name })) : []),
  ]
}

function outcomeOf(
  { id, folder, status, position, losses, epochs, state, times, test }: Execution,
  { testAccuracy: accuracy, confusion }: RunReportExtras,
  { target }: Prepared,
): Omit<Outcome, 'seed' | 'seconds' | 'report'> {
  const classes = target.task === 'classification' ? target.classes : []
  return {
    id,
    folder,
    status,
    steps: position.step,
    losses,
    epochs,
    times,
    weights: weightsHash(state),
    ...(test && { test: test.scores }),
    ...(accuracy && confusion && { classification: { accuracy, classes, confusion } }),
  }
}

const weightsHash = ({ parameters, buffers }: State): string =>
  [...parameters, ...buffers.values()].reduce((hash, data) => hash.update(data), createHash('sha256')).digest('hex')
