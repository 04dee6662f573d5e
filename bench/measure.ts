import { availableParallelism, cpus } from 'node:os'
import { type Contestant, contest, type Dropout, type Standing } from './contest.ts'
import { type Child, startChild } from './peers/child.ts'
import type { Entry } from './peers/index.ts'
import { measuredSchema, type Opened, openedSchema } from './peers/protocol.ts'
import type { Result, ResultStanding } from './results.ts'
import { makeBatch } from './work/batch.ts'
import { costOf } from './work/cost.ts'
import { flopsOf, type Work } from './work/work.ts'

export interface MeasureOptions {
  readonly threads: number
  readonly rounds: number
  /** Time of a peer in a round, s. */
  readonly budget: number
  /** Longest wait for a step, s. */
  readonly patience: number
}

/** Result and what must not be: peers that did other work than the one described, or did not learn. */
export interface Measurement {
  readonly result: Result
  readonly faults: readonly string[]
}

/** A peer at work: its process, what it said of itself, its first and last loss, and the accuracies after its epochs. */
export interface Competitor extends Contestant {
  readonly entry: Entry
  readonly child: Child
  readonly opened: Opened
  readonly losses: number[]
  readonly accuracies: number[]
}

const GEMM = 1024

/**
 * Has one work done by all entries, each in a process of its own. The matrix product competes too, through the yardstick:
 * its rounds give the machine's peak at that time.
 */
export async function measure(
  work: Work,
  batch: number,
  entries: readonly Entry[],
  yardstick: Entry,
  options: MeasureOptions,
): Promise<Measurement> {
  const { threads, rounds, budget } = options
  const competitors: Competitor[] = []
  const absent: Dropout[] = []
  try {
    await enterAll(entries, openRequest(work, batch), options, { competitors, absent })
    const gemm = await enter({ ...yardstick, name: 'gemm' }, { gemm: GEMM }, options)
    competitors.push(gemm)
    const { standings, dropouts } = await contest(competitors, {
      rounds,
      budget: budget * 1000,
      reference: yardstick.name,
    })
    const product = standings.find(({ name }) => name === gemm.name)
    if (product === undefined) throw new Error(`the matrix product failed: ${dropouts.at(-1)?.reason}`)
    const peak = gflops(2 * GEMM ** 3, product.median)
    const flops = flopsOf(work, batch)
    const { parameters } = costOf(work.network, work.sample)
    const finished = competitors.filter((one) => one !== gemm && standings.some(({ name }) => name === one.name))
    const result: Result = {
      ...{ work: work.name, title: work.title, task: work.task, members: work.members, batch },
      ...circumstances(),
      ...{ threads, rounds, parameters, flops, peak },
      standings: standings.flatMap((standing) => {
        const competitor = finished.find(({ name }) => name === standing.name)
        return competitor === undefined ? [] : [reported(competitor, standing, flops, peak)]
      }),
      leftOut: leftOutOf([...absent, ...dropouts], entries),
    }
    return { result, faults: finished.flatMap((competitor) => faultsOf(competitor, work, parameters)) }
  } finally {
    for (const { child } of competitors) child.end()
  }
}

const gflops = (operations: number, milliseconds: number): number => operations / milliseconds / 1e6

function reported(
  { entry, child, opened: { version, threads }, losses }: Competitor,
  { median, ratio, steps }: Standing,
  flops: number,
  peak: number,
): ResultStanding {
  const speed = gflops(flops, median)
  return {
    ...{ peer: entry.name, title: entry.title, version, threads, median, ratio: ratio ?? null, steps, losses },
    ...{ gflops: speed, share: speed / peak, peakMemory: child.peakMemory() ?? null },
  }
}

function faultsOf(competitor: Competitor, work: Work, parameters: number): string[] {
  const [first, last] = competitor.losses
  const hasLearnt = first !== undefined && last !== undefined && last < first
  return [
    ...otherNetwork(competitor, work, parameters),
    ...(work.task === 'inference' || hasLearnt
      ? []
      : [`${competitor.entry.title} did not learn: on ${work.title}, its loss went from ${first} to ${last}`]),
  ]
}

/** What there is to say where a peer trains another network than the one described. */
export const otherNetwork = ({ entry, opened }: Competitor, { title }: Work, parameters: number): string[] =>
  opened.parameters === parameters
    ? []
    : [`${entry.title} has ${opened.parameters} parameters where ${title} has ${parameters}`]

/** When and where something was measured. */
export const circumstances = (): Pick<Result, 'date' | 'machine'> => ({
  date: new Date().toISOString(),
  machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
})

export const leftOutOf = (dropouts: readonly Dropout[], entries: readonly Entry[]): Result['leftOut'] =>
  dropouts.map(({ name, reason }) => {
    const { title = name } = entries.find((entry) => entry.name === name) ?? {}
    return { peer: name, title, reason }
  })

function openRequest(work: Work, batch: number): unknown {
  const { inputs, targets } = makeBatch(work, batch)
  const base64 = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): string =>
    Buffer.from(buffer, byteOffset, byteLength).toString('base64')
  return { work, batch, inputs: base64(inputs), targets: base64(targets) }
}

/** Starts everyone who can take part; who cannot is told of. */
export async function enterAll(
  entries: readonly Entry[],
  request: unknown,
  options: Pick<MeasureOptions, 'threads' | 'patience'>,
  { competitors, absent }: { readonly competitors: Competitor[]; readonly absent: Dropout[] },
): Promise<void> {
  for (const entry of entries) {
    try {
      competitors.push(await enter(entry, request, options))
    } catch (error) {
      absent.push({ name: entry.name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
}

async function enter(
  entry: Entry,
  request: unknown,
  { threads, patience }: Pick<MeasureOptions, 'threads' | 'patience'>,
): Promise<Competitor> {
  const command = entry.command(threads)
  if (command === undefined) throw new Error(`not installed (${entry.howToInstall})`)
  const child = startChild(command, patience)
  try {
    const opened = await child.ask(request, openedSchema)
    const losses: number[] = []
    const accuracies: number[] = []
    return {
      ...{ name: entry.name, entry, child, opened, losses, accuracies },
      run: async (steps) => {
        const { times, losses: seen, accuracies: reached = [] } = await child.ask({ steps }, measuredSchema, steps)
        const [first, last] = [losses[0] ?? seen[0], seen.at(-1)]
        if (first !== undefined && last !== undefined) losses.splice(0, 2, first, last)
        accuracies.push(...reached)
        return times
      },
    }
  } catch (error) {
    child.end()
    throw error
  }
}
