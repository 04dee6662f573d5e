import {
  type Dataset,
  expandingWindow,
  type FoldStrategy,
  groupedKFold,
  kFold,
  repeated,
  stratifiedKFold,
} from '../../data/index.ts'
import { UsageError } from '../../errors.ts'

/** What `--strategy` says; what is left out follows from the data. */
export interface AskedStrategy {
  readonly kind?: 'kFold' | 'stratified' | 'grouped' | 'time'
  /** Column of groups or times. */
  readonly by?: string
  readonly times?: number
}

const WAY_OUT = 'write kFold, stratified, grouped=COLUMN, time or time=COLUMN, and repeated=N after a comma or alone'

/** A parser for `--strategy`. */
export function parseStrategy(text: string): AskedStrategy {
  const refuse = (why: string): never => {
    throw new UsageError(`--strategy ${text}: ${why}; ${WAY_OUT}`)
  }
  const words = text.split(',').map((part) => {
    const [word = '', ...value] = part.trim().split('=')
    return { word, value: value.length === 0 ? undefined : value.join('=') }
  })
  const repetitions = words.filter(({ word }) => word === 'repeated')
  const [way, second] = words.filter(({ word }) => word !== 'repeated')
  if (second !== undefined) return refuse(`${way?.word} and ${second.word} are two ways to divide`)
  if (repetitions.length > 1) return refuse('repeated is there twice')
  const times = repetitions.map(({ value }) => Number(value || Number.NaN))[0]
  if (times !== undefined && (!Number.isSafeInteger(times) || times < 1)) return refuse('repeated needs a whole number')
  const asked = times === undefined ? {} : { times }
  if (way === undefined) return asked
  const { word, value } = way
  if (word === 'grouped') return value ? { ...asked, kind: word, by: value } : refuse('grouped needs a column')
  if (word === 'time')
    return value === '' ? refuse('time= needs a column') : { ...asked, kind: word, ...(value && { by: value }) }
  if ((word === 'kFold' || word === 'stratified') && value === undefined) return { ...asked, kind: word }
  return refuse(`there is no "${word}${value === undefined ? '' : `=${value}`}"`)
}

/** Folds as they are asked for: by default with the classes' proportions, where there are classes. */
export function strategyFor(
  { kind, by, times }: AskedStrategy,
  folds: number,
  { targets }: Pick<Dataset, 'targets'>,
): FoldStrategy {
  const strategy = single(kind ?? (targets.task === 'classification' ? 'stratified' : 'kFold'), folds, by)
  if (times === undefined) return strategy
  if (kind === 'time') throw new UsageError('--strategy: folds in time have no chance in them to repeat them with')
  return repeated(strategy, { times })
}

function single(kind: NonNullable<AskedStrategy['kind']>, folds: number, by: string | undefined): FoldStrategy {
  switch (kind) {
    case 'kFold':
      return kFold({ folds })
    case 'stratified':
      return stratifiedKFold({ folds })
    case 'grouped':
      return groupedKFold({ folds, by: by ?? '' })
    case 'time':
      return expandingWindow({ folds, ...(by !== undefined && { by }) })
  }
}
