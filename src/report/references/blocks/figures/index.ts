import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { missingName } from '../../../../data/table/names.ts'
import { UsageError } from '../../../../errors.ts'
import { profileFigures } from '../../../profile/figures.ts'
import { studyFigures } from '../../../study/index.ts'
import type { Options } from '../../arguments.ts'
import { folderNamed, type Records } from '../../records.ts'
import type { Subject } from '../../referent.ts'
import { pictureIn } from '../pictureFile.ts'
import { storedProfile } from '../tables/profile.ts'
import { studyContent } from '../tables/study.ts'
import { drawnNamed } from './drawn.ts'
import type { FigureBlock } from './maker.ts'
import { keptFigure, keptNames } from './runFolder.ts'
import { RUN_FIGURES, requireOne } from './runs.ts'

/** A figure by its name: one that the subject's folder has, or one that is drawn now from its numbers. */
export async function figureOf(
  name: string,
  subject: Subject,
  options: Options,
  records: Records,
): Promise<FigureBlock> {
  switch (subject.kind) {
    case 'runs': {
      const make = Object.hasOwn(RUN_FIGURES, name) ? RUN_FIGURES[name] : undefined
      const made = await make?.(subject, options, records)
      if (made !== undefined) return made
      const known = [
        ...new Set([...Object.keys(RUN_FIGURES), ...subject.groups.flatMap(({ runs }) => runs.flatMap(keptNames))]),
      ]
      if (!known.includes(name)) throw new UsageError(missingName('these runs', 'figure', name, known))
      const run = requireOne(subject.groups, `figure('${name}')`)
      const kept = await keptFigure(run, name)
      if (kept !== undefined) return kept
      throw new UsageError(
        missingName(
          `run ${run.id}`,
          'figure',
          name,
          known.filter((one) => one !== name),
        ),
      )
    }
    case 'study': {
      const figures = studyFigures(await studyContent(records, subject.name))
      const made = await drawnNamed(figures.find((one) => one.name === name))
      if (made !== undefined) return made
      throw new UsageError(
        missingName(
          `study ${subject.name}`,
          'figure',
          name,
          figures.map((one) => one.name),
        ),
      )
    }
    case 'profile': {
      const profile = await storedProfile(records, subject.name)
      const figures = profileFigures(profile)
      const made = await drawnNamed(figures.find((one) => one.name === name))
      if (made !== undefined) return made
      const folder = folderNamed(records, 'profile', subject.name, 'profile.json')
      const file = ['svg', 'png']
        .map((end) => join(folder, 'figures', `${name}.${end}`))
        .find((path) => existsSync(path))
      if (file !== undefined) {
        const caption = PROFILE_CAPTIONS[name] ?? ''
        return {
          kind: 'figure',
          picture: await pictureIn(file, `${name.replaceAll('-', ' ')} of ${profile.name}`),
          caption,
        }
      }
      const known = [...new Set([...figures.map((one) => one.name), ...keptNames({ folder })])]
      throw new UsageError(missingName(`profile ${subject.name}`, 'figure', name, known))
    }
  }
}

const PROFILE_CAPTIONS: Readonly<Record<string, string>> = {
  samples: 'Samples drawn by chance.',
  'mean-images': 'The mean of the training images of each class: sharp where they agree.',
}
