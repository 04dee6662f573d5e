import { describe, expect, it } from 'vitest'
import { spectrogram, spectrum } from './spectrum.ts'

const RATE = 16_000
const sine = (frequency: number, level: number, seconds = 1): Float32Array =>
  Float32Array.from({ length: RATE * seconds }, (_, i) => level * Math.sin((2 * Math.PI * frequency * i) / RATE))
const peak = (levels: Float64Array): number => levels.indexOf(Math.max(...levels))

describe('spectrum', () => {
  it('has a sine at full scale at 0 dB, one of a tenth at −20 dB, at their frequencies', () => {
    const { frequencyStep, levels } = spectrum([sine(1000, 1)], RATE)
    expect(peak(levels) * frequencyStep).toBe(1000)
    expect(Math.max(...levels)).toBeCloseTo(0, 6)
    expect(Math.max(...spectrum([sine(1000, 0.1)], RATE).levels)).toBeCloseTo(-20, 6)
  })

  it('is −120 dB for silence, and takes sounds shorter than a window', () => {
    expect(spectrum([new Float32Array(100)], RATE).levels.every((level) => level === -120)).toBe(true)
  })
})

describe('spectrogram', () => {
  it('follows a sound that changes', () => {
    const sound = Float32Array.of(...sine(500, 0.5), ...sine(4000, 0.5))
    const { levels, frequencyStep, timeStep } = spectrogram(sound, RATE)
    expect(timeStep).toBe(0.008)
    expect(levels).toHaveLength(247)
    expect(levels.map((level) => peak(level) * frequencyStep)).toEqual(expect.arrayContaining([500, 4000]))
    expect(peak(levels[2] ?? new Float64Array()) * frequencyStep).toBe(500)
    expect(peak(levels[240] ?? new Float64Array()) * frequencyStep).toBe(4000)
  })
})
