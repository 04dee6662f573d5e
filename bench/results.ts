import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'

const standingSchema = z.object({
  peer: z.string(),
  title: z.string(),
  version: z.string(),
  threads: z.number(),
  /** Of a step, ms. */
  median: z.number(),
  /** This peer's time / Assay's. */
  ratio: z.number().nullable(),
  /** GFLOP/s, from multiply-adds. */
  gflops: z.number(),
  /** Share of the matrix product's GFLOP/s in the same rounds. */
  share: z.number(),
  /** Steps measured. */
  steps: z.number(),
  /** The first and the last that were seen; empty without training. */
  losses: z.array(z.number()),
  /** Most memory of the peer's process, bytes. */
  peakMemory: z.number().nullable(),
})

/** One work at one batch size, as a file in `bench/results/`. */
export const resultSchema = z.object({
  work: z.string(),
  title: z.string(),
  task: z.enum(['training', 'inference', 'population']),
  members: z.number(),
  batch: z.number(),
  date: z.string(),
  machine: z.object({ cpu: z.string(), cores: z.number(), node: z.string() }),
  threads: z.number(),
  rounds: z.number(),
  /** Of one network. */
  parameters: z.number(),
  /** Floating-point operations of a step. */
  flops: z.number(),
  /** GFLOP/s of the matrix product 1024³ through Assay's runtime, in the same rounds. */
  peak: z.number(),
  standings: z.array(standingSchema),
  leftOut: z.array(z.object({ peer: z.string(), title: z.string(), reason: z.string() })),
})

export type Result = z.infer<typeof resultSchema>
export type ResultStanding = z.infer<typeof standingSchema>

const folder = new URL('./results/', import.meta.url)

export async function writeResult(result: Result): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(new URL(`${result.work}-${result.batch}.json`, folder), `${JSON.stringify(result, null, 2)}\n`)
}

/** All results that there are, of this run and of earlier ones. */
export async function readResults(): Promise<Result[]> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith('.json'))
  return Promise.all(
    files.map(async (name) => resultSchema.parse(JSON.parse(await readFile(new URL(name, folder), 'utf8')))),
  )
}
