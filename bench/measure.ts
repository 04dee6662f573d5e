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

/** A peer at work: its process, what it said of itself, and its first and last loss. */
interface Competitor extends Contestant {
  readonly entry: Entry
  readonly child: Child
  readonly opened: Opened
  readonly losses: number[]
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
    const request = openRequest(work, batch)
    for (const entry of entries) {
      try {
        competitors.push(await enter(entry, request, options))
      } catch (error) {
        absent.push({ name: entry.name, reason: error instanceof Error ? error.message : String(error) })
      }
    }
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
      date: new Date().toISOString(),
      machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
      ...{ threads, rounds, parameters, flops, peak },
      standings: standings.flatMap((standing) => {
        const competitor = finished.find(({ name }) => name === standing.name)
        return competitor === undefined ? [] : [reported(competitor, standing, flops, peak)]
      }),
      leftOut: [...absent, ...dropouts].map(({ name, reason }) => {
        const { title = name } = entries.find((entry) => entry.name === name) ?? {}
        return { peer: name, title, reason }
      }),
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

function faultsOf({ entry: { title }, opened, losses: [first, last] }: Competitor, work: Work, parameters: number) {
  const hasLearnt = first !== undefined && last !== undefined && last < first
  return [
    ...(opened.parameters === parameters
      ? []
      : [`${title} has ${opened.parameters} parameters where ${work.title} has ${parameters}`]),
    ...(work.task === 'inference' || hasLearnt
      ? []
      : [`${title} did not learn: on ${work.title}, its loss went from ${first} to ${last}`]),
  ]
}

function openRequest(work: Work, batch: number): unknown {
  const { inputs, targets } = makeBatch(work, batch)
  const base64 = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): string =>
    Buffer.from(buffer, byteOffset, byteLength).toString('base64')
  return { work, batch, inputs: base64(inputs), targets: base64(targets) }
}

async function enter(entry: Entry, request: unknown, { threads, patience }: MeasureOptions): Promise<Competitor> {
  const command = entry.command(threads)
  if (command === undefined) throw new Error(`not installed (${entry.howToInstall})`)
  const child = startChild(command, patience)
  try {
    const opened = await child.ask(request, openedSchema)
    const losses: number[] = []
    return {
      ...{ name: entry.name, entry, child, opened, losses },
      run: async (steps) => {
        const { times, losses: seen } = await child.ask({ steps }, measuredSchema, steps)
        const [first, last] = [losses[0] ?? seen[0], seen.at(-1)]
        if (first !== undefined && last !== undefined) losses.splice(0, 2, first, last)
        return times
      },
    }
  } catch (error) {
    child.end()
    throw error
  }
}
