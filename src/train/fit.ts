import { batches, feeder } from '../data/index.ts'
import { foldIn, key, keyData } from '../random/index.ts'
import { collector } from './collector.ts'
import { type DivergedError, lossDiverged, weightsDiverged } from './diverged.ts'
import { type Evaluate, evaluator } from './evaluate.ts'
import type { Experiment } from './experiment.ts'
import { initialVariables, type Prepared } from './prepare.ts'
import { bySize, trainProgram } from './programs.ts'
import { type Scores, scoresOf } from './scores.ts'
import { makeState, type State } from './state.ts'

/** Where training stands. */
export interface Position {
  /** Epoch under way, from 0; equal to the number of epochs at the end. */
  readonly epoch: number
  /** Optimiser steps taken. */
  readonly step: number
}

export interface EpochReport extends Position {
  /** Over the samples as they were trained on, dropout included. */
  readonly train: Scores
  /** Absent without a validation split. */
  readonly validation?: Scores
}

/** All optional; they may be asynchronous, and training waits for them. */
export interface FitHooks {
  /** Once, when everything is compiled and the first step is about to be taken. */
  onStart?(start: { readonly stepsPerEpoch: number; readonly state: State }): void | Promise<void>
  /** After the loss of each step is known, and before it is looked at. `samples` is the batch's size. */
  onStep?(step: Position & { readonly loss: number; readonly samples: number }): void
  onEpoch?(report: EpochReport, state: State): void | Promise<void>
  /** Asked before each step; true ends the training after the one before. */
  shouldStop?(): boolean
}

export interface FitResult {
  readonly status: 'finished' | 'interrupted'
  readonly position: Position
  readonly state: State
  readonly evaluate: Evaluate
}

/**
 * Trains an experiment with one seed. Chance comes from that seed alone, so two calls give the same weights bit for bit.
 *
 * @throws DivergedError at the first step whose loss is NaN or infinite
 * @example
 * const prepared = await prepare(experiment)
 * const { state, evaluate } = await fit(experiment, prepared, 0)
 * const { predictions } = await evaluate(prepared.test)
 */
export async function fit(
  experiment: Experiment,
  prepared: Prepared,
  seed: number,
  hooks: FitHooks = {},
): Promise<FitResult> {
  const { batchSize, epochs, loss, optimizer, schedule, metrics } = experiment
  const { dataset, indices } = prepared.train
  const { lr } = optimizer
  const root = key(seed)
  const stepKey = foldIn(root, 'step')
  const state = makeState(initialVariables(prepared, seed), optimizer)
  const evaluate = evaluator(prepared, loss, state)
  const programFor = bySize((size) => trainProgram({ prepared, loss, state }, size))
  const feed = feeder(dataset, Math.min(batchSize, indices.length))
  const seen = collector(prepared.target, metrics.length === 0 ? 0 : indices.length)

  // The last batch may be smaller: a layer that cannot train on it says so now, and not at the end of the first epoch.
  for (const size of new Set([Math.min(batchSize, indices.length), indices.length % batchSize]))
    if (size > 0) await programFor(size)
  const stepsPerEpoch = Math.ceil(indices.length / batchSize)
  await hooks.onStart?.({ stepsPerEpoch, state })
  let step = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    seen.reset()
    for (const coming of feed(batches(indices, batchSize, { key: foldIn(root, 'shuffle'), epoch }))) {
      if (hooks.shouldStop?.() === true) return { status: 'interrupted', position: { epoch, step }, state, evaluate }
      const batch = await coming
      const program = await programFor(batch.size)
      const chance = foldIn(stepKey, step)
      prepared.augment?.(batch.inputs, chance)
      const result = await program.run(batch, keyData(chance))
      hooks.onStep?.({ epoch, step: step + 1, loss: result.loss, samples: batch.size })
      throwIf(lossDiverged('loss', result.loss, { epoch, step: step + 1, lr }))
      const rate = lr * schedule.factor(step, epochs * stepsPerEpoch, { stepsPerEpoch, history: [] })
      step += 1
      result.settle()
      state.update(step, rate)
      seen.add({ ...result, targets: batch.targets })
    }
    const train = scoresOf(metrics, { loss: seen.loss, predictions: seen.predictions() })
    const report = { epoch: epoch + 1, step, train }
    if (prepared.validation.indices.length === 0) await hooks.onEpoch?.(report, state)
    else {
      const evaluation = await evaluate(prepared.validation)
      throwIf(lossDiverged('validation loss', evaluation.loss, { epoch, step, lr }))
      await hooks.onEpoch?.({ ...report, validation: scoresOf(metrics, evaluation) }, state)
    }
  }
  throwIf(weightsDiverged(state.parameters, { epoch: epochs - 1, step, lr }))
  return { status: 'finished', position: { epoch: epochs, step }, state, evaluate }
}

function throwIf(divergence: DivergedError | undefined): void {
  if (divergence !== undefined) throw divergence
}
