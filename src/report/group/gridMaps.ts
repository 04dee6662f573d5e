import { gridHeatMap, type HeatMapCell } from '../../figures/index.ts'
import { type RunGroup, readSummary } from '../../runs/index.ts'
import { isShare, percent, value } from '../format.ts'
import type { NamedFigure } from '../profile/figures.ts'
import { metricName } from '../readable.ts'

/** Metrics that have heat maps; the table of scores has all. */
const MOST_METRICS = 4

/** Whether a figure has the name of a grid's map. */
export const isGridMap = (name: string): boolean => name.startsWith('grid-')

/** The labels of a group in its grid; nothing for groups of no grid. */
const labelsOf = ({ runs }: RunGroup): Readonly<Record<string, string>> => runs[0]?.manifest.grid?.labels ?? {}

/**
 * Heat maps of a grid, one for each metric of the test split and each choice on further axes: the first two axes along which the groups
 * differ are rows and columns. Of a grid that was edited and run again, a cell has several groups: the newest is in the map. Nothing where
 * the groups are not of one grid, or differ along no axis.
 */
export async function gridMaps(groups: readonly RunGroup[]): Promise<NamedFigure[]> {
  const grids = new Set(groups.map(({ runs }) => runs[0]?.manifest.grid?.name))
  const [name] = grids
  if (grids.size !== 1 || name === undefined) return []
  const names = [...new Set(groups.flatMap((group) => Object.keys(labelsOf(group))))]
  const differing = names.filter((axis) => new Set(groups.map((group) => labelsOf(group)[axis])).size > 1)
  const [first, second, ...others] = differing
  if (first === undefined) return []
  // One axis alone is a row: columns are what is read along.
  const [rows, columns] = second === undefined ? [undefined, first] : [first, second]
  const shown = newestOfCells(groups, differing)
  const read = await Promise.all(shown.map(testScores))
  const goals = new Map(
    read.flatMap((group) => group.runs.flatMap((run) => [...run].map(([metric, { goal }]) => [metric, goal]))),
  )
  const older =
    shown.length < groups.length
      ? ' Some cells were run with other settings too: the map has the newest group of each cell, the table of scores has all.'
      : ''
  const slices = new Map<string, typeof read>()
  for (const one of read) {
    const key = others.map((axis) => `${axis} ${one.labels[axis] ?? '–'}`).join(', ')
    slices.set(key, [...(slices.get(key) ?? []), one])
  }
  return [...goals].slice(0, MOST_METRICS).flatMap(([metric, goal]) =>
    [...slices].map(([slice, own], s): NamedFigure => {
      const cells = own.map(({ labels, runs, diverged }): HeatMapCell => {
        const values = runs.flatMap((run) => run.get(metric)?.value ?? []).filter(Number.isFinite)
        return {
          row: rows === undefined ? name : (labels[rows] ?? '–'),
          column: labels[columns] ?? '–',
          ...{ values, diverged, withoutNumber: runs.length - values.length },
        }
      })
      const score = `test ${metricName(metric)}${slice === '' ? '' : ` (${slice})`}`
      return {
        name: `grid-${metric}${slices.size > 1 ? `-${s + 1}` : ''}`,
        figure: gridHeatMap(cells, {
          ...{ score, goal, rows: rows ?? 'grid', columns },
          format: isShare(metric) ? (share) => percent(share) : value,
        }),
        caption: `Mean ± standard deviation over the seeds of ${score} in each cell of the grid. The brighter, the better; the best cell is framed. A best cell that was looked for on the test split is a little too good to be true: other data would give it less.${older}`,
      }
    }),
  )
}

/** One group of each cell, in their order: the one begun last. */
function newestOfCells(groups: readonly RunGroup[], axes: readonly string[]): RunGroup[] {
  const begun = ({ runs }: RunGroup): string => runs.map(({ manifest }) => manifest.createdAt).reduce(later, '')
  const newest = new Map<string, RunGroup>()
  for (const group of groups) {
    const cell = JSON.stringify(axes.map((axis) => labelsOf(group)[axis] ?? '–'))
    const before = newest.get(cell)
    if (before === undefined || begun(group) >= begun(before)) newest.set(cell, group)
  }
  return groups.filter((group) => [...newest.values()].includes(group))
}

/** Of two times in ISO 8601, whose order as texts is theirs. */
const later = (a: string, b: string): string => (a > b ? a : b)

async function testScores(group: RunGroup) {
  const finished = group.runs.filter(({ manifest }) => manifest.status === 'finished')
  const runs = await Promise.all(
    finished.map(async (run) => {
      const { test = {} } = (await readSummary(run)) ?? {}
      return new Map(Object.entries(test).map(([metric, { last, goal }]) => [metric, { value: last, goal }]))
    }),
  )
  const diverged = group.runs.filter(({ manifest }) => manifest.diverged === true).length
  return { labels: labelsOf(group), runs, diverged }
}
