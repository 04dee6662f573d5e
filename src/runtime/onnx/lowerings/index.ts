import type { Lowering } from '../lowering.ts'
import { convolution } from './convolution.ts'
import { elements } from './elements.ts'
import { elementwise } from './elementwise.ts'
import { layerNormalization } from './layerNormalization.ts'
import { matmul } from './matmul.ts'
import { normalization } from './normalization.ts'
import { pooling } from './pooling.ts'
import { reduction } from './reduction.ts'
import { shaping } from './shaping.ts'
import { slicing } from './slicing.ts'

/** How each row of the op table is written in ONNX. */
export const lowerings: ReadonlyMap<string, Lowering> = new Map([
  ...elementwise,
  ...reduction,
  ...shaping,
  ...slicing,
  ...elements,
  ...matmul,
  ...convolution,
  ...pooling,
  ...normalization,
  ...layerNormalization,
])
