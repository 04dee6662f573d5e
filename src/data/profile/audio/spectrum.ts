import { reimFFT } from 'ml-spectra-processing'

/** Values a window has: a power of two, 64 ms at 16 kHz. */
const WINDOW = 1024
/** Below this share of full scale squared, levels are cut off: 120 dB down is silence. */
const SILENCE = 1e-12

/** Power of a sound over time and frequency. */
export interface Spectrogram {
  /** Hz between two frequencies. */
  readonly frequencyStep: number
  /** Seconds between two windows. */
  readonly timeStep: number
  /** Level of each window at each frequency from 0 to half the rate, in dB of a sine at full scale, [windows][frequencies]. */
  readonly levels: readonly Float64Array[]
}

/**
 * Level of a sound over time and frequency: windows of 1,024 values that overlap by half, weighted by Hann's curve.
 *
 * Source: Welch, "The use of fast Fourier transform for the estimation of power spectra", IEEE Trans. Audio Electroacoustics 15 (1967).
 *
 * @param sound - one channel, full scale −1 to 1; shorter than a window, it is followed by silence
 * @param rate - values a second
 *
 * @example
 * const { levels, frequencyStep } = spectrogram(sound, 16_000)
 */
export function spectrogram(sound: Float32Array, rate: number): Spectrogram {
  const powers = windowPowers(sound)
  return { ...steps(rate), levels: powers.map((power) => power.map(decibels)) }
}

/**
 * Mean level of sounds at each frequency, over all of their windows.
 *
 * @returns level in dB of a sine at full scale, from 0 Hz to half the rate
 */
export function spectrum(
  sounds: readonly Float32Array[],
  rate: number,
): { readonly frequencyStep: number; readonly levels: Float64Array } {
  const sum = new Float64Array(WINDOW / 2 + 1)
  let count = 0
  for (const sound of sounds)
    for (const power of windowPowers(sound)) {
      for (const [i, value] of power.entries()) sum[i] = (sum[i] ?? 0) + value
      count++
    }
  return { frequencyStep: steps(rate).frequencyStep, levels: sum.map((value) => decibels(value / Math.max(1, count))) }
}

const steps = (rate: number) => ({ frequencyStep: rate / WINDOW, timeStep: WINDOW / 2 / rate })

const decibels = (power: number): number => 10 * Math.log10(Math.max(SILENCE, power))

const HANN = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW))

/** A sine at full scale has power 1 at its frequency: the window's sum is WINDOW / 2, and half of it is at −f. */
const FULL_SCALE = (WINDOW / 4) ** 2

function windowPowers(sound: Float32Array): Float64Array[] {
  const count = Math.max(1, Math.floor((sound.length - WINDOW / 2) / (WINDOW / 2)))
  return Array.from({ length: count }, (_, window) => {
    const re = HANN.map((weight, i) => weight * (sound[(window * WINDOW) / 2 + i] ?? 0))
    const transformed = reimFFT({ re, im: new Float64Array(WINDOW) })
    return Float64Array.from(
      { length: WINDOW / 2 + 1 },
      (_, i) => ((transformed.re[i] ?? 0) ** 2 + (transformed.im[i] ?? 0) ** 2) / FULL_SCALE,
    )
  })
}
