import { UsageError } from '../errors.ts'
import { foldKey } from '../random/index.ts'
import { formatShape, ShapeError, Tensor } from '../tensor/index.ts'
import { describeLayer, type Layer } from './layer.ts'
import type { TensorTree } from './variables.ts'

/** What a layer may know while it is applied, beside its parameters and its input. */
export interface Context {
  /** True while fitting: dropout drops, batch norm uses the batch's statistics. */
  readonly training: boolean
  /** Dotted place of the layer in the model, the prefix of its weights' names. */
  readonly path: string
  /** The layer's running statistics. */
  readonly buffers: TensorTree
  /** A key (uint32 `[2]`) for this layer in this step. Asking for it outside training is an error. */
  randomKey(): Tensor
  /** Weight of the batch in running statistics, in place of the layers' own: a scalar, given where statistics are made anew. */
  readonly momentum?: Tensor
  /** Hands in the new value of one of the layer's buffers. */
  updateBuffer(name: string, value: Tensor): void
  /**
   * Adds a scalar, the mean over the batch already, to what training minimises and evaluation reports, beside the loss of
   * the outputs: Keras's `add_loss`. A penalty on activations is one, and the divergence of a variational autoencoder.
   *
   * @throws ShapeError unless `value` is a float32 scalar
   */
  addLoss(value: Tensor): void
  /** Applies a child under a name: its own parameters, buffers and key. */
  applyChild(name: string, child: Layer, parameters: TensorTree, x: Tensor): Tensor
}

/** One layer as it was applied, for summaries and for looking inside. */
export interface LayerCall {
  readonly path: string
  readonly layer: Layer
  readonly input: Tensor
  readonly output: Tensor
}

/** What one application of a model gave. */
export interface Application {
  readonly output: Tensor
  /** New values of the buffers that changed, by dotted name. */
  readonly bufferUpdates: ReadonlyMap<string, Tensor>
  /** Scalars that layers add to the loss, in the order in which they did. */
  readonly losses: readonly Tensor[]
  /** Every layer, children before the container that holds them. */
  readonly calls: readonly LayerCall[]
}

/**
 * Applies a model to a symbolic input.
 *
 * @param options.training default false
 * @param options.key uint32 `[2]`; needed in training where a layer draws random numbers
 * @param options.momentum scalar; weight of the batch in running statistics, in place of the layers' own
 * @throws ShapeError that names the layer where the shapes stop fitting
 */
export function applyModel(
  model: Layer,
  parameters: TensorTree,
  x: Tensor,
  options: {
    readonly training?: boolean
    readonly buffers?: TensorTree
    readonly key?: Tensor
    readonly momentum?: Tensor
  } = {},
): Application {
  const { training = false, buffers = {}, key, momentum } = options
  const bufferUpdates = new Map<string, Tensor>()
  const losses: Tensor[] = []
  const calls: LayerCall[] = []

  const contextAt = (path: string, own: TensorTree, ownKey: Tensor | undefined): Context => ({
    training,
    path,
    buffers: own,
    ...(momentum && { momentum }),
    randomKey: () => {
      if (ownKey === undefined)
        throw new UsageError(`layer "${path}" draws random numbers: give applyModel a key when training`)
      return ownKey
    },
    updateBuffer: (name, value) => bufferUpdates.set(join(path, name), value),
    addLoss: (value) => {
      if (value.dtype !== 'float32' || value.shape.length > 0)
        throw new ShapeError(
          `addLoss takes a float32 scalar and was given ${value.dtype} ${formatShape(value.shape)}: take its mean over the batch`,
        )
      losses.push(value)
    },
    applyChild: (name, child, allParameters, input) =>
      naming(name, child, input, () =>
        call(
          child,
          join(path, name),
          subtree(allParameters, name),
          input,
          subtree(own, name),
          ownKey && foldKey(ownKey, name),
        ),
      ),
  })

  const call = (
    layer: Layer,
    path: string,
    ownParameters: TensorTree,
    input: Tensor,
    ownBuffers: TensorTree,
    ownKey: Tensor | undefined,
  ): Tensor => {
    const output = layer.apply(ownParameters, input, contextAt(path, ownBuffers, ownKey))
    calls.push({ path, layer, input, output })
    return output
  }
  const output = naming('', model, x, () => call(model, '', parameters, x, buffers, key))
  return { output, bufferUpdates, losses, calls }
}

/** A shape error that knows which layer it belongs to: as it passes through containers, they add their part of the path. */
class LayerShapeError extends ShapeError {
  readonly #path: string
  readonly #complaint: string

  constructor(path: string, complaint: string) {
    super(`${path === '' ? 'the model' : `layer "${path}"`}, ${complaint}`)
    this.#path = path
    this.#complaint = complaint
  }

  within(name: string): LayerShapeError {
    return new LayerShapeError(this.#path === '' ? name : join(name, this.#path), this.#complaint)
  }
}

/** Runs `body`; a shape error from inside gets the innermost layer's path and the shape that came in. */
export function naming<T>(name: string, layer: Layer, input: { readonly shape: readonly number[] }, body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (error instanceof LayerShapeError) throw error.within(name)
    if (!(error instanceof ShapeError)) throw error
    throw new LayerShapeError(
      name,
      `${describeLayer(layer)}, cannot take ${formatShape(input.shape)}: ${error.message}`,
    )
  }
}

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/** The nested weights under a name; a layer without weights has none. */
export function subtree(tree: TensorTree, name: string): TensorTree {
  const child = tree[name]
  return child === undefined || child instanceof Tensor ? {} : child
}
