import { missingName } from '../../../data/table/names.ts'
import { UsageError } from '../../../errors.ts'
import type { Block } from '../../document.ts'
import { type Options, optionsOf, subjectArgument, textArgument } from '../arguments.ts'
import type { Records } from '../records.ts'
import type { Referent, Subject } from '../referent.ts'
import { labelledAs } from './labelled.ts'
import { csvTable } from './tables/csvFile.ts'
import { PROFILE_TABLES, RUN_TABLES, STUDY_TABLES } from './tables/index.ts'
import type { TableMaker } from './tables/maker.ts'

/** `table('scores', group('cnn'), { id, caption })`, or `table('path/to/table.csv', { columns, id, caption })`. */
export async function tableBlocks([what, about, ...rest]: readonly Referent[], records: Records): Promise<Block[]> {
  const name = await textArgument(what, 'table(…)', 'the name of a table or the path of a CSV file')
  const call = `table('${name}', …)`
  const subject = subjectArgument(about, call)
  const [given, ...more] = subject === undefined && about !== undefined ? [about, ...rest] : rest
  if (more.length > 0) throw new UsageError(`${call} was given ${more.length} arguments too many`)
  const options = optionsOf(given, call)
  return labelledAs(await made(name, subject, options, records), options)
}

async function made(
  name: string,
  subject: Subject | undefined,
  options: Options,
  records: Records,
): Promise<readonly Block[]> {
  switch (subject?.kind) {
    case 'runs':
      return named(RUN_TABLES, name, 'a group of runs')(subject, options, records)
    case 'study':
      return named(STUDY_TABLES, name, 'a study')(subject, options, records)
    case 'profile':
      return named(PROFILE_TABLES, name, 'a profile')(subject, options, records)
    default:
      if (name.endsWith('.csv')) return csvTable(name, options, records)
      throw new UsageError(
        `table('${name}') says not what it is about: give a run('…'), group('…'), study('…') or profile('…'), or the path of a .csv file`,
      )
  }
}

function named<S extends Subject>(
  tables: Readonly<Record<string, TableMaker<S>>>,
  name: string,
  owner: string,
): TableMaker<S> {
  const found = Object.hasOwn(tables, name) ? tables[name] : undefined
  if (found === undefined) throw new UsageError(missingName(owner, 'table', name, Object.keys(tables)))
  return found
}
