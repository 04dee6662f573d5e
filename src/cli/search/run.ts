import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { relative, resolve } from 'node:path'
import pc from 'picocolors'
import { UsageError } from '../../errors.ts'
import { setDefaultThreads } from '../../runtime/index.ts'
import '../../runtime/ort/node.ts'
import type { Job } from '../../search/executors/executor.ts'
import { workersBefore } from '../../search/executors/slurm/slurm.ts'
import type { Search } from '../../search/index.ts'
import { type BestTrial, writeBest } from '../../search/searching/best.ts'
import { probesOf } from '../../search/searching/check.ts'
import { beginSearch, type OpenSearch, readSearch, type SearchSettings } from '../../search/searching/folder.ts'
import { type Known, type Materials, materialsOf } from '../../search/searching/materials.ts'
import { planSearch, type SearchPlan } from '../../search/searching/plan.ts'
import { INTERRUPTED, SIGNALS } from '../interrupts.ts'
import { loading } from '../loading.ts'
import { note, print, printJson } from '../output.ts'
import { runTask } from '../training/task.ts'
import { workforce } from '../training/workforce.ts'
import { type ExecutorName, executorOf } from './executors.ts'
import { folderOf } from './folders.ts'
import { follow } from './follow.ts'
import { loadSearch } from './loadSearch.ts'
import { requireNoFlags, type SlurmFlags, slurmOptionsOf } from './slurmFlags.ts'
import { bestText, countsOf, countsText, ended, planText } from './text.ts'

export interface SearchCommandOptions extends SearchSettings, SlurmFlags {
  /** Default: where its workers were last. */
  readonly on?: ExecutorName | undefined
  readonly workers?: number | undefined
  readonly threads?: number | undefined
  readonly memory: number
  /** Folder of runs, for the final training. */
  readonly runs: string
  readonly final?: boolean | undefined
  readonly json?: boolean | undefined
}

/** Begins a search, or goes on with it: shows the plan, starts workers, follows them, and says what came out. */
export async function startSearch(file: string, studies: string, options: SearchCommandOptions): Promise<void> {
  const { name } = await loadSearch(resolve(file))
  await searchIn(folderOf(studies, name), resolve(file), options)
}

/** Goes on with the search of a folder. */
export async function resumeSearch(folder: string, options: SearchCommandOptions): Promise<void> {
  const file = resolve(folder, (await readSearch(folder)).file)
  if (!existsSync(file))
    throw new UsageError(
      `${file} is not there, from which the search was begun: where it has moved, go on with assay search and its new place`,
    )
  await searchIn(folder, file, options)
}

class Stopped extends Error {}

async function searchIn(folder: string, file: string, options: SearchCommandOptions): Promise<void> {
  const { json = false } = options
  const on = options.on ?? ((await workersBefore(folder)) === undefined ? 'local' : 'slurm')
  if (on === 'local') requireNoFlags(options)
  const executor = executorOf(on, slurmOptionsOf(options))
  const isWatched = !executor.outlives || (options.wait ?? process.stderr.isTTY)
  if (options.final === true && !isWatched)
    throw new UsageError('--final trains when the search has ended, and this command ends before: add --wait')
  const here = relative(process.cwd(), folder)
  let isAsked = false
  let isSubmitted = false
  const onSignal = (): void => {
    if (isAsked) process.kill(process.pid, 'SIGKILL')
    isAsked = true
    if (!executor.outlives) note('stopping: trials under way are given back (once more: at once)')
    else if (isSubmitted) note(`no longer watching; the workers go on (assay search cancel ${here} stops them)`)
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  const say = json ? note : print
  try {
    // Plans are made with what workers have.
    setDefaultThreads(options.threads ?? 1)
    const { opened, materials } = await begin(folder, file, options, () => isAsked)
    for (const warning of opened.warnings) note(warning)
    const { search, study, record } = opened
    const job = await jobOf(folder, record.trials - ended(countsOf(study.trials, 0)), { ...options, on })
    const plan = await planSearch(
      { search, study, materials },
      { shouldStop: () => isAsked, isTimed: study.trials.length < record.trials },
    )
    say(`${pc.bold(search.name)} in ${here}: ${search.objective} by ${search.sampler.kind}`)
    if (plan.done < plan.trials && !isAsked) {
      say(`${planText(plan, job)}\n`)
      const crew = await executor.submit(job)
      isSubmitted = true
      if (crew.summary !== undefined) say(crew.summary)
      if (!isWatched) {
        say(`How far it is:  assay search status ${here}`)
        if (json) printJson({ name: search.name, folder, plan, submitted: crew.summary })
        return
      }
      let isOver = false
      try {
        isOver = await follow(study, crew, { objective: search.objective, isStopped: () => isAsked })
      } finally {
        // When all is done, nothing is to be left in a queue.
        if (isOver || !executor.outlives) await crew.cancel()
        study.refresh()
      }
    }
    const bestFile = await conclude(opened, plan, json, say)
    const isDone = ended(countsOf(study.trials, 0)) >= record.trials
    if (!isDone) {
      process.exitCode = INTERRUPTED
      note(executor.outlives ? `watch on with: assay search resume ${here}` : `go on with: assay search resume ${here}`)
    } else if (bestFile === undefined) {
      process.exitCode = 1
      if (options.final === true) note('--final: there is no best configuration to train')
    } else if (options.final === true) {
      for (const signal of SIGNALS) process.off(signal, onSignal)
      setDefaultThreads(undefined)
      await runTask({ file: bestFile, root: resolve(options.runs), settings: [] }, { json })
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error
    process.exitCode = INTERRUPTED
    note('stopped before anything was searched')
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}

/** Loads the data, makes sure that the experiments of some configurations can be trained, and makes the study's folder. */
async function begin(
  folder: string,
  file: string,
  options: SearchCommandOptions,
  isAsked: () => boolean,
): Promise<{ readonly opened: OpenSearch; readonly materials: Materials }> {
  const loads = loading()
  let materials: Materials | undefined
  const check = async (search: Search, known: Known): Promise<Known> => {
    const own = materialsOf(search, known, {
      onProgress: (progress) => {
        if (isAsked()) throw new Stopped()
        loads.at(progress)
      },
    })
    for (const { config, experiment } of probesOf(search)) {
      try {
        await own.of(experiment.with({ asserts: {} }))
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        throw new UsageError(`search ${search.name}: ${JSON.stringify(config)}: ${error.message}`, { cause: error })
      }
      if (isAsked()) throw new Stopped()
    }
    materials = own
    return own.known()
  }
  try {
    const opened = await beginSearch(folder, file, loadSearch, options, check)
    if (materials === undefined) throw new Error('a search was not checked')
    return { opened, materials }
  } finally {
    loads.stop()
  }
}

async function jobOf(
  folder: string,
  left: number,
  { workers: asked, threads = 1, memory, on }: SearchCommandOptions,
): Promise<Job> {
  if (on === 'slurm') {
    const workers = asked ?? (await workersBefore(folder))
    if (workers === undefined) throw new UsageError('--on slurm: say how many workers with --workers, for instance 16')
    return { folder, workers: Math.min(workers, Math.max(1, left)), threads, memory }
  }
  const { jobs } = workforce(Math.max(1, left), { jobs: asked, threads })
  return { folder, workers: Math.min(jobs, asked ?? availableParallelism()), threads, memory }
}

/** Says what came out, and writes the best configuration as a file of its own. */
async function conclude(
  { folder, file, search, study, record }: OpenSearch,
  plan: SearchPlan,
  json: boolean,
  say: (text: string) => void,
): Promise<string | undefined> {
  const counts = countsOf(study.trials, record.trials)
  const best = bestOf(study.best, search)
  const bestFile = best && (await writeBest(folder, file, search, best))
  if (json)
    printJson({
      ...{ name: search.name, folder, objective: search.objective, direction: study.direction },
      ...{ plan, trials: counts, best, ...(bestFile !== undefined && { bestFile }) },
    })
  say(countsText(counts))
  say(bestText(search.objective, best))
  if (bestFile !== undefined) say(`Train and test it: assay run ${relative(process.cwd(), bestFile)}`)
  const failures = study.trials.flatMap(({ number, outcome }) =>
    outcome?.state === 'failed' ? [`trial ${number}: ${outcome.reason}`] : [],
  )
  if (failures.length > 0)
    note(
      `failed: ${failures.slice(0, 3).join('\n        ')}${failures.length > 3 ? `\n        and ${failures.length - 3} more` : ''}`,
    )
  return bestFile
}

function bestOf(best: OpenSearch['study']['best'], { space }: Search): BestTrial | undefined {
  if (best?.outcome?.state !== 'complete') return undefined
  return { number: best.number, config: space.json(best.point), value: best.outcome.value }
}
