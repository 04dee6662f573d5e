import { UsageError } from '../../errors.ts'
import { score } from '../format.ts'
import { filterArgument, numberArgument, subjectArgument, textArgument } from './arguments.ts'
import { operated } from './arithmetic.ts'
import { figureBlocks, galleryBlocks } from './blocks/figure.ts'
import { tableBlocks } from './blocks/table.ts'
import { bestGroup } from './blocks/tables/best.ts'
import { groupReferent, groupThing } from './group.ts'
import { fileReferent } from './json.ts'
import { profileReferent } from './profile.ts'
import type { Records } from './records.ts'
import { plain, type Referent, readValue, type ThingReferent } from './referent.ts'
import { runReferent } from './run.ts'
import { studyReferent } from './study.ts'
import { numberValue, originOf, requireNumber, type Value, written } from './value.ts'

type Call = (args: readonly Referent[], records: Records) => Promise<Referent>

/** Everything that an expression can call. */
export const FUNCTIONS: Readonly<Record<string, Call>> = {
  run: async ([reference, filter, ...rest], records) => {
    none(rest, 'run')
    return runReferent(
      records,
      await textArgument(reference, 'run(…)', 'a run'),
      await filterArgument(filter, 'run(…)'),
    )
  },
  group: async ([reference, filter, ...rest], records) => {
    none(rest, 'group')
    return groupReferent(
      records,
      await textArgument(reference, 'group(…)', 'a group'),
      await filterArgument(filter, 'group(…)'),
    )
  },
  study: async ([reference, ...rest], records) => {
    none(rest, 'study')
    return studyReferent(records, await textArgument(reference, 'study(…)', 'the name of a study'))
  },
  profile: async ([reference, ...rest], records) => {
    none(rest, 'profile')
    return profileReferent(records, await textArgument(reference, 'profile(…)', 'the name of a profile'))
  },
  file: async ([path, ...rest], records) => {
    none(rest, 'file')
    return fileReferent(records, await textArgument(path, 'file(…)', 'the path of a JSON file'))
  },
  /** The best group of a grid, by the validation split unless another is named. */
  best: async ([of, by, ...rest], records) => {
    none(rest, 'best')
    const subject = subjectArgument(of, 'best(…)')
    if (subject?.kind !== 'runs') throw new UsageError("best(…) takes a group('…')")
    const asked = by === undefined ? undefined : await textArgument(by, 'best(…)', 'a metric')
    const found = await bestGroup(records, subject.groups, asked)
    return groupThing(records, [found], `group ${found.label}`)
  },
  figure: async (args, records) => ({ kind: 'blocks', blocks: await figureBlocks(args, records) }),
  gallery: async (args) => ({ kind: 'blocks', blocks: await galleryBlocks(args) }),
  table: async (args, records) => ({ kind: 'blocks', blocks: await tableBlocks(args, records) }),
  percent: rewritten('percent', (number, digits = 2) => `${(100 * number).toFixed(digits).replace('-', '−')}%`),
  points: rewritten('points', (number, digits = 2) => `${(100 * number).toFixed(digits).replace('-', '−')} pp`),
  fixed: rewritten('fixed', (number, digits = 4) => number.toFixed(digits).replace('-', '−')),
  whole: rewritten('whole', (number) => written(Math.round(number), 'count')),
  score: rewritten('score', (number) => score(number)),
  seconds: rewritten('seconds', (number) => written(number, 'seconds')),
  plain: rewritten('plain', (number) => written(number, 'setting')),
  difference: async ([a, b, ...rest]) => {
    none(rest, 'difference')
    return computed(operated('-', await given(a, 'difference'), await given(b, 'difference')))
  },
  ratio: async ([a, b, ...rest]) => {
    none(rest, 'ratio')
    return computed(operated('/', await given(a, 'ratio'), await given(b, 'ratio')))
  },
  abs: async ([a, ...rest]) => {
    none(rest, 'abs')
    const value = await given(a, 'abs')
    return computed(numberValue(Math.abs(requireNumber(value, 'abs')), value.unit ?? 'number', value))
  },
  min: reduced('min', (numbers) => Math.min(...numbers)),
  max: reduced('max', (numbers) => Math.max(...numbers)),
  mean: reduced('mean', (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length),
  sum: reduced('sum', (numbers) => numbers.reduce((sum, number) => sum + number, 0)),
}

const computed = (value: Value): ThingReferent => plain('a computed number', () => value)

async function given(referent: Referent | undefined, call: string): Promise<Value> {
  if (referent === undefined) throw new UsageError(`${call}(…) takes another number`)
  const value = await readValue(referent, call)
  requireNumber(value, `${call}(…)`)
  return value
}

function none(rest: readonly Referent[], call: string): void {
  if (rest.length > 0) throw new UsageError(`${call}(…) was given ${rest.length} arguments too many`)
}

/** Digits behind the point that a number may be written with. */
const MOST_DIGITS = 12

/** The same number, written otherwise. */
function rewritten(name: string, write: (number: number, digits?: number) => string): Call {
  return async ([of, digits, ...rest]) => {
    none(rest, name)
    const value = await given(of, name)
    const asked = digits === undefined ? undefined : await numberArgument(digits, `${name}(…)`, 'digits')
    if (asked !== undefined && !(Number.isInteger(asked) && asked >= 0 && asked <= MOST_DIGITS))
      throw new UsageError(`${name}(…) takes a whole number of digits from 0 to ${MOST_DIGITS}, and got ${asked}`)
    return computed({ ...value, text: write(requireNumber(value, name), asked) })
  }
}

/** One number of several, or of a list. */
function reduced(name: string, reduce: (numbers: readonly number[]) => number): Call {
  return async (args) => {
    const items = args.flatMap((arg) => (arg.kind === 'list' ? arg.items : [arg]))
    const values = await Promise.all(items.map((item) => given(item, name)))
    const [first] = values
    if (first === undefined) throw new UsageError(`${name}(…) takes at least one number`)
    const unit = values.every((value) => value.unit === first.unit) ? (first.unit ?? 'number') : 'number'
    return computed(numberValue(reduce(values.map((value) => requireNumber(value, name))), unit, originOf(values)))
  }
}
