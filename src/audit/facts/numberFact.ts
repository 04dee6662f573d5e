/** What a number counts or measures: a number beside a noun is held against those of its quantity alone. */
export type Quantity =
  | 'parameters'
  | 'epochs'
  | 'seeds'
  | 'runs'
  | 'groups'
  | 'samples'
  | 'classes'
  | 'batchSize'
  | 'learningRate'
  | 'weightDecay'
  | 'momentum'
  | 'dropout'
  | 'cores'
  | 'memory'
  | 'time'
  | 'score'
  | 'difference'
  | 'setting'
  | 'shown'

/** A number that a run, or what a document shows, stands behind. */
export interface NumberFact {
  readonly quantity: Quantity
  /** As a sentence names it: `test accuracy of resNet18`. */
  readonly what: string
  readonly value: number
  /** As a reader would write it. */
  readonly text: string
  /** What a write-up writes instead of the number. */
  readonly expression?: string
  /** Groups that it is of; none: of all. */
  readonly groups?: readonly string[]
  readonly metric?: string
}
