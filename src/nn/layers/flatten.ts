import { reshape } from '../../tensor/index.ts'
import { type Layer, layer } from '../layer.ts'

/** All axes but the first into one: `[batch, …]` to `[batch, features]`. */
export const flatten = (): Layer => layer('Flatten', { apply: (_, x) => reshape(x, [x.shape[0] ?? 1, -1]) })

/** What comes in goes out. */
export const identity = (): Layer => layer('Identity', { apply: (_, x) => x })
