import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { foldIn, key } from '../../random/index.ts'
import { augment } from './augment.ts'
import { cutout } from './cutout.ts'
import { addNoise } from './noise.ts'

/** A bright pixel in the middle of 200 dark pictures of 9×9. */
const dots = (value = 200) => {
  const data = new Uint8Array(200 * 81)
  for (let i = 0; i < 200; i++) data[i * 81 + 40] = value
  return data
}
const pictures = (data: Uint8Array) =>
  Array.from({ length: data.length / 81 }, (_, i) => data.subarray(i * 81, i * 81 + 81))
const changed = (options: Parameters<typeof augment>[0], from = key(0), data = dots()) => {
  augment(options).augmenter([1, 9, 9])(data, from)
  return data
}

describe('augment', () => {
  it('changes a batch by its key alone', () => {
    const all = { shift: 2, rotate: 20, flip: 'both', crop: 0.8, cutout: 3, noise: 5 } as const
    expect(changed(all)).toEqual(changed(all))
    expect(changed(all)).not.toEqual(changed(all, foldIn(key(0), 1)))
    expect(changed({})).toEqual(dots())
  })

  it('shifts to every place within reach equally often, each sample by itself', () => {
    const places = pictures(changed({ shift: 1 })).map((picture) => picture.indexOf(200))
    const counts = new Map<number, number>()
    for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1)
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([30, 31, 32, 39, 40, 41, 48, 49, 50])
    // 200 samples at 9 places: 22 each, with a deviation of 4.4.
    for (const count of counts.values()) expect(Math.abs(count - 200 / 9)).toBeLessThan(18)
  })

  it('flips half of the samples, one way or both by themselves', () => {
    const corner = () => {
      const data = new Uint8Array(200 * 81)
      for (let i = 0; i < 200; i++) data[i * 81] = 7
      return data
    }
    const ends = (flip: 'horizontal' | 'vertical' | 'both') => {
      const found = pictures(changed({ flip }, key(0), corner())).map((picture) => picture.indexOf(7))
      return Object.fromEntries([0, 8, 72, 80].map((place) => [place, found.filter((at) => at === place).length]))
    }
    const { 0: left = 0, 8: right = 0, ...others } = ends('horizontal')
    expect(left + right).toBe(200)
    expect(Math.abs(left - 100)).toBeLessThan(30)
    expect(others).toEqual({ 72: 0, 80: 0 })
    expect(ends('vertical')).toMatchObject({ 8: 0, 80: 0 })
    for (const count of Object.values(ends('both'))) expect(Math.abs(count - 50)).toBeLessThan(25)
  })

  it('turns by up to the angle, either way', () => {
    // A pixel four to the right of the middle of a large picture moves along a circle.
    const size = 41
    const data = new Float32Array(200 * size * size)
    for (let i = 0; i < 200; i++) data[i * size * size + 20 * size + 38] = 1
    augment({ rotate: 30 }).augmenter([1, size, size])(data, key(3))
    const angles = Array.from({ length: 200 }, (_, i) => {
      const picture = data.subarray(i * size * size, (i + 1) * size * size)
      const place = picture.indexOf(Math.max(...picture))
      return (Math.atan2(Math.floor(place / size) - 20, (place % size) - 20) * 180) / Math.PI
    })
    expect(Math.max(...angles.map(Math.abs))).toBeLessThan(33)
    expect(Math.max(...angles)).toBeGreaterThan(25)
    expect(Math.min(...angles)).toBeLessThan(-25)
  })

  it('gives more options the same chances as fewer', () => {
    const shifted = pictures(changed({ shift: 1 })).map((picture) => picture.indexOf(200))
    const both = pictures(changed({ shift: 1, cutout: 1, fill: 50 }))
    for (const [i, picture] of both.entries())
      expect(picture.indexOf(200) === shifted[i] || picture[shifted[i] ?? 0] === 50).toBe(true)
  })

  it('refuses options that are none, and images that are none', () => {
    expect(() => augment({ shift: 1.5 })).toThrow('augment: shift is 1.5: give a whole number of pixels')
    expect(() => augment({ crop: 0 })).toThrow('augment: crop is 0: give a share above 0')
    // @ts-expect-error no such option
    expect(() => augment({ zoom: 2 })).toThrow('no option "zoom"; the options are shift, rotate')
    expect(() => augment({ shift: 1 }).augmenter([4])).toThrow(UsageError)
    expect(() => augment({ noise: 1 }).augmenter([4])).not.toThrow()
  })
})

describe('cutout', () => {
  it('covers a square of every channel, and what of it lies inside', () => {
    const cover = (side: number, x: number, y: number) => {
      const data = new Uint8Array(2 * 9 + 9).fill(1)
      cutout(data, 0, [2, 3, 3], { side, x, y, fill: 0 })
      return [...data]
    }
    const one = [1, 1, 1]
    expect(cover(1, 0.5, 0.5)).toEqual([...one, 1, 0, 1, ...one, ...one, 1, 0, 1, ...one, ...one, ...one, ...one])
    expect(cover(2, 0, 0.9).slice(0, 9)).toEqual([...one, 0, 1, 1, 0, 1, 1])
    expect(cover(9, 0, 0).slice(0, 9)).toEqual([...Array(9).fill(0)])
  })
})

describe('noise', () => {
  it('has the deviation that was asked for, and the shape of a normal distribution', () => {
    const data = new Float32Array(20_001).fill(10)
    addNoise(data, key(1), 2)
    const values = Array.from(data, (value) => (value - 10) / 2)
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length
    expect(moment(1)).toBeCloseTo(0, 1)
    expect(moment(2)).toBeCloseTo(1, 1)
    expect(moment(3)).toBeCloseTo(0, 0)
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.3)
  })

  it('rounds bytes and keeps them bytes', () => {
    const data = Uint8Array.from({ length: 3000 }, (_, i) => [0, 128, 255][i % 3] ?? 0)
    addNoise(data, key(1), 3)
    const [dark, grey, bright] = [0, 1, 2].map((at) => data.filter((_, i) => i % 3 === at))
    expect(Math.max(...(dark ?? []))).toBeLessThan(20)
    expect(Math.min(...(bright ?? []))).toBeGreaterThan(235)
    const mean = Array.from(grey ?? []).reduce((sum, value) => sum + value, 0) / 1000
    expect(mean).toBeCloseTo(128, 0)
    expect(new Set(grey).size).toBeGreaterThan(10)
  })
})
