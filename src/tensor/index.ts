export { allocate, type DType, holds, isTypedArray, type TypedArray } from './dtype.ts'
export { type NdArray, ndarray } from './ndarray.ts'
export * from './ops/index.ts'
export { formatShape, type Shape, ShapeError, sameShape, sizeOf } from './shape.ts'
export {
  type AnyOperation,
  defineOperation,
  type Operation,
  type OperationRow,
  operationTable,
  setRealizer,
  Tensor,
  type TensorType,
} from './tensor.ts'
export { leavesOf, type MapTree, mapLeaves, replaceLeaves, type Tree } from './tree.ts'
