import { convnet } from './convnet.ts'
import { inference } from './inference.ts'
import { lenet5 } from './lenet5.ts'
import { mlp } from './mlp.ts'
import { population } from './population.ts'
import { resnet18 } from './resnet18.ts'
import { sinMlp } from './sinMlp.ts'
import type { Work } from './work.ts'

/** Everything that is measured, in the order of the table. */
export const works: readonly Work[] = [
  sinMlp,
  mlp,
  convnet,
  lenet5,
  resnet18(16),
  resnet18(64),
  population,
  inference(convnet),
  inference(resnet18(16)),
]
