import { UsageError } from '../errors.ts'

/** Leaves in nested records and arrays: parameters of a model, arguments of a program. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [name: string]: Tree<Leaf> }

/** The nesting of `T` with every `From` replaced by a `To`. */
export type MapTree<T, From, To> = T extends From ? To : { readonly [K in keyof T]: MapTree<T[K], From, To> }

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/**
 * Leaves in order, each with its path (`layers.0.weight`). Records are walked in insertion order.
 *
 * @throws UsageError where something is neither a leaf nor a record or list
 */
export function leavesOf<Leaf>(
  tree: unknown,
  isLeaf: (value: unknown) => value is Leaf,
  path = '',
): { path: string; leaf: Leaf }[] {
  if (isLeaf(tree)) return [{ path, leaf: tree }]
  return childrenOf(tree, path).flatMap(([name, child]) => leavesOf(child, isLeaf, join(path, name)))
}

/** The same nesting with every leaf replaced. */
export function mapLeaves<T, From, To>(
  tree: T,
  isLeaf: (value: unknown) => value is From,
  replace: (leaf: From, path: string) => To,
): MapTree<T, From, To> {
  // The walk keeps nesting and replaces every leaf, which is what MapTree says; the compiler cannot follow recursion.
  return walk(tree, isLeaf, replace, '') as MapTree<T, From, To>
}

/** {@link mapLeaves} to leaves of the same type, so that the nesting's type stays. */
export function replaceLeaves<T, Leaf>(
  tree: T,
  isLeaf: (value: unknown) => value is Leaf,
  replace: (leaf: Leaf, path: string) => Leaf,
): T {
  return walk(tree, isLeaf, replace, '') as T
}

function walk<From, To>(
  node: unknown,
  isLeaf: (value: unknown) => value is From,
  replace: (leaf: From, path: string) => To,
  path: string,
): unknown {
  if (isLeaf(node)) return replace(node, path)
  const children = childrenOf(node, path).map(
    ([name, child]) => [name, walk(child, isLeaf, replace, join(path, name))] as const,
  )
  return Array.isArray(node) ? children.map(([, child]) => child) : Object.fromEntries(children)
}

function childrenOf(node: unknown, path: string): [string, unknown][] {
  if (typeof node === 'object' && node !== null && !ArrayBuffer.isView(node)) return Object.entries(node)
  const what = ArrayBuffer.isView(node) ? `a ${node.constructor.name}` : String(node)
  throw new UsageError(`"${path}" holds ${what}, which is neither a tensor nor a record or list of tensors`)
}
