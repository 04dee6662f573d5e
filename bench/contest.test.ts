import { expect, it } from 'vitest'
import { type Contestant, contest, share } from './contest.ts'

/** Takes the same time for every step, and notes how many it was asked for. */
const steady = (name: string, time: number): Contestant & { readonly asked: number[] } => {
  const asked: number[] = []
  return {
    name,
    asked,
    run: (steps) => {
      asked.push(steps)
      return Promise.resolve(new Array<number>(steps).fill(time))
    },
  }
}

it('compares medians with the reference', async () => {
  const { standings, dropouts } = await contest([steady('ours', 10), steady('theirs', 25)], {
    rounds: 3,
    budget: 100,
    reference: 'ours',
  })
  expect(dropouts).toEqual([])
  expect(standings).toEqual([
    { name: 'ours', median: 10, ratio: 1, steps: 30 },
    { name: 'theirs', median: 25, ratio: 2.5, steps: 12 },
  ])
})

it('compares within rounds, so that a machine that slows down slows everyone', async () => {
  let round = 0
  const slowing = (name: string, time: number): Contestant => ({
    name,
    run: (steps) => {
      if (name === 'ours') round += 1
      return Promise.resolve(new Array<number>(steps).fill(time * 2 ** round))
    },
  })
  const { standings } = await contest([slowing('ours', 1), slowing('theirs', 3)], {
    rounds: 5,
    budget: 20,
    reference: 'ours',
  })
  expect(standings[1]?.ratio).toBe(3)
})

it('leaves out who fails, with the reason, and compares the others', async () => {
  const failing: Contestant = { name: 'failing', run: () => Promise.reject(new Error('it has no such kernel')) }
  const { standings, dropouts } = await contest([steady('ours', 1), failing, steady('theirs', 2)], {
    rounds: 1,
    budget: 10,
    reference: 'ours',
  })
  expect(dropouts).toEqual([{ name: 'failing', reason: 'it has no such kernel' }])
  expect(standings.map(({ name, ratio }) => [name, ratio])).toEqual([
    ['ours', 1],
    ['theirs', 2],
  ])
})

it('knows no ratio where there is nobody to compare with', async () => {
  const failing: Contestant = { name: 'ours', run: () => Promise.reject(new Error('not yet')) }
  const { standings } = await contest([steady('theirs', 2), failing], { rounds: 1, budget: 10, reference: 'ours' })
  expect(standings).toEqual([{ name: 'theirs', median: 2, ratio: undefined, steps: 5 }])
})

it('gives the slow fewer steps, then fewer rounds, and never less than three steps', async () => {
  const options = { rounds: 9, budget: 2000 }
  expect(share(0.1, options)).toEqual({ steps: 1000, rounds: 9 })
  expect(share(100, options)).toEqual({ steps: 20, rounds: 9 })
  expect(share(3000, options)).toEqual({ steps: 1, rounds: 6 })
  expect(share(60_000, options)).toEqual({ steps: 1, rounds: 3 })
  expect(share(60_000, { rounds: 1, budget: 2000 })).toEqual({ steps: 3, rounds: 1 })
  const slow = steady('slow', 60_000)
  await contest([slow], { ...options, reference: 'slow' })
  expect(slow.asked).toEqual([1, 1, 1, 1, 1])
})

it('gives each as many steps as it is told, without warming up', async () => {
  const [ours, slow] = [steady('ours', 10), steady('slow', 60_000)]
  const options = { rounds: 3, budget: 0, steps: 1, reference: 'ours' }
  const { standings } = await contest([ours, slow], options)
  expect([ours.asked, slow.asked]).toEqual([
    [1, 1, 1],
    [1, 1, 1],
  ])
  expect(standings[1]).toEqual({ name: 'slow', median: 60_000, ratio: 6000, steps: 3 })
})
