import type { Env, InferenceSessionFactory } from 'onnxruntime-common'
import { UsageError } from '../../errors.ts'

/** onnxruntime-web comes with and without WebGPU; with it, the download is twice as large and WebAssembly slower. */
export type WebBuild = 'wasm' | 'webgpu'

/** A build with its files and threads settled, as they stay for the life of the page or worker. */
export interface LoadedBuild {
  readonly InferenceSession: InferenceSessionFactory
  readonly build: WebBuild
  readonly folder: URL
  readonly threads: number
}

const FILES: Readonly<Record<WebBuild, string>> = {
  wasm: 'ort-wasm-simd-threaded',
  webgpu: 'ort-wasm-simd-threaded.asyncify',
}

const loaded = new Map<WebBuild, Promise<LoadedBuild>>()

/** The first call for a build settles its folder and its threads; the build loads its files with its first session. */
export async function loadBuild(build: WebBuild, folder: URL, threads?: number): Promise<LoadedBuild> {
  const loading = loaded.get(build) ?? load(build, folder, threadCount(threads))
  loaded.set(build, loading)
  const settled = await loading
  if (threads !== undefined && threads !== settled.threads)
    throw new UsageError(
      `this page's first program settled that ONNX Runtime has ${settled.threads} threads, so it cannot have ${threads} ` +
        'now: give the first program the number, or start another worker',
    )
  return settled
}

async function load(build: WebBuild, folder: URL, threads: number): Promise<LoadedBuild> {
  const { env, InferenceSession }: { env: Env; InferenceSession: InferenceSessionFactory } =
    build === 'wasm' ? await import('onnxruntime-web/wasm') : await import('onnxruntime-web/webgpu')
  env.logLevel = 'error'
  env.wasm.numThreads = threads
  env.wasm.wasmPaths = folder.href
  return { InferenceSession, build, folder, threads }
}

function threadCount(asked: number | undefined): number {
  if (crossOriginIsolated) return asked ?? navigator.hardwareConcurrency
  if (asked !== undefined && asked > 1)
    throw new UsageError(
      `threads is ${asked} and this page may have 1: serve page and scripts with Cross-Origin-Opener-Policy: same-origin ` +
        'and Cross-Origin-Embedder-Policy: require-corp, or leave threads out',
    )
  return 1
}

/** The folder of the WebAssembly files; relative ones count from the page or the worker's script. */
export function folderOf(wasmPaths: string | URL = './'): URL {
  if (typeof location === 'undefined')
    throw new UsageError('webRuntime runs in pages and their workers: in Node, import assay or assay/runtime/node')
  const path = String(wasmPaths)
  try {
    return new URL(path.endsWith('/') ? path : `${path}/`, location.href)
  } catch {
    throw new UsageError(`webRuntime: wasmPaths "${path}" leads nowhere from ${location.href}: give an absolute URL`)
  }
}

/** What is wrong with a build's files, if that is why nothing works. ONNX Runtime itself only says that it has no backend. */
export async function fileProblem({ build, folder }: LoadedBuild): Promise<string | undefined> {
  const problems = await Promise.all(
    ['mjs', 'wasm'].map((ending) => problemOf(new URL(`${FILES[build]}.${ending}`, folder))),
  )
  const problem = problems.find((each) => each !== undefined)
  return (
    problem &&
    `${problem}: serve ${FILES[build]}.mjs and .wasm of node_modules/onnxruntime-web/dist, and name their folder as in ` +
      "webRuntime({ wasmPaths: '/ort/' }); then load the page again"
  )
}

async function problemOf(url: URL): Promise<string | undefined> {
  const answer = await fetch(url, { method: 'HEAD' }).catch((error: unknown) => error)
  if (!(answer instanceof Response)) return `${url} cannot be fetched (${String(answer)})`
  const type = answer.headers.get('content-type') ?? 'no type'
  if (!answer.ok) return `${url} is not there (the server answers ${answer.status})`
  const isRight = url.pathname.endsWith('.mjs') ? type.includes('javascript') : !type.startsWith('text/html')
  return isRight ? undefined : `${url} comes as ${type}, and a browser takes only text/javascript and application/wasm`
}
