import type { Block } from '../../../document.ts'
import type { Options } from '../../arguments.ts'
import type { Records } from '../../records.ts'
import type { Subject } from '../../referent.ts'

export type FigureBlock = Extract<Block, { kind: 'figure' }>

/** Makes the figures of one kind of subject; undefined where it knows none of this name. */
export type FigureMaker<S extends Subject> = (
  subject: S,
  options: Options,
  records: Records,
) => Promise<FigureBlock | undefined>
