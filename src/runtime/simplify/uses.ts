import { topologicalOrder } from '../../autodiff/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { Surroundings } from './rule.ts'

/** How many ops and outputs take each tensor, kept up while rules change the graph; rather too many than too few. */
export class Uses implements Surroundings {
  private readonly counts = new Map<Tensor, number>()

  constructor(outputs: readonly Tensor[]) {
    for (const tensor of topologicalOrder(outputs)) for (const input of tensor.inputs) this.add(input, 1)
    for (const output of outputs) this.add(output, 1)
  }

  readonly isUsedOnce = (tensor: Tensor): boolean => this.counts.get(tensor) === 1

  /** Another tensor takes over all uses, and has inputs of its own. */
  replace(tensor: Tensor, better: Tensor): Tensor {
    const taken = this.counts.get(tensor) ?? 0
    this.enter(better)
    this.add(better, taken)
    return better
  }

  /** The same op on replaced inputs, which have got its uses already. */
  rebuild(tensor: Tensor, rebuilt: Tensor): Tensor {
    this.counts.set(rebuilt, this.counts.get(tensor) ?? 0)
    return rebuilt
  }

  /** Counts the uses that a rule's new tensors make of others. */
  private enter(made: Tensor): void {
    if (this.counts.has(made)) return
    this.counts.set(made, 0)
    for (const input of made.inputs) {
      this.enter(input)
      this.add(input, 1)
    }
  }

  private add(tensor: Tensor, times: number): void {
    this.counts.set(tensor, (this.counts.get(tensor) ?? 0) + times)
  }
}
