import { UsageError } from '../../errors.ts'
import { foldIn } from '../../random/index.ts'
import { add, formatShape, ShapeError } from '../../tensor/index.ts'
import { outputShape } from '../initialize.ts'
import type { Layer } from '../layer.ts'
import { container } from './sequential.ts'

/**
 * `y = body(x) + shortcut(x)` (He et al., 2016). Without a shortcut, `x` itself is added.
 *
 * The body's weights stand under their own names and the shortcut's under `downsample.`, so that a body with names
 * conv1, bn1, conv2, bn2 has the state dict of torchvision's BasicBlock.
 *
 * @example
 * const block = (channels: number) =>
 *   sequential(residual(sequential(conv2d(channels, 3, { padding: 1 }), relu(), conv2d(channels, 3, { padding: 1 }))), relu())
 */
export function residual(body: Layer, { shortcut }: { readonly shortcut?: Layer } = {}): Layer {
  if (body.children !== undefined && 'downsample' in body.children)
    throw new UsageError(
      'residual: a layer of the body is named "downsample", the name of the shortcut; call it otherwise',
    )
  return container(
    'Residual',
    { body, ...(shortcut && { downsample: shortcut }) },
    {
      init: (key, input) => {
        const main = body.init(foldIn(key, 'body'), input)
        const side = shortcut?.init(foldIn(key, 'downsample'), input) ?? { parameters: {}, buffers: {} }
        const [mainShape, sideShape] = [
          outputShape(body, main, input),
          shortcut === undefined ? input : outputShape(shortcut, side, input),
        ]
        if (mainShape.join() !== sideShape.join())
          throw new ShapeError(
            `residual: the body gives ${formatShape(mainShape)} and the shortcut ${formatShape(sideShape)}; they must be ` +
              'equal to be added: give a shortcut, for instance a 1×1 convolution with the stride and channels of the body',
          )
        return {
          parameters: { ...main.parameters, ...nested(side.parameters) },
          buffers: { ...main.buffers, ...nested(side.buffers) },
        }
      },
      apply: (parameters, x, context) => {
        const main = body.apply(parameters, x, context)
        return add(main, shortcut === undefined ? x : context.applyChild('downsample', shortcut, parameters, x))
      },
      rebuild: ({ body: changedBody = body, downsample }) =>
        residual(changedBody, downsample === undefined ? {} : { shortcut: downsample }),
    },
  )
}

const nested = <T extends object>(tree: T): { downsample?: T } =>
  Object.keys(tree).length > 0 ? { downsample: tree } : {}
