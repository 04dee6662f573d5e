import { reimFFT } from 'ml-spectra-processing/reim'

/** Values in a window of a spectrum, which tells frequencies apart: a power of two, 64 ms at 16 kHz. */
const WINDOW = 1024
/** Seconds in a window of a spectrogram, which tells moments apart as well. */
const MOMENT = 0.032
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
 * Level of a sound over time and frequency: windows of 32 ms (the next power of two) that overlap by three quarters, weighted by Hann's
 * curve.
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
  const window = 2 ** Math.max(5, Math.round(Math.log2(MOMENT * rate)))
  const powers = windowPowers(sound, window, window / 4)
  return {
    frequencyStep: rate / window,
    timeStep: window / 4 / rate,
    levels: powers.map((power) => power.map(decibels)),
  }
}

/**
 * Mean level of sounds at each frequency, over all of their windows of 1,024 values, which overlap by half.
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
    for (const power of windowPowers(sound, WINDOW, WINDOW / 2)) {
      for (const [i, value] of power.entries()) sum[i] = (sum[i] ?? 0) + value
      count++
    }
  return { frequencyStep: rate / WINDOW, levels: sum.map((value) => decibels(value / Math.max(1, count))) }
}

const decibels = (power: number): number => 10 * Math.log10(Math.max(SILENCE, power))

function windowPowers(sound: Float32Array, window: number, step: number): Float64Array[] {
  const hann = Float64Array.from({ length: window }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window))
  // A sine at full scale has power 1 at its frequency: the weights' sum is window / 2, and half of it is at −f.
  const fullScale = (window / 4) ** 2
  const count = 1 + Math.max(0, Math.floor((sound.length - window) / step))
  return Array.from({ length: count }, (_, at) => {
    const re = hann.map((weight, i) => weight * (sound[at * step + i] ?? 0))
    const transformed = reimFFT({ re, im: new Float64Array(window) })
    return Float64Array.from(
      { length: window / 2 + 1 },
      (_, i) => ((transformed.re[i] ?? 0) ** 2 + (transformed.im[i] ?? 0) ** 2) / fullScale,
    )
  })
}
