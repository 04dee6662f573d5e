import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Command } from '@commander-js/extra-typings'
import pc from 'picocolors'
import { type Comparison, compareGroups, type LatencyChoice } from '../compare/index.ts'
import { UsageError } from '../errors.ts'
import { comparisonTables, type NotedTable, writeComparison } from '../report/index.ts'
import { openRuns, type RunGroup } from '../runs/index.ts'
import { note, percent, print, printJson, table } from './output.ts'
import { taskBar } from './taskBar.ts'

const none: readonly string[] = []

export const compareCommand = new Command('compare')
  .description('Compare runs: what differs, scores with intervals, tests, costs; seeds of one experiment are a group')
  .argument(
    '<runs...>',
    'names of experiments, grids (grid:NAME), groups, or runs: id, beginning of an id, folder, or "latest"',
  )
  .option('--runs <folder>', 'folder that holds the runs', 'runs')
  .option(
    '--metric <name>',
    'metric of the test split; may be given more than once (default: all)',
    (text: string, before: readonly string[]) => [...before, text],
    none,
  )
  .option('--baseline <group>', 'group that the others are tested against, in place of every two')
  .option('--traces', 'draw every seed’s curve, in place of mean and band')
  .option('--latency', 'measure latency of any networks (default: of up to 8 small ones)')
  .option('--no-latency', 'do not measure latency')
  .option('--out <folder>', 'write comparison.html, figures (Vega-Lite, SVG, CSV) and tables (CSV) there')
  .option('--json', 'print the comparison as JSON')
  .addHelpText(
    'after',
    `
Examples:
  assay compare dense convnet --metric accuracy --out comparison
  assay compare grid:rates --baseline rates-1f0c77ab
  assay compare mnist-dense-s0 mnist-convnet-s0`,
  )
  .action(async (references, { runs, metric, baseline, traces = false, latency, out, json = false }) => {
    const root = resolve(runs)
    const { groups, damaged } = await openRuns(root, references)
    const against = baseline === undefined ? undefined : await baselineOf(root, baseline, groups)
    const comparison = await compared(groups, {
      ...(metric.length > 0 && { metrics: metric }),
      ...(against !== undefined && { baseline: against }),
      latency: latency === undefined ? 'quick' : latency ? 'always' : 'never',
    })
    const { curves: _, ...numbers } = comparison
    if (json) printJson({ ...numbers, damaged })
    else print(comparisonText(comparison))
    for (const { run, reason } of comparison.leftOut) note(`left out: ${run}: ${reason}`)
    for (const { folder, reason } of damaged) note(`left out: ${folder}: ${reason}`)
    if (out !== undefined) note(`written: ${await writeComparison(resolve(out), comparison, { traces })}`)
  })

async function compared(
  groups: readonly RunGroup[],
  options: { readonly metrics?: readonly string[]; readonly baseline?: string; readonly latency: LatencyChoice },
): Promise<Comparison> {
  const bar = taskBar()
  try {
    return await compareGroups(groups, {
      ...options,
      onProgress: async (share, detail) => {
        bar.at('comparing', share, `: ${detail}`)
        // A turn of the event loop, in which the bar is drawn and signals are heard.
        await setImmediate()
      },
    })
  } finally {
    bar.stop()
  }
}

/** The one of the groups that a reference of the command line means. */
async function baselineOf(root: string, reference: string, groups: readonly RunGroup[]): Promise<string> {
  const labelled = groups.filter(({ label }) => label === reference)
  const named = labelled.length > 0 ? labelled : (await openRuns(root, [reference])).groups
  const ids = new Set(named.map(({ id }) => id))
  const found = groups.filter(({ id }) => ids.has(id))
  const [only] = found
  if (only !== undefined && found.length === 1) return only.id
  const how = found.length === 0 ? 'is none of the groups' : `fits ${found.length} of the groups`
  throw new UsageError(
    `--baseline "${reference}" ${how}: give one of ${groups.map(({ id, label }) => `${id} (${label})`).join(', ')}`,
  )
}

/** Longer settings are in the page and in the JSON document. */
const MOST_LETTERS = 48

function comparisonText(comparison: Comparison): string {
  const tables = comparisonTables(comparison, { percent })
  const { same } = comparison.settings
  return tables
    .map((one) => `${tableText(one)}${one.name === 'groups' && same !== '' ? `\n\n${wrapped(same)}` : ''}`)
    .join('\n\n')
}

const TITLES: Readonly<Record<NotedTable['name'], string>> = {
  groups: 'Groups',
  settings: 'Settings',
  scores: 'Scores',
  tests: 'Tests',
  costs: 'Costs',
}

function tableText({ name, caption, columns, rows, notes }: NotedTable): string {
  return [
    pc.bold(TITLES[name]),
    ...(name === 'groups' ? [] : [wrapped(caption)]),
    table(
      columns.map(({ title, kind }) => ({ head: title, align: kind === 'number' ? 'right' : 'left' })),
      rows.map((row) => row.map((cell) => (name === 'settings' ? clipped(cell) : cell))),
    ),
    ...notes.map((text, i) => `[${i + 1}] ${text}`),
  ].join('\n')
}

const clipped = (text: string): string => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text)

/** Prose at a width that reads well. */
const WIDTH = 110

function wrapped(text: string): string {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length > WIDTH) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines.join('\n')
}
