import * as z from 'zod'
import { UsageError } from '../errors.ts'
import { decodeSafetensors, encodeStateDict, type StateDict } from '../nn/index.ts'
import type { Best, Position, Snapshot } from '../train/index.ts'

/** What a checkpoint says of itself, in the metadata of the safetensors file. */
export interface CheckpointOrigin {
  readonly run: string
  readonly configHash: string
  readonly seed: number
}

/** Before the names of what is no weight. */
const PREFIX = 'training/'

const originOf = ({ run, configHash, seed }: CheckpointOrigin) => ({ run, config: configHash, seed: String(seed) })
const placeOf = ({ epoch, step }: Position) => ({ epoch: String(epoch), step: String(step) })

/**
 * `last.safetensors`: weights by PyTorch's names; under `training/` the optimiser's state and what else training goes on from. The
 * reports so far are in the metric log, and the best weights in a file of their own.
 *
 * @throws UsageError naming a weight whose name is taken
 */
export function encodeCheckpoint(snapshot: Snapshot, origin: CheckpointOrigin): Uint8Array {
  const { position, weights, vectors, seen, averaged, best } = snapshot
  const taken = Object.keys(weights).find((name) => name.startsWith(PREFIX))
  if (taken !== undefined)
    throw new UsageError(
      `a weight is named "${taken}", and checkpoints keep other things under ${PREFIX}: call it otherwise`,
    )
  const beside = [...vectors, ['outputs', seen.outputs] as const].map(
    ([name, data]) => [`${PREFIX}${name}`, { shape: [data.length], data }] as const,
  )
  return encodeStateDict(
    { ...weights, ...Object.fromEntries(beside) },
    {
      ...originOf(origin),
      ...placeOf(position),
      // As JavaScript writes a number it reads the same number again.
      lossSum: String(seen.lossSum),
      samples: String(seen.samples),
      averaged: String(averaged),
      ...(best && { bestStep: String(best.step) }),
    },
  )
}

/** `best.safetensors`: the weights with the best value of what is monitored. */
export const encodeBest = ({ weights, value, ...position }: Best, origin: CheckpointOrigin): Uint8Array =>
  encodeStateDict(weights, { ...originOf(origin), ...placeOf(position), value: String(value) })

const count = z.coerce.number().int().nonnegative()
const place = { epoch: count, step: count }
const lastSchema = z.object({
  ...place,
  lossSum: z.coerce.number(),
  samples: count,
  averaged: count,
  config: z.string(),
})
const bestSchema = z.object({ ...place, value: z.string().transform(Number), config: z.string() })

/** What a checkpoint holds, but for the reports. */
export function decodeCheckpoint(
  bytes: Uint8Array,
  where: string,
): Omit<Snapshot, 'history' | 'best'> & { readonly config: string } {
  const { tensors, metadata } = decode(bytes)
  const { epoch, step, lossSum, samples, averaged, config } = parse(lastSchema, metadata, where)
  const vectors = new Map(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, { data }]) => [name.slice(PREFIX.length), data]),
  )
  const outputs = vectors.get('outputs') ?? new Float32Array()
  vectors.delete('outputs')
  return {
    position: { epoch, step },
    weights: weightsOnly(tensors),
    vectors,
    seen: { samples, lossSum, outputs },
    averaged,
    config,
  }
}

/** The best weights of a run. */
export function decodeBest(bytes: Uint8Array, where: string): Best {
  const { tensors, metadata } = decode(bytes)
  const { epoch, step, value } = parse(bestSchema, metadata, where)
  return { epoch, step, value, weights: tensors }
}

function decode(bytes: Uint8Array): { readonly tensors: StateDict; readonly metadata: unknown } {
  const { tensors, metadata } = decodeSafetensors(bytes)
  const numbers = Object.entries(tensors).flatMap(([name, tensor]) =>
    tensor.dtype === 'F32' ? [[name, { shape: tensor.shape, data: tensor.data }] as const] : [],
  )
  return { tensors: Object.fromEntries(numbers), metadata }
}

function parse<T>(schema: z.ZodType<T>, metadata: unknown, where: string): T {
  const parsed = schema.safeParse(metadata)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(
    `${where} is no checkpoint of a training (${issue?.path.join('.')}: ${issue?.message}): start the run anew`,
  )
}

/** The weights of a checkpoint, without what else training goes on from. */
export const weightsOnly = (checkpoint: StateDict): StateDict =>
  Object.fromEntries(Object.entries(checkpoint).filter(([name]) => !name.startsWith(PREFIX)))
