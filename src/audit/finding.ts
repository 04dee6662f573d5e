/** How much a finding matters: an `error` makes a number or a claim wrong, a `warning` may, a `note` is for the reader to know. */
export type Severity = 'error' | 'warning' | 'note'

/** What a check found. */
export interface Finding {
  /** Id of the check, such as `literal-number`. */
  readonly check: string
  readonly severity: Severity
  /** What was seen, with its numbers. */
  readonly saw: string
  /** Why it matters. */
  readonly why: string
  /** How to mend it. */
  readonly mend: string
  /** Where: of a manuscript the id of the passage, of a run its id. */
  readonly where?: string
}
