import { foldIn, type Key } from '../../random/index.ts'
import { fillPoint, type Point, type Space, valueAt } from '../space/index.ts'
import { uniforms } from './chance.ts'
import { admissible, type Sampler } from './sampler.ts'

/**
 * Every point as likely as every other of its branch; the branches of a branch are equally likely. Trial i depends on the study's key and
 * i alone, so any number of workers gives the same set of trials.
 *
 * The yardstick for all others, and the right choice for many workers or noisy values. With up to a few dozen trials `sobol` covers a space more
 * evenly, and with trials that cost minutes `tpe` finds more with fewer.
 *
 * Source: Bergstra, Bengio, "Random search for hyper-parameter optimization", JMLR 13 (2012).
 *
 * @example
 * const study = await createStudy({ name: 'lr', space: space({ lr: logFloat(1e-5, 1) }), sampler: random(), direction: 'minimize', key: key(0) })
 */
export const random = (): Sampler => ({
  kind: 'random',
  config: {},
  start: ({ space, key }) => ({
    suggest: (number) => randomPoint(space, foldIn(foldIn(key, 'random'), number)),
    isIndependent: true,
  }),
})

/** A point of the space, by a key. Each axis has a random number of its own, whether it is active or not. */
export const randomPoint = (space: Space, key: Key): Point =>
  admissible(space, (refused) => {
    const next = uniforms(foldIn(key, refused))
    const numbers = space.axes.map(next)
    return fillPoint(space.axes, ({ parameter }, axis) => valueAt(parameter, numbers[axis] ?? 0))
  })
