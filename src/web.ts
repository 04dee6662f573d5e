/**
 * Assay in a page or, better, in a worker of a page: training computes without a pause, and a page should stay alive. The
 * same names as in `assay`, without the sources that read files; give the data with `arrays`.
 *
 * Bundlers take it as it is. Beside the bundle, or in the folder that `webRuntime` names, the page serves two files of
 * `node_modules/onnxruntime-web/dist`: `ort-wasm-simd-threaded.mjs` and `ort-wasm-simd-threaded.wasm`. Nothing is
 * fetched from anywhere else. A content security policy must allow `'unsafe-eval'`: programs are compiled.
 *
 * @module
 * @example
 * import { arrays, experiment, fit, prepare, setDefaultRuntime, webRuntime } from 'assay/web'
 *
 * setDefaultRuntime(webRuntime({ wasmPaths: '/ort/' }))
 * const prepared = await prepare(mine)
 * await fit(mine, prepared, 0, { onEpoch: ({ epoch, train }) => postMessage({ epoch, loss: train.loss }) })
 */
export * from './portable.ts'
export { setDefaultRuntime } from './runtime/index.ts'
export type { OnnxModel, OnnxModelOptions, OnnxPrediction } from './runtime/ort/onnxModel.ts'
export type { OnnxSamples } from './runtime/ort/onnxValues.ts'
export { onnxModel, type WebRuntimeOptions, webRuntime } from './runtime/ort/web.ts'
