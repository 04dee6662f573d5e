import { afterEach, describe, expect, it, vi } from 'vitest'
import { add, type Tensor } from '../../tensor/index.ts'
import { compile, compileWith, spec } from '../compile.ts'
import { defaultRuntime } from '../runtime.ts'
import { webRuntime } from './web.ts'
import { folderOf, loadBuild } from './webBuild.ts'

// That it computes is tested in a page: e2e/web.

afterEach(() => {
  vi.unstubAllGlobals()
})

const twice = (x: Tensor) => add(x, x)

it('is the default once loaded', () => {
  expect(defaultRuntime().name).toBe('onnxruntime-web (wasm)')
  expect(webRuntime({ executionProviders: ['webgpu', 'wasm'] }).name).toBe('onnxruntime-web (webgpu, wasm)')
})

it('sends Node to its own runtime', async () => {
  await expect(compile(twice, spec([2]))).rejects.toThrow('in Node, import assay or assay/runtime/node')
})

it('refuses to run on nothing', () => {
  expect(() => webRuntime({ executionProviders: [] })).toThrow("executionProviders is empty: give ['wasm']")
})

it('says so where the GPU is all that is allowed and there is none', async () => {
  vi.stubGlobal('location', new URL('http://localhost/'))
  vi.stubGlobal('navigator', {})
  const runtime = webRuntime({ executionProviders: ['webgpu'] })
  await expect(compileWith({ runtime }, twice, spec([2]))).rejects.toThrow("no WebGPU adapter: let 'wasm' follow")
})

describe('the folder of the WebAssembly files', () => {
  it.each([
    [undefined, 'http://localhost/app/'],
    ['ort', 'http://localhost/app/ort/'],
    ['/ort/', 'http://localhost/ort/'],
    [new URL('https://elsewhere/ort'), 'https://elsewhere/ort/'],
  ])('%s counts from the page', (wasmPaths, folder) => {
    vi.stubGlobal('location', new URL('http://localhost/app/page.html'))
    expect(folderOf(wasmPaths).href).toBe(folder)
  })

  it('must be absolute where a script has no address', () => {
    vi.stubGlobal('location', new URL('blob:null/0'))
    expect(() => folderOf('/ort/')).toThrow('wasmPaths "/ort/" leads nowhere from blob:null/0: give an absolute URL')
  })
})

it('has as many threads as the first program settled', async () => {
  vi.stubGlobal('crossOriginIsolated', true)
  const folder = new URL('http://localhost/ort/')
  expect((await loadBuild('wasm', folder, 3)).threads).toBe(3)
  expect((await loadBuild('wasm', folder)).threads).toBe(3)
  await expect(loadBuild('wasm', folder, 2)).rejects.toThrow('has 3 threads, so it cannot have 2 now')
})
