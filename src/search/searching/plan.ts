import { foldIn, key } from '../../random/index.ts'
import { type Fit, fitAll, planFits } from '../fits/index.ts'
import { randomPoint } from '../samplers/random.ts'
import type { Point } from '../space/index.ts'
import type { Study } from '../study/index.ts'
import type { Materials, Part } from './materials.ts'
import type { Search } from './search.ts'

/** What a search will do, told before it begins. */
export interface SearchPlan {
  /** In all. */
  readonly trials: number
  /** Trials that have ended before. */
  readonly done: number
  /** Trainings of a trial: folds × seeds. */
  readonly fitsPerTrial: number
  readonly folds: number
  readonly seeds: number
  /** Samples that a fit is trained on, and judged by. */
  readonly samples: { readonly train: number; readonly scoring: number }
  /** Of some trials that are planned, which stand for all: how many there are, and the programs and packs that they need. */
  readonly looked: { readonly trials: number; readonly programs: number; readonly packs: number }
  /** What one worker needs, from the first steps of some fits; undefined where it was not measured. */
  readonly seconds?: { readonly perFit: number; readonly perProgram: number }
}

/** Trials that are looked at. */
const LOOKED = 32
/** Packs that are timed, and for how long each, in milliseconds after it was compiled. */
const TIMED = 3
const TIME = 300

/**
 * Looks at the first trials (of a sampler that goes by what comes, at random ones), and trains some of them for a moment.
 *
 * @throws UsageError naming the configuration whose experiment cannot be trained
 */
export async function planSearch(
  {
    search,
    study,
    materials,
  }: { readonly search: Search; readonly study: Study<unknown>; readonly materials: Materials },
  { shouldStop, isTimed = true }: { shouldStop(): boolean; readonly isTimed?: boolean },
): Promise<SearchPlan> {
  const done = study.trials.filter(({ outcome }) => outcome !== undefined).length
  const trials = study.limit ?? done
  const isTogether = study.isIndependent && search.pruner.kind === 'none'
  const isByFold = search.pruner.kind !== 'none' && search.crossValidation !== undefined
  const points = pointsOf(search, study, Math.min(LOOKED, Math.max(1, trials - done)))
  /** What is trained at once. */
  const groups: Fit[][] = []
  let parts: readonly Part[] = []
  for (const point of points) {
    const experiment = search.experimentOf(search.space.configuration(point)).with({ asserts: {} })
    parts = await materials.of(experiment)
    const folds = parts.map(({ prepared }) => search.seeds.map((seed) => ({ experiment, prepared, seed })))
    groups.push(...(isByFold ? folds : [folds.flat()]))
    if (shouldStop()) break
  }
  const plans = (isTogether ? [groups.flat()] : groups).map((fits) => ({ fits, plan: planFits(fits) }))
  const packs = plans.flatMap(({ fits, plan }) => plan.packs.map((pack) => pack.fits.flatMap((n) => fits[n] ?? [])))
  const [first] = parts
  const seconds = isTimed ? await timed(packs, shouldStop) : undefined
  return {
    ...{
      trials,
      done,
      folds: parts.length,
      seeds: search.seeds.length,
      fitsPerTrial: parts.length * search.seeds.length,
    },
    samples: { train: first?.prepared.train.indices.length ?? 0, scoring: first?.scoring.indices.length ?? 0 },
    // Packs of trials that are trained one after the other have programs in common, where their first fits have.
    looked: {
      trials: points.length,
      programs: isTogether
        ? plans.reduce((sum, { plan }) => sum + plan.programs, 0)
        : planFits(packs.flatMap(([one]) => one ?? [])).programs,
      packs: packs.length,
    },
    ...(seconds && { seconds }),
  }
}

/** Where the next trials look, or random places. */
function pointsOf({ space, sampler, seed }: Search, study: Study<unknown>, count: number): readonly Point[] {
  const from = foldIn(key(0), 'plan')
  const places = Array.from({ length: count }, (_, i) => i)
  if (!study.isIndependent) return places.map((i) => randomPoint(space, foldIn(from, i)))
  const { suggest } = sampler.start({ space, direction: study.direction, key: key(seed) })
  const begun = study.trials.length
  return places.flatMap((i) => {
    const point = suggest(begun + i, [])
    return point === undefined ? [] : [point]
  })
}

/** By the first steps of some packs. */
async function timed(packs: readonly (readonly Fit[])[], shouldStop: () => boolean): Promise<SearchPlan['seconds']> {
  const every = Math.max(1, Math.floor(packs.length / TIMED))
  const perFit: number[] = []
  const perProgram: number[] = []
  for (const fits of packs.filter((_, i) => i % every === 0).slice(0, TIMED)) {
    const [first] = fits
    if (first === undefined || shouldStop()) continue
    const called = performance.now()
    let began = 0
    let elapsed = 0
    let asked = 0
    let isOver = false
    let isCompiled = false
    let stepsPerEpoch = 1
    await fitAll(fits, () => undefined, {
      onStart: (start) => {
        if (isOver) return
        if (!isCompiled) perProgram.push((performance.now() - called) / 1000)
        isCompiled = true
        stepsPerEpoch = start.stepsPerEpoch
        asked = 0
      },
      shouldStop: () => {
        if (isOver) return true
        // Asked before each step, and once before all: the first step is not timed, as caches are cold.
        asked += 1
        if (asked === 2) began = performance.now()
        elapsed = performance.now() - began
        isOver = shouldStop() || (asked > 2 && elapsed > TIME)
        return isOver
      },
    })
    const steps = Math.max(1, asked - 2)
    if (asked > 2) perFit.push(((elapsed / 1000 / steps) * stepsPerEpoch * first.experiment.epochs) / fits.length)
  }
  return perFit.length === 0 ? undefined : { perFit: mean(perFit), perProgram: mean(perProgram) }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
