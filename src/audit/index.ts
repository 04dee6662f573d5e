/**
 * The audit: what runs, and what is written of them, do not bear out. One file per check.
 *
 * @module
 */
export type { Found, ManuscriptCheck, RunCheck } from './check.ts'
export { auditManuscript, auditRuns, MANUSCRIPT_CHECKS, RUN_CHECKS } from './checks.ts'
export {
  type AuditedGroup,
  type AuditedRun,
  expressionOf,
  type Facts,
  factsOf,
  type GroupScore,
  groupScore,
  metricsOn,
  readFacts,
} from './facts/facts.ts'
export type { Finding, Severity } from './finding.ts'
export {
  type LabelledBlock,
  type Manuscript,
  type OwnPlace,
  type Part,
  type Passage,
  type Role,
  roleOf,
  type Sentence,
  type Span,
  sentencesOf,
} from './manuscript/manuscript.ts'
