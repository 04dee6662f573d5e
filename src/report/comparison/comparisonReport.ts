import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { Comparison } from '../../compare/index.ts'
import { comparisonCurves, scoreIntervals } from '../../figures/index.ts'
import type { Block, ReportDocument, Section } from '../document.ts'
import { whole } from '../format.ts'
import { renderHtml } from '../html.ts'
import type { NamedFigure } from '../profile/figures.ts'
import { type DrawnFigure, noted, said, writeParts } from './parts.ts'
import { comparisonTables, type NotedTable } from './tables.ts'

export interface ComparisonFigureOptions {
  /** Draws the line of every seed in place of mean and band (default false). */
  readonly traces?: boolean
}

/** Whether {@link comparisonFigures} can give a figure this name. */
export const isComparisonFigure = (name: string): boolean => name === 'scores' || name === 'curves'

/** Curves over each other: more colours and shapes cannot be told apart. */
const MOST_DRAWN = 7

/**
 * The figures of a comparison: scores with intervals, and curves. Of more than 7 groups the curves of the best 7 by the first metric are drawn.
 *
 * @example
 * for (const { name, figure } of comparisonFigures(comparison)) await saveFigure('out', name, figure)
 */
export function comparisonFigures(
  comparison: Comparison,
  { traces = false }: ComparisonFigureOptions = {},
): NamedFigure[] {
  const { metrics, curves, groups, level } = comparison
  const shown = drawnGroups(comparison)
  const some =
    shown.length < groups.length
      ? ` The best ${shown.length} of ${groups.length} groups by ${metrics[0]?.metric ?? 'nothing'} are drawn.`
      : ''
  const figures: NamedFigure[] = []
  if (metrics.some(({ scores }) => scores.some(({ kind }) => kind === 'score')))
    figures.push({
      name: 'scores',
      figure: scoreIntervals(metrics, new Map(groups.map(({ id, label }) => [id, label]))),
      caption: `Scores on the test split with ${level * 100}% intervals; each grey stroke is one seed. Axes need not start at zero.`,
    })
  const isDrawn = ({ split }: { readonly split: string }) => split === 'train' || split === 'validation'
  if (curves.some(({ records }) => records.some(isDrawn)))
    figures.push({
      name: 'curves',
      figure: comparisonCurves(
        shown.map(({ id, label }) => ({ label, runs: curves.filter(({ group }) => group === id) })),
        { traces },
      ),
      caption: `${
        traces
          ? 'One line a seed.'
          : 'Lines are means over the seeds, bands go from the smallest to the largest value, both as far as all seeds of a group were trained.'
      } Training and validation of a metric have one scale, which need not start at zero and may leave out the first epochs’ values.${some}`,
    })
  return figures
}

/** The groups, or where there are too many the best by the first metric. */
function drawnGroups({ groups, metrics }: Comparison) {
  if (groups.length <= MOST_DRAWN) return groups
  const [first] = metrics
  const sign = first?.goal === 'min' ? 1 : -1
  const rank = (id: string): number => {
    const score = first?.scores.find(({ group }) => group === id)
    return score?.kind === 'score' ? sign * score.estimate : Number.POSITIVE_INFINITY
  }
  const best = new Set(groups.toSorted((a, b) => rank(a.id) - rank(b.id) || 0).slice(0, MOST_DRAWN))
  return groups.filter((group) => best.has(group))
}

/**
 * A comparison as a document, for any format.
 *
 * @param drawn - the figures as SVG, by name
 */
export function comparisonReport(comparison: Comparison, drawn: readonly DrawnFigure[]): ReportDocument {
  const { groups, leftOut, settings } = comparison
  const tables = comparisonTables(comparison)
  const tableOf = (name: NotedTable['name']): Block[] => tables.filter((table) => table.name === name).flatMap(noted)
  const figureOf = (name: string): Block[] =>
    drawn
      .filter((one) => one.name === name)
      .map(({ svg, figure, caption }) => ({ kind: 'figure', picture: { svg, alt: figure.alt }, caption }))
  const runs = groups.reduce((sum, group) => sum + group.runs.length, 0)
  const sections: Section[] = [
    { title: 'Scores', blocks: [...figureOf('scores'), ...tableOf('scores')] },
    { title: 'Tests', blocks: tableOf('tests') },
    { title: 'Curves', blocks: figureOf('curves') },
    { title: 'Settings', blocks: [...tableOf('settings'), ...(settings.same === '' ? [] : [said(settings.same)])] },
    { title: 'Costs', blocks: tableOf('costs') },
    {
      title: 'Runs',
      blocks: [
        ...tableOf('groups'),
        {
          kind: 'facts',
          caption: 'The runs of each group, by seed',
          facts: groups.map(({ label, runs: own }) => [label, own.map(({ id }) => id).join(', ')]),
        },
      ],
    },
  ]
  return {
    title: titleOf(groups),
    subtitle: `${groups.length} group${groups.length === 1 ? '' : 's'}, ${whole(runs)} finished run${runs === 1 ? '' : 's'}`,
    lead: leftOut.map(({ run, reason }) => ({ kind: 'notice', tone: 'warning', text: `Left out: ${run}: ${reason}` })),
    sections: sections.filter(({ blocks }) => blocks.length > 0),
  }
}

/** Groups whose labels a title holds. */
const MOST_NAMED = 4

/** The name that groups share is told once. */
function titleOf(groups: Comparison['groups']): string {
  const [name, ...others] = new Set(groups.map((group) => group.name))
  const isLong = groups.length > MOST_NAMED
  const labels = isLong ? `${groups.length} groups` : groups.map(({ label }) => label).join(', ')
  return others.length > 0 || labels === name ? `Comparison of ${labels}` : `Comparison of ${name}: ${labels}`
}

/**
 * Writes a comparison into a folder: `comparison.html`, `figures/*.{vl.json,svg,csv}` and `tables/*.csv`, whose numbers are in full.
 * Figures and tables of an earlier comparison that this one does not have are removed.
 *
 * @returns the path of the page
 *
 * @example
 * await writeComparison('comparison', await compareGroups(groups))
 */
export async function writeComparison(
  folder: string,
  comparison: Comparison,
  options: ComparisonFigureOptions = {},
): Promise<string> {
  const figures = comparisonFigures(comparison, options)
  const drawn = await writeParts(folder, comparison, figures, isComparisonFigure)
  const path = join(folder, 'comparison.html')
  await writeFileAtomic(path, renderHtml(comparisonReport(comparison, drawn)))
  return path
}
