import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { type Comparison, compareGroups } from '../../compare/index.ts'
import type { RunGroup } from '../../runs/index.ts'
import { slug } from '../../runs/store.ts'
import { isComparisonFigure } from '../comparison/comparisonReport.ts'
import { comparisonFigures, comparisonTables, type NotedTable } from '../comparison/index.ts'
import { type DrawnFigure, noted, said, writeParts } from '../comparison/parts.ts'
import type { Block, ReportDocument, Section } from '../document.ts'
import { isShare, percent, value, whole } from '../format.ts'
import { metricName } from '../readable.ts'
import { type ReportFormats, writeReport } from '../writeReport.ts'
import { gridMaps, isGridMap } from './gridMaps.ts'
import { groupClasses } from './groupClasses.ts'
import { groupRoc } from './groupCurves.ts'
import { groupFits } from './groupFits.ts'
import { judgedGroups } from './groupPredictions.ts'

export interface GroupReportOptions extends ReportFormats {
  /** Default: the name of the grid, or of the groups. */
  readonly title?: string
}

const isGroupFigure = (name: string): boolean =>
  isComparisonFigure(name) || name === 'roc' || name === 'fits' || isGridMap(name)

/**
 * The folder in which the report of a grid or a group belongs: beside the folder of runs, which holds nothing but runs.
 *
 * @example
 * groupReportFolder('runs', 'rates') // 'reports/rates'
 */
export const groupReportFolder = (root: string, name: string): string =>
  join(dirname(resolve(root)), 'reports', slug(name))

/** What a page on these groups is called: by their grid, or their names. */
export function groupTitle(groups: readonly RunGroup[]): string {
  const grids = [...new Set(groups.map(({ runs }) => runs[0]?.manifest.grid?.name))]
  const [grid] = grids
  return grids.length === 1 && grid !== undefined ? grid : [...new Set(groups.map(({ name }) => name))].join(', ')
}

/**
 * Writes the report on groups of runs into a folder: one group with several seeds, or the cells of a grid. Scores with their spread over the seeds,
 * heat maps of a grid, curves with bands, fits of functions, ROC, classes, tests, costs, and links to each run's own report: `report.html`, `figures/*.{vl.json,svg,csv}` and
 * `tables/*.csv`. Figures and tables of an earlier report there that this one does not have are removed.
 *
 * @param folder - where it goes; see {@link groupReportFolder}
 * @returns the path of the page
 * @throws UsageError when no run of the groups has finished
 *
 * @example
 * const { groups } = await openRuns('runs', ['grid:rates'])
 * await writeGroupReport(groupReportFolder('runs', 'rates'), groups)
 */
export async function writeGroupReport(
  folder: string,
  groups: readonly RunGroup[],
  { title = groupTitle(groups), ...formats }: GroupReportOptions = {},
): Promise<string> {
  const comparison = await compareGroups(groups, { latency: 'never' })
  const judged = await judgedGroups(groups)
  const roc = groupRoc(judged)
  const maps = await gridMaps(groups)
  const fits = await groupFits(groups)
  const figures = [...comparisonFigures(comparison), ...maps, ...(roc ? [roc] : []), ...(fits ? [fits] : [])]
  const all = await writeParts(folder, comparison, figures, isGroupFigure)
  const drawn = new Map(all.map((one) => [one.name, one]))
  const blocks = { maps: maps.map(({ name }) => name), classes: groupClasses(judged), links: linksOf(folder, groups) }
  return writeReport(folder, groupReport(comparison, title, drawn, blocks), lastOf(groups), formats)
}

/** When the last of the runs ended. */
const lastOf = (groups: readonly RunGroup[]): Date =>
  new Date(
    Math.max(
      ...groups.flatMap(({ runs }) => runs.map(({ manifest: own }) => Date.parse(own.finishedAt ?? own.createdAt))),
    ),
  )

function groupReport(
  comparison: Comparison,
  title: string,
  drawn: ReadonlyMap<string, DrawnFigure>,
  {
    maps,
    classes,
    links,
  }: { readonly maps: readonly string[]; readonly classes: readonly Block[]; readonly links: Block },
): ReportDocument {
  const { groups, leftOut, settings } = comparison
  const tables = comparisonTables(comparison)
  const tableOf = (name: NotedTable['name']): Block[] => tables.filter((table) => table.name === name).flatMap(noted)
  const figureOf = (name: string): Block[] => {
    const found = drawn.get(name)
    return found === undefined
      ? []
      : [{ kind: 'figure', picture: { svg: found.svg, alt: found.figure.alt }, caption: found.caption }]
  }
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0)
  const all = runs + leftOut.length
  const sections: Section[] = [
    { title: 'Grid', blocks: maps.flatMap(figureOf) },
    { title: 'Scores', blocks: [...tableOf('scores'), ...figureOf('scores')] },
    { title: 'Curves', blocks: figureOf('curves') },
    { title: 'Fits', blocks: figureOf('fits') },
    { title: 'Ranking', blocks: figureOf('roc') },
    { title: 'Classes', blocks: classes },
    { title: 'Tests', blocks: tableOf('tests') },
    { title: 'Settings', blocks: [...tableOf('settings'), ...(settings.same === '' ? [] : [said(settings.same)])] },
    { title: 'Costs', blocks: tableOf('costs') },
    { title: 'Runs', blocks: [links, ...reasons(comparison)] },
  ]
  return {
    title,
    subtitle: `${groups.length} group${groups.length === 1 ? '' : 's'}, ${whole(runs)} finished run${runs === 1 ? '' : 's'}${all > runs ? ` of ${whole(all)}` : ''}`,
    lead: lead(comparison),
    sections: sections.filter(({ blocks }) => blocks.length > 0),
  }
}

/** The best group by the first metric, how sure that is, and what is missing. */
function lead({ metrics: [first], groups, leftOut }: Comparison): Block[] {
  const blocks: Block[] = []
  const scores = first?.scores.flatMap((score) => (score.kind === 'score' ? [score] : [])) ?? []
  const [best] = scores.toSorted((a, b) => (first?.goal === 'min' ? 1 : -1) * (a.estimate - b.estimate))
  if (first !== undefined && best !== undefined) {
    const format = (number: number): string => (isShare(first.metric) ? percent(number) : value(number))
    const label = groups.find(({ id }) => id === best.group)?.label ?? best.group
    const { interval, values } = best
    const seeds = `${values.length} seed${values.length === 1 ? '' : 's'}`
    const chosen =
      scores.length > 1
        ? ` The best of ${scores.length} on the test split: other data would give it a little less.`
        : ''
    blocks.push({
      kind: 'headline',
      value: format(best.estimate),
      label: `test ${metricName(first.metric)} of ${label}, mean over ${seeds}`,
      detail: `${interval.over === 'nothing' ? `No interval: ${interval.reason}.` : `95% interval ${format(interval.low)} to ${format(interval.high)} (${interval.over === 'seeds' ? `Student’s, over seeds; standard deviation ${format(interval.sd)}` : `${interval.method}, over test examples`}).`}${chosen}`,
    })
  }
  if (leftOut.length > 0) {
    const [one] = leftOut
    const text =
      leftOut.length === 1 && one !== undefined
        ? `Left out: ${one.run}: ${one.reason}`
        : `${leftOut.length} runs are left out, as they did not finish or cannot be read; the reasons stand at the end.`
    blocks.push({ kind: 'notice', tone: 'warning', text })
  }
  return blocks
}

/** Why runs are left out. */
const reasons = ({ leftOut }: Comparison): Block[] =>
  leftOut.length === 0
    ? []
    : [{ kind: 'facts', caption: 'Left out.', facts: leftOut.map(({ run, reason }) => [run, reason]) }]

/** Every run, with a link where it has a report. */
function linksOf(folder: string, groups: readonly RunGroup[]): Block {
  const items = groups.flatMap(({ label, runs }) =>
    runs.map(({ id, folder: run, manifest: { seed, status } }) => {
      const report = join(run, 'report.html')
      const href = relative(resolve(folder), report).split(sep).map(encodeURIComponent).join('/')
      return { text: id, detail: `${label}, seed ${seed}: ${status}`, ...(existsSync(report) && { href }) }
    }),
  )
  return { kind: 'links', caption: 'The runs, with their own reports.', items }
}
