import { UsageError } from '../../errors.ts'
import { foldIn } from '../../random/index.ts'
import type { Shape } from '../../tensor/index.ts'
import { naming } from '../context.ts'
import { outputShape } from '../initialize.ts'
import type { Config, Layer } from '../layer.ts'
import type { Variables } from '../variables.ts'

/**
 * Layers one after another, PyTorch's `nn.Sequential`. Their weights stand under `0.`, `1.`, … or, given a record,
 * under its names.
 *
 * @example
 * sequential(flatten(), linear(128), relu(), linear(10))
 * sequential({ hidden: linear(128), act: relu(), out: linear(10) }) // weights hidden.weight, hidden.bias, out.weight, …
 */
export function sequential(...layers: readonly Layer[] | readonly [Readonly<Record<string, Layer>>]): Layer {
  const [first] = layers
  const named = layers.length === 1 && isRecord(first)
  const entries = named
    ? Object.entries(first).map(([name, child]) => [checkedName(name), asLayer(child, `"${name}"`)] as const)
    : layers.map((child, i) => [String(i), asLayer(child, `item ${i}`)] as const)
  if (entries.length === 0) throw new UsageError('sequential: give it at least one layer')
  const children: Readonly<Record<string, Layer>> = Object.fromEntries(entries)
  return container('Sequential', children, {
    init: (key, input) => {
      const parameters: Record<string, Variables['parameters']> = {}
      const buffers: Record<string, Variables['buffers']> = {}
      let shape: Shape = input
      for (const [name, child] of Object.entries(children)) {
        const own = naming(name, child, { shape }, () => {
          const variables = child.init(foldIn(key, name), shape)
          shape = outputShape(child, variables, shape)
          return variables
        })
        if (Object.keys(own.parameters).length > 0) parameters[name] = own.parameters
        if (Object.keys(own.buffers).length > 0) buffers[name] = own.buffers
      }
      return { parameters, buffers }
    },
    apply: (parameters, x, context) =>
      Object.entries(children).reduce((h, [name, child]) => context.applyChild(name, child, parameters, h), x),
    rebuild: (changed) => (named ? sequential(changed) : sequential(...Object.values(changed))),
  })
}

/** What a container says of itself; its configuration is its children's. */
export function container(
  kind: string,
  children: Readonly<Record<string, Layer>>,
  parts: Pick<Layer, 'init' | 'apply'> & {
    readonly rebuild: (children: Readonly<Record<string, Layer>>) => Layer
  },
): Layer {
  const { rebuild, ...rest } = parts
  return {
    kind,
    config: {},
    children,
    ...rest,
    with: (changes: Config) => {
      for (const name of Object.keys(changes))
        if (!(name in children))
          throw new UsageError(`${kind} has no layer "${name}"; it has ${Object.keys(children).join(', ')}`)
      const changed = Object.entries(children).map(([name, child]) => [
        name,
        name in changes ? asLayer(changes[name], `"${name}"`) : child,
      ])
      return rebuild(Object.fromEntries(changed))
    },
  }
}

export const isLayer = (value: unknown): value is Layer =>
  typeof value === 'object' && value !== null && 'apply' in value && 'init' in value && 'kind' in value

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLayer(value)

function asLayer(value: unknown, place: string): Layer {
  if (isLayer(value)) return value
  const what =
    typeof value === 'function'
      ? 'a function; call it, as in relu()'
      : Array.isArray(value)
        ? 'a list; spread it, as in sequential(...layers)'
        : `${String(value)}, not a layer`
  throw new UsageError(`sequential: ${place} is ${what}`)
}

/** A dot would read as nesting in the weights' names, and JavaScript moves numbers to the front of a record. */
function checkedName(name: string): string {
  if (name === '' || name.includes('.') || /^\d+$/.test(name))
    throw new UsageError(
      `sequential: a layer cannot be named "${name}": use a name without dots that is no number, or give the layers as a list`,
    )
  return name
}
