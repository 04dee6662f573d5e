import { UsageError } from '../errors.ts'
import type { Json } from './describe.ts'
import { type Experiment, type ExperimentOptions, isExperiment } from './experiment.ts'

/** One experiment of a grid, and what tells it from the others, by axis. */
export interface GridCell {
  readonly labels: Readonly<Record<string, string>>
  readonly experiment: Experiment
}

/** Experiments side by side: a value that an experiment file can export in place of one experiment. */
export interface Grid {
  readonly kind: 'grid'
  readonly name: string
  /** Names of the axes, in the order of the table's columns. */
  readonly axes: readonly string[]
  readonly cells: readonly GridCell[]
  /** The same grid with one setting replaced in every cell. */
  set(path: string, value: unknown): Grid
  /** The same grid with some parts of every experiment replaced. */
  with(changes: Partial<ExperimentOptions>): Grid
}

/** What varies along an axis: values of the setting that the axis is named after, or changes by label. */
export type Axis = readonly Json[] | Readonly<Record<string, Partial<ExperimentOptions>>>

/** What a learning rate is called in every table. */
const ALIASES: Readonly<Record<string, string>> = { lr: 'optimizer.lr' }

/**
 * All combinations of experiments and settings. `assay run` trains each with each of its seeds, leaves out what has been trained already, and
 * prints the scores as one table: mean and standard deviation over the seeds.
 *
 * @param experiments one, or several by label
 * @param axes by setting (`lr`, `batchSize`, `model.2.p`) their values; or by any name, changes by label
 * @throws UsageError for an axis without values, or a setting that is not there
 * @example
 * export default grid({ dense, convolutional }, { lr: [0.1, 0.01, 0.001], schedule: { none: {}, cosine: { schedule: cosine() } } })
 */
export function grid(
  experiments: Experiment | Readonly<Record<string, Experiment>>,
  axes: Readonly<Record<string, Axis>> = {},
  options: { readonly name?: string } = {},
): Grid {
  const first: readonly GridCell[] = isExperiment(experiments)
    ? [{ labels: {}, experiment: experiments }]
    : Object.entries(experiments).map(([experiment, of]) => ({ labels: { experiment }, experiment: of }))
  if (first.length === 0) throw new UsageError('grid: there are no experiments; give at least one')
  for (const { labels, experiment } of first)
    if (!isExperiment(experiment))
      throw new UsageError(`grid: "${labels.experiment}" is no experiment: write experiment({ … })`)
  const cells = Object.entries(axes).reduce<readonly GridCell[]>((all, [name, axis]) => {
    const choices = choicesOf(name, axis)
    if (choices.length === 0) throw new UsageError(`grid: the axis ${name} has no values; give at least one`)
    return all.flatMap(({ labels, experiment }) =>
      choices.map(({ label, change }) => ({ labels: { ...labels, [name]: label }, experiment: change(experiment) })),
    )
  }, first)
  const name =
    options.name ?? `${isExperiment(experiments) ? experiments.name : Object.keys(experiments).join('-')}-grid`
  return gridOf(name, [...(isExperiment(experiments) ? [] : ['experiment']), ...Object.keys(axes)], cells)
}

const gridOf = (name: string, axes: readonly string[], cells: readonly GridCell[]): Grid => ({
  kind: 'grid',
  name,
  axes,
  cells,
  set: (path, value) =>
    gridOf(
      name,
      axes,
      changed(cells, (experiment) => experiment.set(path, value)),
    ),
  with: (changes) =>
    gridOf(
      name,
      axes,
      changed(cells, (experiment) => experiment.with(changes)),
    ),
})

const changed = (cells: readonly GridCell[], change: (experiment: Experiment) => Experiment): GridCell[] =>
  cells.map(({ labels, experiment }) => ({ labels, experiment: change(experiment) }))

interface Choice {
  readonly label: string
  change(experiment: Experiment): Experiment
}

const isList = (axis: Axis): axis is readonly Json[] => Array.isArray(axis)

function choicesOf(name: string, axis: Axis): Choice[] {
  if (isList(axis))
    return axis.map((value) => ({
      label: typeof value === 'string' ? value : JSON.stringify(value),
      change: (experiment) => experiment.set(ALIASES[name] ?? name, value),
    }))
  return Object.entries(axis).map(([label, changes]) => ({ label, change: (experiment) => experiment.with(changes) }))
}

/** Whether a value is a grid: what an experiment file may export. */
export const isGrid = (value: unknown): value is Grid =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'grid' && 'cells' in value

/** The experiments of what a file may export: one is a grid of one, without labels. */
export const cellsOf = (of: Experiment | Grid): readonly GridCell[] =>
  isGrid(of) ? of.cells : [{ labels: {}, experiment: of }]
