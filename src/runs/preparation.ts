import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { type FittedTransform, restoreTransform, type StateValue } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import { decodeSafetensors, encodeSafetensors, isWeights, type SafetensorsTensor } from '../nn/index.ts'
import type { RunWriter } from './writer.ts'

/** Lists of numbers up to this length are read better than looked up. */
const SHORT = 256

/** What stands for an array in `preparation.json`: its name in `preparation.safetensors`. */
const tensorSchema = z.strictObject({ tensor: z.string() })
const preparationSchema = z.array(z.object({ kind: z.string(), state: z.record(z.string(), z.json()) }))

/**
 * Writes what the transforms of a run have learnt: `preparation.json`, and beside it `preparation.safetensors` where there
 * are long lists of numbers (float64) or arrays (float32).
 */
export async function writePreparation(
  run: Pick<RunWriter, 'writeJson' | 'writeBytes'>,
  transforms: readonly FittedTransform[],
): Promise<void> {
  const tensors: Record<string, SafetensorsTensor> = {}
  const entries = transforms.map(({ kind, state }, i) => {
    const named = Object.entries(state).map(([name, value]) => {
      const tensor = tensorOf(value)
      if (tensor === undefined) return [name, value] as const
      tensors[`${i}.${name}`] = tensor
      return [name, { tensor: `${i}.${name}` }] as const
    })
    return { kind, state: Object.fromEntries(named) }
  })
  // The arrays first: a file that names them is never without them.
  if (Object.keys(tensors).length > 0) await run.writeBytes('preparation.safetensors', encodeSafetensors(tensors))
  await run.writeJson('preparation.json', entries)
}

function tensorOf(value: StateValue): SafetensorsTensor | undefined {
  if (isWeights(value)) return { dtype: 'F32', ...value }
  if (!Array.isArray(value) || value.length <= SHORT || !value.every((one) => typeof one === 'number')) return undefined
  return { dtype: 'F64', shape: [value.length], data: Float64Array.from(value) }
}

/**
 * The fitted transforms of a run, in order: what prepares samples as the run's network had them.
 *
 * @param folder of the run
 * @throws UsageError where a file is missing or damaged, or a transform is not one of Assay's
 * @example
 * const transforms = await readPreparation((await openRun('runs', 'latest')).folder)
 */
export async function readPreparation(folder: string): Promise<readonly FittedTransform[]> {
  const path = join(folder, 'preparation.json')
  const parsed = preparationSchema.safeParse(jsonOf(path, await read(path)))
  if (!parsed.success) throw new UsageError(`${path} is damaged: restore the file, or run the experiment again`)
  const isTensor = (value: unknown) => tensorSchema.safeParse(value).success
  const hasTensors = parsed.data.some(({ state }) => Object.values(state).some(isTensor))
  const { tensors } = hasTensors
    ? decodeSafetensors(await read(join(folder, 'preparation.safetensors')))
    : { tensors: {} }
  return parsed.data.map(({ kind, state }) => {
    const values = Object.entries(state).map(([name, value]) => {
      const reference = tensorSchema.safeParse(value)
      return [name, reference.success ? arrayOf(path, tensors, reference.data.tensor) : value]
    })
    return restoreTransform(kind, Object.fromEntries(values))
  })
}

/** As the state had it. */
function arrayOf(path: string, tensors: Readonly<Record<string, SafetensorsTensor>>, name: string): StateValue {
  const tensor = tensors[name]
  if (tensor?.dtype === 'F32') return { shape: tensor.shape, data: tensor.data }
  if (tensor?.dtype === 'F64') return [...tensor.data]
  throw new UsageError(`${path} names the array ${name}, which is not beside it: restore preparation.safetensors`)
}

const read = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read (${String(error)}): give the folder of a run that has finished`)
  })

function jsonOf(path: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new UsageError(`${path} is not JSON: restore the file, or run the experiment again`)
  }
}
