/**
 * Side by side with peers, in one run: prints medians and ratios (peer's time / Assay's) and writes them to
 * `bench/results/`. See `bench/README.md`.
 */
import { availableParallelism } from 'node:os'
import { Command } from '@commander-js/extra-typings'
import { fail, note, percent, print, table } from '../src/cli/output.ts'
import { wholeNumber } from '../src/cli/parse.ts'
import { UsageError } from '../src/errors.ts'
import { measure } from './measure.ts'
import { entries } from './peers/index.ts'
import { type Result, readResults, writeResult } from './results.ts'
import { markdownTable, megabytes, milliseconds } from './table.ts'
import { works } from './work/index.ts'

const list = (text: string): string[] => text.split(',').filter((part) => part !== '')

new Command('npm run bench --')
  .description('Compare Assay with other libraries, side by side in one run')
  .argument('[works...]', `what to measure (default: all): ${works.map(({ name }) => name).join(', ')}`)
  .option('--peers <names>', `who competes, with commas between: ${entries.map(({ name }) => name).join(',')}`, list)
  .option('--batch <sizes>', 'batch sizes instead of the usual ones, with commas between', list)
  .option('--rounds <count>', 'turns of each peer', wholeNumber('--rounds', 1), 9)
  .option('--threads <count>', 'threads of each peer', wholeNumber('--threads', 1), availableParallelism())
  .option('--budget <seconds>', 'time of a peer in a round; slow ones get fewer steps', wholeNumber('--budget', 1), 2)
  .option('--patience <seconds>', 'longest wait for a step of a peer', wholeNumber('--patience', 1), 120)
  .option('--table', 'measure nothing; print the results that there are as Markdown')
  .addHelpText(
    'after',
    `
Examples:
  npm run bench                                                       # everything; takes about half an hour
  npm run bench -- convnet --batch 64 --peers assay,pytorch --rounds 9
  npm run bench -- --table

TensorFlow.js and jax-js are installed apart: npm --prefix bench ci`,
  )
  .action(async (names, { peers, batch, table: onlyTable, ...options }) => {
    if (onlyTable === true) {
      const results = await readResults()
      if (results.length === 0) throw new UsageError('there are no results yet: npm run bench')
      return print(markdownTable(results))
    }
    const chosenWorks = choose('benchmark', names, works)
    const chosenPeers = choose('peer', peers ?? [], entries)
    const sizes = batch?.map(wholeNumber('--batch', 1))
    const [yardstick] = entries
    if (yardstick === undefined) throw new Error('there is no one to compare with')
    for (const work of chosenWorks)
      for (const size of sizes ?? work.batches) {
        note(`${work.title}, batch ${size} …`)
        try {
          const { result, faults } = await measure(work, size, chosenPeers, yardstick, options)
          show(result)
          await writeResult(result)
          for (const fault of faults) blame(fault)
        } catch (error) {
          blame(error instanceof Error ? error.message : String(error))
        }
      }
  })
  .parseAsync()
  .catch(fail)

/** What makes the run fail, though the rest of it goes on. */
function blame(fault: string): void {
  note(`fault: ${fault}`)
  process.exitCode = 1
}

/** The named ones, in the order of the list; all where none is named. */
function choose<T extends { readonly name: string }>(kind: string, names: readonly string[], all: readonly T[]): T[] {
  for (const name of names)
    if (all.every((one) => one.name !== name))
      throw new UsageError(`no ${kind} is named "${name}"; there are ${all.map((one) => one.name).join(', ')}`)
  return all.filter(({ name }) => names.length === 0 || names.includes(name))
}

function show({ title, batch, parameters, flops, peak, threads, members, standings, leftOut }: Result): void {
  print(`${title}, batch ${batch}: ${parameters.toLocaleString('en')} parameters${members > 1 ? ' each' : ''}`)
  print(`${(flops / 1e9).toPrecision(3)} GFLOP a step; the matrix product reaches ${Math.round(peak)} GFLOP/s`)
  print(
    table(
      [
        { head: 'peer' },
        ...['a step', ...(members > 1 ? ['a model'] : []), 'ratio', 'GFLOP/s', 'of peak', 'memory', 'steps'].map(
          (head) => ({ head, align: 'right' as const }),
        ),
        { head: 'loss' },
      ],
      standings.map(({ title: peer, version, median, ratio, gflops, share, peakMemory, steps, losses, ...own }) => [
        `${peer} ${version}${own.threads === threads ? '' : `, ${own.threads} thread`}`,
        milliseconds(median),
        ...(members > 1 ? [milliseconds(median / members)] : []),
        ratio === null ? '—' : ratio.toFixed(2),
        gflops.toPrecision(3),
        percent(share, 1),
        megabytes(peakMemory),
        String(steps),
        losses.map((loss) => loss.toPrecision(3)).join(' → '),
      ]),
    ),
  )
  for (const { title: peer, reason } of leftOut) print(`  left out: ${peer}: ${reason}`)
  print()
}
