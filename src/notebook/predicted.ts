import { ResultKind } from '../display.ts'

/** What a network says of one sample. */
export type Prediction =
  | { readonly task: 'classification'; readonly predicted: string; readonly probabilities: readonly ClassShare[] }
  | { readonly task: 'regression'; readonly outputs: readonly number[] }

/** A class, and the probability that the network gives it. */
export interface ClassShare {
  readonly class: string
  readonly probability: number
}

/** What a network says of some samples. */
export interface Predicted {
  readonly predictions: readonly Prediction[]
  /** What it was asked about, one after the other. */
  readonly inputs: Uint8Array | Float32Array
  /** Of one of them. */
  readonly shape: readonly number[]
}

export const predictedKind = new ResultKind<Predicted>()
