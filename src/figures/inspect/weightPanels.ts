/** Panels side by side, by the name of the weight. */
export const panels = (names: readonly string[]) => ({
  columns: 3,
  facet: {
    field: 'name',
    type: 'nominal' as const,
    sort: [...names],
    header: { title: null, labelFontSize: 12, labelFontWeight: 'bold' as const, labelAnchor: 'start' as const },
  },
})
/** Of one panel. */
export const SIZE = { width: 200, height: 120 } as const
/** Each panel on scales of its own. */
export const OWN = { scale: { x: 'independent' as const, y: 'independent' as const } }
