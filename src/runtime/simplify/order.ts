import { topologicalOrder } from '../../autodiff/index.ts'
import type { Tensor } from '../../tensor/index.ts'

/**
 * Tensors are computed in the order in which they were made, and those that rules make are the latest. Without more ado a
 * mask that no rule touched would be computed long before the gradient it is for, and kept alive until then. So each tensor
 * is remembered by the one of the original graph that it stands for, and at the end all are made anew in that order.
 */
export class Order {
  private readonly places = new Map<Tensor, number>()
  private readonly newest: number

  constructor(outputs: readonly Tensor[]) {
    this.newest = Math.max(-1, ...outputs.map(({ id }) => id))
  }

  /** `result` comes no later than `tensor` did, and what it is newly made from comes with it. */
  follow(result: Tensor, tensor: Tensor): void {
    const place = this.placeOf(tensor)
    if (!this.isNew(result)) {
      // Of two that compute the same, the one that was kept must be there for those that took the other.
      if (this.placeOf(result) > place) this.places.set(result, place)
      return
    }
    const stack = [result]
    for (let made = stack.pop(); made !== undefined; made = stack.pop()) {
      this.places.set(made, place)
      stack.push(...made.inputs.filter((input) => this.isNew(input)))
    }
  }

  /** The same outputs, everything between them and the inputs made again in its place. */
  restored(outputs: readonly Tensor[]): Tensor[] {
    const all = topologicalOrder(outputs).sort((a, b) => this.placeOf(a) - this.placeOf(b) || a.id - b.id)
    const again = new Map<Tensor, Tensor>()
    const now = (tensor: Tensor): Tensor => again.get(tensor) ?? tensor
    for (const tensor of all)
      again.set(tensor, tensor.inputs.length === 0 ? tensor : tensor.operation.reapply(tensor, tensor.inputs.map(now)))
    return outputs.map(now)
  }

  private isNew(tensor: Tensor): boolean {
    return tensor.id > this.newest && !this.places.has(tensor)
  }

  private placeOf(tensor: Tensor): number {
    return this.places.get(tensor) ?? tensor.id
  }
}
