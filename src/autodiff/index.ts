export { gradients, isTensor, topologicalOrder, vjp } from './gradients.ts'
export { grad, valueAndGrad } from './transforms.ts'
