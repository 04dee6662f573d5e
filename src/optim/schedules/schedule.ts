/** How the learning rate moves over a training: a value, like the optimiser whose rate it scales. */
export interface Schedule {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /**
   * What the optimiser's learning rate is multiplied by.
   *
   * @param step steps taken so far, from 0
   * @param steps how many the whole training takes
   */
  factor(step: number, steps: number): number
}
