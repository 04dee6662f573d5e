import type { Block } from '../../../document.ts'
import type { Options } from '../../arguments.ts'
import type { Records } from '../../records.ts'
import type { Subject } from '../../referent.ts'

export type RunsSubject = Extract<Subject, { kind: 'runs' }>
export type StudySubject = Extract<Subject, { kind: 'study' }>
export type ProfileSubject = Extract<Subject, { kind: 'profile' }>

/** Makes the blocks of a table; options that it does not read are refused. */
export type TableMaker<S extends Subject> = (
  subject: S,
  options: Options,
  records: Records,
) => Promise<readonly Block[]>
