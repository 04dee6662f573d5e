import { UsageError } from '../../errors.ts'
import type { EpochReport, Report } from '../../train/index.ts'
import { scoresOf } from '../../train/scores.ts'
import { type Fit, type FitHooks, type FitOutcome, fitAll } from '../fits/index.ts'
import type { Study, Trial } from '../study/index.ts'
import type { Materials, Part } from './materials.ts'
import { parseObjective } from './objective.ts'
import { type FitRecord, writeScores } from './records.ts'
import type { Search } from './search.ts'

/** Trains fits and hands on what came of each. */
export type Train = (
  fits: readonly PartFit[],
  keep: (outcome: FitOutcome, fit: PartFit) => Promise<void>,
  hooks: FitHooks,
) => Promise<void>

/** One training of a trial. */
export interface PartFit extends Fit {
  readonly part: Part
  readonly trial: Trial<unknown>
}

/** Packs those together that one program can train. */
export const trainTogether: Train = async (fits, keep, hooks) => {
  await fitAll(fits, (outcome, _, number) => keepAt(fits, number, (fit) => keep(outcome, fit)), hooks)
}

function keepAt<T>(fits: readonly PartFit[], number: number, use: (fit: PartFit) => T): T {
  const fit = fits[number]
  if (fit === undefined) throw new Error(`there is no fit ${number}`)
  return use(fit)
}

export interface Surroundings {
  /** Of the study. */
  readonly folder: string
  readonly search: Search
  readonly study: Study<unknown>
  readonly materials: Materials
  readonly train: Train
  readonly hooks: Pick<FitHooks, 'onStart' | 'onEpoch' | 'shouldStop'>
}

/** A trial whose fits are being trained. */
interface Under {
  readonly trial: Trial<unknown>
  readonly fits: readonly PartFit[]
  readonly records: FitRecord[]
}

/**
 * Trains trials, keeps what came of them, and tells it. Those that cannot be trained have failed.
 *
 * @returns trials that were stopped before their end, and are still open
 */
export async function evaluateTrials(
  trials: readonly Trial<unknown>[],
  around: Surroundings,
): Promise<readonly Trial<unknown>[]> {
  const { study, search } = around
  const began = performance.now()
  const under = new Map<Trial<unknown>, Under>()
  for (const trial of trials) {
    try {
      under.set(trial, { trial, fits: await fitsOf(trial, around), records: [] })
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      await study.tell(trial, { failed: error.message })
    }
  }
  const fits = [...under.values()].flatMap((one) => one.fits)
  const close = async (one: Under, isPruned = false): Promise<void> => {
    under.delete(one.trial)
    const seconds = (((performance.now() - began) / 1000) * one.fits.length) / fits.length
    await end(one, { ...around, seconds, isPruned })
  }
  const keep = async (outcome: FitOutcome, fit: PartFit): Promise<void> => {
    const one = under.get(fit.trial)
    if (one === undefined) return
    one.records.push(await recordOf(outcome, fit, search.objective))
    if (one.records.length === one.fits.length) await close(one)
  }
  try {
    if (search.pruner.kind === 'none') await around.train(fits, keep, around.hooks)
    else
      for (const one of [...under.values()])
        if ((await endsEarly(one, keep, around)) && under.has(one.trial)) await close(one, true)
  } catch (error) {
    const [only, ...others] = under.keys()
    if (only === undefined) throw error
    if (others.length > 0) return oneByOne([...under.keys()], around)
    await study.tell(only, { failed: error instanceof Error ? error.message : String(error) })
    return []
  }
  return [...under.keys()]
}

/** Trains trials alone that could not be trained together, so that the one it fails for is known. */
async function oneByOne(trials: readonly Trial<unknown>[], around: Surroundings): Promise<readonly Trial<unknown>[]> {
  const open: Trial<unknown>[] = []
  for (const trial of trials) open.push(...(await evaluateTrials([trial], around)))
  return open
}

/** Trains a trial for as long as there is hope, and says whether it was given up: by the pruner, or after a fold that diverged. */
async function endsEarly(
  { trial, fits, records }: Under,
  keep: (outcome: FitOutcome, fit: PartFit) => Promise<void>,
  { search, train, hooks }: Surroundings,
): Promise<boolean> {
  if (search.crossValidation === undefined) {
    const judge = epochJudge(trial, search.objective)
    await train(fits, keep, {
      ...hooks,
      onStart: async (start) => {
        judge.starts(start.fits.length)
        await hooks.onStart?.(start)
      },
      onEpoch: async (report) => {
        judge.sees(report)
        await hooks.onEpoch?.(report)
      },
      shouldStop: () => judge.hasStopped() || hooks.shouldStop?.() === true,
    })
    return judge.hasStopped()
  }
  const folds = [...new Set(fits.map(({ part }) => part.fold ?? 0))]
  for (const fold of folds) {
    const own = fits.filter(({ part }) => (part.fold ?? 0) === fold)
    await train(own, keep, hooks)
    const done = records.filter((record) => record.fold === fold)
    if (done.length < own.length || fold === folds.at(-1)) return false
    if (done.some(({ error }) => error !== undefined)) return true
    trial.report(fold, mean(done.map(scoreOf(search.objective))))
    if (trial.shouldPrune()) return true
  }
  return false
}

/** Reports epochs: of the seeds that are trained together first the mean, as those that come later have their epochs once more. */
function epochJudge(trial: Trial<unknown>, objective: string) {
  const name = parseObjective(objective)
  const values = new Map<number, number[]>()
  let together = 0
  let rounds = 0
  let stopped = false
  return {
    starts: (fits: number): void => {
      together = fits
      rounds += 1
    },
    sees: ({ epoch, validation }: EpochReport): void => {
      const value = validation?.[name]
      if (value === undefined || rounds > 1 || stopped) return
      const all = [...(values.get(epoch) ?? []), value]
      values.set(epoch, all)
      if (all.length < together) return
      trial.report(epoch, mean(all))
      stopped = trial.shouldPrune()
    },
    hasStopped: () => stopped,
  }
}

async function fitsOf(trial: Trial<unknown>, { search, materials }: Surroundings): Promise<PartFit[]> {
  // What is promised of test scores is not looked at here.
  const experiment = search.experimentOf(trial.config).with({ asserts: {} })
  const parts = await materials.of(experiment)
  return search.seeds.flatMap((seed) =>
    parts.map((part) => ({ experiment, prepared: part.prepared, seed, part, trial })),
  )
}

async function recordOf(
  outcome: FitOutcome,
  { part, seed, experiment }: PartFit,
  objective: string,
): Promise<FitRecord> {
  const own = { seed, ...(part.fold !== undefined && { fold: part.fold }), curve: curveOf(outcome.reports, objective) }
  if (outcome.status === 'diverged') return { ...own, status: 'diverged', error: outcome.error.message }
  const scores = scoresOf(experiment.metrics, await outcome.evaluate(part.scoring))
  return { ...own, status: 'finished', scores }
}

const curveOf = (reports: readonly Report[], objective: string): [number, number][] =>
  reports.flatMap(({ epoch, validation }) => {
    const value = validation?.[parseObjective(objective)]
    return value === undefined ? [] : [[epoch, value] satisfies [number, number]]
  })

/** The objective's value of a training; NaN where it diverged. */
const scoreOf =
  (objective: string) =>
  ({ scores }: FitRecord): number =>
    scores?.[parseObjective(objective)] ?? Number.NaN

/** Keeps what came of a trial, and tells its value: the mean over seeds and folds. */
async function end(
  { trial, records }: Under,
  {
    folder,
    search,
    study,
    seconds,
    isPruned,
  }: Pick<Surroundings, 'folder' | 'search' | 'study'> & { readonly seconds: number; readonly isPruned: boolean },
): Promise<void> {
  const { number, attempt, config } = trial
  const plain = search.space.json(search.space.point(config))
  await writeScores(folder, { number, attempt, config: plain, seconds, fits: records })
  const error = records.find((record) => record.error !== undefined)?.error
  if (error !== undefined) await study.tell(trial, { failed: error })
  else if (isPruned) await study.tell(trial, { pruned: true })
  else await study.tell(trial, mean(records.map(scoreOf(search.objective))))
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
