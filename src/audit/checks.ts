import type { ManuscriptCheck, RunCheck } from './check.ts'
import type { Facts } from './facts/facts.ts'
import type { Finding, Severity } from './finding.ts'
import { bestEpoch } from './manuscript/bestEpoch.ts'
import { emptyOwnWords } from './manuscript/emptyOwnWords.ts'
import { literalNumber } from './manuscript/literalNumber.ts'
import type { Manuscript } from './manuscript/manuscript.ts'
import { noErrorBar } from './manuscript/noErrorBar.ts'
import { otherRun } from './manuscript/otherRun.ts'
import { testChoice } from './manuscript/testChoice.ts'
import { unreferencedFigure } from './manuscript/unreferencedFigure.ts'
import { wrongName } from './manuscript/wrongName.ts'
import { wrongOrder } from './manuscript/wrongOrder.ts'
import { bestOfMany } from './runs/bestOfMany.ts'
import { differentTestData } from './runs/differentTestData.ts'
import { lossAtChance } from './runs/lossAtChance.ts'
import { noValidation } from './runs/noValidation.ts'
import { oneSeed } from './runs/oneSeed.ts'
import { softmaxTwice } from './runs/softmaxTwice.ts'
import { unfinishedRuns } from './runs/unfinishedRuns.ts'
import { unknownCode } from './runs/unknownCode.ts'

/** Checks of write-ups. */
const MANUSCRIPT_CHECKS: readonly ManuscriptCheck[] = [
  ...[literalNumber, otherRun, wrongName, wrongOrder, bestEpoch, testChoice, noErrorBar],
  ...[unreferencedFigure, emptyOwnWords],
]

/** Checks of runs. */
const RUN_CHECKS: readonly RunCheck[] = [
  ...[softmaxTwice, lossAtChance, unfinishedRuns, differentTestData, noValidation, oneSeed, bestOfMany, unknownCode],
]

const ORDER: readonly Severity[] = ['error', 'warning', 'note']

/** Findings, the worst first, in the order of the checks. */
const sorted = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))

/**
 * What a write-up says that its runs do not.
 *
 * @example
 * auditManuscript(manuscript).filter(({ severity }) => severity === 'error')
 */
export const auditManuscript = (manuscript: Manuscript): readonly Finding[] =>
  sorted(MANUSCRIPT_CHECKS.flatMap((check) => check.find(manuscript).map((found) => ({ check: check.id, ...found }))))

/**
 * What speaks against runs, whatever is written of them.
 *
 * @example
 * auditRuns(await readFacts((await listRuns('runs')).runs))
 */
export const auditRuns = (facts: Facts): readonly Finding[] =>
  sorted(RUN_CHECKS.flatMap((check) => check.find(facts).map((found) => ({ check: check.id, ...found }))))
