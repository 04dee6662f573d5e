import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import type { MinimalRatio } from '../../inspect/index.ts'
import { type Figure, PALETTE, plotted, STYLE } from '../figure.ts'

/**
 * Loss against minimal ratio, a mark for each training: filled where its gradient came as near to zero as was asked for, hollow where it did not.
 *
 * @throws UsageError where there is no training
 *
 * @example
 * minimalRatioFigure(await minimalRatios(experiment, prepared, seeds))
 */
export function minimalRatioFigure(ratios: readonly MinimalRatio[]): Figure {
  if (ratios.length === 0) throw new UsageError('there is no training to draw: all diverged')
  const rows = ratios.map((one) => ({
    ...{ seed: one.seed, parameters: one.parameters, loss: one.loss, minimalRatio: one.minimalRatio },
    ...{ gradientNorm: one.gradientNorm, isCritical: one.isCritical },
    ...{ positive: one.positive, zero: one.zero, negative: one.negative, tolerance: one.tolerance },
    ...{ trainedLoss: one.trained.loss, trainedGradientNorm: one.trained.gradientNorm },
    near: one.isCritical ? NEAR : FAR,
  }))
  const losses = ratios.map(({ loss }) => loss)
  const isLog = Math.min(...losses) > 0 && Math.max(...losses) / Math.min(...losses) > 20
  const domain = [NEAR, FAR].filter((near) => rows.some((row) => row.near === near))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: rows.map((row) => ({ ...row })) },
    title: 'minimal ratio against loss',
    ...{ width: 420, height: 280 },
    mark: { type: 'point', size: 60, strokeWidth: 1.5, opacity: 0.85 },
    encoding: {
      x: {
        ...{ field: 'minimalRatio', type: 'quantitative' },
        axis: { title: 'minimal ratio (positive eigenvalues of the Hessian ÷ parameters)', tickCount: 6 },
        scale: { zero: false, nice: false, padding: 12 },
      },
      y: {
        ...{ field: 'loss', type: 'quantitative' },
        axis: { title: 'training loss', tickCount: 6, ...(isLog && { format: '~g' }) },
        scale: { ...(isLog ? { type: 'log' } : { zero: false }), nice: false, padding: 12 },
      },
      color: {
        ...{ field: 'near', type: 'nominal', legend: { title: null, orient: 'top', labelLimit: 0, columns: 1 } },
        scale: { domain, range: domain.map((near) => (near === NEAR ? PALETTE.blue : PALETTE.vermillion)) },
      },
      shape: {
        ...{ field: 'near', type: 'nominal', legend: { title: null, orient: 'top', labelLimit: 0, columns: 1 } },
        scale: { domain, range: domain.map((near) => (near === NEAR ? 'circle' : 'cross')) },
      },
    },
    config: STYLE,
  }
  const number = (value: number): string => String(Number(value.toPrecision(3)))
  const all = ratios.map(({ minimalRatio }) => minimalRatio)
  return plotted({
    spec,
    rows,
    alt: `Training loss against minimal ratio for ${ratios.length} trainings: ratios from ${number(Math.min(...all))} to ${number(Math.max(...all))}, losses from ${number(Math.min(...losses))} to ${number(Math.max(...losses))}; ${ratios.filter(({ isCritical }) => isCritical).length} gradients are near zero.`,
  })
}

const NEAR = 'gradient near zero'
const FAR = 'gradient not near zero (ratio of a slope)'
