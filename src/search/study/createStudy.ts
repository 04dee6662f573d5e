import { resolve } from 'node:path'
import { ResultKind } from '../../display.ts'
import { UsageError } from '../../errors.ts'
import type { Key } from '../../random/index.ts'
import { neverPrune, type Pruner } from '../pruners/index.ts'
import type { Sampler } from '../samplers/index.ts'
import { type Configuration, type Definition, readSpace, type Space } from '../space/index.ts'
import { bestOf, type Direction } from '../trial.ts'
import { agree, type Header, headerOf, readHeader } from './header.ts'
import { makePlaces, placesIn } from './journal/files.ts'
import { folderJournal } from './journal/folder.ts'
import { memoryJournal } from './journal/memory.ts'
import { reader } from './journal/reader.ts'
import { ledger, type StudyTrial } from './ledger.ts'
import { Study } from './study.ts'

export interface StudyOptions<C> {
  readonly name: string
  readonly space: Space<C>
  readonly sampler: Sampler
  /** Default: every trial comes to its end. */
  readonly pruner?: Pruner
  readonly direction: Direction
  /** All of the sampler's chance. */
  readonly key: Key
  /** Where the journal is kept (default: nowhere, the study ends with the process). Workers on all machines give the same folder. */
  readonly folder?: string
  /** Trials in all, of all workers (default: as many as are asked for, or as the sampler has). May be another number each time. */
  readonly trials?: number
  /**
   * Seconds of silence after which a worker on another machine is taken for dead (default 120). Longer than any stretch of a trial without a report
   * that blocks the event loop.
   */
  readonly grace?: number
  /** How often a trial whose worker died is begun again before it counts as failed (default 2). */
  readonly retries?: number
}

/**
 * Begins a study, or goes on with the one in the folder: after a kill, or beside other workers. The state of the sampler follows from the journal.
 *
 * @throws UsageError when the sampler cannot search the space, an option is out of range, or the folder holds a study of another name, space, sampler,
 * pruner, direction or key
 *
 * @example
 * const study = await createStudy({
 *   name: 'quadratic', space: space({ x: float(-5, 5) }), sampler: tpe(), direction: 'minimize', key: key(0), trials: 50,
 * })
 * for (let trial = await study.ask(); trial; trial = await study.ask()) await study.tell(trial, (trial.config.x - 2) ** 2)
 * study.best // { number, config: { x: … }, outcome: { state: 'complete', value: … }, … }
 */
export async function createStudy<C>(options: StudyOptions<C>): Promise<Study<C>> {
  const { space, sampler, pruner = neverPrune(), direction, key, grace = 120, retries = 2, trials } = options
  if (options.name === '') throw new UsageError('createStudy: the name is empty; give the study one')
  if (!(grace > 0)) throw new UsageError(`createStudy: grace is ${grace}; give a number of seconds above 0`)
  requireWhole('retries', retries)
  if (trials !== undefined) requireWhole('trials', trials)
  const suggester = sampler.start({ space, direction, key })
  const places = options.folder === undefined ? undefined : placesIn(resolve(options.folder))
  if (places !== undefined) {
    makePlaces(places)
    agree(headerOf({ ...options, pruner }), places)
  }
  return new Study({
    ...{ name: options.name, space, direction, pruner, suggester, retries },
    journal: places === undefined ? memoryJournal() : folderJournal(places, grace * 1000),
    limit: Math.min(trials ?? Number.POSITIVE_INFINITY, suggester.size ?? Number.POSITIVE_INFINITY),
  })
}

function requireWhole(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new UsageError(`createStudy: ${name} is ${value}; give a whole number of at least 0`)
}

/** A study that is looked at and not worked on. */
export interface StoredStudy extends Omit<Header, 'version' | 'space'> {
  /** Its constraints hold everywhere: their code is not kept. */
  readonly space: Space<Configuration<Definition>>
  /** By number. */
  readonly trials: readonly StudyTrial<Configuration<Definition>>[]
  /** The best complete trial. */
  readonly best: StudyTrial<Configuration<Definition>> | undefined
}

export const studyKind = new ResultKind<StoredStudy>()

/**
 * Reads the study in a folder, without the code that made it, at any time, whoever is working on it.
 *
 * @throws UsageError when there is none, or it is damaged
 *
 * @example
 * const { best, trials } = await readStudy('studies/mlp')
 */
export async function readStudy(folder: string): Promise<StoredStudy> {
  const places = placesIn(resolve(folder))
  const header = readHeader(places.header)
  if (header === undefined) throw new UsageError(`there is no study in ${folder}: ${places.header} is not there`)
  const { version: _, space: description, ...rest } = header
  const space = readSpace(description)
  const entries = ledger(space)
  entries.apply(reader(places).read('all'))
  const trials = entries.trials()
  return studyKind.mark({ ...rest, space, trials, best: bestOf(trials, header.direction) })
}
