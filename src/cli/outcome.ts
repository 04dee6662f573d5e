import { basename } from 'node:path'
import pc from 'picocolors'
import { metric, percent, seconds, table } from './output.ts'
import type { CellAssertion, GridTable, Outcome, Spread } from './training/protocol.ts'

/** What is printed when a run has ended. */
export function outcomeText(outcome: Outcome): string {
  const { status, folder, report, test, classification, seconds: took, steps, title, seed } = outcome
  if (status === 'interrupted')
    return [
      `\nInterrupted after ${steps} steps; the run is kept in ${folder}`,
      `Go on:  assay resume ${basename(folder)}`,
    ].join('\n')
  if (title !== undefined) return `${title}, seed ${seed}: test ${scoresText(test)} (${seconds(took)})`
  return [
    ...(classification === undefined ? [] : classificationLines(classification)),
    ...(test === undefined ? [] : [`\nTest: ${scoresText(test)}`]),
    `Trained and tested in ${seconds(took)}`,
    `Run:    ${folder}`,
    ...(report === undefined ? [] : [`Report: ${report}`]),
  ].join('\n')
}

function classificationLines({ accuracy, classes, confusion }: NonNullable<Outcome['classification']>): string[] {
  return [
    `\n${pc.bold(`Test accuracy ${percent(accuracy.value)}`)} (95 % interval ${percent(accuracy.low)} to ${percent(accuracy.high)}, ` +
      `${accuracy.n.toLocaleString('en')} samples)`,
    '\nConfusion matrix: a row for each true class, a column for each predicted one',
    table(
      [{ head: '', align: 'right' }, ...classes.map((head) => ({ head, align: 'right' as const }))],
      confusion.map((row, i) => [classes[i] ?? '', ...row.map((n) => (n === 0 ? '·' : String(n)))]),
    ),
  ]
}

/** What came of one of the experiment's asserts. */
export function assertionLine({ cell, name, mean, seeds, atLeast, atMost, holds }: CellAssertion): string {
  const wanted = [
    ...(atLeast === undefined ? [] : [`at least ${metric(name, atLeast)}`]),
    ...(atMost === undefined ? [] : [`at most ${metric(name, atMost)}`]),
  ].join(' and ')
  const text = `${cell === undefined ? 'Test' : `${cell}: test`} ${name} ${metric(name, mean)}${seeds > 1 ? `, the mean over ${seeds} seeds` : ''}; wanted: ${wanted}`
  return holds ? `${pc.green('✓')} ${text}` : `${pc.red('✗')} ${text}: missed`
}

/** The table of a grid, a row a cell; of an experiment with several seeds, a row a score. */
export function gridText(of: GridTable): string {
  return of.axes.length === 0 ? seedsText(of) : cellsText(of)
}

function seedsText({ name, rows }: GridTable): string {
  const { runs = [], scores = {}, diverged = 0, failed = 0 } = rows[0] ?? {}
  const lost = [counted(diverged, 'diverged'), counted(failed, 'failed')]
    .map((text) => text && pc.red(`, ${text}`))
    .join('')
  const body = Object.entries(scores).map(([score, { mean, sd, low, high }]) => [
    score,
    metric(score, mean),
    known(sd, metric(score, sd)),
    known(low, `${metric(score, low)} to ${metric(score, high)}`),
  ])
  const heads = ['mean', 'standard deviation', '95 % t-interval of the mean']
  return `\n${pc.bold(name)}: test scores over ${runs.length} seed${runs.length === 1 ? '' : 's'}${lost}\n${table(
    [{ head: '' }, ...heads.map((head) => ({ head, align: 'right' as const }))],
    body,
  )}`
}

const counted = (n: number, what: string): string => (n === 0 ? '' : `${n} ${what}`)

const known = (value: number, text: string): string => (Number.isNaN(value) ? '–' : text)

function cellsText({ name, axes, rows }: GridTable): string {
  const metrics = [...new Set(rows.flatMap(({ scores }) => Object.keys(scores)))]
  const cell = (metricName: string, spread: Spread | undefined): string =>
    spread === undefined
      ? '–'
      : `${metric(metricName, spread.mean)}${Number.isNaN(spread.sd) ? '' : ` ± ${metric(metricName, spread.sd)}`}`
  const losses = (['diverged', 'failed'] as const).filter((loss) => rows.some((row) => row[loss] > 0))
  const head = [
    ...axes.map((axis) => ({ head: axis })),
    ...[...metrics, 'seeds', ...losses].map((text) => ({
      head: text,
      align: 'right' as const,
    })),
  ]
  const body = rows.map(({ labels, scores, runs, ...lost }) => [
    ...axes.map((axis) => labels[axis] ?? ''),
    ...metrics.map((metricName) => cell(metricName, scores[metricName])),
    String(runs.length),
    ...losses.map((loss) => counted(lost[loss], '').trim()),
  ])
  return `\n${pc.bold(name)}: test scores, mean ± standard deviation over the seeds\n${table(head, body)}`
}

const scoresText = (scores: Outcome['test'] = {}): string =>
  Object.entries(scores)
    .map(([name, value]) => `${name} ${metric(name, value)}`)
    .join(', ')
