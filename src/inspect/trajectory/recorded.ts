import { type FileHandle, open, readFile } from 'node:fs/promises'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import {
  decodeStateDict,
  type SafetensorsPlace,
  type StateDict,
  safetensorsBeginning,
  safetensorsLayout,
  type Weights,
  type WeightTree,
} from '../../nn/index.ts'
import { type Run, recordedFiles } from '../../runs/index.ts'
import type { WeightSnapshot } from '../weights/index.ts'

/** Where a run stood when it recorded its weights; they are read when they are needed. */
export interface RecordedPoint {
  readonly step: number
  /** Epochs done, a fraction. */
  readonly epoch: number
  /** Names of the trained weights that were recorded, in the network's order. */
  readonly parameters: readonly RecordedParameter[]
  /** Some of a parameter's numbers, from one place to before another. */
  read(parameter: string, from: number, to: number): Promise<Float32Array>
  /** All that was recorded. */
  snapshot(): Promise<WeightSnapshot>
}

export interface RecordedParameter {
  readonly name: string
  readonly shape: readonly number[]
  /** Numbers in it. */
  readonly size: number
}

/**
 * The points at which a run has recorded its weights, in the order of steps. Of the files only the beginnings are read.
 *
 * @throws UsageError where the run has recorded none, or a file is damaged
 * @example
 * const points = await recordedPoints(await openRun('runs', 'latest'))
 * points.map(({ epoch }) => epoch) // [0, 3, 6, 9]
 */
export async function recordedPoints({ id, folder }: Pick<Run, 'id' | 'folder'>): Promise<RecordedPoint[]> {
  const files = await recordedFiles(folder)
  if (files.length === 0)
    throw new UsageError(
      `run ${id} has recorded no weights: train with record: { weights: { everyEpochs: 1 } } in the experiment, or with --set record.weights.everyEpochs=1`,
    )
  return Promise.all(files.map(({ step, path }) => pointOf(step, path)))
}

/**
 * The recorded weights of a run, for what looks at weights over epochs: {@link weightQuantiles} for instance.
 *
 * @throws UsageError as {@link recordedPoints}
 * @example
 * weightHistograms(await recordedWeights(await openRun('runs', 'latest')))
 */
export const recordedWeights = async (run: Pick<Run, 'id' | 'folder'>): Promise<WeightSnapshot[]> =>
  Promise.all((await recordedPoints(run)).map((point) => point.snapshot()))

const metadataSchema = z.object({
  epoch: z.coerce.number().nonnegative(),
  parameters: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.array(z.string())),
  buffers: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.array(z.string())),
})

const NUMBER = 4

async function pointOf(step: number, path: string): Promise<RecordedPoint> {
  const { places, metadata } = await layoutOf(path)
  const parsed = metadataSchema.safeParse(metadata)
  const placeOf = new Map(places.map((place) => [place.name, place]))
  const damaged = (): UsageError => new UsageError(`${path} is not as the training wrote it: restore it, or train anew`)
  if (!parsed.success) throw damaged()
  const { epoch, parameters, buffers } = parsed.data
  const place = (name: string): SafetensorsPlace => {
    const found = placeOf.get(name)
    if (found?.dtype !== 'F32') throw damaged()
    return found
  }
  return {
    step,
    epoch,
    parameters: parameters.map((name) => {
      const { shape, begin, end } = place(name)
      return { name, shape, size: (end - begin) / NUMBER }
    }),
    read: (name, from, to) => {
      const { begin } = place(name)
      return numbersIn(path, begin + from * NUMBER, to - from)
    },
    snapshot: async () => {
      const dict = decodeStateDict(await readFile(path))
      const variables = { parameters: treeOf(parameters, dict), buffers: treeOf(buffers, dict) }
      return { label: `epoch ${Number(epoch.toFixed(2))}`, epoch, variables }
    },
  }
}

/** Weights by dotted names, nested as the layers are. */
function treeOf(names: readonly string[], dict: StateDict): WeightTree {
  const groups = new Map<string, string[]>()
  for (const name of names) {
    const [first = ''] = name.split('.')
    groups.set(first, [...(groups.get(first) ?? []), name])
  }
  const tree: Record<string, Weights | WeightTree> = {}
  for (const [first, inside] of groups) {
    const shorter = (name: string): string => name.slice(first.length + 1)
    const within = Object.fromEntries(
      inside.flatMap((name) => (dict[name] ? [[shorter(name), dict[name]] as const] : [])),
    )
    tree[first] = dict[first] ?? treeOf(inside.map(shorter), within)
  }
  return tree
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r')
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

const layoutOf = (path: string) =>
  withFile(path, async (file) => {
    const { size } = await file.stat()
    const head = Buffer.alloc(8)
    await file.read(head, 0, 8, 0)
    const bytes = Buffer.alloc(Math.min(size, safetensorsBeginning(head)))
    await file.read(bytes, 0, bytes.length, 0)
    try {
      return safetensorsLayout(bytes, size)
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${path}: ${error.message}`, { cause: error })
      throw error
    }
  })

const numbersIn = (path: string, begin: number, count: number): Promise<Float32Array> =>
  withFile(path, async (file) => {
    const numbers = new Float32Array(count)
    await file.read(new Uint8Array(numbers.buffer), 0, numbers.byteLength, begin)
    return numbers
  })
