import { adam, sgd } from '../../src/index.ts'
import type { Optimizer } from '../../src/optim/index.ts'
import { key } from '../../src/random/index.ts'
import { choice, float, grid, int, space } from '../../src/search/index.ts'

/** Of each training; rungs of the powers of 3 end where it does. */
export const EPOCHS = 27
/** Images that are trained on, and as many others that are validated on. */
export const SAMPLES = 5000

/** What is searched: so coarse that every configuration can be trained beforehand, over five decades of learning rates. */
export const tuning = space({
  optimizer: choice(['adam', 'sgd']),
  hidden: choice([[16], [64], [64, 64]]),
  dropout: float(0, 0.5, { step: 0.25 }),
  /** Thirds of decades above 1e-5. */
  rate: int(0, 15),
  weightDecay: choice([0, 1e-4, 1e-2]),
})

export type Configuration = ReturnType<typeof tuning.configuration>

export function optimizerOf({ optimizer, rate, weightDecay }: Configuration): Optimizer {
  const lr = 10 ** (-5 + rate / 3)
  return optimizer === 'adam' ? adam({ lr, weightDecay }) : sgd({ lr, weightDecay })
}

/** Configurations that one program trains: all rates and weight decays of the same network and rule. */
const TOGETHER = 16 * 3

/** All of it, in parts. */
export function configurations(): readonly (readonly Configuration[])[] {
  const { suggest, size = 0 } = grid().start({ space: tuning, direction: 'maximize', key: key(0) })
  const all = Array.from({ length: size }, (_, i) => tuning.configuration(suggest(i, []) ?? []))
  return Array.from({ length: size / TOGETHER }, (_, part) => all.slice(part * TOGETHER, (part + 1) * TOGETHER))
}
