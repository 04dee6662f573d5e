import { type ProfilePictures, spectrogram, spectrum } from '../../data/profile/index.ts'
import { spectrogramFigure, spectrumFigure, waveformFigure } from '../../figures/index.ts'
import type { NamedFigure } from './figures.ts'

/** Classes of which a sound is drawn. */
const MAX_PANELS = 4

/**
 * Waveform and spectrogram of a sound of each class, and the mean spectrum of each class.
 *
 * @param channels - of a sample, of which the first is shown
 * @param rate - values a second
 */
export function audioFigures({ samples }: ProfilePictures, channels: number, rate: number): NamedFigure[] {
  const names = [...new Set(samples.map(({ caption }) => caption))]
  const sounds = names.map((name) => ({
    name,
    all: samples
      .filter(({ caption }) => caption === name)
      .map(({ data }) => Float32Array.from(data.subarray(0, data.length / channels))),
  }))
  const first = sounds.flatMap(({ name, all: [values] }) => (values ? [{ name, values }] : [])).slice(0, MAX_PANELS)
  if (first.length === 0) return []
  const shown = `One sound of ${sounds.length > first.length ? `the first ${first.length} classes` : 'each class'}, drawn by chance.`
  return [
    { name: 'waveforms', figure: waveformFigure(first, rate), caption: shown },
    {
      name: 'spectra',
      figure: spectrumFigure(sounds.map(({ name, all }) => ({ name, ...spectrum(all, rate) }))),
      caption: `Mean spectrum of each class, over ${samples.length} sounds (Welch’s method, Hann windows of 1,024 values); 0 dB is a sine at full scale.`,
    },
    {
      name: 'spectrograms',
      figure: spectrogramFigure(first.map(({ name, values }) => ({ name, ...spectrogram(values, rate) }))),
      caption: `The same sounds over time and frequency. ${shown}`,
    },
  ]
}
