/**
 * Networks whose weights go to PyTorch and back. `from-torch*` was written by PyTorch (`generate.py`); `from-assay*` by Assay
 * (`write.ts`), and `check.py` loads it into PyTorch's own networks. The logits stand in the JSON files.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { encodeStateDict, initialize, type Layer, loadStateDict, stateDict, type Variables } from '../../nn/index.ts'
import { key } from '../../random/index.ts'
import { applied } from '../apply.ts'
import { count, fill } from '../golden/formula.ts'
import { convNet, residualNet } from '../networks.ts'

const names = ['convNet', 'residual'] as const
type Name = (typeof names)[number]

/** The same networks and inputs as in models.py. */
const models: Readonly<Record<Name, () => Layer>> = { convNet, residual: () => residualNet(3, 4) }
const inputs: Readonly<Record<Name, readonly number[]>> = { convNet: [5, 1, 12, 12], residual: [5, 2, 10, 10] }
const PHASE = 0.9

const file = z.object({
  cases: z.array(
    z.object({
      name: z.enum(names),
      input: z.strictObject({ shape: z.array(z.int()), phase: z.number(), scale: z.number(), offset: z.number() }),
      logits: z.array(z.array(z.number())),
    }),
  ),
})
export type Interchange = z.infer<typeof file>['cases'][number]

export const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export const readCases = (from: 'torch' | 'assay'): Interchange[] =>
  file.parse(JSON.parse(readFileSync(pathOf(`from-${from}.json`), 'utf8'))).cases

/** The network of a case, with new weights. */
export function fresh({ name, input }: Pick<Interchange, 'name' | 'input'>): {
  readonly model: Layer
  readonly variables: Variables
} {
  const model = models[name]()
  return { model, variables: initialize(model, key(0), input.shape.slice(1)) }
}

/** What a network computes for a case's input, in float64, a row a sample. */
export function logitsOf(
  model: Layer,
  variables: Variables,
  { shape, phase, scale, offset }: Interchange['input'],
): number[][] {
  const { output } = applied(model, variables, { shape, data: fill(count(shape), phase, scale, offset) })
  const [batch = 0, classes = 0] = output.shape
  return Array.from({ length: batch }, (_, row) => [...output.data.slice(row * classes, (row + 1) * classes)])
}

/** What Assay writes: weights by the formula as .safetensors, and the logits beside them. The same bytes every time. */
export function assayFiles(): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  const lines = names.map((name) => {
    const input = { shape: [...inputs[name]], phase: PHASE, scale: 1, offset: 0 }
    const { model, variables } = fresh({ name, input })
    const dict = Object.entries(stateDict(variables)).map(([path, { shape }], i) => {
      const isPositive = shape.length === 1 && !/bias|running_mean/.test(path)
      const scale = shape.length === 1 ? 0.3 : 1.5 / Math.sqrt(count(shape.slice(1)))
      return [path, { shape, data: fill(count(shape), 0.7 + 1.3 * i, scale, isPositive ? 1 : 0) }] as const
    })
    const filled = loadStateDict(variables, Object.fromEntries(dict))
    files.set(`from-assay-${name}.safetensors`, encodeStateDict(stateDict(filled), { network: name }))
    const logits = logitsOf(model, filled, input).map((row) => row.map((value) => Number(value.toPrecision(9))))
    return JSON.stringify({ name, input, logits })
  })
  files.set('from-assay.json', new TextEncoder().encode(`{"cases":[\n${lines.join(',\n')}\n]}\n`))
  return files
}
