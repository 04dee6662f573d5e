import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixed, group, points, run, table } from '../builders/index.ts'
import { type Argument, call } from '../builders/reference.ts'
import { type Expression, parseExpression } from './expression.ts'

describe('parseExpression', () => {
  it('reads calls, members, options, lists, numbers and arithmetic', () => {
    expect(parseExpression("points(run('a', { lr: 1e-3 }).test['f1Macro'] - -2) / 4")).toEqual({
      kind: 'operation',
      operator: '/',
      left: {
        kind: 'call',
        name: 'points',
        args: [
          {
            kind: 'operation',
            operator: '-',
            left: {
              kind: 'member',
              name: 'f1Macro',
              of: {
                kind: 'member',
                name: 'test',
                of: {
                  kind: 'call',
                  name: 'run',
                  args: [
                    { kind: 'literal', value: 'a' },
                    { kind: 'options', entries: [['lr', { kind: 'literal', value: 0.001 }]] },
                  ],
                },
              },
            },
            right: { kind: 'negative', of: { kind: 'literal', value: 2 } },
          },
        ],
      },
      right: { kind: 'literal', value: 4 },
    })
  })

  it.each([
    ['', 'it is empty'],
    ['run(', 'cannot be read'],
    ['run("a") run("b")', 'more than one expression'],
    ['a ? b : c', 'ConditionalExpression'],
    ['a = 1', 'cannot be read'],
    ['resnet', '"resnet" is a name alone'],
    ['run("a").test.constructor("x")', 'only functions can be called'],
    ['!run("a")', 'operator !'],
    ['1 && 2', 'operator &&'],
    ['null', 'null is no value'],
    ['this', 'ThisExpression'],
    ['run("a")[x]', 'a member is a name'],
    ['({ [x]: 1 })', 'options are names'],
    ['({ x })', '"x" is a name alone'],
  ])('refuses %s', (text, message) => {
    expect(() => parseExpression(text)).toThrow(message)
  })
})

/** Letters of all writings, and those that mean something in texts. */
const sign = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  fc.constantFrom('\n', '\t', "'", '"', '\\', '}', '{'),
)

/** What an argument of a builder is as a tree. */
function treeOf(value: Argument): Expression {
  if (typeof value === 'number' && (value < 0 || Object.is(value, -0)))
    return Object.is(value, -0)
      ? { kind: 'literal', value: 0 }
      : { kind: 'negative', of: { kind: 'literal', value: -value } }
  if (typeof value !== 'object') return { kind: 'literal', value }
  if (Array.isArray(value)) return { kind: 'list', items: value.map(treeOf) }
  return {
    kind: 'options',
    entries: Object.entries(value).flatMap(([name, one]) => (one === undefined ? [] : [[name, treeOf(one)] as const])),
  }
}

describe('builders', () => {
  it('say what they mean as expressions', () => {
    expect(`${run('resnet').test.accuracy}`).toBe("{{ run('resnet').test.accuracy }}")
    expect(`${fixed(group("it's", { 'learning rate': '0.1' }).settings['optimizer.lr'] ?? 0, 3)}`).toBe(
      "{{ fixed(group('it\\'s', { 'learning rate': '0.1' }).settings['optimizer.lr'], 3) }}",
    )
    expect(`${table('pivot', [run('a'), group('b')], { id: 'tab:x' })}`).toBe(
      "{{ table('pivot', [run('a'), group('b')], { id: 'tab:x' }) }}",
    )
    expect(`${points(run('a').validation.loss.best)}`).toBe("{{ points(run('a').validation.loss.best) }}")
    expect(() => fixed(Number.NaN)).toThrow('NaN cannot be written')
  })

  it('write arguments that the parser reads as the same values', () => {
    const text = fc.string({ unit: sign })
    const { argument } = fc.letrec<{ argument: Argument }>((tie) => ({
      argument: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.array(tie('argument'), { maxLength: 4 }),
        // Names that are numbers change places in an object.
        fc.dictionary(
          text.filter((name) => name !== '__proto__' && !/^\d+$/.test(name)),
          tie('argument'),
          { maxKeys: 4 },
        ),
      ),
    }))
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 3 }), (args) => {
        expect(parseExpression(call('table', args))).toEqual({ kind: 'call', name: 'table', args: args.map(treeOf) })
      }),
    )
  })

  it('write members that the parser reads as the same names', () => {
    const name = fc
      .string({ minLength: 1, unit: sign })
      .filter((one) => !['expression', 'then', 'toJSON'].includes(one) && !(one in {}))
    fc.assert(
      fc.property(name, (member) => {
        const parsed = parseExpression(run('a').settings[member]?.expression ?? '')
        expect(parsed).toMatchObject({ kind: 'member', name: member })
      }),
    )
  })
})
