import { graphOf, structuralKey } from '../runtime/graph.ts'
import { placeholder } from '../tensor/index.ts'
import type { Optimizer, Vectors } from './optimizer.ts'

/** An optimiser's update over symbolic vectors of one length. */
export interface UpdateTrace {
  /** `parameter`, `gradient` and the state. */
  readonly vectors: Vectors
  /** The coefficients. */
  readonly scalars: Vectors
  readonly results: Vectors
}

export function traceUpdate(optimizer: Optimizer, length: number): UpdateTrace {
  const placeholders = (names: readonly string[], shape: readonly number[]): Vectors =>
    Object.fromEntries(names.map((name) => [name, placeholder(name, { dtype: 'float32', shape })]))
  const vectors = placeholders(['parameter', 'gradient', ...optimizer.state], [length])
  const scalars = placeholders(Object.keys(optimizer.coefficients(1, optimizer.lr)), [])
  return { vectors, scalars, results: optimizer.update(vectors, scalars) }
}

/** A text that two optimisers share exactly when their updates differ in coefficients alone. */
export function updateKey(optimizer: Optimizer): string {
  const { vectors, scalars, results } = traceUpdate(optimizer, 1)
  const graph = graphOf([...Object.values(vectors), ...Object.values(scalars)], Object.values(results))
  return [...Object.keys(vectors), ...Object.keys(scalars), ...Object.keys(results), structuralKey(graph)].join('\n')
}
