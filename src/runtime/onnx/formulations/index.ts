import { UsageError } from '../../../errors.ts'
import { operationTable, type Tensor } from '../../../tensor/index.ts'
import type { Formulation, LoweringContext } from '../lowering.ts'
import { blockedConvolution } from './blockedConvolution.ts'
import { blockedElementwise } from './blockedElementwise.ts'
import { blockedInputGradient } from './blockedInputGradient.ts'
import { blockedNormalization } from './blockedNormalization.ts'
import { blockedPooling } from './blockedPooling.ts'
import { weightGradient } from './weightGradient.ts'

/** The first that fits and pays is taken; where none does, the op's lowering. */
const formulations: readonly Formulation[] = [
  ...blockedConvolution,
  ...blockedInputGradient,
  ...weightGradient,
  ...blockedNormalization,
  ...blockedPooling,
  ...blockedElementwise,
]

/** By op of the table, the name of the formulation that it gets wherever that fits; `plain` for none. */
export type Pins = Readonly<Record<string, string>>

/** @throws UsageError for a pin of what is no op, or that names no formulation of its op */
export function checkPins(pins: Pins): void {
  for (const [operation, name] of Object.entries(pins)) {
    if (!operationTable.has(operation)) {
      const several = [...new Set(formulations.map((one) => one.operation))].join(', ')
      throw new UsageError(`there is no op "${operation}" to be pinned: those with several formulations are ${several}`)
    }
    const known = ['plain', ...formulations.filter((one) => one.operation === operation).map((one) => one.name)]
    if (!known.includes(name))
      throw new UsageError(`${operation} has no formulation "${name}" to be pinned to: there is ${known.join(', ')}`)
  }
}

export function chooseFormulation(context: LoweringContext, tensor: Tensor, pins: Pins): Formulation | undefined {
  if (context.target === 'standard') return undefined
  const operation = tensor.operation.name
  const pinned = pins[operation]
  return formulations.find(
    (one) =>
      one.operation === operation &&
      (pinned === undefined || one.name === pinned) &&
      one.fits(context, tensor) &&
      (pinned !== undefined || one.pays(context, tensor)),
  )
}
