import { UsageError } from '../../errors.ts'
import { foldIn } from '../../random/index.ts'
import { add, formatShape, ShapeError } from '../../tensor/index.ts'
import { naming } from '../context.ts'
import { outputShape } from '../initialize.ts'
import type { Layer } from '../layer.ts'
import type { Variables } from '../variables.ts'
import { container, isLayer } from './sequential.ts'

/** Default: the input itself is added, and nothing comes after. */
export interface ResidualOptions {
  /** What the input goes through where it cannot be added as it is. */
  readonly shortcut?: Layer
  /** What the sum goes through, as a ReLU. */
  readonly after?: Layer
}

/**
 * `y = after(body(x) + shortcut(x))` (He et al., 2016). Without a shortcut, `x` itself is added.
 *
 * The body's weights stand under their own names and the shortcut's under `downsample.`, so that a body with names
 * conv1, bn1, conv2, bn2 has the state dict of torchvision's BasicBlock. A body of one layer stands under `body.`.
 *
 * @param options.after must have no weights
 * @example
 * const block = (channels: number) => {
 *   const conv = () => conv2d(channels, 3, { padding: 1 })
 *   return residual(sequential(conv(), relu(), conv()), { after: relu() })
 * }
 */
export function residual(body: Layer, { shortcut, after }: ResidualOptions = {}): Layer {
  for (const [role, value] of Object.entries({ body, ...(shortcut && { shortcut }), ...(after && { after }) }))
    if (!isLayer(value))
      throw new UsageError(`residual: the ${role} is no layer; call it, as in relu(), or give sequential(…)`)
  for (const [name, role] of [
    ['downsample', 'the shortcut'],
    ['after', 'what comes after the sum'],
  ] as const)
    if (body.children !== undefined && name in body.children)
      throw new UsageError(`residual: a layer of the body is named "${name}", the name of ${role}; call it otherwise`)
  const single = body.children === undefined
  const finish = after === undefined ? {} : { after }
  return container(
    'Residual',
    { body, ...(shortcut && { downsample: shortcut }), ...finish },
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
        if (after !== undefined && Object.keys(after.init(foldIn(key, 'after'), mainShape).parameters).length > 0)
          throw new UsageError(
            'residual: what comes after the sum has weights; put it after the block, in a sequential(…)',
          )
        return {
          parameters: { ...main.parameters, ...side.parameters },
          buffers: { ...main.buffers, ...side.buffers },
        }
      },
      apply: (parameters, x, context) => {
        const main = single ? context.applyChild('body', body, parameters, x) : body.apply(parameters, x, context)
        const sum = add(main, shortcut === undefined ? x : context.applyChild('downsample', shortcut, parameters, x))
        return after === undefined ? sum : context.applyChild('after', after, {}, sum)
      },
      rebuild: ({ body: changedBody = body, downsample, after: changedAfter }) =>
        residual(changedBody, {
          ...(downsample && { shortcut: downsample }),
          ...(changedAfter && { after: changedAfter }),
        }),
    },
  )
}

const nested = (name: string, tree: Variables['parameters']): Variables['parameters'] =>
  Object.keys(tree).length > 0 ? { [name]: tree } : {}
