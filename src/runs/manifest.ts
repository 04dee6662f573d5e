import * as z from 'zod'

const hash = z.string().regex(/^[0-9a-f]{8,64}$/, 'a hash in lower-case hexadecimal')
const count = z.int().nonnegative()

/** One row of a table of layers; the columns are the model's own (name, type, output shape, parameters, …). */
const row = z.record(z.string(), z.json())

/**
 * `manifest.json`: what made a run. Everything a reader needs to repeat it or to doubt it; no result is kept here.
 */
export const manifestSchema = z.object({
  /** Version of this layout. */
  version: z.literal(1),
  /** Name of the run's folder. */
  id: z.string().min(1),
  name: z.string().min(1),
  status: z.enum(['running', 'finished', 'interrupted', 'failed']),
  /** The experiment, serialised. */
  experiment: z.json(),
  configHash: hash,
  seed: z.int(),
  /** The grid that the run belongs to, and what tells its cell from the others, by axis. */
  grid: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }).optional(),
  /** Settings that differ from the file's, by path, in the order in which they were made: what `--set` was given. */
  overrides: z.array(z.tuple([z.string(), z.json()])).optional(),
  code: z.object({
    /** Commit that was checked out; absent outside a git repository. */
    commit: z.string().optional(),
    /** SHA-256 over the changes that the commit lacks, an untracked experiment file included; absent where there are none. */
    dirty: hash.optional(),
    /** The experiment file, relative to the folder in which the command ran. */
    file: z.string().optional(),
    /** SHA-256 of the experiment file. */
    fileHash: hash.optional(),
  }),
  /** SHA-256 of the package manager's lock file. */
  lockFileHash: hash.optional(),
  data: z.object({
    name: z.string(),
    fingerprint: z.object({ train: z.string(), test: z.string() }),
    /** Number of examples in each split. */
    splits: z.object({ train: count, validation: count, test: count }),
    /** How many rows or files could not be read, or were dropped; `left-out.json` lists them. */
    leftOut: count.optional(),
    classes: z.array(z.string()).optional(),
    /** Shape of one example, without the batch. */
    inputShape: z.array(count),
    inputDtype: z.enum(['float32', 'uint8']),
  }),
  model: z.object({ name: z.string(), parameters: count, layers: z.array(row) }),
  machine: z.object({
    platform: z.string(),
    arch: z.string(),
    cpu: z.string(),
    cores: z.int().positive(),
    memoryGB: z.number().positive(),
    /** Threads inside one op, where they were said: their number may change the last bits of sums. */
    threads: z.int().positive().optional(),
  }),
  versions: z.object({ assay: z.string(), node: z.string(), onnxruntime: z.string() }),
  /** Process that wrote the run last. */
  pid: count,
  /** ISO 8601, UTC. */
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  /** What went wrong, for `failed`. */
  error: z.string().optional(),
  /** Of a failed run whose numbers stopped being finite: it would do so again. */
  diverged: z.literal(true).optional(),
})

/** What `JSON.parse` has made, and is JSON all the way down. */
const parsedJson = z.custom<Json>((value) => value !== undefined)
type Json = z.infer<ReturnType<typeof z.json>>

/** {@link manifestSchema} for what was read from a file: it does not walk through settings and layers, of which there may be thousands of runs full. */
export const storedManifestSchema: z.ZodType<Manifest> = manifestSchema.extend({
  experiment: parsedJson,
  model: manifestSchema.shape.model.extend({ layers: z.array(z.custom<z.infer<typeof row>>(isObject)) }),
})

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** See {@link manifestSchema}. */
export type Manifest = z.infer<typeof manifestSchema>

/** What a caller knows when a run starts; the store adds the id, the status, the process and the time. */
export type NewManifest = Omit<
  Manifest,
  'version' | 'id' | 'status' | 'pid' | 'createdAt' | 'finishedAt' | 'error' | 'diverged'
>
