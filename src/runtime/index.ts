export { type CompileOptions, compile, compileWith, type Program, spec } from './compile.ts'
export { type Graph, graphOf, structuralKey } from './graph.ts'
export { hostData } from './host.ts'
export { type ValueNames, type WriteOptions, writeOnnx } from './onnx/write.ts'
export type { Plan, PlanRow, PlanTotals } from './plan.ts'
export { interpret, referenceRuntime } from './reference/interpreter.ts'
export {
  defaultRuntime,
  defaultThreads,
  type Executable,
  type Runtime,
  type RuntimeOptions,
  setDefaultRuntime,
  setDefaultThreads,
} from './runtime.ts'
