import { resolve } from 'node:path'
import { runExtras, writeRunReport } from '../report/index.ts'
import { execute } from '../runs/index.ts'
import { type Experiment, type Prepared, prepare } from '../train/index.ts'
import '../runtime/ort/node.ts'
import { progress } from './progress.ts'
import { type TrainedRun, trainedRun } from './trainedRun.ts'

export interface TrainOptions {
  /** Default: the first of the experiment's. */
  readonly seed?: number
  /** Folder that holds the runs; default `runs`. */
  readonly runs?: string
  /** Data that are prepared already, as by a training before; default: the experiment's are loaded. */
  readonly prepared?: Prepared
}

/**
 * Trains one seed of an experiment and keeps the run in a folder, as `assay run` does, report included. In a notebook the cell shows how
 * far it has come; elsewhere lines do. The kernel is busy until it ends, and cannot be asked to stop: restart it, and the run is kept up to its last checkpoint.
 *
 * @throws UsageError where the experiment cannot run; DivergedError where its numbers stop being finite
 *
 * @example
 * const run = await train(experiment({ … }))
 * run // shows scores and curves
 */
export async function train(
  experiment: Experiment,
  { seed = experiment.seeds[0] ?? 0, runs = 'runs', prepared }: TrainOptions = {},
): Promise<TrainedRun> {
  const data = prepared ?? (await prepare(experiment))
  const { end, ...hooks } = progress(experiment.name, experiment.epochs)
  const execution = await execute(experiment, data, { root: resolve(runs), seed, ...hooks })
  end(execution.status)
  const extras = await runExtras(execution, { experiment, prepared: data })
  const report = await writeRunReport(execution.folder, extras)
  return trainedRun({ experiment, prepared: data, execution, extras, report })
}
