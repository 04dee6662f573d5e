/**
 * The audit: what runs, and what is written of them, do not bear out. One file per check.
 *
 * @module
 */
export { auditManuscript, auditRuns } from './checks.ts'
export {
  type AuditedGroup,
  expressionOf,
  type Facts,
  factsOf,
  type GroupScore,
  groupScore,
  metricsOn,
  readFacts,
} from './facts/facts.ts'
export type { Finding } from './finding.ts'
export {
  type LabelledBlock,
  type Manuscript,
  type OwnPlace,
  type Part,
  type Passage,
  type Role,
  roleOf,
  sentencesOf,
} from './manuscript/manuscript.ts'
