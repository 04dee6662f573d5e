import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { foldIn, type Key, key } from '../../src/random/index.ts'
import { neverPrune, random, successiveHalving, tpe } from '../../src/search/index.ts'
import { type Moment, replay } from './replay.ts'
import { folder, readTable, type Table } from './trainings.ts'
import { SAMPLES } from './tuning.ts'

/** Name of the benchmark of samplers and pruners on trainings. */
export const SAMPLERS = 'samplers'

const LOADER = resolve(import.meta.dirname, '../../dist/cli/typescript.js')
const WORKERS = 2

/** Trials of the random search whose best ASHA is to reach. */
export const TARGET_TRIALS = 50
/** Trials after which TPE is compared with random search. */
export const TRIALS: readonly number[] = [25, TARGET_TRIALS, 100]
/** Of the random search's epochs, in which ASHA is to reach its best. */
export const SHARE = 1 / 3
/** Epochs after which ASHA judges: 1, 3, 9. */
const REDUCTION = 3

/** What a search had found. */
export type Found = Pick<Moment, 'best' | 'test'>

/** How ASHA does beside a random search. */
export interface Halving {
  /** Epochs until a trial ended as good as the random search's best, of that search's epochs; infinite where none did in as many. */
  readonly reached: number
  /** The same for a trial as good but for one standard error of an accuracy on so many samples. */
  readonly nearlyReached: number
  /** What it had found in a third of the epochs. */
  readonly atShare: Found
  /** Trials that it had begun by then. */
  readonly trials: number
}

export interface Repetition {
  /** After each number of {@link TRIALS}. */
  readonly random: readonly Found[]
  readonly tpe: readonly Found[]
  /** Of the same trials as the random search, and of others after these. */
  readonly same: Halving
  /** Of trials that have nothing to do with the random search's. */
  readonly others: Halving
}

/**
 * Trains all configurations once, in two processes that go on where they were stopped, and repeats the searches on what came out; that is
 * kept as `repetitions.json`, beside the trainings.
 */
export async function measureSamplers(
  repetitions: number,
): Promise<{ readonly trainings: Table; readonly repetitions: readonly Repetition[] }> {
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => train(worker)))
  const trainings = await readTable()
  const all: Repetition[] = []
  for (let i = 0; i < repetitions; i++) all.push(await repeat(trainings, foldIn(key(i), SAMPLERS)))
  await writeFile(new URL('repetitions.json', folder), `${JSON.stringify(all, null, 2)}\n`)
  return { trainings, repetitions: all }
}

async function train(worker: number): Promise<void> {
  const args = ['--conditions', 'assay-source', '--import', LOADER, join(import.meta.dirname, 'train.ts')]
  const child = spawn(process.execPath, [...args, String(worker), String(WORKERS)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the trainings ended with code ${code}; what is done is kept`)
}

/** All searches with the chance of one key. */
export async function repeat(table: Pick<Table, 'of'>, from: Key): Promise<Repetition> {
  const most = Math.max(...TRIALS)
  const isLong = ({ trials }: Moment): boolean => trials >= most
  const atRandom = await replay(table, { sampler: random(), pruner: neverPrune(), key: from }, isLong)
  const byTpe = await replay(table, { sampler: tpe(), pruner: neverPrune(), key: from }, isLong)
  const target = atRandom[TARGET_TRIALS - 1]
  if (target === undefined) throw new Error('the random search was too short')
  const halving = async (chance: Key): Promise<Halving> => {
    const how = { sampler: random(), pruner: successiveHalving({ reductionFactor: REDUCTION }), key: chance }
    return judge(await replay(table, how, ({ epochs }) => epochs >= target.epochs), target)
  }
  const found = (moments: readonly Moment[]): Found[] =>
    TRIALS.map((count) => moments[count - 1]).filter((moment) => moment !== undefined)
  return {
    ...{ random: found(atRandom), tpe: found(byTpe) },
    ...{ same: await halving(from), others: await halving(foldIn(from, 'others')) },
  }
}

function judge(all: readonly Moment[], { best, epochs }: Moment): Halving {
  const moments = all.filter((moment) => moment.epochs <= epochs)
  const reaching = (value: number): number =>
    (moments.find((moment) => moment.best >= value)?.epochs ?? Number.POSITIVE_INFINITY) / epochs
  const share = moments.findLast((moment) => moment.epochs <= SHARE * epochs)
  return {
    reached: reaching(best),
    nearlyReached: reaching(best - standardError(best)),
    atShare: share ?? { best: 0, test: 0 },
    trials: share?.trials ?? 0,
  }
}

/** Of an accuracy, as that of so many draws. */
export const standardError = (accuracy: number): number => Math.sqrt((accuracy * (1 - accuracy)) / SAMPLES)
