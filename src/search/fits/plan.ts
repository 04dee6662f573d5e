import { describe, type Experiment, type Json, type Prepared } from '../../train/index.ts'
import { evenParts, notInStep } from '../../train/population.ts'
import { membersTogether } from '../../train/populationSize.ts'

/** One training: what is trained, on which samples, and where chance comes from. */
export interface Fit {
  readonly experiment: Experiment
  /** Network of this experiment, and its data: all of them, or those of a fold. */
  readonly prepared: Prepared
  readonly seed: number
}

/** Fits that one program trains together; numbers are those of the fits, from 0. */
export interface Pack {
  readonly fits: readonly number[]
  /** Equal for packs that share their training program, which differ in rates and seeds alone. */
  readonly program: number
  /** Of one fit by itself: why it is. */
  readonly alone?: string
}

/** How fits will be trained, before the first one is. */
export interface FitPlan {
  /** Number of fits. */
  readonly fits: number
  /** In the order in which they are trained; each fit is in one of them. */
  readonly packs: readonly Pack[]
  /** Training programs to compile. */
  readonly programs: number
  /** Reasons why fits are trained alone, and how many fits have each. */
  readonly alone: Readonly<Record<string, number>>
}

/**
 * Puts fits into packs that one program trains. Those go together whose experiments differ in seed, learning rate and weight decay alone
 * and which have as many training samples of one shape; which samples says nothing, so folds may be packed with one another. A pack has
 * at most so many as find room in a processor's cache.
 *
 * @example
 * const fits = rates.map((lr) => ({ experiment: one.set('optimizer.lr', lr), prepared, seed: 0 }))
 * planFits(fits) // { fits: 20, packs: [{ fits: [0, 1, 2, …], program: 0 }, …], programs: 1, alone: {} }
 */
export function planFits(fits: readonly Fit[]): FitPlan {
  const bodyOf = remembered(bodyText)
  const places = numbering<object>()
  const kinds = new Map<string, Numbered[]>()
  for (const [number, fit] of fits.entries()) {
    const kind = `${bodyOf(fit.experiment)}\n${samplesText(fit.prepared)}`
    kinds.set(kind, [...(kinds.get(kind) ?? []), { number, fit, data: places(fit.prepared.train) }])
  }
  const found = [...kinds].flatMap(([kind, alike]) => packsOf(alike).map((pack) => ({ kind, ...pack })))
  // What a preparation learnt is part of the program.
  const preparations = (members: readonly Numbered[]): readonly number[] =>
    members.map(({ fit: { prepared }, data }) => (prepared.transforms.length === 0 ? -1 : data))
  const programs = numbering<string>()
  return planOf(
    found.map(({ kind, members, why }) => ({
      fits: members.map(({ number }) => number),
      program: programs(JSON.stringify([kind, preparations(members)])),
      ...(why !== undefined && { alone: why }),
    })),
  )
}

/** What is left of a plan: whole packs, so that each fit comes to the same bits as without an interruption. */
export const remaining = ({ packs }: FitPlan, isDone: (fit: number) => boolean): FitPlan =>
  planOf(packs.filter(({ fits }) => !fits.every(isDone)))

function planOf(packs: readonly Pack[]): FitPlan {
  const alone: Record<string, number> = {}
  for (const { alone: why } of packs) if (why !== undefined) alone[why] = (alone[why] ?? 0) + 1
  return {
    fits: packs.reduce((sum, { fits }) => sum + fits.length, 0),
    packs,
    programs: new Set(packs.map(({ program }) => program)).size,
    alone,
  }
}

interface Numbered {
  readonly number: number
  readonly fit: Fit
  /** Equal for fits on the same samples. */
  readonly data: number
}

function packsOf(alike: readonly Numbered[]): { readonly members: readonly Numbered[]; readonly why?: string }[] {
  const [first] = alike
  if (first === undefined) return []
  const { experiment, prepared } = first.fit
  const asked = notInStep(experiment)
  const most = asked === undefined && alike.length > 1 ? membersTogether(experiment, prepared) : 1
  if (most === 1) {
    const why =
      asked !== undefined
        ? `${asked} is only for networks that train alone`
        : alike.length === 1
          ? 'no other fit differs from it in seed, learning rate and weight decay alone'
          : 'the network is so large that two fill no processor better than one'
    return alike.map((one) => ({ members: [one], why }))
  }
  // Those on the same samples beside each other: they share their preparation and what they validate on.
  const sorted = alike.toSorted((a, b) => a.data - b.data || a.number - b.number)
  return evenParts(sorted, most).map((members) => ({ members }))
}

/** All of an experiment that its training depends on, but for the samples and the rates. */
function bodyText(experiment: Experiment): string {
  const { name: _, seeds: __, data: ___, split: ____, optimizer, ...rest } = describe(experiment)
  return JSON.stringify([rest, withoutRates(optimizer)])
}

function withoutRates(optimizer: Json | undefined): Json {
  if (typeof optimizer !== 'object' || optimizer === null || Array.isArray(optimizer)) return null
  const { lr: _, weightDecay: __, ...rest } = optimizer
  return rest
}

const samplesText = ({ train, validation, inputDtype, target }: Prepared): string =>
  JSON.stringify([
    train.indices.length,
    train.dataset.inputs.shape,
    inputDtype,
    target.task === 'classification' ? target.classes.length : target.shape,
    validation.indices.length > 0,
  ])

/** A function that computes once for each object. */
function remembered<T>(compute: (of: Experiment) => T): (of: Experiment) => T {
  const known = new Map<Experiment, T>()
  return (of) => {
    const value = known.get(of) ?? compute(of)
    known.set(of, value)
    return value
  }
}

/** Numbers things in the order in which they are met. */
function numbering<T>(): (of: T) => number {
  const numbers = new Map<T, number>()
  return (of) => {
    const number = numbers.get(of) ?? numbers.size
    numbers.set(of, number)
    return number
  }
}
