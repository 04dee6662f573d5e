import { basename } from 'node:path'
import pc from 'picocolors'
import type { Assertion } from '../train/index.ts'
import { metric, percent, print, seconds, table } from './output.ts'
import type { GridTable, Outcome, Spread } from './protocol.ts'

/** What is printed when a run has ended. */
export function printOutcome({
  status,
  folder,
  report,
  test,
  classification,
  seconds: took,
  steps,
  title,
  seed,
}: Outcome): void {
  if (status === 'interrupted') {
    print(`\nInterrupted after ${steps} steps; the run is kept in ${folder}`)
    print(`Go on:  assay resume ${basename(folder)}`)
    return
  }
  if (title !== undefined) {
    print(`${title}, seed ${seed}: test ${scoresText(test)} (${seconds(took)})`)
    return
  }
  if (classification !== undefined) {
    const { accuracy, classes, confusion } = classification
    print(
      `\n${pc.bold(`Test accuracy ${percent(accuracy.value)}`)} (95 % interval ${percent(accuracy.low)} to ${percent(accuracy.high)}, ` +
        `${accuracy.n.toLocaleString('en')} samples)`,
    )
    print('\nConfusion matrix: a row for each true class, a column for each predicted one')
    print(
      table(
        [{ head: '', align: 'right' }, ...classes.map((head) => ({ head, align: 'right' as const }))],
        confusion.map((row, i) => [classes[i] ?? '', ...row.map((n) => (n === 0 ? '·' : String(n)))]),
      ),
    )
  }
  if (test !== undefined) print(`\nTest: ${scoresText(test)}`)
  print(`Trained and tested in ${seconds(took)}`)
  print(`Run:    ${folder}`)
  if (report !== undefined) print(`Report: ${report}`)
}

/** What came of one of the experiment's asserts. */
export function assertionLine({ name, mean, seeds, atLeast, atMost, holds }: Assertion): string {
  const wanted = [
    ...(atLeast === undefined ? [] : [`at least ${metric(name, atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${metric(name, atMost)}`]),
  ].join(' and ')
  const text = `Test ${name} ${metric(name, mean)}${seeds > 1 ? `, the mean over ${seeds} seeds` : ''}; wanted: ${wanted}`
  return holds ? `${pc.green('✓')} ${text}` : `${pc.red('✗')} ${text}: missed`
}

/** The table of a grid, a row a cell. */
export function gridText({ name, axes, rows }: GridTable): string {
  const metrics = [...new Set(rows.flatMap(({ scores }) => Object.keys(scores)))]
  const cell = (metricName: string, spread: Spread | undefined): string =>
    spread === undefined
      ? '–'
      : `${metric(metricName, spread.mean)}${Number.isNaN(spread.sd) ? '' : ` ± ${metric(metricName, spread.sd)}`}`
  const someDiverged = rows.some(({ diverged }) => diverged > 0)
  const head = [
    ...axes.map((axis) => ({ head: axis })),
    ...[...metrics, 'seeds', ...(someDiverged ? ['diverged'] : [])].map((text) => ({
      head: text,
      align: 'right' as const,
    })),
  ]
  const body = rows.map(({ labels, scores, runs, diverged }) => [
    ...axes.map((axis) => labels[axis] ?? ''),
    ...metrics.map((metricName) => cell(metricName, scores[metricName])),
    String(runs.length),
    ...(someDiverged ? [diverged === 0 ? '' : String(diverged)] : []),
  ])
  return `\n${pc.bold(name)}: test scores, mean ± standard deviation over the seeds\n${table(head, body)}`
}

const scoresText = (scores: Outcome['test'] = {}): string =>
  Object.entries(scores)
    .map(([name, value]) => `${name} ${metric(name, value)}`)
    .join(', ')
