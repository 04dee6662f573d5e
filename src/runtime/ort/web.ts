import { type InferenceSession, Tensor } from 'onnxruntime-common'
import { UsageError } from '../../errors.ts'
import { type Runtime, setDefaultRuntime } from '../runtime.ts'
import { type OnnxModel, type OnnxModelOptions, openOnnxModel } from './onnxModel.ts'
import { arrayOf, type OrtSession, ortRuntime } from './session.ts'
import { fileProblem, folderOf, type LoadedBuild, loadBuild } from './webBuild.ts'
import { gpuProvider, hasGpu } from './webGpu.ts'

/** WebAssembly on the CPU, or the GPU. */
export type WebExecutionProvider = 'wasm' | 'webgpu'

export interface WebRuntimeOptions {
  /**
   * Folder, as a URL, of the WebAssembly files of `node_modules/onnxruntime-web/dist`: `ort-wasm-simd-threaded.mjs` and
   * `.wasm`, for WebGPU `ort-wasm-simd-threaded.asyncify.mjs` and `.wasm`. Default: the folder of the page, or of the
   * worker's script.
   */
  readonly wasmPaths?: string | URL
  /**
   * What programs run on, by preference; default `['wasm']`. `['webgpu', 'wasm']` runs a program on the GPU where the
   * browser has one and ONNX Runtime accepts the program, else on WebAssembly, and says so on the console. Ops that
   * ONNX Runtime has no GPU kernel for run on WebAssembly either way. Small networks are faster there.
   */
  readonly executionProviders?: readonly WebExecutionProvider[]
  /** Threads of programs that do not ask for a number themselves; default: as many as the page may have, see below. */
  readonly threads?: number
}

/**
 * ONNX Runtime's WebAssembly kernels with SIMD, from the npm package onnxruntime-web, for pages and their workers. It
 * computes without a pause, so a page that trains does it in a worker.
 *
 * Threads: as many as the machine has (`navigator.hardwareConcurrency`) where the page is cross-origin isolated, else one.
 * A page is isolated when it is served with `Cross-Origin-Opener-Policy: same-origin` and
 * `Cross-Origin-Embedder-Policy: require-corp`. The first program settles number and folder for the whole page or worker.
 *
 * @throws UsageError when the first program is compiled: the WebAssembly files are not where they should be, more threads
 * are asked for than the page may have, or there is no WebGPU and nothing else was allowed
 * @example
 * setDefaultRuntime(webRuntime({ wasmPaths: '/ort/' }))
 */
export function webRuntime(given: WebRuntimeOptions = {}): Runtime {
  const open = opener(given)
  const { executionProviders = ['wasm'] } = given
  const name = `onnxruntime-web (${executionProviders.join(', ')})`
  return ortRuntime(
    name,
    { InferenceSession: { create: async (model, options) => copying(await open(model, options)) }, Tensor },
    'standard',
  )
}

/**
 * A network from the bytes of an `.onnx` file, whoever wrote it.
 *
 * @throws UsageError where it is no ONNX file or does not take one input of numbers, and as {@link webRuntime} does
 * @example
 * const bytes = new Uint8Array(await (await fetch('/model.onnx')).arrayBuffer())
 * const model = await onnxModel(bytes, { wasmPaths: '/ort/' })
 * const { data, shape } = await model.predict(images) // logits, [samples, 10]
 */
export async function onnxModel(
  bytes: Uint8Array,
  options: OnnxModelOptions & WebRuntimeOptions = {},
): Promise<OnnxModel> {
  const open = opener(options)
  return openOnnxModel(
    { name: 'the model', bytes: async () => bytes, open: (session) => open(bytes, session) },
    options,
  )
}

/** How sessions are made with these options. */
function opener({ wasmPaths, executionProviders = ['wasm'], threads }: WebRuntimeOptions) {
  if (executionProviders.length === 0)
    throw new UsageError("webRuntime: executionProviders is empty: give ['wasm'], or ['webgpu', 'wasm']")
  const without = (missing: WebExecutionProvider): readonly WebExecutionProvider[] => {
    const others = executionProviders.filter((provider) => provider !== missing)
    if (others.length === 0)
      throw new UsageError("webRuntime: this browser gives no WebGPU adapter: let 'wasm' follow in executionProviders")
    return others
  }
  return async (model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> => {
    const folder = folderOf(wasmPaths)
    const usable = executionProviders.includes('webgpu') && !(await hasGpu()) ? without('webgpu') : executionProviders
    const wanted = usable.includes('webgpu') ? 'webgpu' : 'wasm'
    const build = await loadBuild(wanted, folder, options.intraOpNumThreads ?? threads)
    return firstAccepted(build, usable, model, options)
  }
}

/** A session on the first provider that takes the model. */
async function firstAccepted(
  build: LoadedBuild,
  [provider = 'wasm', ...others]: readonly WebExecutionProvider[],
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await build.InferenceSession.create(model, {
      ...options,
      executionProviders: [provider === 'webgpu' ? gpuProvider(model) : provider],
    })
  } catch (error) {
    const problem = await fileProblem(build)
    if (problem !== undefined) throw new UsageError(problem, { cause: error })
    if (others.length === 0) throw error
    console.warn(`assay: ${provider} does not take a program, so ${others[0]} runs it: ${String(error)}`)
    return firstAccepted(build, others, model, options)
  }
}

/** onnxruntime-web keeps results in its own memory and leaves the arrays that are given for them as they are. */
const copying = (session: InferenceSession): OrtSession => ({
  run: async (feeds, fetches = {}) => {
    const results = await session.run(feeds)
    for (const [output, given] of Object.entries(fetches))
      if (given !== null) arrayOf(given).set(arrayOf(results[output]))
    return results
  },
  release: () => session.release(),
})

setDefaultRuntime(webRuntime())
