import { UsageError } from '../../errors.ts'
import type { Application } from '../../nn/index.ts'
import { concat, constant, formatShape, gather, reduceMean, reshape, sizeOf, type Tensor } from '../../tensor/index.ts'
import { outputOf } from '../features/index.ts'

/** What an input shall excite: an output, such as a class's logit; a channel, by the mean over its map; or one number of a layer, counted through its output. */
export type Objective =
  | { readonly kind: 'output'; readonly index: number }
  | { readonly kind: 'channel'; readonly layer: string; readonly index: number }
  | { readonly kind: 'unit'; readonly layer: string; readonly index: number }

/** What it is called. */
export function objectiveName(objective: Objective, classes: readonly string[] = []): string {
  switch (objective.kind) {
    case 'output':
      return classes[objective.index] ?? `output ${objective.index}`
    case 'channel':
      return `${objective.layer}: channel ${objective.index}`
    case 'unit':
      return `${objective.layer}: unit ${objective.index}`
  }
}

/**
 * How strongly each sample excites each objective, `[batch, objectives]`.
 *
 * @throws UsageError where there is no such layer, channel or unit
 */
export function excitations(application: Application, objectives: readonly Objective[]): Tensor {
  const sources = new Map<string, { readonly numbers: Tensor; readonly places: number[]; readonly indices: number[] }>()
  for (const [place, objective] of objectives.entries()) {
    const name = objective.kind === 'output' ? '' : `${objective.kind} ${objective.layer}`
    const source = sources.get(name) ?? { numbers: numbersOf(application, objective), places: [], indices: [] }
    sources.set(name, source)
    const count = source.numbers.shape[1] ?? 0
    if (objective.index >= count)
      throw new UsageError(`there is no ${objectiveName(objective)}: give numbers from 0 to ${count - 1}`)
    source.places.push(place)
    source.indices.push(objective.index)
  }
  const all = [...sources.values()]
  const columns = all.map(({ numbers, indices }) =>
    gather(numbers, constant(Int32Array.from(indices), [indices.length], 'int32'), 1),
  )
  const order = all.flatMap(({ places }) => places)
  const back = Int32Array.from(order.keys()).sort((a, b) => (order[a] ?? 0) - (order[b] ?? 0))
  return gather(
    columns.length === 1 && columns[0] ? columns[0] : concat(columns, 1),
    constant(back, [back.length], 'int32'),
    1,
  )
}

/** What objectives of one kind choose from, `[batch, numbers]`. */
function numbersOf(application: Application, objective: Objective): Tensor {
  const output = objective.kind === 'output' ? application.output : outputOf(application, objective.layer)
  const [batch = 1, channels = 1, ...places] = output.shape
  if (objective.kind !== 'channel' || places.length === 0) return reshape(output, [batch, sizeOf(output.shape) / batch])
  if (output.shape.length < 2)
    throw new UsageError(`layer ${objective.layer} puts out ${formatShape(output.shape)}: it has no channels`)
  return reduceMean(reshape(output, [batch, channels, sizeOf(places)]), { axes: [2] })
}
