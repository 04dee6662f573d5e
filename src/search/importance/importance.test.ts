import { expect, it } from 'vitest'
import { key } from '../../random/index.ts'
import {
  branch,
  choice,
  createStudy,
  float,
  int,
  logFloat,
  parameterImportance,
  random,
  type Space,
  sobol,
  space,
} from '../index.ts'

async function searched<C>(of: Space<C>, f: (config: C) => number, trials: number, sampler = sobol()) {
  const study = await createStudy({
    name: 'importance',
    space: of,
    sampler,
    direction: 'minimize',
    key: key(1),
    trials,
  })
  for (let trial = await study.ask(); trial; trial = await study.ask()) await study.tell(trial, f(trial.config))
  return study.trials
}
const shares = async (...args: Parameters<typeof parameterImportance>) => {
  const { parameters, r2 } = await parameterImportance(...args)
  return {
    r2,
    of: Object.fromEntries(parameters.map(({ path, ...share }) => [path, share])),
    order: parameters.map(({ path }) => path),
  }
}

it('finds the shares of Ishigami’s function, which are known', async () => {
  const side = float(-Math.PI, Math.PI)
  const of = space({ a: side, b: side, c: side })
  const trials = await searched(
    of,
    ({ a, b, c }) => Math.sin(a) + 7 * Math.sin(b) ** 2 + 0.1 * c ** 4 * Math.sin(a),
    512,
  )
  const found = await shares(of, trials, { key: key(0) })
  // Ishigami and Homma (1990): main 0.314, 0.442, 0; total 0.558, 0.442, 0.244.
  const known = { a: [0.314, 0.558], b: [0.442, 0.442], c: [0, 0.244] }
  for (const [path, [main = 0, total = 0]] of Object.entries(known)) {
    expect(Math.abs((found.of[path]?.main ?? 9) - main)).toBeLessThan(0.1)
    expect(Math.abs((found.of[path]?.total ?? 9) - total)).toBeLessThan(0.1)
  }
  expect(found.order).toEqual(['a', 'b', 'c'])
  expect(found.r2).toBeGreaterThan(0.7)
})

it('counts what lies in a branch as far as that is chosen, and scales by their logarithm', async () => {
  const of = space({
    lr: logFloat(1e-6, 1),
    idle: int(0, 9),
    model: branch({ a: { depth: float(0, 1) }, b: { width: float(0, 1), act: choice(['x', 'y']) } }),
  })
  const trials = await searched(
    of,
    ({ lr, model }) => Math.log10(lr) / 6 + (model.kind === 'a' ? 2 * model.depth : 1),
    300,
  )
  const found = await shares(of, trials, { key: key(0) })
  expect(found.order.slice(0, 2).sort()).toEqual(['lr', 'model/a/depth'])
  // Of var(lr) = 1/12, var(depth where it is there) = 1/6 and none for the branch itself: a third, two thirds.
  expect(Math.abs((found.of['model/a/depth']?.total ?? 0) - 2 / 3)).toBeLessThan(0.12)
  expect(Math.abs((found.of.lr?.main ?? 0) - 1 / 3)).toBeLessThan(0.12)
  for (const path of ['idle', 'model/b/width', 'model/b/act']) expect(found.of[path]?.total).toBeLessThan(0.05)
})

it('is not drowned by one diverged trial where ranks are asked for', async () => {
  const of = space({ a: float(0, 1), b: float(0, 1) })
  const trials = await searched(of, ({ a, b }) => (b > 0.98 ? 1e6 : a), 200)
  const [byValue, byRank] = [
    await shares(of, trials, { key: key(0) }),
    await shares(of, trials, { key: key(0), of: 'rank' }),
  ]
  expect(byValue.order[0]).toBe('b')
  expect(byRank.order[0]).toBe('a')
})

it('says that chance explains nothing', async () => {
  const of = space({ a: float(0, 1), b: float(0, 1) })
  const trials = await searched(of, ({ a }) => Math.sin(a * 1e7), 100, random())
  expect((await shares(of, trials, { key: key(0) })).r2).toBeLessThan(0.2)
  await expect(shares(of, trials.slice(0, 9), { key: key(0) })).rejects.toThrow(
    '9 trials are complete; it takes at least 10',
  )
  await expect(shares(of, trials, { key: key(0), points: 1 })).rejects.toThrow('points is 1')
})
