import { availableParallelism, cpus } from 'node:os'
import { type Contestant, contest } from './contest.ts'
import { type Child, startChild } from './peers/child.ts'
import type { Entry } from './peers/index.ts'
import { measuredSchema, type Opened, openedSchema } from './peers/protocol.ts'
import type { Result } from './results.ts'
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
 * Has one work done by all entries, each in a process of its own. The matrix product competes too: its rounds give the
 * machine's peak at that time.
 */
export async function measure(
  work: Work,
  batch: number,
  entries: readonly Entry[],
  yardstick: Entry,
  options: MeasureOptions,
): Promise<Measurement> {
  const { parameters } = costOf(work.network, work.sample)
  const faults: string[] = []
  const leftOut: { peer: string; title: string; reason: string }[] = []
  const request = openRequest(work, batch)
  const competitors: Competitor[] = []
  try {
    for (const entry of entries) {
      try {
        const competitor = await enter(entry, request, options)
        competitors.push(competitor)
        const own = competitor.opened.parameters
        if (own !== parameters) faults.push(`${entry.title} has ${own} parameters where the work has ${parameters}`)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        leftOut.push({ peer: entry.name, title: entry.title, reason })
      }
    }
    const gemm = await enter({ ...yardstick, name: 'gemm' }, { gemm: GEMM }, options)
    competitors.push(gemm)
    const { rounds, budget } = options
    const { standings, dropouts } = await contest(competitors, { rounds, budget: budget * 1000 })
    const gemmTime = standings.find(({ name }) => name === 'gemm')?.median
    if (gemmTime === undefined) throw new Error(`the matrix product failed: ${dropouts.at(-1)?.reason}`)
    const peak = gflops(2 * GEMM ** 3, gemmTime)
    const flops = flopsOf(work, batch)

    const results: Result['standings'] = []
    for (const { name, median, ratio, steps } of standings) {
      const competitor = competitors.find((one) => one.name === name && one !== gemm)
      if (competitor === undefined) continue
      const { entry, child, opened, losses } = competitor
      const [first, last] = losses
      if (work.task !== 'inference' && !(first !== undefined && last !== undefined && last < first))
        faults.push(`${entry.title} did not learn: its loss went from ${first} to ${last}`)
      results.push({
        ...{ peer: name, title: entry.title, version: opened.version, threads: opened.threads },
        ...{ median, ratio: ratio ?? null, gflops: gflops(flops, median), share: gflops(flops, median) / peak },
        ...{ steps, losses, peakMemory: child.peakMemory() ?? null },
      })
    }
    for (const { name, reason } of dropouts) {
      const { title = name } = entries.find((entry) => entry.name === name) ?? {}
      leftOut.push({ peer: name, title, reason })
    }
    const result: Result = {
      ...{ work: work.name, title: work.title, task: work.task, members: work.members, batch },
      date: new Date().toISOString(),
      machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
      ...{ threads: options.threads, rounds, parameters, flops, peak, standings: results, leftOut },
    }
    return { result, faults }
  } finally {
    for (const { child } of competitors) child.end()
  }
}

const gflops = (operations: number, milliseconds: number): number => operations / milliseconds / 1e6

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
