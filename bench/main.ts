/**
 * Side by side with peers, in one run: prints medians and ratios (peer's time / Assay's) and writes them to
 * `bench/results/`. See `bench/README.md`.
 */
import { availableParallelism } from 'node:os'
import { Command } from '@commander-js/extra-typings'
import { fail, note, percent, print, table } from '../src/cli/output.ts'
import { wholeNumber } from '../src/cli/parse.ts'
import { UsageError } from '../src/errors.ts'
import { type CommandTimes, measureRuns, RUNS } from './manyRuns/measure.ts'
import { measure } from './measure.ts'
import { measureEpoch } from './measureEpoch.ts'
import { entries, epochEntries } from './peers/index.ts'
import { type EpochResult, type Result, readEpochs, readResults, writeEpoch, writeResult } from './results.ts'
import { measureSamplers, SAMPLERS } from './samplers/measure.ts'
import { ashaText, tpeText, trainingsText } from './samplers/text.ts'
import { measureSearch, SEARCH, type SearchTimes } from './study/measure.ts'
import { epochCells, epochTable, markdownTable, megabytes, milliseconds } from './table.ts'
import { EPOCH, epochOf, TRAINING } from './work/epoch.ts'
import { works } from './work/index.ts'

const list = (text: string): string[] => text.split(',').filter((part) => part !== '')

new Command('npm run bench --')
  .description('Compare Assay with other libraries, side by side in one run')
  .argument(
    '[works...]',
    `what to measure (default: all): ${named([...works, { name: EPOCH }, { name: SEARCH }, { name: SAMPLERS }, { name: RUNS }])}`,
  )
  .option(
    '--peers <names>',
    `who competes, with commas between: ${named(entries)}; for ${EPOCH}: ${named(epochEntries)}`,
    list,
  )
  .option('--batch <sizes>', 'batch sizes instead of the usual ones, with commas between', list)
  .option(
    '--rounds <count>',
    `turns of each peer (default: 9; for ${EPOCH} 3, a seed each; for ${SEARCH} 1; for ${SAMPLERS} 20; for ${RUNS} 5)`,
    wholeNumber('--rounds', 1),
  )
  .option('--threads <count>', 'threads of each peer', wholeNumber('--threads', 1), availableParallelism())
  .option('--budget <seconds>', 'time of a peer in a round; slow ones get fewer steps', wholeNumber('--budget', 1), 2)
  .option('--patience <seconds>', 'longest wait for a step of a peer', wholeNumber('--patience', 1), 120)
  .option('--samples <count>', `samples that ${EPOCH} trains on`, wholeNumber('--samples', 1), TRAINING)
  .option('--trials <count>', `configurations that ${SEARCH} tries`, wholeNumber('--trials', 1), 600)
  .option('--table', 'measure nothing; print the results that there are as Markdown')
  .addHelpText(
    'after',
    `
Examples:
  npm run bench                                                       # everything; takes about half an hour
  npm run bench -- convnet --batch 64 --peers assay,pytorch --rounds 9
  npm run bench -- epoch --samples 10000                              # a fifth of an epoch
  npm run bench -- search --trials 60                                 # a tenth of the search, on two workers
  npm run bench -- --table

TensorFlow.js and jax-js are installed apart: npm --prefix bench ci`,
  )
  .action(async (names, { peers = [], batch, table: onlyTable, samples, trials, rounds, ...options }) => {
    if (onlyTable === true) return print(await allTables())
    const chosen = choose('benchmark', names, [
      ...works,
      { name: EPOCH },
      { name: SEARCH },
      { name: SAMPLERS },
      { name: RUNS },
    ])
    const everyone = [...entries, ...epochEntries]
    const wanted = choose('peer', peers, everyone)
    const sizes = batch?.map(wholeNumber('--batch', 1))
    const [yardstick] = entries
    if (yardstick === undefined) throw new Error('there is no one to compare with')
    const attempt = async (title: string, measuring: () => Promise<readonly string[]>): Promise<void> => {
      note(`${title} …`)
      try {
        for (const fault of await measuring()) blame(fault)
      } catch (error) {
        blame(error instanceof Error ? error.message : String(error))
      }
    }
    for (const work of works.filter((one) => chosen.includes(one)))
      for (const size of sizes ?? work.batches)
        await attempt(`${work.title}, batch ${size}`, async () => {
          const taking = entries.filter((entry) => wanted.includes(entry))
          const { result, faults } = await measure(work, size, taking, yardstick, { ...options, rounds: rounds ?? 9 })
          show(result)
          await writeResult(result)
          return faults
        })
    const isChosen = (wantedName: string): boolean => chosen.some(({ name }) => name === wantedName)
    if (isChosen(RUNS))
      await attempt('commands over 5,000 runs', async () => {
        showRuns(await measureRuns({ runs: 5000, points: 1000, rounds: rounds ?? 5 }, note))
        return []
      })
    if (isChosen(SEARCH))
      await attempt(`a search of ${trials} configurations by 4-fold cross-validation`, async () => {
        showSearch(await measureSearch({ trials, rounds: rounds ?? 1 }, note))
        return []
      })
    if (isChosen(SAMPLERS))
      await attempt('samplers and pruners on 5,000 images of Fashion-MNIST', async () => {
        const { trainings, repetitions } = await measureSamplers(rounds ?? 20)
        print([trainingsText(trainings), tpeText(repetitions), ashaText(repetitions)].join('\n\n'))
        return []
      })
    if (!isChosen(EPOCH)) return
    for (const size of sizes ?? [64]) {
      const epoch = epochOf(samples, size)
      await attempt(`an epoch of ${epoch.work.title} on MNIST, batch ${size}`, async () => {
        const taking = epochEntries.filter(({ name }) => wanted.some((one) => one.name === name))
        const { result, faults } = await measureEpoch(epoch, taking, yardstick, { ...options, rounds: rounds ?? 3 })
        showEpoch(result)
        await writeEpoch(result)
        return faults
      })
    }
  })
  .parseAsync()
  .catch(fail)

function named(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => name).join(', ')
}

async function allTables(): Promise<string> {
  const [results, epochs] = [await readResults(), await readEpochs()]
  if (results.length + epochs.length === 0) throw new UsageError('there are no results yet: npm run bench')
  return [...(results.length === 0 ? [] : [markdownTable(results)]), ...epochs.map(epochTable)].join('\n\n')
}

/** What makes the run fail, though the rest of it goes on. */
function blame(fault: string): void {
  note(`fault: ${fault}`)
  process.exitCode = 1
}

/** The named ones, in the order of the list; all where none is named. */
function choose<T extends { readonly name: string }>(kind: string, names: readonly string[], all: readonly T[]): T[] {
  for (const name of names)
    if (all.every((one) => one.name !== name))
      throw new UsageError(`no ${kind} is named "${name}"; there are ${named(all)}`)
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

function showRuns(times: readonly CommandTimes[]): void {
  const heads = ['median', 'fastest', 'slowest'].map((head) => ({ head, align: 'right' as const }))
  const took = (value: number | undefined): string => `${value?.toFixed(2)} s`
  const rows = times.map(({ command, seconds, median }) => [command, ...[median, seconds[0], seconds.at(-1)].map(took)])
  print(table([{ head: 'command' }, ...heads], rows))
  print()
}

function showEpoch({ title, batch, training, validation, parameters, standings, leftOut }: EpochResult): void {
  const count = (value: number): string => value.toLocaleString('en')
  print(
    `${title} on MNIST, batch ${batch}: ${count(parameters)} parameters, ${count(training)} + ${count(validation)} samples`,
  )
  const heads = ['an epoch', 'ratio', 'test accuracy', 'memory'].map((head) => ({ head, align: 'right' as const }))
  print(table([{ head: 'peer' }, ...heads], standings.map(epochCells)))
  for (const { title: peer, reason } of leftOut) print(`  left out: ${peer}: ${reason}`)
  print()
}

function showSearch({ fits, assay, pytorch, sampled, products, peak }: SearchTimes): void {
  const seconds = (values: readonly number[]): string => `${values.map((value) => value.toFixed(1)).join(', ')} s`
  const ratios = assay.map((own, i) => (pytorch[i] ?? Number.NaN) / own)
  print(`${fits} fits of a 1-288-288-1 network, 75 points, 200 full-batch epochs, two workers with one thread each`)
  print(`Assay, the whole command: ${seconds(assay)}`)
  print(`PyTorch, extrapolated from ${sampled} fits: ${seconds(pytorch)}`)
  print(`ratio ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`)
  print(`the hidden layer's products alone, at ${Math.round(peak)} GFLOP/s: ${products.toFixed(1)} s`)
}
