import { describe, expect, it } from 'vitest'
import { projectionFigure, screeFigure, spectrogramFigure, spectrumFigure, toSvg, waveformFigure } from './index.ts'

describe('screeFigure', () => {
  it('draws each share and their sum', async () => {
    const { spec, rows, alt } = screeFigure([0.5, 0.25, 0.125])
    expect(await toSvg(spec)).toContain('>principal component<')
    expect(rows.map(({ together }) => together)).toEqual([0.5, 0.75, 0.875])
    expect(alt).toBe(
      'Scree plot: the first component holds 50.0 % of the variance, the first 1 half of it or more (50.0 %).',
    )
    expect(() => screeFigure([])).toThrow('at least one component')
  })
})

describe('projectionFigure', () => {
  const pixel = 'data:image/png;base64,iVBORw0KGgo='
  it('colours by class, names classes at their middles, and draws the small pictures', async () => {
    const points = [
      { x: 0, y: 0, class: 'cat', thumbnail: pixel },
      { x: 1, y: 1, class: 'cat' },
      { x: 5, y: 5, class: 'dog' },
    ]
    const { spec, rows, alt } = projectionFigure(points, { classes: ['cat', 'dog'], axes: ['one', 'two'] })
    const svg = await toSvg(spec)
    expect(svg).toContain(pixel)
    // Legend, halo and name.
    expect(svg.match(/>dog</g)).toHaveLength(3)
    expect(rows[2]).toEqual({ x: 5, y: 5, class: 'dog' })
    expect(alt).toBe('3 samples in 2 classes in the plane of one and two.')
  })

  it('keeps names that would lie on each other apart', async () => {
    const points = [
      ...['yes', 'no'].map((name) => ({ x: 0, y: 0, class: name, thumbnail: pixel })),
      ...['yes', 'no'].map((name) => ({ x: 0, y: 0, class: name })),
      { x: 9, y: 9, class: 'yes' },
    ]
    const svg = await toSvg(projectionFigure(points, { classes: ['yes', 'no'] }).spec)
    const heights = Array.from(
      svg.matchAll(/translate\([\d.]+,([\d.]+)\)" [^>]*font-size="15px"[^>]*>(?:yes|no)</g),
      ([, y]) => Number(y),
    )
    expect(heights).toHaveLength(4)
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThanOrEqual(15)
  })

  it('draws points without classes, and refuses none', async () => {
    expect(await toSvg(projectionFigure([{ x: 0, y: 0 }]).spec)).toContain('<path')
    expect(() => projectionFigure([])).toThrow('at least one point')
  })
})

describe('figures of sounds', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i) / 2)
  it('draws a waveform from the smallest to the largest value of each moment', async () => {
    const { spec, rows, alt } = waveformFigure([{ name: 'bark', values }], 1000)
    expect(await toSvg(spec)).toContain('>time (s)<')
    expect(rows).toHaveLength(400)
    expect(rows[1]).toMatchObject({ name: 'bark', time: 0.0025 })
    expect(alt).toBe('Waveforms of bark (1.00 s, largest amplitude 0.50).')
  })

  it('draws spectra told apart by dashes', async () => {
    const curve = (name: string, at: number) => ({
      name,
      frequencyStep: 10,
      levels: Float64Array.from({ length: 5 }, (_, i) => (i === at ? -3 : -60)),
    })
    const { spec, alt } = spectrumFigure([curve('low', 1), curve('high', 4)])
    expect(await toSvg(spec)).toContain('stroke-dasharray="6,3"')
    expect(alt).toBe('Spectra: low strongest at 10 Hz (-3 dB); high strongest at 40 Hz (-3 dB).')
  })

  it('draws a spectrogram of few cells, the loudest of each', async () => {
    const levels = Array.from({ length: 240 }, (_, t) =>
      Float64Array.from({ length: 128 }, (_, f) => (t === 1 && f === 1 ? 0 : -90)),
    )
    const { spec, rows } = spectrogramFigure([{ name: 'bark', frequencyStep: 10, timeStep: 0.01, levels }])
    expect(rows).toHaveLength(120 * 64)
    expect(rows[0]).toEqual({ name: 'bark', time: 0, timeEnd: 0.02, frequency: 0, frequencyEnd: 20, level: 0 })
    const svg = await toSvg(spec)
    expect(svg).toContain('>frequency (Hz)<')
    expect(svg).toContain('<linearGradient')
  })
})
