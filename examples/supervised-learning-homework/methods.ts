/**
 * One network with each initialiser, optimiser and regulariser in turn, all else as it was. Learning rates are those that authors or PyTorch
 * recommend for a start, not ones that were searched for: what comes out is what each does out of the box, and no verdict on which is best.
 */
import {
  adagrad,
  adamW,
  type Experiment,
  earlyStopping,
  elasticNet,
  kaimingNormal,
  l1,
  l2,
  maxNorm,
  mlp,
  normalInit,
  orthogonal,
  rmsProp,
  sgd,
  withInit,
  xavierUniform,
} from 'assay'

export interface MethodOptions {
  /** Units of the hidden layers. */
  readonly hidden: readonly number[]
  /** Numbers that come out. */
  readonly outputs: number
  /** Strength of L1, of which Adam takes `lr · l1` off every weight at each step. */
  readonly l1: number
}

/** @param base - with Adam, PyTorch's initialiser and no regulariser: what the others are compared with */
export function methods(base: Experiment, { hidden, outputs, l1: lambda }: MethodOptions): Record<string, Experiment> {
  const model = mlp({ hidden, outputs })
  return {
    'Adam, PyTorch’s initialiser': base,
    'initialiser: Xavier': base.with({ model: withInit(model, xavierUniform()) }),
    'initialiser: Kaiming': base.with({ model: withInit(model, kaimingNormal()) }),
    'initialiser: orthogonal': base.with({ model: withInit(model, orthogonal()) }),
    'initialiser: normal, 0.01': base.with({ model: withInit(model, normalInit({ std: 0.01 })) }),
    'optimiser: SGD': base.with({ optimizer: sgd({ lr: 0.01 }) }),
    'optimiser: SGD, momentum': base.with({ optimizer: sgd({ lr: 0.01, momentum: 0.9 }) }),
    'optimiser: SGD, Nesterov': base.with({ optimizer: sgd({ lr: 0.01, momentum: 0.9, nesterov: true }) }),
    'optimiser: AdaGrad': base.with({ optimizer: adagrad({ lr: 0.01 }) }),
    'optimiser: RMSProp': base.with({ optimizer: rmsProp({ lr: 1e-3 }) }),
    'optimiser: AdamW': base.with({ optimizer: adamW({ lr: 1e-3 }) }),
    'regulariser: L2': base.with({ regularizers: [l2({ lambda: 1e-3 })] }),
    'regulariser: L1': base.with({ regularizers: [l1({ lambda })] }),
    'regulariser: elastic net': base.with({ regularizers: [elasticNet({ l1: lambda / 2, l2: 1e-3 })] }),
    'regulariser: max-norm': base.with({ regularizers: [maxNorm({ max: 1 })] }),
    'regulariser: dropout': base.with({ model: mlp({ hidden, outputs, dropout: 0.3 }) }),
    'regulariser: early stopping': base.with({ evaluation: {}, earlyStopping: earlyStopping({ patience: 5 }) }),
  }
}
