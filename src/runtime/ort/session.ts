import type * as ort from 'onnxruntime-common'
import { UsageError } from '../../errors.ts'
import type { Tensor, TypedArray } from '../../tensor/index.ts'
import { allocate, isTypedArray, sizeOf } from '../../tensor/index.ts'
import { checkPins } from '../onnx/formulations/index.ts'
import type { Target } from '../onnx/lowering.ts'
import { defaultNames, write } from '../onnx/write.ts'
import { planOf } from '../plan.ts'
import type { Runtime } from '../runtime.ts'
import { blockSize } from './block.ts'
import { isCopiedDearly, STOP, unlessStopped } from './uncopied.ts'

/** The part of onnxruntime-node and onnxruntime-web that is used; both packages export it. */
export interface OrtModule {
  readonly InferenceSession: {
    create(model: Uint8Array, options: ort.InferenceSession.SessionOptions): Promise<OrtSession>
  }
  readonly Tensor: ort.TensorConstructor
}

export interface OrtSession {
  /** @param fetches tensors that the outputs of their names are written to; null or all absent: results are new tensors */
  run(
    feeds: Readonly<Record<string, ort.Tensor>>,
    fetches?: Readonly<Record<string, ort.Tensor | null>>,
  ): Promise<Readonly<Record<string, ort.OnnxValue>>>
  release(): Promise<void>
}

/** Bytes alive at once from which on memory counts more than the few per cent that planning it saves. */
const LARGE = 2 ** 28

/** A runtime on ONNX Runtime: graphs become ONNX models, arrays are handed over as views, without copies. */
export function ortRuntime(name: string, module: OrtModule, target: Target): Runtime {
  const { InferenceSession, Tensor: OrtTensor } = module
  let block: Promise<number> | undefined
  return {
    name,
    async prepare(graph, { threads, pins = {} }) {
      checkPins(pins)
      checkThreads(threads)
      block ??= target === 'native' ? blockSize(module) : Promise.resolve(0)
      // What no node reads, a key that is for the host alone, is not handed over.
      const read = new Set([...graph.outputs, ...graph.nodes.flatMap(({ inputs }) => inputs)])
      const lean = { ...graph, inputs: graph.inputs.filter((input) => read.has(input)) }
      const names = defaultNames(lean)
      const inputNames = graph.inputs.map((input) => names.inputs[lean.inputs.indexOf(input)])
      const stop = target === 'native' && isCopiedDearly(graph.outputs) ? STOP : undefined
      const { bytes, formulations } = write(lean, {
        ...{ target, names, pins, block: await block },
        ...(stop !== undefined && { sequenceFirst: stop }),
      })
      const session = await InferenceSession.create(bytes, {
        // The highest level would lay out constant convolutions in blocks too, which is done here where it pays.
        graphOptimizationLevel: formulations.size > 0 ? 'extended' : 'all',
        executionMode: 'sequential',
        // Planned ahead, all values lie in one stretch of memory beside what the first run took: quicker, but twice the memory.
        enableMemPattern: planOf(graph, []).totals.peakBytes < LARGE,
        logSeverityLevel: 3,
        ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
      })
      // Parameters and results live in the same arrays step after step: their wrappers are made once.
      const wrappers = new WeakMap<TypedArray, { readonly tensor: Tensor; readonly wrapper: ort.Tensor }>()
      const wrap = (tensor: Tensor, data: TypedArray): ort.Tensor => {
        const before = wrappers.get(data)
        // One array may stand for two inputs, of other shapes.
        if (before?.tensor === tensor) return before.wrapper
        const wrapper = new OrtTensor(tensor.dtype, data, tensor.shape)
        wrappers.set(data, { tensor, wrapper })
        return wrapper
      }
      const feed = (
        into: Record<string, ort.Tensor | null>,
        keys: readonly (string | undefined)[],
        tensors: readonly Tensor[],
        data: readonly TypedArray[],
      ) =>
        tensors.forEach((tensor, i) => {
          const [key, array] = [keys[i], data[i]]
          if (key !== undefined && array !== undefined) into[key] = wrap(tensor, array)
        })
      return {
        async run(inputs, hostValues, outputs) {
          const feeds: Record<string, ort.Tensor> = {}
          feed(feeds, inputNames, graph.inputs, inputs)
          feed(feeds, names.hostValues, graph.hostValues, hostValues)
          if (outputs === undefined && stop === undefined) {
            const results = await session.run(feeds)
            return names.outputs.map((output) => arrayOf(results[output]))
          }
          const into = outputs ?? graph.outputs.map(({ dtype, shape }) => allocate(dtype, sizeOf(shape)))
          const fetches: Record<string, ort.Tensor | null> = stop === undefined ? {} : { [stop]: null }
          feed(fetches, names.outputs, graph.outputs, into)
          await session.run(feeds, fetches).catch(unlessStopped)
          return into
        },
        formulations,
        dispose: () => session.release(),
      }
    },
  }
}

/** @throws UsageError for what is no number of threads; ONNX Runtime would say so in words of its own, or take 0 for all */
export function checkThreads(threads: number | undefined): void {
  if (threads !== undefined && (!Number.isSafeInteger(threads) || threads < 1))
    throw new UsageError(`threads is ${threads}: give a whole number of at least 1, or leave it out`)
}

/** The numbers of a result. */
export function arrayOf(value: ort.OnnxValue | undefined): TypedArray {
  if (value !== undefined && 'data' in value && isTypedArray(value.data)) return value.data
  throw new Error('ONNX Runtime gave no array for an output')
}
