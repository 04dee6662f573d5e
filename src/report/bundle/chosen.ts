import { type Goal, type MetricSummary, type Run, type RunGroup, readSummary, type Summary } from '../../runs/index.ts'
import { slug } from '../../runs/store.ts'

/** A model's best run, and by what it was chosen. */
export interface ChosenRun {
  /** Of its folder: `convnet`. */
  readonly folder: string
  /** Of its experiment. */
  readonly name: string
  readonly run: Run
  readonly summary: Summary
  /** In words, after "chosen": never the test split, where the best has been lucky. */
  readonly because: string
  /** Whether there was a choice and no validation split to make it by. */
  readonly isBlind: boolean
}

/**
 * The run of each experiment that is handed in: of all its cells and seeds the best by the first metric on the validation split, after the last epoch. Without
 * such a split it is the training loss that decides. Experiments of which no run has finished are left out.
 */
export async function chosenRuns(groups: readonly RunGroup[]): Promise<ChosenRun[]> {
  const byName = new Map<string, Run[]>()
  for (const { name, runs } of groups)
    byName.set(name, [...(byName.get(name) ?? []), ...runs.filter(({ manifest }) => manifest.status === 'finished')])
  const chosen: ChosenRun[] = []
  for (const [name, runs] of byName) {
    const [first] = runs
    if (first === undefined) continue
    const folder = folderFor(name, chosen)
    chosen.push({ folder, name, ...(await bestOf(runs, first)) })
  }
  return chosen
}

function folderFor(name: string, taken: readonly ChosenRun[]): string {
  const own = slug(name)
  const alike = taken.filter(({ name: other }) => slug(other) === own).length
  return alike === 0 ? own : `${own}-${alike + 1}`
}

interface Scored {
  readonly run: Run
  readonly summary: Summary
}

async function bestOf(runs: readonly Run[], first: Run) {
  const scored = await Promise.all(
    runs.map(async (run): Promise<Scored> => ({ run, summary: (await readSummary(run)) ?? {} })),
  )
  const only = scored[0] ?? { run: first, summary: {} }
  if (scored.length === 1) return { ...only, because: 'as its only finished run', isBlind: false }
  const metric = metricOf(scored)
  const validated = metric === undefined ? undefined : best(scored, ({ validation }) => validation?.[metric])
  const of = `of ${scored.length} finished runs`
  if (metric !== undefined && validated !== undefined)
    return { ...validated, because: `as the best ${of} by its ${metric} on the validation split`, isBlind: false }
  const trained = best(scored, ({ train }) => train?.loss) ?? only
  return {
    ...trained,
    because: `as the best ${of} by its training loss, as there is no validation split`,
    isBlind: true,
  }
}

/** The first metric that is no loss, else the loss. */
function metricOf(scored: readonly Scored[]): string | undefined {
  const names = scored.flatMap(({ summary }) => Object.keys(summary.validation ?? {}))
  return names.find((name) => name !== 'loss') ?? names[0]
}

function best(scored: readonly Scored[], of: (summary: Summary) => MetricSummary | undefined): Scored | undefined {
  const ranked = scored.flatMap((one) => {
    const found = of(one.summary)
    return found === undefined || !Number.isFinite(found.last) ? [] : [{ one, rank: rankOf(found.goal, found.last) }]
  })
  return ranked.sort((a, b) => b.rank - a.rank || a.one.run.manifest.seed - b.one.run.manifest.seed)[0]?.one
}

const rankOf = (goal: Goal, value: number): number => (goal === 'max' ? value : -value)
