import { UsageError } from '../../errors.ts'
import { foldIn } from '../../random/index.ts'
import { add, formatShape, ShapeError } from '../../tensor/index.ts'
import { naming } from '../context.ts'
import { outputShape } from '../initialize.ts'
import type { Layer } from '../layer.ts'
import type { Variables } from '../variables.ts'
import { container, isLayer } from './sequential.ts'

/**
 * `y = body(x) + shortcut(x)` (He et al., 2016). Without a shortcut, `x` itself is added.
 *
 * The body's weights stand under their own names and the shortcut's under `downsample.`, so that a body with names
 * conv1, bn1, conv2, bn2 has the state dict of torchvision's BasicBlock. A body of one layer stands under `body.`.
 *
 * @example
 * const block = (channels: number) =>
 *   sequential(residual(sequential(conv2d(channels, 3, { padding: 1 }), relu(), conv2d(channels, 3, { padding: 1 }))), relu())
 */
export function residual(body: Layer, { shortcut }: { readonly shortcut?: Layer } = {}): Layer {
  for (const [role, value] of Object.entries({ body, ...(shortcut && { shortcut }) }))
    if (!isLayer(value))
      throw new UsageError(`residual: the ${role} is no layer; call it, as in relu(), or give sequential(…)`)
  if (body.children !== undefined && 'downsample' in body.children)
    throw new UsageError(
      'residual: a layer of the body is named "downsample", the name of the shortcut; call it otherwise',
    )
  const single = body.children === undefined
  return container(
    'Residual',
    { body, ...(shortcut && { downsample: shortcut }) },
    {
      init: (key, input) => {
        const initialized = (name: string, child: Layer) => {
          const variables = child.init(foldIn(key, name), input)
          return { ...variables, shape: outputShape(child, variables, input) }
        }
        const named = (name: string, child: Layer) => {
          const { parameters, buffers, shape } = naming(name, child, { shape: input }, () => initialized(name, child))
          return { parameters: nested(name, parameters), buffers: nested(name, buffers), shape }
        }
        const main = single ? named('body', body) : initialized('body', body)
        const side = shortcut ? named('downsample', shortcut) : { parameters: {}, buffers: {}, shape: input }
        const [mainShape, sideShape] = [main.shape, side.shape]
        if (mainShape.join() !== sideShape.join())
          throw new ShapeError(
            `residual: the body gives ${formatShape(mainShape)} and the shortcut ${formatShape(sideShape)}; they must be ` +
              'equal to be added: give a shortcut, for instance a 1×1 convolution with the stride and channels of the body',
          )
        return {
          parameters: { ...main.parameters, ...side.parameters },
          buffers: { ...main.buffers, ...side.buffers },
        }
      },
      apply: (parameters, x, context) => {
        const main = single ? context.applyChild('body', body, parameters, x) : body.apply(parameters, x, context)
        return add(main, shortcut === undefined ? x : context.applyChild('downsample', shortcut, parameters, x))
      },
      rebuild: ({ body: changedBody = body, downsample }) =>
        residual(changedBody, downsample === undefined ? {} : { shortcut: downsample }),
    },
  )
}

const nested = (name: string, tree: Variables['parameters']): Variables['parameters'] =>
  Object.keys(tree).length > 0 ? { [name]: tree } : {}
