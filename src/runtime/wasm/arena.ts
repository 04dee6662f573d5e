import { UsageError } from '../../errors.ts'

/** A stretch of the arena. */
export interface Section {
  /** Byte address of the first number. */
  readonly address: number
  readonly view: Float32Array<ArrayBuffer>
}

const PAGE = 65_536
/** Sections start on cache lines; it also leaves room for the last SIMD read past an odd length. */
const ALIGNMENT = 64

/**
 * One WebAssembly memory for everything that lives through training: parameters, gradients, optimiser state. ONNX Runtime
 * and the fused loops both work on it through views, so nothing is copied. Its size is fixed when it is made, because a
 * memory that grows detaches its views.
 *
 * @example
 * const arena = makeArena({ parameters: 84_097, gradients: 84_097 })
 * arena.sections.parameters.view.fill(0)
 */
export function makeArena<Name extends string>(
  lengths: Readonly<Record<Name, number>>,
): {
  readonly memory: WebAssembly.Memory
  readonly sections: Readonly<Record<Name, Section>>
} {
  const addresses = new Map<string, number>()
  let end = 0
  for (const [name, length] of Object.entries<number>(lengths)) {
    addresses.set(name, end)
    end += Math.ceil((length * 4) / ALIGNMENT) * ALIGNMENT
  }
  const pages = Math.max(1, Math.ceil(end / PAGE))
  if (pages > 65_536)
    throw new UsageError(`the parameters and their optimiser need ${(end / 2 ** 30).toFixed(1)} GB; 4 GB is the most`)
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const sections = Object.fromEntries(
    Object.entries<number>(lengths).map(([name, length]) => {
      const address = addresses.get(name) ?? 0
      return [name, { address, view: new Float32Array(memory.buffer, address, length) }]
    }),
  )
  // Every name of `lengths` has been given a section above.
  return { memory, sections: sections as Record<Name, Section> }
}
