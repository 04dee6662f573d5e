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

/** Epochs on MNIST as whole jobs, as `epoch-<batch>.json` in `bench/results/`. */
const epochResultSchema = resultSchema
  .pick({ work: true, title: true, batch: true, date: true, machine: true })
  .extend(resultSchema.pick({ threads: true, rounds: true, parameters: true, leftOut: true }).shape)
  .extend({
    /** Samples. */
    training: z.number(),
    validation: z.number(),
    standings: z.array(
      standingSchema.pick({ peer: true, title: true, version: true, peakMemory: true }).extend({
        /** Of an epoch, ms. */
        median: z.number(),
        /** This peer's time / Assay's. */
        ratio: z.number().nullable(),
        /** On the test split after the epoch, one a round, each with a seed of its own. */
        accuracies: z.array(z.number()),
      }),
    ),
  })

export type EpochResult = z.infer<typeof epochResultSchema>

const folder = new URL('./results/', import.meta.url)

const EPOCH = /^epoch-\d+\.json$/

export const writeResult = (result: Result): Promise<void> => write(`${result.work}-${result.batch}.json`, result)

export const writeEpoch = (result: EpochResult): Promise<void> => write(`epoch-${result.batch}.json`, result)

/** All results of steps that there are, of this run and of earlier ones. */
export const readResults = (): Promise<Result[]> => read((name) => !EPOCH.test(name), resultSchema)

/** The same of epochs. */
export const readEpochs = (): Promise<EpochResult[]> => read((name) => EPOCH.test(name), epochResultSchema)

async function write(name: string, result: unknown): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(new URL(name, folder), `${JSON.stringify(result, null, 2)}\n`)
}

async function read<T>(isOf: (name: string) => boolean, schema: z.ZodType<T>): Promise<T[]> {
  const names = await readdir(folder).catch(() => [])
  const files = names.filter((name) => name.endsWith('.json') && isOf(name))
  return Promise.all(files.map(async (name) => schema.parse(JSON.parse(await readFile(new URL(name, folder), 'utf8')))))
}
