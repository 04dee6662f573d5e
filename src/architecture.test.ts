import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** The rooms of src/, lowest first. A room may import from itself and from the rooms before it. */
const rooms = [
  'errors',
  'display',
  'tensor',
  'autodiff',
  'runtime',
  'random',
  'nn',
  'models',
  'optim',
  'metrics',
  'data',
  'train',
  'baselines',
  'runs',
  'compare',
  'search',
  'inspect',
  'claims',
  'audit',
  'figures',
  'report',
  'notebook',
  'cli',
  'studio',
  'portable',
  'web',
]

/** Rooms that must also run in a page. */
const isomorphic = [
  ...[
    'errors',
    'display',
    'tensor',
    'autodiff',
    'runtime',
    'random',
    'nn',
    'models',
    'optim',
    'metrics',
    'data',
    'train',
    'baselines',
  ],
  ...['portable', 'web'],
]
/** Files of those rooms that only Node can load. */
const nodeOnlySources = ['mnist', 'fashionMnist', 'idxImages', 'cifar10', 'imageFolder', 'audioFolder', 'csv', 'tables']
const nodeOnlyFiles = [
  ...['runtime/ort/node.ts', 'data/node.ts'],
  ...nodeOnlySources.map((source) => `data/sources/${source}.ts`),
]
/** Folders that hold nothing else. */
const nodeOnlyFolders = ['data/files/', 'data/duckdb/']
const isNodeOnly = (file: string): boolean =>
  nodeOnlyFiles.includes(file) || nodeOnlyFolders.some((folder) => file.startsWith(folder))
const nodeOnly =
  /^(node:.*|onnxruntime-node|sharp|@duckdb\/.*|write-file-atomic|commander|cli-progress|env-paths|esbuild)(\/.*)?$/

/** What a source imports, whether for values, types, effects or at run time. Comments do not count. */
function importsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const patterns = [
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"]([^'"]+)['"]/g,
  ]
  return patterns.flatMap((pattern) => Array.from(code.matchAll(pattern), ([, specifier = '']) => specifier))
}

/** The room of a path inside src/: its folder, or a file's name without extension. */
const roomOf = (path: string): string => (path.split('/')[0] ?? '').replace(/\.tsx?$/, '')

/** Where a relative import leads, as a path inside src/. */
const targetOf = (file: string, specifier: string): string => join(dirname(file), specifier).split(sep).join('/')

/** What is wrong with one file's imports, in sentences. */
function complaints(file: string, source: string): string[] {
  const room = roomOf(file)
  const place = rooms.indexOf(room)
  if (place < 0)
    return [`src/${file}: the room "${room}" has no place in the order of rooms in src/architecture.test.ts`]
  const inPages = isomorphic.includes(room) && !isNodeOnly(file)
  return importsOf(source).flatMap((specifier) => {
    if (inPages && nodeOnly.test(specifier))
      return [`src/${file} imports '${specifier}', which only Node has, but ${room} must run in pages too`]
    if (!specifier.startsWith('.')) return []
    const target = targetOf(file, specifier)
    const to = rooms.indexOf(roomOf(target))
    if (to < 0) return [`src/${file} imports '${specifier}', which is in no room`]
    if (to > place) return [`src/${file} imports '${specifier}', but ${room} is below ${roomOf(target)}`]
    return inPages && (isNodeOnly(target) || !isomorphic.includes(roomOf(target)))
      ? [`src/${file} imports '${specifier}', which only Node can load, but ${room} must run in pages too`]
      : []
  })
}

const root = dirname(fileURLToPath(import.meta.url))
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  // Tests' helpers may reach everywhere, the package's entrance gathers all rooms, and scratch files are nobody's.
  .filter((path) => roomOf(path) !== 'testing' && path !== 'index.ts' && !/^scratch[^/]*$/.test(path))

it('lower rooms never import higher ones, and what runs in pages imports nothing of Node', () => {
  expect(files.length).toBeGreaterThan(50)
  expect(files.flatMap((file) => complaints(file, readFileSync(join(root, file), 'utf8')))).toEqual([])
})

describe('the check', () => {
  it('finds imports however they are written', () => {
    const source = `
      import a, { b } from './a.ts'
      import type {
        C,
      } from "./c.ts"
      import './effect.ts'
      export * from './d.ts'
      export { type E, e } from './e.ts'
      const f = await import('./f.ts')
      // import g from './g.ts'
      /* import h from './h.ts' */
      /** import { i } from './i.ts' */
      const text = 'taken from nowhere'
    `
    const found = ['./a.ts', './c.ts', './effect.ts', './d.ts', './e.ts', './f.ts']
    expect(importsOf(source).sort()).toEqual(found.sort())
  })

  it('names the file and the import that are out of order', () => {
    expect(complaints('tensor/ops/add.ts', "import { x } from '../../nn/index.ts'")).toEqual([
      "src/tensor/ops/add.ts imports '../../nn/index.ts', but tensor is below nn",
    ])
    expect(complaints('nn/layer.ts', "import { x } from '../tensor/index.ts'; import { z } from 'zod'")).toEqual([])
    expect(complaints('tensor/shape.ts', "import { UsageError } from '../errors.ts'")).toEqual([])
    expect(complaints('attic/x.ts', '')[0]).toContain('the room "attic" has no place')
  })

  it('names what pages do not have', () => {
    expect(complaints('runtime/compile.ts', "import { readFileSync } from 'node:fs'")).toEqual([
      "src/runtime/compile.ts imports 'node:fs', which only Node has, but runtime must run in pages too",
    ])
    expect(complaints('metrics/a.ts', "await import('@duckdb/node-api')")[0]).toContain("'@duckdb/node-api'")
    expect(complaints('nn/a.ts', "import '../runtime/ort/node.ts'")[0]).toContain('only Node can load')
    expect(complaints('train/a.ts', "import '../data/sources/mnist.ts'")[0]).toContain('only Node can load')
    expect(complaints('runtime/ort/node.ts', "import * as ort from 'onnxruntime-node'")).toEqual([])
    expect(complaints('runs/store.ts', "import 'node:fs'")).toEqual([])
  })
})
