import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { listRuns, readMetrics } from '../../runs/index.ts'
import { type Importance, importance, type Luck, luck, readStudy, type StoredStudy } from '../../search/index.ts'
import { readSearch, type SearchRecord } from '../../search/searching/folder.ts'
import { readScores, type TrialScores } from '../../search/searching/records.ts'

/** What `search.json` says beside the study's own header. */
const describedSchema = z.object({
  crossValidation: z.looseObject({ kind: z.string(), folds: z.number().optional() }).optional(),
  seeds: z.array(z.number()),
})

/** The training of the best configuration on all training data, and what it scored on the test split. */
export interface FinalRuns {
  readonly ids: readonly string[]
  /** The objective on the test split, mean over the runs. */
  readonly value: number
}

/** All that a page on a study tells of. */
export interface StudyContent {
  readonly folder: string
  readonly study: StoredStudy
  /** What trials are judged by, as in `validation.accuracy`; `value` where only the user's own loop knows. */
  readonly objective: string
  /** Where the study is of `assay search`. */
  readonly search?: SearchRecord
  readonly folds?: z.infer<typeof describedSchema>['crossValidation']
  readonly seeds?: readonly number[]
  /** What came of each trial that is complete, by number, where it was kept. */
  readonly scores: ReadonlyMap<number, TrialScores>
  readonly final?: FinalRuns
  readonly importance: Importance
  readonly luck: Luck
}

/**
 * Reads a study's folder and computes what a page on it tells.
 *
 * @param options.runs - folder of runs, where the best configuration may have been trained and tested
 * @throws UsageError when there is no study, or it is damaged
 *
 * @example
 * const { luck, importance } = await readStudyContent('studies/mlp', { runs: 'runs' })
 */
export async function readStudyContent(
  folder: string,
  { runs }: { readonly runs?: string } = {},
): Promise<StudyContent> {
  const study = await readStudy(folder)
  const search = existsSync(join(folder, 'search.json')) ? await readSearch(folder) : undefined
  const described = search === undefined ? undefined : describedSchema.safeParse(search.description).data
  const objective = search?.objective ?? 'value'
  const complete = study.trials.filter(({ outcome }) => outcome?.state === 'complete')
  const scores = new Map<number, TrialScores>()
  for (const trial of complete) {
    const own = await readScores(folder, trial)
    if (own !== undefined) scores.set(trial.number, own)
  }
  const final = runs === undefined ? undefined : await finalRuns(runs, study, objective)
  return {
    ...{ folder, study, objective, scores },
    ...(search && { search }),
    ...(described?.crossValidation && { folds: described.crossValidation }),
    ...(described && { seeds: described.seeds }),
    ...(final && { final }),
    importance: importance(study),
    luck: luck(study, {
      parts: [...scores.values()].map(({ number, fits }) => ({
        number,
        parts: fits.map((fit) => ({
          seed: fit.seed,
          ...(fit.fold !== undefined && { fold: fit.fold }),
          value: scoreOf(fit, objective),
        })),
      })),
      foldRatio: foldRatio(described?.crossValidation),
      test: final?.value,
    }),
  }
}

/** Samples that give a fold's score to those that it trains on. */
export const foldRatio = (folds: StudyContent['folds']): number | undefined =>
  folds?.folds === undefined || folds.folds < 2 ? undefined : 1 / (folds.folds - 1)

/** The objective of one training: a study's own loop may have kept one score under another name. */
export const scoreOf = ({ scores = {} }: TrialScores['fits'][number], objective: string): number =>
  scores[metricOf(objective)] ??
  (Object.keys(scores).length === 1 ? (Object.values(scores)[0] ?? Number.NaN) : Number.NaN)

/** `accuracy` of `validation.accuracy`. */
export const metricOf = (objective: string): string => objective.slice(objective.indexOf('.') + 1)

/** Runs of `best.ts`, as it is called there, begun after the trial that is now the best had ended: earlier ones are of another. */
async function finalRuns(root: string, study: StoredStudy, objective: string): Promise<FinalRuns | undefined> {
  const ended = study.best?.ended
  if (ended === undefined || !existsSync(root)) return undefined
  const { runs } = await listRuns(root)
  const own = runs.filter(
    ({ manifest: { name, status, createdAt } }) =>
      name === `${study.name}-best` && status === 'finished' && Date.parse(createdAt) >= ended,
  )
  const tested = await Promise.all(
    own.map(async ({ id, folder }) => ({
      id,
      value: (await readMetrics({ folder })).findLast(
        ({ split, name }) => split === 'test' && name === metricOf(objective),
      )?.value,
    })),
  )
  const values = tested.flatMap(({ id, value }) => (value === undefined ? [] : [{ id, value }]))
  if (values.length === 0) return undefined
  return {
    ids: values.map(({ id }) => id),
    value: values.reduce((sum, { value }) => sum + value, 0) / values.length,
  }
}
