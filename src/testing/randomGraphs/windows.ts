import * as ops from '../../tensor/index.ts'
import type { Steps } from './elementwise.ts'
import type { Sketch } from './sketch.ts'

/** A window that fits, with padding of at most half of it. */
function windowOn(s: Sketch, height: number, width: number) {
  const kernel = [s.number(1, Math.min(3, height)), s.number(1, Math.min(3, width))] as const
  const pad = (size: number) => s.number(0, Math.floor(size / 2))
  const padding = [pad(kernel[0]), pad(kernel[1]), pad(kernel[0]), pad(kernel[1])] as const
  return { kernel, options: { stride: [s.number(1, 3), s.number(1, 3)] as const, padding } }
}

export const windows: Steps = {
  maxPool2d: (s) => {
    const x = s.apart(s.ofRank(4))
    const [, , height = 1, width = 1] = x.shape
    const { kernel, options } = windowOn(s, height, width)
    const dilation = kernel[0] === 2 && height > 2 ? s.number(1, 2) : 1
    return ops.maxPool2d(x, kernel, {
      ...options,
      ...(dilation === 2 && { dilation: [2, 1] as const, padding: 0 }),
    })
  },
  poolOfRelu: (s) => {
    const x = s.apart(s.ofRank(4))
    const [, , height = 1, width = 1] = x.shape
    const { kernel, options } = windowOn(s, height, width)
    return ops.maxPool2d(ops.relu(x), kernel, options)
  },
  avgPool2d: (s) => {
    const x = s.ofRank(4)
    const [, , height = 1, width = 1] = x.shape
    const { kernel, options } = windowOn(s, height, width)
    return ops.avgPool2d(x, kernel, { ...options, countIncludePad: s.coin() })
  },
  // ONNX Runtime fuses paddings with what comes after them.
  paddedWindow: (s) => {
    const x = s.apart(s.ofRank(4))
    const [before, after] = [() => s.number(0, 3), () => s.number(0, 1)]
    const value = s.one(0, 1, -1)
    const wide = ops.pad(x, { before: [0, 0, before(), before()], after: [0, 0, after(), after()], value })
    const [, channels = 1, height = 1, width = 1] = wide.shape
    const { kernel, options } = windowOn(s, height, width)
    return s.one(
      () => ops.maxPool2d(wide, kernel, options),
      () => ops.avgPool2d(wide, kernel, { ...options, countIncludePad: s.coin() }),
      () => ops.conv2d(wide, s.fresh([2, channels, ...kernel]), options),
    )()
  },
  pool1d: (s) => {
    const x = s.apart(s.ofRank(3))
    const kernel = s.number(1, Math.min(3, x.shape[2] ?? 1))
    const stride = s.number(1, 2)
    return s.one(ops.maxPool1d, ops.avgPool1d)(x, kernel, { stride })
  },
  globalPool: (s) => (s.coin() ? ops.globalAvgPool2d(s.ofRank(4)) : ops.globalMaxPool2d(s.apart(s.ofRank(4)))),
  resize: (s) => {
    const x = s.ofRank(4)
    return ops.resize(x, {
      mode: s.one('nearest', 'bilinear'),
      ...(s.coin() ? { scale: [s.number(1, 2), s.number(1, 2)] } : { size: [s.number(1, 5), s.number(1, 5)] }),
    })
  },
}
