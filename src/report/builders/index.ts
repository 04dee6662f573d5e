import { type Argument, type BlockReference, call, referenceTo, type ValueReference } from './reference.ts'
import type { GroupReference, JsonReference, ProfileReference, RunReference, StudyReference } from './types.ts'

export { type BlockReference, type Reference, referenceKind, type ValueReference } from './reference.ts'
export type {
  GroupReference,
  GroupScoreReference,
  JsonReference,
  ProfileReference,
  RunReference,
  ScoreReference,
  SplitReference,
  StudyReference,
} from './types.ts'

/** What a run or a group is chosen by: labels of its grid, settings (`lr`, `optimizer.kind`), its name or seed. */
export type Filter = Readonly<Record<string, string | number>>

/**
 * A run, by its id, the beginning of its id, `latest`, or the name of an experiment with what tells it from others.
 *
 * @example
 * `ResNet18 reached ${run('resNet18', { lr: 0.001 }).test.accuracy}.` // ResNet18 reached {{ run('resNet18', { lr: 0.001 }).test.accuracy }}.
 */
export const run = (reference: string, filter?: Filter): RunReference => referenceTo(call('run', [reference, filter]))

/**
 * Runs that differ in their seed, or cells of a grid. Scores are means over the seeds.
 *
 * @example
 * `${group('sinc').test.mse.meanStd} over ${group('sinc').seeds}`
 */
export const group = (reference: string, filter?: Filter): GroupReference =>
  referenceTo(call('group', [reference, filter]))

/**
 * The best group of a grid by a metric of the validation split, unless another is named.
 *
 * @example
 * best(group('cnn-comparison'), 'validation.accuracy').test.accuracy
 */
export const best = (of: GroupReference, by?: string): GroupReference => referenceTo(call('best', [of, by]))

/**
 * A search, by the name of its folder in `studies/`, or its path.
 *
 * @example
 * study('sinc').best.params['optimizer.lr']
 */
export const study = (name: string): StudyReference => referenceTo(call('study', [name]))

/**
 * A profile of data that `assay profile … --save` has kept.
 *
 * @example
 * profile('mnist').train.samples
 */
export const profile = (name: string): ProfileReference => referenceTo(call('profile', [name]))

/**
 * A JSON file that Assay has written: each number in it by its name.
 *
 * @example
 * file('inspect/curvature.json').lambdaMax
 */
export const file = (path: string): JsonReference => referenceTo(call('file', [path]))

/** What figures and tables are about. */
export type SubjectReference = RunReference | GroupReference | StudyReference | ProfileReference

interface Labels {
  /** As in `fig:curves`, by which the text points at it: `@fig:curves`. */
  readonly id?: string
  readonly caption?: string
}

export interface FigureOptions extends Labels {
  /** As a share of the column. */
  readonly width?: number
  /** What a picture from a file shows, for those who cannot see it. */
  readonly alt?: string
  readonly [option: string]: Argument | undefined
}

export interface TableOptions extends Labels {
  readonly [option: string]: Argument | undefined
}

/**
 * A figure by its name and what it is about, or a picture by its path.
 *
 * @example
 * `${figure('curves', group('cnn'), { id: 'fig:curves', metrics: ['loss'] })}`
 * `${figure('pictures/setup.png', { caption: 'The setup.', width: 0.6 })}`
 */
export function figure(
  name: string,
  subject: SubjectReference | readonly SubjectReference[],
  options?: FigureOptions,
): BlockReference
export function figure(path: string, options?: FigureOptions): BlockReference
export function figure(name: string, ...rest: readonly (Argument | undefined)[]): BlockReference {
  return referenceTo(call('figure', [name, ...rest]))
}

/**
 * A table by its name and what it is about, or a CSV file by its path.
 *
 * @example
 * `${table('pivot', group('cnn'), { id: 'tab:rates', metric: 'accuracy' })}`
 */
export function table(
  name: string,
  subject: SubjectReference | readonly SubjectReference[],
  options?: TableOptions,
): BlockReference
export function table(path: string, options?: TableOptions): BlockReference
export function table(name: string, ...rest: readonly (Argument | undefined)[]): BlockReference {
  return referenceTo(call('table', [name, ...rest]))
}

/**
 * Figures side by side.
 *
 * @example
 * `${gallery([figure('roc', run('a'), { caption: 'A' }), figure('roc', run('b'), { caption: 'B' })], { caption: 'ROC.' })}`
 */
export const gallery = (figures: readonly BlockReference[], options?: Labels): BlockReference =>
  referenceTo(call('gallery', [figures, options === undefined ? undefined : { ...options }]))

/** A number, or one of a run. */
export type NumberReference = ValueReference | number

const value = (name: string, args: readonly (Argument | undefined)[]): ValueReference => referenceTo(call(name, args))

/** As a percentage: `97.73%`. */
export const percent = (of: NumberReference, digits?: number): ValueReference => value('percent', [of, digits])
/** A difference of shares in percentage points: `1.21 pp`. */
export const points = (of: NumberReference, digits?: number): ValueReference => value('points', [of, digits])
/** With so many digits behind the point. */
export const fixed = (of: NumberReference, digits?: number): ValueReference => value('fixed', [of, digits])
/** `a − b`; of shares in percentage points. */
export const difference = (a: NumberReference, b: NumberReference): ValueReference => value('difference', [a, b])
/** `a / b` */
export const ratio = (a: NumberReference, b: NumberReference): ValueReference => value('ratio', [a, b])
export const min = (...of: readonly NumberReference[]): ValueReference => value('min', of)
export const max = (...of: readonly NumberReference[]): ValueReference => value('max', of)
export const mean = (...of: readonly NumberReference[]): ValueReference => value('mean', of)
export const sum = (...of: readonly NumberReference[]): ValueReference => value('sum', of)
export const abs = (of: NumberReference): ValueReference => value('abs', [of])
