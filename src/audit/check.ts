import type { Facts } from './facts/facts.ts'
import type { Finding } from './finding.ts'
import type { Manuscript } from './manuscript/manuscript.ts'

/** What a check says of one thing it found; the check's id is added to it. */
export type Found = Omit<Finding, 'check'>

/** Looks for one mistake in a write-up: what it says against what its runs are. */
export interface ManuscriptCheck {
  readonly id: string
  /** What it looks for, in a sentence. */
  readonly looksFor: string
  find(manuscript: Manuscript): readonly Found[]
}

/** Looks for one mistake in runs, whatever is written of them. */
export interface RunCheck {
  readonly id: string
  readonly looksFor: string
  find(facts: Facts): readonly Found[]
}
