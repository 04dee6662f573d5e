import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { inMemory } from 'assay/data'
import { mnist } from 'assay/data/node'
import { type BuildOptions, build } from 'esbuild'
import { IMAGES } from './leNet.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Makes a page cross-origin isolated, so that it may have threads. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }

const { resolve } = createRequire(import.meta.url)
const ORT = dirname(resolve('onnxruntime-web/wasm'))
const HERE = import.meta.dirname

/** Options of esbuild for pages. */
export const FOR_BROWSERS = {
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: 'es2022',
  conditions: ['assay-source'],
  write: false,
  logLevel: 'silent',
} satisfies BuildOptions

interface Bundle {
  /** By path. */
  readonly scripts: ReadonlyMap<string, Uint8Array>
  /** What went in and was not left out as unused. */
  readonly sources: readonly string[]
  /** What is left for the browser to import. */
  readonly imports: readonly string[]
}

/** Scripts of the page, bundled as a reader of the README would: for browsers, with nothing left to import. */
export async function bundle(...entries: readonly string[]): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...FOR_BROWSERS,
    entryPoints: entries.map((entry) => join(HERE, entry)),
    absWorkingDir: join(HERE, '../..'),
    outdir: '/',
    metafile: true,
  })
  const outputs = Object.values(metafile.outputs)
  return {
    scripts: new Map(outputFiles.map(({ path, contents }) => [path, contents])),
    sources: outputs.flatMap(({ inputs }) => Object.keys(inputs).filter((path) => inputs[path]?.bytesInOutput !== 0)),
    imports: outputs.flatMap(({ imports }) => imports.map(({ path }) => path)),
  }
}

/** The first images and labels of MNIST's training split, as Assay reads them. */
export async function digits(): Promise<{ readonly images: Uint8Array; readonly labels: Uint8Array }> {
  const { inputs, targets } = inMemory((await mnist().load()).train)
  if (!(inputs.data instanceof Uint8Array) || targets.task !== 'classification') throw new Error('MNIST is not MNIST')
  return {
    images: inputs.data.subarray(0, IMAGES * 28 * 28),
    labels: Uint8Array.from(targets.labels.subarray(0, IMAGES)),
  }
}

interface ServeOptions {
  /** With the headers that let a page have threads. */
  readonly isolated: boolean
  readonly scripts?: readonly string[]
}

export interface Served {
  readonly url: string
  /** Requests so far: path, and what for (`worker` for the script of a thread). */
  readonly requests: readonly { readonly path: string; readonly purpose: string | undefined }[]
  close(): Promise<void>
}

/** Serves the page on a port of its own, on this machine only. */
export async function serve({ isolated, scripts: entries = ['page.ts', 'worker.ts'] }: ServeOptions): Promise<Served> {
  const { scripts } = await bundle(...entries)
  const { images, labels } = await digits()
  const requests: { path: string; purpose: string | undefined }[] = []
  const contentOf = async (path: string): Promise<Uint8Array> => {
    const script = scripts.get(path)
    if (script !== undefined) return script
    if (path === '/page.html') return readFile(join(HERE, 'page.html'))
    if (path === '/mnist/images') return images
    if (path === '/mnist/labels') return labels
    // As servers of single-page applications do: a page for whatever is asked.
    if (path.startsWith('/as-page/')) return readFile(join(HERE, 'page.html'))
    const [, file] = /^\/ort\/([\w.-]+)$/.exec(path) ?? []
    if (file !== undefined) return readFile(join(ORT, file))
    throw new Error(`there is no ${path}`)
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname: path } = new URL(request.url ?? '/', 'http://localhost')
    requests.push({ path, purpose: request.headers['sec-fetch-dest']?.toString() })
    const common = { 'Cache-Control': 'no-store', ...(isolated && ISOLATION) }
    const content = await contentOf(path).catch(() => undefined)
    if (content === undefined) response.writeHead(404, common).end()
    else
      response
        .writeHead(200, {
          ...common,
          'Content-Type': TYPES[path.startsWith('/as-page/') ? '.html' : extname(path)] ?? 'application/octet-stream',
        })
        .end(content)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
