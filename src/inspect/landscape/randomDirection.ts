import type { Variables } from '../../nn/index.ts'
import { foldIn, type Key, normal } from '../../random/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { type Place, placesOf, pointOf } from '../weightSpace/index.ts'

/**
 * What a direction does to weights of one axis, that is to biases and to the scales and shifts of normalisations: `'fixed'`, as the paper's figures have
 * it, leaves them as they are; `'own'` makes each number a filter by itself, which moves by its own size up or down.
 */
export type Vectors = 'fixed' | 'own'

/**
 * A random direction with the norm of each filter as that of the network's own (Li et al., "Visualizing the loss landscape of neural nets", 2018): without
 * this, a network whose weights are larger looks flatter. A filter is what makes one number: a channel's kernel, a row of a dense layer.
 *
 * @param key another one, another direction
 * @example
 * const direction = randomDirection(variables, foldIn(key(0), 'x'))
 */
export function randomDirection(variables: Variables, key: Key, vectors: Vectors = 'fixed'): Float32Array {
  const places = placesOf(variables)
  const direction = new Float32Array(places.at(-1)?.end ?? 0)
  for (const { name, begin, end } of places) direction.set(normal(foldIn(key, name), end - begin), begin)
  return filterNormalized(direction, variables, vectors)
}

/** A direction with each filter's length made that of the network's filter in its place. */
export function filterNormalized(direction: Float32Array, variables: Variables, vectors: Vectors): Float32Array {
  const normalized = direction.slice()
  for (const { place, filter, numbers } of filtersOf(variables)) {
    const own = normalized.subarray(filter.begin, filter.end)
    const factor = place.shape.length < 2 && vectors === 'fixed' ? 0 : length(numbers) / (length(own) || 1)
    for (let i = 0; i < own.length; i++) own[i] = factor * (own[i] ?? 0)
  }
  return normalized
}

interface Filter {
  readonly place: Place
  readonly filter: { readonly begin: number; readonly end: number }
  readonly numbers: Float32Array
}

function filtersOf(variables: Variables): Filter[] {
  const { parameters } = pointOf(variables)
  return placesOf(variables).flatMap((place) => {
    const width = place.shape.length < 2 ? 1 : sizeOf(place.shape.slice(1))
    return Array.from({ length: (place.end - place.begin) / width }, (_, i) => {
      const begin = place.begin + i * width
      const filter = { begin, end: begin + width }
      return { place, filter, numbers: parameters.subarray(filter.begin, filter.end) }
    })
  })
}

function length(numbers: Float32Array): number {
  let sum = 0
  for (const value of numbers) sum += value * value
  return Math.sqrt(sum)
}
