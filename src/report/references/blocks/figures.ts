import { missingName } from '../../../data/table/names.ts'
import { UsageError } from '../../../errors.ts'
import { toSvg } from '../../../figures/index.ts'
import { comparisonFigures } from '../../comparison/index.ts'
import type { Block } from '../../document.ts'
import type { NamedFigure } from '../../profile/figures.ts'
import type { Options } from '../arguments.ts'
import type { Records } from '../records.ts'
import type { Subject } from '../referent.ts'
import { comparisonOf } from './comparison.ts'

type FigureBlock = Extract<Block, { kind: 'figure' }>

/** A figure by its name: one that the subject's folder has, or one that is drawn now from its numbers. */
export async function drawnFigure(
  name: string,
  subject: Subject,
  options: Options,
  records: Records,
): Promise<FigureBlock> {
  if (subject.kind !== 'runs') throw new UsageError(`figure('${name}') is not of a ${subject.kind}`)
  const figures = comparisonFigures(await comparisonOf(records, subject.groups, await options.texts('metrics')))
  const found = figures.find((one) => one.name === name)
  if (found === undefined)
    throw new UsageError(
      missingName(
        'a group of runs',
        'figure',
        name,
        figures.map((one) => one.name),
      ),
    )
  return blockOf(found)
}

export async function blockOf({ figure, caption }: NamedFigure): Promise<FigureBlock> {
  return { kind: 'figure', picture: { svg: await toSvg(figure.spec), alt: figure.alt }, caption }
}
