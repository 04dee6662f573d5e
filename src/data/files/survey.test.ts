import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { key } from '../../random/index.ts'
import { writePngs, writeWavs } from '../../testing/media.ts'
import { profileSplits } from '../profile/index.ts'
import { surveyFolder } from './survey.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-survey-'))
  vi.stubEnv('ASSAY_CACHE', join(folder, '.cache'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const look = async () => {
  const { source, facts, rate } = await surveyFolder(folder)
  return { ...(await profileSplits(await source.load(), { key: key(0), facts })), rate }
}

describe('surveyFolder', () => {
  it('profiles a folder of images with two corrupt files, which are listed', async () => {
    await writePngs(folder, { each: 10 })
    const { profile } = await look()
    expect(profile.leftOut.map(({ item }) => item)).toEqual(['cat/broken.png', 'dog/cut.png'])
    expect(profile).toMatchObject({ modality: 'images', shape: [3, 30, 40], problem: { classes: ['cat', 'dog'] } })
    expect(profile.splits.map(({ samples }) => samples)).toEqual([20])
    expect(profile.facts[0]).toEqual([
      'Sizes of the images by their headers (width × height)',
      '40 × 30 (17), 60 × 40 (4)',
    ])
    expect(profile.answers[4]?.answer).toContain('2 items of the source could not be read and were left out')
    // Cats are red and dogs are blue, so red and blue are brighter than green.
    const [red, green, blue] = profile.splits[0]?.fields ?? []
    if (red?.kind !== 'number' || green?.kind !== 'number' || blue?.kind !== 'number') throw new Error('three channels')
    expect(red.mean).toBeCloseTo(140, -1)
    expect(green.mean).toBeCloseTo(80, -1)
    expect(blue.mean).toBeCloseTo(140, -1)
  })

  it('takes a folder without classes, too', async () => {
    await writePngs(folder, { each: 6, isFlat: true })
    await writeFile(join(folder, 'notes.txt'), 'none')
    const { profile } = await look()
    expect(profile.problem).toEqual({ task: 'unknown' })
    expect(profile.splits.map(({ name, samples }) => [name, samples])).toEqual([['all', 12]])
    expect(profile.leftOut.map(({ item }) => item)).toEqual(['notes.txt', 'catbroken.png', 'dogcut.png'])
    expect(profile.answers[1]?.answer).toContain('no labels')
  })

  it('profiles a folder of recordings', async () => {
    await writeWavs(folder, { each: 5 })
    const { profile, rate } = await look()
    expect(rate).toBe(8000)
    expect(profile).toMatchObject({ modality: 'audio', shape: [1, 8000], problem: { classes: ['high', 'low'] } })
    expect(profile.leftOut.map(({ item }) => item)).toEqual(['low/broken.wav'])
    expect(profile.facts).toContainEqual(['Rates (values a second)', '8000 Hz (10)'])
    expect(profile.sampleMeans).toMatchObject({ name: 'loudness (root mean square)', count: 10 })
    // A sine of 0.5 that falls to 0.5 e⁻²: √(∫ 0.125 e⁻⁴ᵗ dt).
    expect(profile.sampleMeans?.median).toBeCloseTo(Math.sqrt((0.125 * (1 - Math.exp(-4))) / 4), 2)
  })

  it('says what it looked for where there is nothing', async () => {
    await writeFile(join(folder, 'notes.txt'), 'none')
    await expect(surveyFolder(folder)).rejects.toThrow('holds no images (.jpg')
    await writeFile(join(folder, 'x.png'), 'none')
    await expect(surveyFolder(folder)).rejects.toThrow('none of the 1 files')
  })
})
