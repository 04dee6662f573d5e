import { UsageError } from '../../errors.ts'
import { cellsOf, type Experiment, type Grid, type GridCell, isGrid } from '../../train/index.ts'
import type { NewRuns, Setting } from './protocol.ts'

/** A cell, and the settings in which it differs from the file's. */
export interface SettledCell extends GridCell {
  readonly overrides: readonly Setting[]
}

/** What of a file is trained; `grid` where it is several experiments side by side. */
export interface SettledCells {
  readonly grid?: { readonly name: string; readonly axes: readonly string[] }
  readonly cells: readonly SettledCell[]
}

/**
 * The experiments of a file with the settings of the command line; where that has axes too, each with every combination of their values,
 * as cells of one grid.
 *
 * @throws UsageError for a setting that is not there, or an axis without values
 */
export function settledCells(
  loaded: Experiment | Grid,
  { settings, axes = {} }: Pick<NewRuns, 'settings' | 'axes'>,
): SettledCells {
  for (const [path, values] of Object.entries(axes))
    if (values.length === 0) throw new UsageError(`${path}: there are no values to train with; give at least one`)
  const combinations = combined(Object.entries(axes))
  const cells = cellsOf(loaded).flatMap(({ labels, experiment }) =>
    combinations.map((values): SettledCell => {
      const overrides = [...settings, ...values]
      return {
        labels: { ...labels, ...Object.fromEntries(values.map(([path, value]) => [path, labelOf(value)])) },
        experiment: overrides.reduce((current, [path, value]) => current.set(path, value), experiment),
        overrides,
      }
    }),
  )
  const names = [...(isGrid(loaded) ? loaded.axes : []), ...Object.keys(axes)]
  if (isGrid(loaded)) return { grid: { name: loaded.name, axes: names }, cells }
  return names.length === 0 ? { cells } : { grid: { name: `${cells[0]?.experiment.name}-grid`, axes: names }, cells }
}

/** Every combination, the last axis going round first. */
function combined(axes: readonly (readonly [path: string, values: readonly Setting[1][]])[]): readonly Setting[][] {
  return axes.reduce<Setting[][]>(
    (all, [path, values]) => all.flatMap((before) => values.map((value): Setting[] => [...before, [path, value]])),
    [[]],
  )
}

const labelOf = (value: Setting[1]): string => (typeof value === 'string' ? value : JSON.stringify(value))
