import './telemetry.ts'
import * as ort from 'onnxruntime-node'
import { setDefaultRuntime } from '../runtime.ts'
import { ortRuntime } from './session.ts'

/** ONNX Runtime's native CPU kernels, from the npm package onnxruntime-node. */
export const nodeRuntime = ortRuntime('onnxruntime-node', ort, 'native')

setDefaultRuntime(nodeRuntime)
