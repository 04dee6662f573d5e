import { gatherTargets } from '../data/gather.ts'
import { type Batch, type Batches, batches, feeder } from '../data/index.ts'
import { stateDict } from '../nn/index.ts'
import { sparsity } from '../optim/index.ts'
import { foldIn, type Key, key, keyData } from '../random/index.ts'
import { type Average, averageOf } from './average.ts'
import { type Collector, collector } from './collector.ts'
import { type DivergedError, gradientDiverged, lossDiverged, weightsDiverged } from './diverged.ts'
import { type Evaluate, evaluator } from './evaluate.ts'
import type { Experiment } from './experiment.ts'
import { gradientSum } from './gradientSum.ts'
import { locateGradient, locateLoss } from './locate.ts'
import { type Clock, startClock } from './phases.ts'
import type { EpochReport, EvaluationReport, Position, Report } from './position.ts'
import { initialVariables, type Prepared } from './prepare.ts'
import { type BySize, bySize, type TrainProgram, trainProgram } from './programs.ts'
import { makeProgress, type Progress } from './progress.ts'
import { recordedOf } from './record/record.ts'
import { type StepMeasures, type StepMeter, stepMeter } from './record/stepMeter.ts'
import { type Scores, scoresOf } from './scores.ts'
import type { Best, Snapshot } from './snapshot.ts'
import { makeState, type State } from './state.ts'
import { renewStatistics } from './statistics.ts'
import { parametersOf, type Stepper, stepperOf } from './weightChanges.ts'
import { setWeights } from './weights.ts'

/** A step that was computed; `samples` is the batch's size. */
export interface StepReport extends Position {
  readonly loss: number
  readonly samples: number
}

/**
 * One training, step by step; `fit` is the loop around it. Between two steps all that it carries is in `snapshot()`.
 */
export class Training {
  readonly state: State
  readonly evaluate: Evaluate
  readonly stepsPerEpoch: number
  readonly clock: Clock = startClock()
  readonly #experiment: Experiment
  readonly #prepared: Prepared
  readonly #shuffleKey: Key
  readonly #stepKey: Key
  readonly #statisticsKey: Key
  readonly #progress: Progress
  readonly #programFor: BySize<TrainProgram>
  readonly #feed: ReturnType<typeof feeder>
  readonly #stepper: Stepper
  readonly #average: Average | undefined
  readonly #meter: StepMeter | undefined
  readonly #seen: Collector
  #coming: Iterator<Batch | Promise<Batch>> | undefined
  #epoch = 0
  #step = 0
  /** Batches seen, which chance is counted by. */
  #batches = 0
  #learningRate = Number.NaN

  constructor(experiment: Experiment, prepared: Prepared, seed: number) {
    const { batchSize, accumulate, loss, optimizer, metrics, averaging, mixup, record } = experiment
    const { dataset, indices } = prepared.train
    const state = makeState(initialVariables(prepared, seed), optimizer)
    this.#experiment = experiment
    this.#prepared = prepared
    this.#shuffleKey = foldIn(key(seed), 'shuffle')
    this.#stepKey = foldIn(key(seed), 'step')
    this.#statisticsKey = foldIn(key(seed), 'statistics')
    this.#progress = makeProgress(experiment, prepared.validation.indices.length > 0)
    this.#stepper = stepperOf(state, experiment)
    this.#average = averaging && averageOf(state, averaging)
    this.#meter = record.steps && stepMeter(state, record.steps)
    // A layer that is not there is told of before anything is trained.
    if (record.weights !== undefined) recordedOf(record.weights, stateDict(state.variables))
    this.#programFor = bySize((size) => trainProgram({ prepared, loss, state, mixup }, size))
    this.#feed = feeder(dataset, Math.min(batchSize, indices.length))
    this.#seen = collector(prepared.target, metrics.length === 0 ? 0 : indices.length)
    this.state = state
    this.evaluate = evaluator(prepared, loss, state)
    this.stepsPerEpoch = Math.ceil(indices.length / (batchSize * accumulate))
    this.#trySchedule()
  }

  /**
   * Asks schedule and average for the last step once, with scores by the names that there will be, so that a warm-up that is too long, or a
   * score that is not there, is told of before the first step.
   */
  #trySchedule(): void {
    const { schedule, averaging, epochs, metrics, evaluation, regularizers } = this.#experiment
    const { stepsPerEpoch } = this
    const steps = epochs * stepsPerEpoch
    const scores = Object.fromEntries(['loss', ...metrics.map(({ name }) => name)].map((name) => [name, Number.NaN]))
    const observation = {
      train: scores,
      ...(evaluation.train && { trainEvaluated: scores }),
      ...(this.#canValidate && { validation: scores }),
      ...(regularizers.length > 0 && { weights: { penalty: Number.NaN, sparsity: Number.NaN } }),
    }
    schedule.factor(steps - 1, steps, { stepsPerEpoch, history: [observation] })
    averaging?.due(steps, steps, { stepsPerEpoch })
  }

  /** Makes the programs. The last batch may be smaller: a layer that cannot train on it says so now, and not at the end of the first epoch. */
  async compile(): Promise<void> {
    const { length } = this.#prepared.train.indices
    const { batchSize } = this.#experiment
    for (const size of new Set([Math.min(batchSize, length), length % batchSize]))
      if (size > 0) await this.#programFor(size)
  }

  get position(): Position {
    return { epoch: this.#epoch, step: this.#step }
  }

  /** What the schedule made the learning rate of the last step that was taken here; NaN before the first. */
  get learningRate(): number {
    return this.#learningRate
  }

  /** All reports so far, oldest first. */
  get history(): readonly Report[] {
    return this.#progress.history
  }

  /** The best weights so far, by what the experiment monitors; better ones are written over them. */
  get best(): Best | undefined {
    return this.#progress.best
  }

  /** Whether there is no step left to take. */
  get isDone(): boolean {
    return this.#progress.hasStopped || this.#epoch >= this.#experiment.epochs
  }

  /** Whether all steps of the epoch under way have been taken. */
  get isEpochOver(): boolean {
    return this.#step === (this.#epoch + 1) * this.stepsPerEpoch
  }

  /** Whether an evaluation inside the epoch is to be made now. */
  get isEvaluationDue(): boolean {
    const { everySteps } = this.#experiment.evaluation
    return this.#canValidate && everySteps !== undefined && this.#step % everySteps === 0 && !this.isEpochOver
  }

  get #canValidate(): boolean {
    return this.#prepared.validation.indices.length > 0
  }

  /**
   * Takes the next step.
   *
   * @param onStep told of the loss before it is looked at
   * @returns what the experiment records of the step, if it does
   * @throws DivergedError where the loss or a gradient is no finite number; the parameters are as before
   */
  async step(onStep: (step: StepReport) => void): Promise<StepMeasures | undefined> {
    const { clock, state, stepsPerEpoch } = this
    const { epochs, optimizer, schedule, batchSize, accumulate } = this.#experiment
    const done = (this.#step % stepsPerEpoch) * accumulate * batchSize
    const samples = Math.min(batchSize * accumulate, this.#prepared.train.indices.length - done)
    const sum = gradientSum(state.flat.gradients, accumulate)
    let loss = 0
    let failed: { readonly batch: Batch; readonly chance: Uint32Array } | undefined
    for (let seen = 0; seen < samples; ) {
      const batch = await this.#nextBatch()
      const program = await this.#programFor(batch.size)
      const chance = foldIn(this.#stepKey, this.#batches)
      this.#prepared.augment?.(batch.inputs, chance)
      clock.lap('data')
      const result = await program.run(batch, keyData(chance))
      clock.lap('compute')
      const share = batch.size / samples
      loss += result.loss * share
      if (!Number.isFinite(loss)) {
        failed = { batch, chance: keyData(chance) }
        break
      }
      result.settle()
      sum.add(share)
      this.#seen.add({ ...result, targets: batch.targets })
      this.#batches += 1
      seen += batch.size
      clock.lap('metrics')
    }
    onStep({ epoch: this.#epoch, step: this.#step + 1, loss, samples })
    clock.lap('hooks')
    const place = this.#place(this.#step + 1)
    if (failed !== undefined) {
      const { batch, chance } = failed
      const where = await locateLoss(this.#experiment, this.#prepared, state, batch.size, batch, chance)
      this.#throwIf(lossDiverged('loss', loss, { ...place, where }))
    }
    sum.settle()
    const norm = state.gradientNorm()
    if (!Number.isFinite(norm)) this.#throwIf(gradientDiverged(norm, { ...place, where: locateGradient(state) }))
    const factor = schedule.factor(this.#step, epochs * stepsPerEpoch, {
      stepsPerEpoch,
      history: this.#progress.observations,
    })
    this.#step += 1
    this.#learningRate = optimizer.lr * factor
    this.#meter?.before(this.#step, norm)
    this.#stepper.take(this.#step, this.#learningRate)
    this.#average?.take(this.#step, epochs * stepsPerEpoch, stepsPerEpoch)
    const measures = this.#meter?.after({ step: this.#step, epoch: this.#step / stepsPerEpoch, loss })
    clock.lap('update')
    return measures
  }

  /** Evaluates inside an epoch. */
  async evaluateNow(): Promise<EvaluationReport> {
    return this.#averaged(async () => {
      const validation = await this.#validate()
      return this.#noted({ epoch: this.#step / this.stepsPerEpoch, step: this.#step, validation })
    })
  }

  /** Ends the epoch whose steps have all been taken. */
  async endEpoch(): Promise<EpochReport> {
    const { metrics, epochs, evaluation, regularizers } = this.#experiment
    const train = scoresOf(metrics, { loss: this.#seen.loss, predictions: this.#seen.predictions() })
    this.clock.lap('metrics')
    this.#seen.reset()
    this.#coming = undefined
    this.#epoch += 1
    const isLast = this.#epoch === epochs
    const isDue =
      evaluation.everySteps === undefined
        ? this.#epoch % evaluation.everyEpochs === 0
        : this.#step % evaluation.everySteps === 0
    const isNow = isDue || isLast
    const weights = regularizers.length > 0 && { weights: this.#weightScores() }
    if (!isNow) return this.#noted({ ...this.position, train, ...weights })
    return this.#averaged(async () => {
      const whole = evaluation.train ? await this.evaluate(this.#prepared.train) : undefined
      const validation = this.#canValidate ? await this.#validate() : undefined
      this.clock.lap('evaluation')
      return this.#noted({
        ...this.position,
        train,
        ...(whole && { trainEvaluated: scoresOf(metrics, whole) }),
        ...(validation && { validation }),
        ...weights,
      })
    })
  }

  /**
   * Ends the training with the weights that it is to end with.
   *
   * @throws DivergedError where one of them is no finite number
   */
  async finish(): Promise<void> {
    const { earlyStopping } = this.#experiment
    const { best } = this.#progress
    if (earlyStopping?.config.restoreBest === true && best !== undefined) setWeights(this.state, best.weights)
    else if (this.#average?.isThere === true) await this.#swapIn(this.#average)
    this.#throwIf(weightsDiverged(this.state.parameters, this.#place(this.#step)))
  }

  /** No step will be taken any more. */
  close(): void {
    for (const program of this.#programFor.made()) program.dispose()
  }

  /** What `restore` goes on from. Weights, the best ones, and vectors are those that training works on: copy them before the next step. */
  snapshot(): Snapshot {
    const { variables, optimizerState } = this.state
    const average = this.#average
    const meter = this.#meter
    const { history, best } = this.#progress
    return {
      position: this.position,
      weights: stateDict(variables),
      vectors: new Map([
        ...optimizerState,
        ...(average ? [[AVERAGE, average.vector] as const] : []),
        ...(meter ? [[PREVIOUS_GRADIENT, meter.previous] as const] : []),
      ]),
      seen: this.#seen.seen,
      averaged: average?.updates ?? 0,
      history,
      ...(best && { best }),
    }
  }

  /** Goes on from a snapshot of the same experiment, data and seed, in place of the beginning. */
  restore({ position: { epoch, step }, weights, vectors, seen, averaged, history, best }: Snapshot): void {
    setWeights(this.state, weights)
    for (const [name, vector] of this.state.optimizerState) vector.set(needed(vectors, name))
    if (averaged > 0) this.#average?.restore(needed(vectors, AVERAGE), averaged)
    this.#meter?.previous.set(needed(vectors, PREVIOUS_GRADIENT))
    this.#epoch = epoch
    this.#step = step
    this.#progress.restore(history, best)
    if (seen.samples === 0) return
    const before = Uint32Array.from([...this.#order()].flatMap((batch) => [...batch])).subarray(0, seen.samples)
    this.#seen.restore(seen, gatherTargets(this.#prepared.train.dataset, before))
  }

  /** The batches of the epoch under way. */
  #order(): Batches {
    const { batchSize } = this.#experiment
    return batches(this.#prepared.train.indices, batchSize, { key: this.#shuffleKey, epoch: this.#epoch })
  }

  #nextBatch(): Batch | Promise<Batch> {
    if (this.#coming === undefined) {
      const order = this.#order()
      const first = (this.#step % this.stepsPerEpoch) * this.#experiment.accumulate
      this.#batches = this.#epoch * order.length + first
      this.#coming = this.#feed(order.from(first))[Symbol.iterator]()
    }
    const { value, done } = this.#coming.next()
    if (done === true) throw new Error('the epoch has no batch left')
    return value
  }

  /** Does something with the averaged weights in place, where there are any yet. */
  async #averaged<T>(body: () => Promise<T>): Promise<T> {
    const average = this.#average
    if (average?.isThere !== true) return body()
    const statistics = [...this.state.buffers.values()].map((buffer) => buffer.slice())
    await this.#swapIn(average)
    try {
      return await body()
    } finally {
      average.swap()
      for (const [i, buffer] of [...this.state.buffers.values()].entries()) buffer.set(statistics[i] ?? [])
    }
  }

  async #swapIn(average: Average): Promise<void> {
    average.swap()
    await renewStatistics(this.#experiment, this.#prepared, this.state, this.#statisticsKey)
    this.clock.lap('evaluation')
  }

  #place(step: number): { readonly epoch: number; readonly step: number; readonly lr: number } {
    return { epoch: this.#epoch, step, lr: this.#experiment.optimizer.lr }
  }

  #throwIf(divergence: DivergedError | undefined): void {
    if (divergence !== undefined) throw divergence
  }

  async #validate(): Promise<Scores> {
    this.clock.lap('hooks')
    const evaluation = await this.evaluate(this.#prepared.validation)
    this.clock.lap('evaluation')
    this.#throwIf(lossDiverged('validation loss', evaluation.loss, this.#place(this.#step)))
    return scoresOf(this.#experiment.metrics, evaluation)
  }

  #noted<R extends Report>(report: R): R {
    return this.#progress.note(report, this.position, this.state)
  }

  /** What regularisation has come to. */
  #weightScores(): Scores {
    return { penalty: this.#stepper.penalty(), sparsity: sparsity(parametersOf(this.state)).weights.share }
  }
}

/** Under which name a snapshot has the averaged weights, end to end. */
const AVERAGE = 'average'
/** Under which name it has the gradient that the next one is compared with. */
const PREVIOUS_GRADIENT = 'previousGradient'

function needed(vectors: Snapshot['vectors'], name: string): Float32Array {
  const vector = vectors.get(name)
  if (vector === undefined) throw new Error(`the snapshot has no ${name}`)
  return vector
}
