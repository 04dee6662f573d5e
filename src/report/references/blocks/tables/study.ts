import { UsageError } from '../../../../errors.ts'
import { readStudyContent, type StudyContent, type StudyTable, studyTables } from '../../../study/index.ts'
import { folderNamed, type Records } from '../../records.ts'
import type { StudySubject, TableMaker } from './maker.ts'

/** All that is known of a study, computed once: importances take a moment. */
export const studyContent = (records: Records, name: string): Promise<StudyContent> =>
  records.once(`study content ${name}`, () =>
    readStudyContent(folderNamed(records, 'study', name, 'study.json'), { runs: records.runs }),
  )

/** A table of a study. Option `top`: trials in the table of the best. */
export const studyTable =
  (name: StudyTable['name']): TableMaker<StudySubject> =>
  async (subject, options, records) => {
    const top = name === 'best' ? await options.number('top') : undefined
    const content = await studyContent(records, subject.name)
    const found = studyTables(content, top === undefined ? {} : { top }).find((table) => table.name === name)
    if (found === undefined) {
      const why =
        name === 'importance' && content.importance.kind === 'unknown' ? content.importance.reason : 'it would be empty'
      throw new UsageError(`study ${subject.name} has no table "${name}": ${why}`)
    }
    const { name: _, ...table } = found
    return [table]
  }
