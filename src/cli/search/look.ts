import { readStudy } from '../../search/index.ts'
import { readSearch } from '../../search/searching/folder.ts'
import { ranked } from '../../search/trial.ts'
import { note, print, printJson } from '../output.ts'
import { crewsOf } from './executors.ts'
import { bestText, countsOf, countsText, some, trialsTable } from './text.ts'

/** What there is of a search, whoever is working on it. */
async function look(folder: string) {
  const [study, record, crews] = await Promise.all([readStudy(folder), readSearch(folder), crewsOf(folder, note)])
  const { best: trial } = study
  const best =
    trial?.outcome?.state === 'complete'
      ? { number: trial.number, config: trial.config, value: trial.outcome.value }
      : undefined
  return { study, record, crews, counts: countsOf(study.trials, record.trials), best }
}

/** Of what failed workers said, the last is shown. */
const FAILURES = 3

/** `assay search status`. */
export async function showStatus(folder: string, json: boolean): Promise<void> {
  const { study, record, crews, counts, best } = await look(folder)
  const workers = await Promise.all(crews.map(async ({ kind, crew }) => ({ on: kind, ...(await crew.status()) })))
  if (json) {
    printJson({ name: study.name, folder, objective: record.objective, trials: counts, workers, best })
    return
  }
  const text = workers.map(
    ({ on, running, waiting, waitingFor = [], failures }) =>
      `${some(running, 'worker')} on ${on}${waiting > 0 ? `, ${waiting} waiting${waitingFor.length > 0 ? ` (${waitingFor.join(', ')})` : ''}` : ''}${failures.length > 0 ? `, ${failures.length} failed` : ''}`,
  )
  print(`${study.name}: ${countsText(counts)}; ${text.length === 0 ? 'no workers' : text.join(', ')}`)
  print(bestText(record.objective, best))
  for (const failure of workers.flatMap(({ failures }) => failures).slice(-FAILURES)) note(`failed: ${failure}`)
}

/** `assay search cancel`. */
export async function cancelWorkers(folder: string, json: boolean): Promise<void> {
  await readSearch(folder)
  const crews = await crewsOf(folder)
  for (const { crew } of crews) await crew.cancel()
  if (json) printJson({ folder, cancelled: crews.map(({ kind }) => kind) })
  else print(crews.length === 0 ? `no workers are on ${folder}` : `the workers on ${folder} have stopped`)
}

/** `assay search show`. */
export async function showTrials(folder: string, top: number, json: boolean): Promise<void> {
  const { study, record, counts, best } = await look(folder)
  const trials = ranked(study.trials, study.direction)
  if (json) {
    printJson({
      ...{ name: study.name, folder, objective: record.objective, direction: study.direction, counts, best },
      trials: trials
        .slice(0, top)
        .map(({ number, attempt, config, outcome }) => ({ number, attempt, config, outcome })),
    })
    return
  }
  print(`${study.name}: ${countsText(counts)}\n`)
  print(trialsTable(trials.slice(0, top), record.objective))
}
