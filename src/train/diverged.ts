/** The loss is no number any more; the weights are of no use. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError'
}

/** Where a number was met: epochs are counted from 0, steps from 1. */
interface Place {
  readonly epoch: number
  readonly step: number
  readonly lr: number
  /** Where in the network it appeared first. */
  readonly where?: string
}

/** What is to be said of a loss that is infinite or NaN. */
export const lossDiverged = (what: string, loss: number, place: Place): DivergedError | undefined =>
  Number.isFinite(loss) ? undefined : diverged(`the ${what} became ${loss}`, place)

/** What is to be said of weights of which one is infinite or NaN. */
export const weightsDiverged = (parameters: readonly Float32Array[], place: Place): DivergedError | undefined =>
  parameters.every(areFinite) ? undefined : diverged('a weight is no finite number any more', place)

/** A number less itself is 0 where it is finite, and NaN elsewhere: many times as fast as asking each. */
function areFinite(values: Float32Array): boolean {
  let sum = 0
  for (const value of values) sum += value - value
  return sum === 0
}

/** What is to be said of gradients whose length is infinite or NaN. */
export const gradientDiverged = (norm: number, place: Place): DivergedError | undefined =>
  Number.isFinite(norm) ? undefined : diverged('a gradient is no finite number any more', place)

const diverged = (what: string, { epoch, step, lr, where }: Place): DivergedError =>
  new DivergedError(
    `${what} in epoch ${epoch + 1}, step ${step}${where === undefined ? '' : `; ${where}`}: try a learning rate below ${lr}, and look for a logarithm or a division of 0`,
  )
