import fc from 'fast-check'
import {
  type Branches,
  bool,
  branch,
  choice,
  type Definition,
  float,
  int,
  logFloat,
  type Parameter,
  type Point,
  type Space,
} from '../search/index.ts'
import { fillPoint, valueAt } from '../search/space/index.ts'

const leaf: fc.Arbitrary<Parameter> = fc.oneof(
  fc
    .uniqueArray(fc.jsonValue({ maxDepth: 1 }), {
      minLength: 1,
      maxLength: 4,
      selector: (value) => JSON.stringify(value),
    })
    .chain((values) =>
      // JSON writes −0 as 0.
      fc.constant(
        choice(JSON.parse(JSON.stringify(values.map((value, i) => (Object.is(value, -0) ? `zero ${i}` : value))))),
      ),
    ),
  fc.constant(bool()),
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.nat(60), fc.integer({ min: 1, max: 7 }))
    .map(([low, more, step]) => int(low, low + more, { step })),
  fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(1000)).map(([low, more]) => int(low, low + more, { log: true })),
  fc
    .tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: 0.01, max: 9, noNaN: true }))
    .map(([low, more]) => float(low, low + more)),
  fc
    .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 30 }))
    .map(([low, steps]) => float(low / 10, (low + steps) / 10, { step: 0.1 })),
  fc
    .tuple(fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.double({ min: 1.5, max: 1e6, noNaN: true }))
    .map(([low, ratio]) => logFloat(low, low * ratio)),
)

const names = fc.constantFrom('a', 'b', 'c', 'lr', 'a b', 'ü')

/** Definitions of spaces, with branches inside branches. */
export const definitions = (depth = 2): fc.Arbitrary<Definition> =>
  fc.dictionary(
    names,
    depth === 0 ? leaf : fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: branches(depth) }),
    { minKeys: 1, maxKeys: 4 },
  )

const branches = (depth: number): fc.Arbitrary<Parameter> =>
  fc
    .dictionary(names, fc.oneof(fc.constant({}), definitions(depth - 1)), { minKeys: 1, maxKeys: 3 })
    .map((of: Branches) => branch(of))

/** The point at the place of the unit cube that the numbers tell. */
export function points(of: Space, numbers: Iterable<number>): Point {
  const next = numbers[Symbol.iterator]()
  return fillPoint(of.axes, ({ parameter }) => valueAt(parameter, Number(next.next().value)))
}
