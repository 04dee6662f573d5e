import type { Manifest } from './manifest.ts'

/** Multiplications with addition of one sample's way through a run's network; undefined where the layers do not tell. */
export function macsOf({ model }: Pick<Manifest, 'model'>): number | undefined {
  const counts = model.layers.flatMap(({ MACs }) => (typeof MACs === 'number' ? [MACs] : []))
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0)
}
