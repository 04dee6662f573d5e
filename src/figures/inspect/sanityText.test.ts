import { expect, it } from 'vitest'
import type { Sanity } from '../../inspect/index.ts'
import { sanityText } from './sanityText.ts'

const step = (method: 'gradient' | 'grad-cam', compared: number, likeness = 0.1): Sanity['steps'][number] => ({
  ...{ method, layer: '0', randomized: 2, compared },
  ...{ rankCorrelation: likeness, magnitudeCorrelation: likeness },
})

it('says that maps change, that some stay alike, and that a flat map cannot tell', () => {
  expect(sanityText({ steps: [step('gradient', 3)], insensitive: [] })).toBe(
    'With the weights of all 2 layers drawn anew, the rank correlation with the trained network’s maps (that of their magnitudes) is gradient 0.10 (0.10). All maps change: they depend on what the network has learnt.',
  )
  expect(sanityText({ steps: [step('gradient', 3, 0.9)], insensitive: ['gradient'] })).toContain(
    'WARNING: gradient stays alike',
  )
  const some = sanityText({ steps: [step('gradient', 3), step('grad-cam', 0, 0)], insensitive: [] })
  expect(some).toContain('gradient 0.10 (0.10), grad-cam unknown. Of grad-cam it cannot be told')
  expect(some).toContain('The other maps change')
  expect(sanityText({ steps: [step('grad-cam', 0, 0)], insensitive: [] })).not.toContain('change')
})
