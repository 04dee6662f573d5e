import * as z from 'zod'
import type { Outline, OutlineLayer } from '../nn/index.ts'
import type { Json } from '../train/index.ts'
import type { Manifest } from './manifest.ts'

const rowSchema = z.object({
  name: z.string(),
  layer: z.string(),
  'output shape': z.string().transform((text) => (text === '' ? [] : text.split('×').map(Number))),
  parameters: z.number(),
})
type Row = z.infer<typeof rowSchema>

/** A layer as a manifest describes it. */
interface Described {
  readonly kind: string
  readonly config: Readonly<Record<string, Json>>
  readonly children?: Readonly<Record<string, Json>>
}

const isObject = (json: Json | undefined): json is { [name: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

function described(json: Json | undefined): Described | undefined {
  if (!isObject(json)) return undefined
  const { kind, children, ...config } = json
  if (typeof kind !== 'string') return undefined
  return { kind, config, ...(isObject(children) && { children }) }
}

/**
 * How a sample goes through the network of a run, from its manifest alone: what `outline` of nn gives of a model in memory. Undefined where
 * the manifest does not tell its layers.
 *
 * @example
 * const items = storedOutline(run.manifest)
 */
export function storedOutline({ experiment, model, data: { inputShape } }: Manifest): Outline | undefined {
  const root = described(isObject(experiment) ? experiment.model : undefined)
  const rows = z.array(rowSchema).safeParse(model.layers)
  if (root === undefined || !rows.success || rows.data.length === 0) return undefined
  const walk = (layer: Described, path: string, input: readonly number[]): Outline => {
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
    const { children = {} } = layer
    if (layer.kind === 'Sequential')
      return inTurn(Object.entries(children), input, ([name, child], from) => walkChild(child, at(name), from))
    if (layer.kind === 'Residual' && children.body !== undefined) {
      const body = described(children.body)
      const inside = body?.children === undefined ? at('body') : path
      const walked = walkChild(children.body, inside, input)
      return [
        {
          type: 'branch',
          path,
          body: walked,
          shortcut: walkChild(children.downsample, at('downsample'), input),
          after: walkChild(children.after, at('after'), shapeAfter(walked, input)),
        },
      ]
    }
    return inTurn(
      rows.data.filter(({ name }) => name === path || path === '' || name.startsWith(`${path}.`)),
      input,
      (row, from) => [layerOf(row, row.name === path ? layer : undefined, from)],
    )
  }
  const walkChild = (json: Json | undefined, path: string, input: readonly number[]): Outline => {
    const layer = described(json)
    return layer === undefined ? [] : walk(layer, path, input)
  }
  return walk(root, '', inputShape)
}

/** Outlines one after the other, each with the shape that the one before gives. */
function inTurn<T>(
  all: readonly T[],
  input: readonly number[],
  make: (one: T, from: readonly number[]) => Outline,
): Outline {
  let shape = input
  return all.flatMap((one) => {
    const made = make(one, shape)
    shape = shapeAfter(made, shape)
    return made
  })
}

function shapeAfter(items: Outline, before: readonly number[]): readonly number[] {
  const last = items.at(-1)
  if (last === undefined) return before
  return last.type === 'layer' ? last.output : shapeAfter(last.after, shapeAfter(last.body, before))
}

/** Of layers inside a container of one's own the manifest tells the kind alone. */
const layerOf = (row: Row, known: Described | undefined, input: readonly number[]): OutlineLayer => ({
  type: 'layer',
  path: row.name,
  layer: { kind: known?.kind ?? /^\w+/.exec(row.layer)?.[0] ?? row.layer, config: known?.config ?? {} },
  input,
  output: row['output shape'],
  parameters: row.parameters,
})
