import { UsageError } from '../../errors.ts'
import { missingName } from '../table/names.ts'
import type { Table } from '../table/table.ts'
import { classesOf, type Problem, type Profile, type ProfileParts, profileKind, type SplitProfile } from './profile.ts'
import { answersOf } from './questions.ts'
import { tableCorrelation } from './tableCorrelation.ts'
import { tableDuplicates } from './tableDuplicates.ts'
import { fieldOf } from './tableFields.ts'
import { countClasses, problemOfTable } from './tableTarget.ts'

export interface ProfileTableOptions {
  /** The column that is to be told from the others. Default: one whose name says so (target, label, class …), else none. */
  readonly target?: string
  /** Rows that are kept for testing, with the same columns. */
  readonly test?: Table
  /** What is known of the source beside its rows. */
  readonly facts?: Profile['facts']
  /** Called now and then with the share that is done, from 0 to 1; what it returns is waited for. */
  onProgress?(share: number): void | Promise<void>
}

/**
 * Looks at every column of a table: type, missing values, quantiles, outliers, categories, correlation, rows that are there more than
 * once, and answers from that the eight questions that are asked before training.
 *
 * @throws UsageError when there is no such target, or the test rows have not all columns
 *
 * @example
 * const profile = await profileTable(await readCsv('people.csv'), { target: 'income' })
 * profile.answers[4]?.answer // Yes: age (3, 12 %).
 */
export async function profileTable(table: Table, options: ProfileTableOptions = {}): Promise<Profile> {
  const { target: asked, test, facts = [], onProgress = () => {} } = options
  const problem = problemOfTable(table, asked)
  const target = problem.task === 'unknown' ? undefined : problem.target
  if (test !== undefined) requireColumns(test, table.names)
  const steps = table.columns.length * (test === undefined ? 1 : 2) + 2
  let done = 0
  const step = async (): Promise<void> => onProgress(++done / steps)
  const splits: SplitProfile[] = []
  const parts =
    test === undefined
      ? ([['all', table]] as const)
      : ([
          ['train', table],
          ['test', test],
        ] as const)
  for (const [name, rows] of parts) splits.push(await splitOf(name, rows, table.names, problem, step))
  const correlation = tableCorrelation(table)
  await step()
  const duplicates = tableDuplicates(table, test?.select(...table.names), target)
  await step()
  const profile: ProfileParts = {
    name: table.name,
    modality: 'table',
    shape: [table.columns.length],
    dtype: 'columns',
    splits,
    problem,
    constantFeatures: (splits[0]?.fields ?? []).filter(({ name, unique }) => name !== target && (unique ?? 2) < 2)
      .length,
    duplicates,
    ...(correlation && { correlation }),
    leftOut: [...table.leftOut, ...(test?.leftOut ?? [])],
    facts,
  }
  return profileKind.mark({ ...profile, answers: answersOf(profile) })
}

async function splitOf(
  name: SplitProfile['name'],
  table: Table,
  names: readonly string[],
  problem: Problem,
  step: () => Promise<void>,
): Promise<SplitProfile> {
  const fields = []
  for (const column of names) {
    fields.push(fieldOf(table.column(column)))
    await step()
  }
  const classes = classesOf(problem)
  return {
    name,
    samples: table.length,
    fields,
    ...(classes && problem.task === 'classification' && { classCounts: countClasses(table, problem.target, classes) }),
  }
}

function requireColumns(test: Table, names: readonly string[]): void {
  const missing = names.find((name) => !test.names.includes(name))
  if (missing !== undefined) throw new UsageError(missingName(test.name, 'column', missing, test.names))
}
