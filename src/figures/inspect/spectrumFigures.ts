import type { TopLevelSpec } from 'vega-lite'
import type { SpectralDensity, Spectrum } from '../../inspect/index.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from '../figure.ts'

/**
 * All eigenvalues of a Hessian, largest first, on a scale that is logarithmic on both sides of what counts as zero.
 *
 * @example
 * eigenvaluesFigure(await spectrum(await fullHessian(loss)))
 */
export function eigenvaluesFigure(found: Spectrum): Figure {
  const { eigenvalues, tolerance, positive, zero, negative } = found
  const rows = Array.from(eigenvalues, (eigenvalue, i) => ({
    rank: i + 1,
    eigenvalue,
    sign: eigenvalue > tolerance ? 'positive' : eigenvalue < -tolerance ? 'negative' : 'zero',
  }))
  const domain = ['positive', 'zero', 'negative']
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: rows.map((row) => ({ ...row })) },
    title: 'eigenvalues of the Hessian',
    ...{ width: 420, height: 260 },
    layer: [
      { mark: { type: 'rule', color: INK.line }, encoding: { y: { datum: 0 } } },
      {
        mark: { type: 'point', filled: true, size: 30, opacity: 1 },
        encoding: {
          x: {
            ...{ field: 'rank', type: 'quantitative' },
            axis: { title: 'rank', grid: false, format: 'd' },
            scale: { nice: false },
          },
          y: {
            ...{ field: 'eigenvalue', type: 'quantitative' },
            axis: { title: 'eigenvalue (symmetric logarithmic scale)', format: '~g', values: ticksOf(found) },
            scale: { type: 'symlog', constant: Math.max(tolerance, Number.MIN_VALUE), nice: false, padding: 6 },
          },
          color: {
            ...{ field: 'sign', type: 'nominal', legend: { title: null, orient: 'top' } },
            scale: { domain, range: [PALETTE.blue, INK.line, PALETTE.vermillion] },
          },
          shape: {
            ...{ field: 'sign', type: 'nominal', legend: { title: null, orient: 'top' } },
            scale: { domain, range: ['circle', 'diamond', 'triangle-down'] },
          },
        },
      },
    ],
    config: STYLE,
  }
  return plotted({
    spec,
    rows,
    alt: `${eigenvalues.length} eigenvalues from ${short(eigenvalues.at(-1))} to ${short(eigenvalues[0])}: ${positive} positive, ${zero} no farther from zero than ${short(tolerance)}, ${negative} negative.`,
  })
}

/** Zero, and powers of ten of both signs between what counts as zero and the largest; at most four of each. */
function ticksOf({ eigenvalues, tolerance }: Spectrum): number[] {
  const largest = eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const [low, high] = [Math.ceil(Math.log10(tolerance)), Math.floor(Math.log10(largest))]
  if (!Number.isFinite(low) || !Number.isFinite(high) || high < low) return [0]
  const every = Math.ceil((high - low + 1) / 4)
  const powers = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, k) => 10 ** (high - k * every))
  return [...powers.map((power) => -power), 0, ...powers]
}

/**
 * The density of a Hessian's eigenvalues on a logarithmic scale, down to a millionth of its peak.
 *
 * @example
 * densityFigure(await spectralDensity(hessianOf(loss), { key: key(0) }))
 */
export function densityFigure({ eigenvalues, density, width, probes, steps, range }: SpectralDensity): Figure {
  const peak = density.reduce((most, value) => Math.max(most, value), 0)
  const floor = peak * 1e-6
  const rows = Array.from(eigenvalues, (eigenvalue, i) => ({ eigenvalue, density: density[i] ?? 0 }))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: rows.map((row) => ({ ...row, drawn: Math.max(row.density, floor) })) },
    title: {
      text: 'density of the Hessian’s eigenvalues',
      subtitle: `Gaussians of width ${short(width)}; ${probes} random vectors × ${steps} Lanczos steps`,
    },
    ...{ width: 460, height: 240 },
    layer: [
      {
        mark: { type: 'area', color: PALETTE.sky, opacity: 0.5, line: { color: PALETTE.blue, strokeWidth: 1.5 } },
        encoding: {
          x: { field: 'eigenvalue', type: 'quantitative', axis: { title: 'eigenvalue' }, scale: { nice: false } },
          y: {
            ...{ field: 'drawn', type: 'quantitative' },
            axis: { title: 'density', format: '~g', tickCount: 6 },
            scale: { type: 'log', domain: [floor, peak * 1.5] },
          },
          y2: { datum: floor },
        },
      },
      { mark: { type: 'rule', color: INK.text, strokeDash: [4, 3] }, encoding: { x: { datum: 0 } } },
    ],
    config: STYLE,
  }
  return plotted({
    spec,
    rows,
    alt: `Density of the Hessian's eigenvalues between ${short(range[0])} and ${short(range[1])}, highest at ${short(eigenvalues[density.indexOf(peak)])}; each eigenvalue is drawn as a Gaussian of width ${short(width)}.`,
  })
}

const short = (value: number | undefined): string =>
  value === undefined ? 'no number' : String(Number(value.toPrecision(3)))
