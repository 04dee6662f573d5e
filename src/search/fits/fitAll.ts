import {
  type EpochReport,
  type EvaluationReport,
  fitPopulation,
  type Member,
  type MemberResult,
  type Position,
  type Prepared,
  type Report,
} from '../../train/index.ts'
import { type Fit, type FitPlan, planFits } from './plan.ts'

/** What came of one fit, and its reports, oldest first. Weights and programs are there until the next pack begins: keep what is needed of them. */
export type FitOutcome = MemberResult & { readonly reports: readonly Report[] }

/** Fits are numbered from 0, in the order in which they were given. */
export interface FitHooks {
  /** Default: what {@link planFits} makes of the fits. */
  readonly plan?: FitPlan
  /** When everything is compiled and the first step of these fits is about to be taken. */
  onStart?(start: { readonly fits: readonly number[]; readonly stepsPerEpoch: number }): void | Promise<void>
  onStep?(step: Position & { readonly fit: number; readonly loss: number; readonly samples: number }): void
  /** After each step of all that are packed together; training waits for it, as for the others that are asynchronous. */
  onSettled?(): void | Promise<void>
  /** After an evaluation inside an epoch. */
  onEvaluation?(report: EvaluationReport & { readonly fit: number }): void | Promise<void>
  onEpoch?(report: EpochReport & { readonly fit: number }): void | Promise<void>
  /** Asked before each step; true ends all after the one before. */
  shouldStop?(): boolean
}

/**
 * Trains many fits, as many at once as their plan packs together; each ends where `fit` ends, but for rounding. One that diverges does not
 * end the others. What is to be kept of a fit is taken from it as soon as its pack is done, so that the weights of thousands need not be
 * in memory.
 *
 * @param keep what to make of an outcome: scores, predictions, a copy of the weights
 * @returns what `keep` made of each fit, in order; undefined where `shouldStop` came first
 * @throws UsageError where an experiment cannot train at all
 * @example
 * const scores = await fitAll(fits, async ({ status, evaluate }, { prepared }) =>
 *   status === 'finished' ? (await evaluate(prepared.validation)).loss : Number.NaN,
 * )
 */
export async function fitAll<F extends Fit, T>(
  fits: readonly F[],
  keep: (outcome: FitOutcome, fit: F, number: number) => T | Promise<T>,
  { plan = planFits(fits), shouldStop, ...hooks }: FitHooks = {},
): Promise<(T | undefined)[]> {
  const kept = new Array<T | undefined>(fits.length).fill(undefined)
  for (const pack of plan.packs) {
    if (shouldStop?.() === true) break
    const members = pack.fits.flatMap((number) => (fits[number] ? [{ number, fit: fits[number] }] : []))
    const [first] = members
    if (first === undefined) continue
    const numberOf = (member: number): number => members[member]?.number ?? first.number
    const reports = members.map((): Report[] => [])
    const results = await fitPopulation(
      // Fits have no folder in which what is recorded could be kept.
      first.fit.experiment.with({ record: {} }),
      first.fit.prepared,
      membersOf(members.map(({ fit }) => fit)),
      {
        onStart: ({ members: started, stepsPerEpoch }) =>
          hooks.onStart?.({ fits: started.map(numberOf), stepsPerEpoch }),
        onStep: ({ member, ...step }) => hooks.onStep?.({ ...step, fit: numberOf(member) }),
        ...(hooks.onSettled && { onSettled: hooks.onSettled }),
        onEvaluation: ({ member, ...report }) => {
          reports[member]?.push(report)
          return hooks.onEvaluation?.({ ...report, fit: numberOf(member) })
        },
        onEpoch: ({ member, ...report }) => {
          reports[member]?.push(report)
          return hooks.onEpoch?.({ ...report, fit: numberOf(member) })
        },
        ...(shouldStop && { shouldStop }),
      },
    )
    for (const [member, { number, fit }] of members.entries()) {
      const result = results[member]
      if (result !== undefined && result.status !== 'interrupted')
        kept[number] = await keep({ ...result, reports: reports[member] ?? [] }, fit, number)
    }
  }
  return kept
}

/** Fits on the same samples have one preparation, however many experiments asked for it: the program is told so. */
function membersOf(fits: readonly Fit[]): Member[] {
  const known: Prepared[] = []
  return fits.map(({ experiment: { optimizer }, prepared, seed }) => {
    const { train, validation, transforms } = prepared
    const same = known.find(
      (one) => one.train === train && one.validation === validation && one.transforms === transforms,
    )
    if (same === undefined) known.push(prepared)
    const { weightDecay } = optimizer.config
    return {
      ...{ seed, prepared: same ?? prepared, lr: optimizer.lr },
      ...(typeof weightDecay === 'number' && { weightDecay }),
    }
  })
}
