import { describe, expect, it } from 'vitest'
import { computed, learnt, prepared, samplesOf } from '../../testing/transforms.ts'
import { normalizeImage } from './normalizeImage.ts'

const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6))
/** Two channels of two pixels. */
const shape = [2, 1, 2]

describe('normalizeImage', () => {
  it('divides bytes by 255, and leaves floats', async () => {
    const bytes = samplesOf(Uint8Array.of(0, 51, 102, 255), shape)
    const floats = samplesOf(Float32Array.of(0, 0.25, 0.5, 1), shape)
    expect([...prepared(await learnt(normalizeImage(), bytes), bytes)]).toEqual(near([0, 0.2, 0.4, 1]))
    expect([...prepared(await learnt(normalizeImage(), floats), floats)]).toEqual(near([0, 0.25, 0.5, 1]))
  })

  it('takes the given numbers, on the scale from 0 to 1, whatever the training split is, and leads back', async () => {
    const bytes = samplesOf(Uint8Array.of(0, 51, 102, 255), shape)
    const fitted = await learnt(normalizeImage({ mean: [0.1, 0.4], std: [0.5, 0.2] }), bytes)
    expect([...prepared(fitted, bytes)]).toEqual(near([-0.2, 0.2, 0, 3]))
    const back = computed((x) => fitted.inverse?.(fitted.apply(x)) ?? x, [0, 51, 102, 255], shape)
    expect([...back]).toEqual([0, 51, 102, 255].map((value) => expect.closeTo(value, 4)))
  })

  it('refuses what is no image, and numbers that are not one a channel', async () => {
    const bytes = samplesOf(Uint8Array.of(0, 51, 102, 255), shape)
    await expect(learnt(normalizeImage({ mean: [0.5] }), bytes)).rejects.toThrow(
      'normalizeImage: mean has 1 numbers and an image has 2 channels',
    )
    await expect(learnt(normalizeImage(), samplesOf(new Float32Array(4), [4]))).rejects.toThrow(
      'normalizeImage: a sample is [4], which is no image',
    )
    expect(() => normalizeImage({ std: [0] })).toThrow('normalizeImage: std.0 is 0: give numbers above 0')
  })
})
