export { gradients, isTensor, topologicalOrder, vjp } from './gradients.ts'
export { hessian, hvp, jacobian, jvp, perSampleGradients } from './secondOrder.ts'
export { grad, valueAndGrad } from './transforms.ts'
export { type VmapOptions, vmap } from './vmap.ts'
