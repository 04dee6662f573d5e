import { expect, it } from 'vitest'
import { DISPLAY, drawWith, ResultKind } from './display.ts'

interface Shown {
  readonly [DISPLAY]: () => Promise<unknown>
}
const shows = (value: object): value is Shown => DISPLAY in value
const shown = async (value: object): Promise<unknown> => (shows(value) ? value[DISPLAY]() : undefined)

it('a marked result is the same value, and shows what a room above says', async () => {
  const kind = new ResultKind<{ readonly score: number }>()
  const result = { score: 1 }
  expect(kind.mark(result)).toBe(result)
  expect(result).toEqual({ score: 1 })
  expect(Object.keys(result)).toEqual(['score'])
  expect(JSON.stringify(result)).toBe('{"score":1}')
  expect(structuredClone(result)).toEqual({ score: 1 })
  // Nobody has said anything yet: as it would be without.
  expect(await shown(result)).toEqual({ 'text/plain': '{"score":1}' })
  expect(await shown({ ...result })).toBeUndefined()

  let loaded = 0
  drawWith(async () => {
    loaded++
    kind.show(async ({ score }) => ({ 'text/plain': `a score of ${score}` }))
  })
  expect(loaded).toBe(0)
  expect(await shown(result)).toEqual({ 'text/plain': 'a score of 1' })
  expect(await shown(kind.mark(Object.assign(() => {}, { score: 2 })))).toEqual({ 'text/plain': 'a score of 2' })
})
