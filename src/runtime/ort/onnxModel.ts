import { type InferenceSession, Tensor } from 'onnxruntime-common'
import { UsageError } from '../../errors.ts'
import { formatShape, sizeOf } from '../../tensor/index.ts'
import { decodeMetadata } from '../onnx/proto.ts'
import {
  arrayTypes,
  declared,
  describe,
  isSupported,
  type OnnxSamples,
  type OnnxValue,
  outputOf,
  padded,
  sampleOf,
} from './onnxValues.ts'
import { checkThreads } from './session.ts'

export interface OnnxModelOptions {
  /** Shape of one sample; needed only where the file leaves more open than the batch. Default: the file's. */
  readonly sample?: readonly number[]
  /** Samples in one run, where the file leaves the batch open; default 256. */
  readonly batch?: number
  /** Threads inside one op; default: one a physical core. */
  readonly threads?: number
}

/** What a model says of many samples. */
export interface OnnxPrediction {
  /** `[samples, …]` */
  readonly shape: readonly number[]
  /** As float32, whatever the file's type: whole numbers above 2²⁴ are rounded. */
  readonly data: Float32Array
}

/** A network from an `.onnx` file, whoever wrote it, that takes one input with the batch as its first axis. */
export interface OnnxModel {
  readonly input: OnnxValue
  readonly outputs: readonly OnnxValue[]
  /** Shape of one sample. */
  readonly sample: readonly number[]
  /**
   * Runs all samples, in as many batches as that takes. Where the file fixes the batch, a last one that is not full is
   * filled up with zeros, whose results are left out.
   *
   * @param samples `[samples, …sample]`, row-major, laid out and scaled as the model wants them (PyTorch's image models
   *   take `[channels, height, width]`, Keras's `[height, width, channels]`)
   * @param options.output name of the output; default: the first one of real numbers, else the first
   * @throws UsageError where the array is of another type or no whole number of samples, or the model cannot compute them
   */
  predict(samples: OnnxSamples, options?: { readonly output?: string }): Promise<OnnxPrediction>
  /** The file's own remarks; Assay's files name their `classes` there, as JSON. */
  metadata(): Promise<Readonly<Record<string, string>>>
  /** Frees the memory of the session. */
  dispose(): Promise<void>
}

/** How a runtime finds a file. */
export interface OnnxSource {
  /** For messages. */
  readonly name: string
  open(options: InferenceSession.SessionOptions): Promise<InferenceSession>
  bytes(): Promise<Uint8Array>
}

/**
 * Opens a file in ONNX Runtime. What it takes and gives is asked of the session, so large files are not decoded here.
 *
 * @throws UsageError where it is no ONNX file, cannot be run, or does not take one input of numbers
 */
export async function openOnnxModel(source: OnnxSource, options: OnnxModelOptions = {}): Promise<OnnxModel> {
  const { threads, batch = 256 } = options
  if (!Number.isSafeInteger(batch) || batch < 1)
    throw new UsageError(`${source.name}: batch is ${batch}: give a whole number of at least 1`)
  checkThreads(threads)
  const session = await open(source, threads)
  try {
    return modelOf(source, session, batch, options.sample)
  } catch (error) {
    await session.release()
    throw error
  }
}

async function open(source: OnnxSource, threads: number | undefined): Promise<InferenceSession> {
  try {
    return await source.open({
      graphOptimizationLevel: 'all',
      // What goes wrong is thrown; ONNX Runtime would print it as well.
      logSeverityLevel: 4,
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    })
  } catch (error) {
    if (error instanceof UsageError) throw error
    const reason = reasonOf(error)
    if (/external data|model_path must not be empty/i.test(reason))
      throw new UsageError(
        `${source.name} keeps its weights in files beside it, and they are not there: ` +
          'leave them in the folder of the .onnx file, and give its path instead of its bytes',
        { cause: error },
      )
    const isOther = /protobuf parsing failed|no graph was found|data pointer is null/i.test(reason)
    throw new UsageError(
      isOther
        ? `${source.name} is no ONNX file, or it is damaged (${reason}): give a file that an ONNX exporter wrote`
        : `ONNX Runtime cannot run ${source.name} (${reason}): export it anew, with operators that ONNX Runtime has`,
      { cause: error },
    )
  }
}

/** The first line of ONNX Runtime's message, without the path that the reader knows. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/^Load model from .* failed:/, '').split('\n')[0] ??
  ''

function modelOf(
  { name, bytes }: OnnxSource,
  session: InferenceSession,
  batch: number,
  sampleShape: readonly number[] | undefined,
): OnnxModel {
  const inputs = session.inputMetadata.map(declared)
  const outputs = session.outputMetadata.map(declared)
  const [input] = inputs
  if (input === undefined || inputs.length > 1)
    throw new UsageError(
      `${name} takes ${inputs.length} inputs${inputs.length > 0 ? ` (${inputs.map(describe).join('; ')})` : ''}: ` +
        'give a model that takes one, the samples',
    )
  const { dtype } = input
  if (!isSupported(dtype))
    throw new UsageError(
      `${name} takes ${describe(input)}: give a model that takes numbers of type ${Object.keys(arrayTypes).join(', ')}`,
    )
  const sample = sampleOf(name, input, sampleShape)
  const fixed = typeof input.shape[0] === 'number' ? input.shape[0] : undefined

  /** Results of up to a batch, a row a sample. */
  const run = async (samples: OnnxSamples, rows: number, output: string): Promise<OnnxPrediction> => {
    const shape = [fixed ?? rows, ...sample]
    const missing = sizeOf(shape) - samples.length
    const result = await session
      .run({ [input.name]: new Tensor(dtype, missing > 0 ? padded(dtype, samples, missing) : samples, shape) }, [
        output,
      ])
      .catch((error: unknown) => {
        const wayOut = fixed === undefined && rows > 1 ? ': its batch may be fixed inside, so try batch 1' : ''
        throw new UsageError(`${name} does not run on ${formatShape(shape)} (${reasonOf(error)})${wayOut}`, {
          cause: error,
        })
      })
    const value = result[output]
    if (value === undefined || !('data' in value)) throw new Error(`ONNX Runtime gave no tensor for ${output}`)
    if (value.dims[0] !== shape[0])
      throw new UsageError(
        `${name}: output "${output}" is ${formatShape(value.dims)} for ${shape[0]} samples: name an output with a row a sample`,
      )
    const [, ...row] = value.dims
    return { shape: [rows, ...row], data: Float32Array.from(value.data.slice(0, rows * sizeOf(row)), Number) }
  }

  return {
    input,
    outputs,
    sample,
    async predict(samples, options = {}) {
      const output = outputOf(name, outputs, options.output)
      const width = sizeOf(sample)
      const given = `${samples.constructor.name} of ${samples.length}`
      if (!(samples instanceof arrayTypes[dtype]))
        throw new UsageError(`${name} takes ${dtype}, and got a ${given}: give ${arrayTypes[dtype].name}.from(samples)`)
      if (samples.length === 0 || samples.length % width !== 0)
        throw new UsageError(
          `${name} takes samples of ${formatShape(sample)}, ${width} numbers each, and got a ${given}: ` +
            `give a multiple of ${width}`,
        )
      const count = samples.length / width
      const size = fixed ?? Math.min(batch, count)
      let shape: readonly number[] = []
      let data = new Float32Array()
      for (let start = 0; start < count; start += size) {
        const rows = Math.min(size, count - start)
        const part = await run(samples.subarray(start * width, (start + rows) * width), rows, output)
        if (start === 0) {
          shape = part.shape.slice(1)
          data = new Float32Array(count * sizeOf(shape))
        }
        data.set(part.data, start * sizeOf(shape))
      }
      return { shape: [count, ...shape], data }
    },
    metadata: async () => decodeMetadata(await bytes()),
    dispose: () => session.release(),
  }
}
