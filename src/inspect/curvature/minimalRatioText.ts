import { rankCorrelation } from '../saliency/similarity.ts'
import type { MinimalRatio } from './minimalRatios.ts'

/** What trainings say of minimal ratio and loss, in a sentence. */
export function minimalRatioText(ratios: readonly MinimalRatio[]): string {
  const near = ratios.filter(({ isCritical }) => isCritical)
  const number = (value: number): string => String(Number(value.toPrecision(3)))
  const range = (values: readonly number[]): string => {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return low === high ? number(low) : `${number(low)} to ${number(high)}`
  }
  const of = `${ratios.length} training${ratios.length === 1 ? '' : 's'} of ${ratios[0]?.parameters ?? 0} parameters`
  if (near.length === 0)
    return `Of ${of}, none came near a zero gradient: their ratios are of slopes. Give more --steps.`
  const zeros = range(near.map(({ tolerance }) => tolerance))
  const correlation = rankCorrelation(
    near.map(({ loss }) => loss),
    near.map(({ minimalRatio }) => minimalRatio),
  )
  return [
    `Of ${of}, ${near.length} came near a zero gradient (norms ${range(near.map(({ gradientNorm }) => gradientNorm))}).`,
    `There the minimal ratio is ${range(near.map(({ minimalRatio }) => minimalRatio))} at losses of ${range(near.map(({ loss }) => loss))};`,
    Number.isNaN(correlation)
      ? 'loss and ratio cannot be correlated.'
      : `the rank correlation of ratio and loss is ${correlation.toFixed(2)}.`,
    `Eigenvalues no farther from zero than ${zeros} count as zero: ${range(near.map(({ zero, parameters }) => zero / parameters))} of all.`,
  ].join(' ')
}
