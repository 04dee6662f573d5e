import { basename } from 'node:path'
import { batches, feeder } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import type { Metric } from '../../metrics/index.ts'
import type { TargetKind } from '../../nn/index.ts'
import { type OnnxModel, onnxModel } from '../../runtime/ort/node.ts'
import { formatShape, sizeOf } from '../../tensor/index.ts'
import type { Split } from '../../train/evaluate.ts'
import { type Answer, type TestedModel, usualMetrics } from './model.ts'

export interface OnnxFileOptions {
  /** Default: by the file's own `classes`, else by its output: two numbers or more in a row are classes. */
  readonly task?: 'classification' | 'regression'
  /** Default: the file's own `classes`, else numbers from 0. */
  readonly classes?: readonly string[]
  /** Default: the usual ones of the task. */
  readonly metrics?: readonly Metric[]
  /** Shape of one sample, where the file leaves it open. */
  readonly sample?: readonly number[]
}

/** Samples a call of the runtime. */
const BATCH = 256

/**
 * A network from an `.onnx` file, whoever wrote it, that takes one input with the batch as its first axis. Outputs of a classifier are
 * taken as probabilities where all of them are from 0 to 1 and each row sums to 1, else as logits. One output a sample, of a classifier,
 * is that of the second of two classes.
 *
 * @throws UsageError where it is no such file, or its outputs are not of the task
 *
 * @example
 * const model = await onnxFile('net.onnx', { classes: ['cat', 'dog'] })
 */
export async function onnxFile(path: string, options: OnnxFileOptions = {}): Promise<TestedModel> {
  const model = await onnxModel(path, { batch: BATCH, ...(options.sample && { sample: options.sample }) })
  try {
    const name = basename(path)
    const { dtype } = model.input
    if (dtype !== 'uint8' && dtype !== 'float32' && dtype !== 'float64')
      throw new UsageError(`${name} takes ${dtype}: give a model that takes uint8, float32 or float64`)
    const outputs = await outputsOf(model)
    const named = options.classes ?? classesIn(await model.metadata())
    const target = targetOf(name, outputs, named, options.task)
    return {
      name,
      sample: model.sample,
      dtype: dtype === 'uint8' ? 'uint8' : 'float32',
      target,
      ...(target.task === 'classification' && named === undefined && { classesUnnamed: true as const }),
      fillsMissing: false,
      metrics: options.metrics ?? usualMetrics(target.task),
      notes: [],
      evaluate: (split) => evaluate(model, target, split),
      dispose: model.dispose,
    }
  } catch (error) {
    await model.dispose()
    throw error
  }
}

async function evaluate(model: OnnxModel, target: TargetKind, { dataset, indices }: Split): Promise<Answer> {
  const width = target.task === 'classification' ? target.classes.length : sizeOf(target.shape)
  const outputs = new Float32Array(indices.length * width)
  const targets = target.task === 'classification' ? new Int32Array(indices.length) : new Float32Array(outputs.length)
  const perTarget = targets.length / indices.length
  let done = 0
  for (const coming of feeder(dataset, BATCH)(batches(indices, BATCH, { shuffle: false }))) {
    const { inputs, targets: own, size } = await coming
    const { data } = await model.predict(model.input.dtype === 'float64' ? Float64Array.from(inputs) : inputs)
    outputs.set(target.task === 'classification' ? asLogits(data, size, width) : data, done * width)
    targets.set(own, done * perTarget)
    done += size
  }
  return {
    predictions:
      targets instanceof Int32Array
        ? { task: 'classification', scores: outputs, classes: width, targets }
        : { task: 'regression', outputs, targets, width },
  }
}

/** How far rows of probabilities may be from a sum of 1: float16 networks are that far. */
const TOLERANCE = 1e-3

/** Scores whose softmax is what the network says. */
function asLogits(data: Float32Array, rows: number, classes: number): Float32Array {
  const width = data.length / rows
  const isShare = data.every((value) => value >= 0 && value <= 1)
  if (width === 1 && classes === 2)
    return Float32Array.from({ length: 2 * rows }, (_, i) => {
      const value = data[i >> 1] ?? Number.NaN
      if (i % 2 === 0) return 0
      return isShare ? Math.log(value) - Math.log1p(-value) : value
    })
  if (!isShare || !sumsToOne(data, classes)) return data
  // The least positive float32 keeps a probability of 0 from becoming −∞, of which no softmax can be taken.
  return data.map((value) => Math.log(Math.max(value, 1.2e-38)))
}

function sumsToOne(data: Float32Array, width: number): boolean {
  for (let begin = 0; begin < data.length; begin += width) {
    const sum = data.subarray(begin, begin + width).reduce((total, value) => total + value, 0)
    if (Math.abs(sum - 1) > TOLERANCE) return false
  }
  return true
}

/** What comes out for one sample: files often leave it open, so one sample of zeros is asked about. */
async function outputsOf(model: OnnxModel): Promise<readonly number[]> {
  const size = sizeOf(model.sample)
  const zeros =
    model.input.dtype === 'uint8'
      ? new Uint8Array(size)
      : model.input.dtype === 'float64'
        ? new Float64Array(size)
        : new Float32Array(size)
  return (await model.predict(zeros)).shape.slice(1)
}

function targetOf(
  name: string,
  outputs: readonly number[],
  classes: readonly string[] | undefined,
  asked: OnnxFileOptions['task'],
): TargetKind {
  const width = sizeOf(outputs)
  const isRow = outputs.length <= 1
  const task = asked ?? (classes !== undefined || (isRow && width > 1) ? 'classification' : 'regression')
  if (task === 'regression') return { task, shape: outputs }
  const count = width === 1 ? 2 : width
  if (!isRow)
    throw new UsageError(
      `${name} gives ${formatShape(outputs)} for a sample, which is no row of classes: say --task regression`,
    )
  if (classes !== undefined && classes.length !== count)
    throw new UsageError(
      `${name} tells ${count} classes apart, and ${classes.length} are named (${classes.join(', ')})`,
    )
  return { task, classes: classes ?? Array.from({ length: count }, (_, i) => String(i)) }
}

/** Assay's files name their classes. */
function classesIn({ classes }: Readonly<Record<string, string>>): readonly string[] | undefined {
  if (classes === undefined) return undefined
  try {
    const names: unknown = JSON.parse(classes)
    return Array.isArray(names) && names.length > 0 ? names.map(String) : undefined
  } catch {
    return undefined
  }
}
