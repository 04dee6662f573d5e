import { basename } from 'node:path'
import pc from 'picocolors'
import type { Assertion, EpochReport, EvaluationReport } from '../train/index.ts'
import { metric, percent, print, seconds, table } from './output.ts'
import type { Outcome } from './protocol.ts'

/** What is printed at an epoch's end, or after an evaluation inside one. */
export function epochLine(report: EpochReport | EvaluationReport): string {
  const part = (split: string, scores: Readonly<Record<string, number>>): string =>
    `${split} ${Object.entries(scores)
      .map(([name, value]) => `${name} ${metric(name, value)}`)
      .join(', ')}`
  const { epoch, step: _, ...scores } = report
  const splits = Object.entries(scores).map(([split, values]) => part(NAMES[split] ?? split, values))
  return `epoch ${Number(epoch.toFixed(2))}: ${splits.join(' · ')}`
}

/** Splits as they are called in lines. */
const NAMES: Readonly<Record<string, string>> = { trainEvaluated: 'train (evaluated)' }

/** What is printed when a run has ended. */
export function printOutcome({ status, folder, report, test, classification, seconds: took, steps }: Outcome): void {
  if (status === 'interrupted') {
    print(`\nInterrupted after ${steps} steps; the run is kept in ${folder}`)
    print(`Go on:  assay resume ${basename(folder)}`)
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
  if (test !== undefined)
    print(
      `\nTest: ${Object.entries(test)
        .map(([name, value]) => `${name} ${metric(name, value)}`)
        .join(', ')}`,
    )
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
