import {
  add,
  constant,
  type DType,
  mul,
  placeholder,
  reshape,
  type Shape,
  sizeOf,
  type Tensor,
  type TypedArray,
  tanh,
} from '../../tensor/index.ts'

/** Largest tensor of a random graph: the reference is slow. */
const LARGEST = 200

/** A number in [0, 1) that depends on all of its arguments (a murmur-like hash). */
export function noise(...parts: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return (hash >>> 0) / 2 ** 32
}

/** A random graph in the making: the tensors there are, the inputs they need, and the choices still to be made. */
export class Sketch {
  readonly inputs: Tensor[] = []
  readonly data: TypedArray[] = []
  /** Float tensors, newest last. */
  readonly pool: Tensor[] = []
  private choices: readonly number[] = []
  private made = 0
  private readonly seed: number

  constructor(seed: number) {
    this.seed = seed
  }

  /** The choices of the next step. When they run out every further one is the first, the simplest. */
  choose(choices: readonly number[]): void {
    this.choices = choices
  }

  /** A whole number from `least` to `most`. */
  number(least: number, most: number): number {
    const [choice = 0, ...rest] = this.choices
    this.choices = rest
    return least + (choice % (most - least + 1))
  }

  coin(): boolean {
    return this.number(0, 1) === 1
  }

  one<T>(first: T, ...others: readonly T[]): T {
    return [first, ...others][this.number(0, others.length)] ?? first
  }

  /** An axis of a tensor. */
  axis(x: Tensor): number {
    return this.number(0, Math.max(0, x.shape.length - 1))
  }

  /** Some axes of a tensor, at least one. */
  axes(x: Tensor): number[] {
    const chosen = x.shape.map((_, axis) => axis).filter(() => this.coin())
    return chosen.length > 0 ? chosen : [this.axis(x)]
  }

  /** One of the newest tensors, so that graphs become deep; older ones are shared by the way. */
  any(): Tensor {
    const place = this.number(0, Math.min(this.pool.length, 4) - 1)
    const tensor = this.pool.at(-1 - place)
    if (tensor === undefined) throw new Error('a sketch starts with a tensor')
    return tensor
  }

  /** One of the newest tensors, with axes merged or added in front until it has the wanted number. */
  ofRank(rank: number): Tensor {
    const x = this.any()
    const spare = x.shape.length - rank
    if (spare <= 0) return reshape(x, [...Array.from({ length: -spare }, () => 1), ...x.shape])
    return reshape(x, [sizeOf(x.shape.slice(0, spare + 1)), ...x.shape.slice(spare + 1)])
  }

  /** A tensor of at least one axis. */
  notScalar(): Tensor {
    const x = this.any()
    return x.shape.length === 0 ? reshape(x, [1]) : x
  }

  /** A new float tensor: mostly an input, sometimes a constant, which ONNX Runtime may fold or lay out otherwise. */
  fresh(shape: Shape): Tensor {
    const place = this.made++
    const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => {
      const value = noise(this.seed, place, i) * 3 - 1.5
      return value + Math.sign(value) * 0.1
    })
    return this.given(shape, 'float32', data)
  }

  /** New indices (int32) under `below`, which may come several times. */
  indices(shape: Shape, below: number): Tensor {
    const place = this.made++
    const data = Int32Array.from({ length: sizeOf(shape) }, (_, i) => Math.floor(noise(this.seed, place, i) * below))
    return this.given(shape, 'int32', data)
  }

  /** New bytes: `bool`, or `uint8` from 0 to 255. */
  bytes(shape: Shape, dtype: 'bool' | 'uint8'): Tensor {
    const place = this.made++
    const most = dtype === 'bool' ? 2 : 256
    const data = Uint8Array.from({ length: sizeOf(shape) }, (_, i) => Math.floor(noise(this.seed, place, i) * most))
    return this.given(shape, dtype, data)
  }

  /** A tensor whose shape broadcasts with that of `x`: one there is already, a new one, or a number. */
  partner(x: Tensor): Tensor {
    const other = this.any()
    if (this.coin() && broadcasts(x.shape, other.shape)) return other
    const kept = x.shape.map((size) => (this.number(0, 2) === 2 ? 1 : size))
    return this.fresh(kept.slice(this.number(0, kept.length)))
  }

  /**
   * Values of `x`, squeezed and then spread over quarters (or, `odd`, eighths) of steps of one half, each place of its own:
   * no two closer than 0.4, none within 0.07 of a whole or a half, so that neither ties nor kinks depend on rounding.
   */
  apart(x: Tensor, { odd = false } = {}): Tensor {
    const size = sizeOf(x.shape)
    const place = this.made++
    const order = Array.from({ length: size }, (_, i) => i).sort(
      (a, b) => noise(this.seed, place, a) - noise(this.seed, place, b),
    )
    const offset = odd ? 0.125 : 0.25
    const ramp = Float32Array.from(order, (rank) => (rank - Math.floor(size / 2)) * 0.5 + offset)
    return add(mul(tanh(x), 0.05), constant(ramp, x.shape, 'float32'))
  }

  /** Keeps a step's result, unless it has become too large. */
  keep(result: Tensor | undefined): void {
    if (result !== undefined && sizeOf(result.shape) <= LARGEST) this.pool.push(result)
  }

  private given(shape: Shape, dtype: DType, data: TypedArray): Tensor {
    if (this.number(0, 3) === 3) return constant(data, shape, dtype)
    const input = placeholder(`input ${this.inputs.length}`, { dtype, shape })
    this.inputs.push(input)
    this.data.push(data)
    return input
  }
}

const broadcasts = (a: Shape, b: Shape): boolean =>
  Array.from({ length: Math.min(a.length, b.length) }, (_, i) => [a.at(-1 - i), b.at(-1 - i)]).every(
    ([one, other]) => one === other || one === 1 || other === 1,
  )
