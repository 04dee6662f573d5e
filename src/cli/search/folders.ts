import { join, resolve } from 'node:path'

/** The folder of a study, by its name or path. */
export const folderOf = (studies: string, study: string): string =>
  /[/\\]/.test(study) ? resolve(study) : join(resolve(studies), study)
