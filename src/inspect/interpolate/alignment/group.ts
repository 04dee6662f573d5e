/** Units that can change places together: channels of a convolution, numbers of a dense layer, and whatever is added to them. */
export interface UnitGroup {
  /** Units; of those that cannot change places it does not matter. */
  readonly size: number
  /** Dotted path of the layer that puts the units out first. */
  readonly path: string
  /** Groups are counted as they are made. */
  readonly number: number
}

/** An axis of a weight along which a group's units lie, each as a block of so many numbers next to each other. */
export interface UnitAxis {
  /** As in the state dict. */
  readonly name: string
  readonly axis: number
  /** 1 but after a flatten, where a channel becomes as many features as its map has places. */
  readonly block: number
}

/** Groups that are found to be one, as what a residual block adds must be in one order (union-find). */
export class Groups {
  readonly #parents = new Map<UnitGroup, UnitGroup>()
  readonly #axes = new Map<UnitGroup, UnitAxis[]>()
  /** Units that must stay where they are: inputs, outputs, and what layers take that tell places apart. */
  readonly fixed: UnitGroup = { size: 0, path: '', number: 0 }
  #made = 0

  make(size: number, path: string): UnitGroup {
    this.#made += 1
    return { size, path, number: this.#made }
  }

  #rootOf(group: UnitGroup): UnitGroup {
    const parent = this.#parents.get(group)
    return parent === undefined ? group : this.#rootOf(parent)
  }

  /** The older one stands for both, and the fixed one for any. */
  unite(a: UnitGroup, b: UnitGroup): void {
    const [one, other] = [this.#rootOf(a), this.#rootOf(b)]
    if (one.number < other.number) this.#parents.set(other, one)
    else if (other.number < one.number) this.#parents.set(one, other)
  }

  mark(group: UnitGroup, axis: UnitAxis): void {
    this.#axes.set(group, [...(this.#axes.get(group) ?? []), axis])
  }

  /** Groups whose units can change places, with all axes along which they lie. */
  found(): { readonly group: UnitGroup; readonly axes: readonly UnitAxis[] }[] {
    const byRoot = new Map<UnitGroup, UnitAxis[]>()
    for (const [group, axes] of this.#axes) {
      const root = this.#rootOf(group)
      if (root !== this.fixed) byRoot.set(root, [...(byRoot.get(root) ?? []), ...axes])
    }
    return [...byRoot].map(([group, axes]) => ({ group, axes }))
  }
}
