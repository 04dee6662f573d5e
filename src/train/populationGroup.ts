import { batches, gather } from '../data/index.ts'
import type { Loss } from '../nn/index.ts'
import type { Observation, Optimizer } from '../optim/index.ts'
import { foldIn, key, keyData } from '../random/index.ts'
import { collector } from './collector.ts'
import { type DivergedError, gradientDiverged, lossDiverged, weightsDiverged } from './diverged.ts'
import { type Evaluation, evaluateBatches, evaluator } from './evaluate.ts'
import type { Experiment } from './experiment.ts'
import type { FitResult } from './fit.ts'
import { observationsOf } from './observation.ts'
import type { MemberResult, PopulationHooks } from './population.ts'
import { populationEvaluation, populationProgram } from './populationPrograms.ts'
import type { Position } from './position.ts'
import { initialVariables, type Prepared } from './prepare.ts'
import { bySize } from './programs.ts'
import { scoresOf } from './scores.ts'
import { makeStates, type State, type States } from './state.ts'

/** A member before training. */
export interface Trainee {
  readonly member: number
  readonly seed: number
  readonly prepared: Prepared
  readonly optimizer: Optimizer
}

type Learner = ReturnType<typeof learnerOf>

function learnerOf(trainee: Trainee, place: number, state: State, { loss, metrics }: Experiment) {
  const { seed, prepared } = trainee
  return {
    ...trainee,
    /** Among the members of its program. */
    place,
    state,
    shuffleKey: foldIn(key(seed), 'shuffle'),
    stepKey: foldIn(key(seed), 'step'),
    evaluate: evaluator(prepared, loss, state),
    seen: collector(prepared.target, metrics.length === 0 ? 0 : prepared.train.indices.length),
    /** What its schedule is told. */
    observations: [] as Observation[],
  }
}

/**
 * The loop of `fit` for members with as many training samples as each other: one run of one program is a step of all.
 */
export async function fitGroup(
  experiment: Experiment,
  trainees: readonly Trainee[],
  hooks: PopulationHooks,
): Promise<readonly { readonly member: number; readonly result: MemberResult }[]> {
  const { batchSize, epochs, loss, schedule, metrics } = experiment
  const { everyEpochs } = experiment.evaluation
  const prepared = trainees.map((trainee) => trainee.prepared)
  const states = makeStates(
    trainees.map((trainee) => ({
      initial: initialVariables(trainee.prepared, trainee.seed),
      optimizer: trainee.optimizer,
    })),
  )
  const learners = trainees.map((trainee, place) => learnerOf(trainee, place, at(states.members, place), experiment))
  const stopped = new Map<Learner, { readonly error: DivergedError; readonly position: Position }>()
  const stopIf = (learner: Learner, error: DivergedError | undefined, position: Position): boolean => {
    if (error !== undefined) stopped.set(learner, { error, position })
    return error !== undefined
  }
  const remaining = () => learners.filter((learner) => !stopped.has(learner))
  const end = (status: FitResult['status'], position: Position) =>
    learners.map((learner) => {
      const { member, state, evaluate } = learner
      const divergence = stopped.get(learner)
      const result: MemberResult =
        divergence === undefined
          ? { status, position, state, evaluate }
          : { status: 'diverged', ...divergence, state, evaluate }
      return { member, result }
    })

  const programFor = bySize((size) => populationProgram({ prepared, loss, states }, size))
  const validate = validator(learners, loss, states)
  try {
    const samples = at(prepared, 0).train.indices.length
    for (const size of new Set([Math.min(batchSize, samples), samples % batchSize]))
      if (size > 0) await programFor(size)
    const stepsPerEpoch = Math.ceil(samples / batchSize)
    await hooks.onStart?.({ stepsPerEpoch, members: trainees.map(({ member }) => member) })
    const keys = new Uint32Array(2 * learners.length)
    let step = 0
    for (let epoch = 0; epoch < epochs; epoch++) {
      const orders = learners.map((learner) =>
        batches(learner.prepared.train.indices, batchSize, { key: learner.shuffleKey, epoch }),
      )
      for (const { seen } of learners) seen.reset()
      for (let batch = 0; batch < stepsPerEpoch; batch++) {
        if (remaining().length === 0 || hooks.shouldStop?.() === true) return end('interrupted', { epoch, step })
        const size = Math.min(batchSize, samples - batch * batchSize)
        const { rooms, run } = await programFor(size)
        for (const { place, prepared: own, stepKey } of remaining()) {
          const { inputs } = await gather(own.train.dataset, at(orders, place).at(batch), at(rooms, place))
          const chance = foldIn(stepKey, step)
          own.augment?.(inputs, chance)
          keys.set(keyData(chance), 2 * place)
        }
        const { losses, outputs, settle } = await run(keys)
        for (const learner of remaining()) {
          const {
            place,
            member,
            state,
            seen,
            observations,
            optimizer: { lr },
          } = learner
          const value = at(losses, place)
          hooks.onStep?.({ epoch, step: step + 1, member, loss: value, samples: size })
          const where = { epoch, step: step + 1, lr }
          const divergence = lossDiverged('loss', value, where) ?? gradientDiverged(state.gradientNorm(), where)
          if (stopIf(learner, divergence, { epoch, step })) continue
          const factor = schedule.factor(step, epochs * stepsPerEpoch, { stepsPerEpoch, history: observations })
          settle(place)
          state.update(step + 1, lr * factor)
          seen.add({ loss: value, output: at(outputs, place), targets: at(rooms, place).targets })
        }
        step += 1
        await hooks.onSettled?.()
      }
      const isDue = (epoch + 1) % everyEpochs === 0 || epoch + 1 === epochs
      const evaluations = isDue ? await validate(remaining()) : NOT_YET
      for (const learner of remaining()) {
        const {
          member,
          state,
          seen,
          observations,
          prepared: { validation },
          optimizer: { lr },
        } = learner
        const evaluation = evaluations.get(learner)
        const position = { epoch: epoch + 1, step }
        if (
          evaluation !== undefined &&
          stopIf(learner, lossDiverged('validation loss', evaluation.loss, { epoch, step, lr }), position)
        )
          continue
        const report = {
          ...position,
          train: scoresOf(metrics, { loss: seen.loss, predictions: seen.predictions() }),
          ...(evaluation && { validation: scoresOf(metrics, evaluation) }),
        }
        observations.push(...observationsOf(report, validation.indices.length > 0))
        await hooks.onEpoch?.({ ...report, member }, state)
      }
    }
    for (const learner of remaining())
      stopIf(
        learner,
        weightsDiverged(learner.state.parameters, { epoch: epochs - 1, step, lr: learner.optimizer.lr }),
        {
          epoch: epochs,
          step,
        },
      )
    return end('finished', { epoch: epochs, step })
  } finally {
    for (const program of programFor.made()) program.dispose()
  }
}

/** Of an epoch after which nothing is evaluated. */
const NOT_YET: ReadonlyMap<Learner, Evaluation> = new Map()

/** What members score on their validation splits; one that all share goes through one program. */
function validator(
  learners: readonly Learner[],
  loss: Loss,
  states: States,
): (asked: readonly Learner[]) => Promise<ReadonlyMap<Learner, Evaluation>> {
  const prepared = learners.map((learner) => learner.prepared)
  const first = at(prepared, 0)
  const programFor = bySize((size) => populationEvaluation({ prepared, loss, states }, size))
  const isShared = learners.length > 1 && prepared.every((one) => one === first)
  return async (asked) => {
    if (isShared && first.validation.indices.length > 0) {
      const all = await evaluateBatches(first.validation, first.target, learners.length, programFor)
      return new Map(asked.map((learner) => [learner, at(all, learner.place)]))
    }
    const each = new Map<Learner, Evaluation>()
    for (const learner of asked)
      if (learner.prepared.validation.indices.length > 0)
        each.set(learner, await learner.evaluate(learner.prepared.validation))
    return each
  }
}

function at<T>(list: ArrayLike<T>, place: number): T {
  const item = list[place]
  if (item === undefined) throw new Error(`there is nothing for member ${place} of a population`)
  return item
}
