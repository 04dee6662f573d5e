import { UsageError } from '../errors.ts'
import type { Optimizer } from '../optim/index.ts'
import { DivergedError } from './diverged.ts'
import type { Experiment } from './experiment.ts'
import { type FitResult, fit } from './fit.ts'
import { fitGroup, type Trainee } from './populationGroup.ts'
import { membersTogether } from './populationSize.ts'
import type { EpochReport, EvaluationReport, Position } from './position.ts'
import type { Prepared } from './prepare.ts'
import { recordsAnything } from './record/record.ts'
import type { State } from './state.ts'
import type { Training } from './training.ts'

/** What one network of a population has of its own; what is left out is the experiment's. */
export interface Member {
  readonly seed: number
  readonly lr?: number
  readonly weightDecay?: number
  /** Data of its own, a fold for instance, with preparation fitted on them; samples must be alike. */
  readonly prepared?: Prepared
}

/** One that diverged has the weights that it had before the step that `error` names. */
export type MemberResult =
  | Omit<FitResult, 'times'>
  | (Omit<FitResult, 'status' | 'times'> & { readonly status: 'diverged'; readonly error: DivergedError })

/** The hooks of `fit`; members are numbered from 0, in the order in which they were given. */
export interface PopulationHooks {
  /** When everything is compiled and the first step of these members is about to be taken. */
  onStart?(start: { readonly stepsPerEpoch: number; readonly members: readonly number[] }): void | Promise<void>
  onStep?(step: Position & { readonly member: number; readonly loss: number; readonly samples: number }): void
  /** After each step of all, when all that belongs to it has been done. */
  onSettled?(): void | Promise<void>
  /** After an evaluation inside an epoch, which only networks that train one after the other have. */
  onEvaluation?(report: EvaluationReport & { readonly member: number }, state: State): void | Promise<void>
  onEpoch?(report: EpochReport & { readonly member: number }, state: State): void | Promise<void>
  /** Asked before each step of all; true ends the training after the one before. */
  shouldStop?(): boolean
}

/**
 * Trains many networks of one experiment in step, as one program (one after the other where the experiment regularises, clips, averages, mixes, stops early
 * or evaluates inside epochs): each with the weights, the order of samples and the dropout
 * of its own seed, and the learning rate and weight decay that it asks for. Each ends where {@link fit} with the same seed and
 * settings ends, but for rounding. One that diverges stands still while the others go on.
 *
 * Small networks gain most: 64 of 571 parameters take a third of the time of 64 fits. What keeps the cores busy alone gains
 * nothing. So many members as fit in a processor's cache are trained together, at most 64, and then the next; members with
 * another number of training samples take other batches and have programs of their own.
 *
 * @returns one result for each member, in order
 * @throws UsageError when there are no members, the experiment records weights or steps, or the optimiser has no weight decay and one is given
 * @example
 * const results = await fitPopulation(experiment, prepared, [{ seed: 0 }, { seed: 1 }, { seed: 0, lr: 1e-2 }])
 * const evaluations = await Promise.all(results.map(({ evaluate }) => evaluate(prepared.test)))
 */
export async function fitPopulation(
  experiment: Experiment,
  prepared: Prepared,
  members: readonly Member[],
  hooks: PopulationHooks = {},
): Promise<readonly MemberResult[]> {
  if (members.length === 0) throw new UsageError('fitPopulation: there are no members; give at least one, { seed: 0 }')
  if (recordsAnything(experiment.record))
    throw new UsageError(
      'fitPopulation: the experiment records its way, and only runs have a folder to keep that in: train it with assay run, or give experiment.with({ record: {} })',
    )
  if (notInStep(experiment) !== undefined) return oneByOne(experiment, prepared, members, hooks)
  const groups = new Map<number, Trainee[]>()
  for (const [member, own] of members.entries()) {
    const data = own.prepared ?? prepared
    const { length } = data.train.indices
    const trainee = { member, seed: own.seed, prepared: data, optimizer: optimizerOf(experiment.optimizer, own) }
    groups.set(length, [...(groups.get(length) ?? []), trainee])
  }
  const most = membersTogether(experiment, prepared)
  const results: MemberResult[] = []
  for (const group of [...groups.values()].flatMap((all) => evenParts(all, most)))
    for (const { member, result } of await fitGroup(experiment, group, hooks)) results[member] = result
  return results
}

/** What of an experiment the loop of populations does not do, so that its networks train one after the other; undefined where it does all. */
export function notInStep(of: Experiment): string | undefined {
  const asked: readonly (readonly [isAsked: boolean, what: string])[] = [
    [of.regularizers.length > 0, 'regularizers'],
    [of.clip !== undefined, 'clip'],
    [of.averaging !== undefined, 'averaging'],
    [of.mixup !== undefined, 'mixup'],
    [of.accumulate !== 1, 'accumulate'],
    [of.earlyStopping !== undefined, 'earlyStopping'],
    [of.evaluation.everySteps !== undefined, 'evaluation.everySteps'],
    [of.evaluation.train, 'evaluation.train'],
    [of.callbacks.length > 0, 'callbacks'],
  ]
  return asked.find(([isAsked]) => isAsked)?.[1]
}

/** The same by `fit`, one member after the other. */
async function oneByOne(
  experiment: Experiment,
  prepared: Prepared,
  members: readonly Member[],
  hooks: PopulationHooks,
): Promise<readonly MemberResult[]> {
  const results: MemberResult[] = []
  for (const [member, own] of members.entries()) {
    const of = experiment.with({ optimizer: optimizerOf(experiment.optimizer, own) })
    let training: Training | undefined
    try {
      const { times: _, ...result } = await fit(of, own.prepared ?? prepared, own.seed, {
        onStart: (started) => {
          training = started
          return hooks.onStart?.({ stepsPerEpoch: started.stepsPerEpoch, members: [member] })
        },
        onStep: (step) => hooks.onStep?.({ ...step, member }),
        onEvaluation: (report, { state }) => hooks.onEvaluation?.({ ...report, member }, state),
        onEpoch: (report, { state }) => hooks.onEpoch?.({ ...report, member }, state),
        ...(hooks.onSettled && { onSettled: () => hooks.onSettled?.() }),
        ...(hooks.shouldStop && { shouldStop: hooks.shouldStop }),
      })
      results.push(result)
    } catch (error) {
      if (!(error instanceof DivergedError) || training === undefined) throw error
      const { position, state, evaluate } = training
      results.push({ status: 'diverged', error, position, state, evaluate })
    }
  }
  return results
}

/** A list in as few parts of at most `most` as go, about equally long: parts as long as others share their program. */
export function evenParts<T>(list: readonly T[], most: number): T[][] {
  const size = Math.ceil(list.length / Math.ceil(list.length / most))
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

const optimizerOf = (optimizer: Optimizer, { lr, weightDecay }: Member): Optimizer =>
  lr === undefined && weightDecay === undefined
    ? optimizer
    : optimizer.with({ ...(lr !== undefined && { lr }), ...(weightDecay !== undefined && { weightDecay }) })
