import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import {
  decodeSafetensors,
  encodeSafetensors,
  encodeStateDict,
  initialize,
  linear,
  sequential,
  stateDict,
} from '../nn/index.ts'
import { key } from '../random/index.ts'
import { assayFiles, fresh, type Interchange, logitsOf, pathOf, readCases } from '../testing/interchange/interchange.ts'
import { loadWeights, saveWeights } from './weights.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-weights-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Largest difference from the case's logits, as a share of the largest logit. */
function error({ logits }: Interchange, found: readonly (readonly number[])[]): number {
  const differences = logits.flatMap((row, i) => row.map((value, j) => Math.abs(value - (found[i]?.[j] ?? Number.NaN))))
  return Math.max(...differences) / Math.max(...logits.flat().map(Math.abs))
}

describe('a file that PyTorch wrote', () => {
  it.each(readCases('torch').map((one) => [one.name, one] as const))(
    'loads, and the %s gives PyTorch’s logits',
    async (name, one) => {
      const { model, variables } = fresh(one)
      const loaded = await loadWeights(pathOf(`from-torch-${name}.safetensors`), variables)
      expect(error(one, logitsOf(model, loaded, one.input))).toBeLessThan(1e-6)
      expect(error(one, logitsOf(model, variables, one.input))).toBeGreaterThan(0.1)
    },
  )
})

const FIND_TORCH = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)'
const torchPython = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', FIND_TORCH], { stdio: 'ignore' }).status === 0,
)

describe('a file that Assay wrote', () => {
  it('is the committed one, byte for byte', () => {
    const files = assayFiles()
    expect([...files.keys()]).toEqual([
      'from-assay-convNet.safetensors',
      'from-assay-residual.safetensors',
      'from-assay.json',
    ])
    for (const [name, bytes] of files)
      expect(Buffer.compare(bytes, readFileSync(pathOf(name))), `${name}: write it anew with write.ts`).toBe(0)
  })

  it('loads into PyTorch’s own networks, strictly, and gives Assay’s logits', ({ skip }) => {
    if (torchPython === undefined) return skip('no python3 with torch here; check.py was run where the files were made')
    for (const [name, bytes] of assayFiles()) writeFileSync(join(folder, name), bytes)
    const check = (): readonly [number | null, string] => {
      const { status, stdout, stderr } = spawnSync(torchPython, [pathOf('check.py'), folder], { encoding: 'utf8' })
      return [status, stdout + stderr]
    }
    expect(check()).toEqual([0, expect.stringMatching(/convNet: 11 tensors.*\nresidual: 38 tensors/)])
    const json = join(folder, 'from-assay.json')
    writeFileSync(json, readFileSync(json, 'utf8').replace(/"logits":\[\[/, '"logits":[[1'))
    expect(check()[0]).toBe(1)
  })
})

describe('saving and loading', () => {
  const [one] = readCases('torch')
  if (one === undefined) throw new Error('there is no case')
  const { variables } = fresh(one)

  it('gives back the very numbers, and leaves nothing beside the file', async () => {
    const path = join(mkdtempSync(join(folder, 'save-')), 'net.safetensors')
    const torch = await loadWeights(pathOf('from-torch-convNet.safetensors'), variables)
    await saveWeights(path, torch, { note: 'x' })
    expect(stateDict(await loadWeights(path, variables))).toEqual(stateDict(torch))
    expect(stateDict(variables)).not.toEqual(stateDict(torch))
    expect(decodeSafetensors(readFileSync(path)).metadata).toEqual({ note: 'x' })
    expect(readdirSync(join(path, '..'))).toEqual(['net.safetensors'])
  })

  it('takes a checkpoint, optimiser’s state beside the weights, also of a layer that is named training', async () => {
    const model = sequential({ training: linear(2), out: linear(1) })
    const net = initialize(model, key(1), [3])
    const moments = Object.entries(stateDict(net)).map(([name, one]) => [`training/exp_avg.${name}`, one] as const)
    const path = join(folder, 'last.safetensors')
    writeFileSync(path, encodeStateDict({ ...stateDict(net), ...Object.fromEntries(moments) }))
    expect(stateDict(await loadWeights(path, initialize(model, key(2), [3])))).toEqual(stateDict(net))
  })

  const f32 = (...shape: number[]) =>
    ({ dtype: 'F32', shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) }) as const
  it.each([
    ['is not there', undefined, /^there is no file .*bad\.safetensors: give the path/],
    ['is something else', new TextEncoder().encode('not weights at all'), /bad\.safetensors: the safetensors header/],
    [
      'is of another model',
      encodeSafetensors({ 'fc.weight': f32(2) }),
      /bad\.safetensors: .* and it has no fc\.weight/,
    ],
    [
      'holds whole numbers',
      encodeSafetensors({ '0.weight': { dtype: 'I64', shape: [1], data: BigInt64Array.of(1n) } }),
      /bad\.safetensors: tensor "0\.weight" has dtype I64, and weights are F32.*tensor\.float\(\)/,
    ],
  ])('refuses a file that %s', async (_, bytes, message) => {
    const path = join(mkdtempSync(join(folder, 'bad-')), 'bad.safetensors')
    if (bytes !== undefined) writeFileSync(path, bytes)
    const loading = loadWeights(path, variables)
    await expect(loading).rejects.toThrow(UsageError)
    await expect(loading).rejects.toThrow(message)
  })
})
