import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import { type FunctionFit, functionFits } from '../../figures/index.ts'
import { type RunGroup, readPredictions, type ValuePredictions } from '../../runs/index.ts'
import type { NamedFigure } from '../profile/figures.ts'

/** Lines in one panel: more cannot be told apart. */
const MOST = 8

/** Models of the same test split whose inputs are one number. */
interface Panel {
  readonly first: ValuePredictions
  readonly data: string
  readonly groups: readonly {
    readonly group: RunGroup
    readonly runs: readonly Float32Array[]
    readonly error: number
  }[]
}

/**
 * What the groups' models say against x, with the truth: where they take one number in and put one out, a panel for each data set. Nothing
 * where none does.
 */
export async function groupFits(groups: readonly RunGroup[]): Promise<NamedFigure | undefined> {
  const panels = new Map<string, Panel>()
  for (const group of groups) {
    const read = await Promise.all(group.runs.map(({ folder, manifest: { status } }) => fitOf(folder, status)))
    const runs = read.flatMap((one) => one ?? [])
    const [first] = runs
    const { name, fingerprint } = group.runs[0]?.manifest.data ?? {}
    if (first === undefined || name === undefined) continue
    const key = fingerprint?.test ?? name
    const before = panels.get(key)
    const errors = runs.map(({ outputs, targets }) =>
      targets.reduce((sum, t, i) => sum + (t - (outputs[i] ?? 0)) ** 2, 0),
    )
    const own = { group, runs: runs.map(({ outputs }) => outputs), error: Math.min(...errors) }
    panels.set(key, { first, data: name, ...before, groups: [...(before?.groups ?? []), own] })
  }
  if (panels.size === 0) return undefined
  const fits = [...panels.values()].map(({ first, data, groups: all }): FunctionFit => {
    const best = new Set(all.toSorted((a, b) => a.error - b.error).slice(0, MOST))
    const shown = all.filter((one) => best.has(one))
    // The panel says which data: a model's own name is enough, where it is one model's alone.
    const names = shown.map(({ group }) => group.name)
    const isClear = new Set(names).size === names.length
    return {
      name: data,
      x: first.inputs ?? new Float32Array(),
      truth: first.targets,
      models: shown.map(({ group, runs }) => ({ label: isClear ? group.name : group.label, runs })),
    }
  })
  const left = [...panels.values()].some(({ groups: all }) => all.length > MOST)
  return {
    name: 'fits',
    figure: functionFits(fits),
    caption: `What each model says of the test split against its one input, a panel for each data set, with the truth as the wide grey line. Lines are means over the seeds, bands go from the smallest to the largest.${left ? ` Of more than ${MOST} models a panel has those with the least errors.` : ''}`,
  }
}

async function fitOf(folder: string, status: string): Promise<ValuePredictions | undefined> {
  if (status !== 'finished') return undefined
  const predictions = await readPredictions(join(folder, 'predictions.parquet')).catch((error: unknown) => {
    if (error instanceof UsageError) return undefined
    throw error
  })
  if (predictions?.task !== 'regression' || predictions.width !== 1 || predictions.inputs === undefined)
    return undefined
  return predictions.inputs.length > 1 && predictions.outputs.every(Number.isFinite) ? predictions : undefined
}
