import { missingName } from '../../../data/table/names.ts'
import { UsageError } from '../../../errors.ts'
import { comparisonTables, type NotedTable } from '../../comparison/index.ts'
import { said } from '../../comparison/parts.ts'
import type { Block } from '../../document.ts'
import { type Options, optionsOf, subjectArgument, textArgument } from '../arguments.ts'
import type { Records } from '../records.ts'
import type { Referent, Subject } from '../referent.ts'
import { comparisonOf } from './comparison.ts'
import { labelledAs } from './labelled.ts'

/** Makes the blocks of a table. */
export type TableMaker<S extends Subject> = (
  subject: S,
  options: Options,
  records: Records,
) => Promise<readonly Block[]>

type RunsSubject = Extract<Subject, { kind: 'runs' }>

const compared =
  (name: NotedTable['name']): TableMaker<RunsSubject> =>
  async ({ groups }, options, records) => {
    const metrics = await options.texts('metrics')
    const found = comparisonTables(await comparisonOf(records, groups, metrics)).find((table) => table.name === name)
    if (found === undefined) throw new UsageError(`these runs have no table "${name}": it would be empty`)
    const { name: _, notes, ...table } = found
    return [table, ...notes.map((note, i) => said(`[${i + 1}] ${note}.`))]
  }

const RUN_TABLES: Readonly<Record<string, TableMaker<RunsSubject>>> = {
  scores: compared('scores'),
  tests: compared('tests'),
  settings: compared('settings'),
  costs: compared('costs'),
  groups: compared('groups'),
}

/** `table('scores', group('cnn'), { id, caption })`. */
export async function tableBlocks([what, about, ...rest]: readonly Referent[], records: Records): Promise<Block[]> {
  const name = await textArgument(what, 'table(…)', 'the name of a table')
  const call = `table('${name}', …)`
  const subject = subjectArgument(about, call)
  const [given, ...more] = subject === undefined && about !== undefined ? [about, ...rest] : rest
  if (more.length > 0) throw new UsageError(`${call} was given ${more.length} arguments too many`)
  const options = optionsOf(given, call)
  const blocks = await made(name, subject, options, records)
  return labelledAs(blocks, options)
}

async function made(
  name: string,
  subject: Subject | undefined,
  options: Options,
  records: Records,
): Promise<readonly Block[]> {
  if (subject?.kind === 'runs') {
    const make = Object.hasOwn(RUN_TABLES, name) ? RUN_TABLES[name] : undefined
    if (make === undefined) throw new UsageError(missingName('a group of runs', 'table', name, Object.keys(RUN_TABLES)))
    return make(subject, options, records)
  }
  throw new UsageError(`table('${name}') says not what it is about: give a run('…') or a group('…')`)
}
