import { expect, it } from 'vitest'
import { leNet5, resNet18 } from '../models/index.ts'
import { type Layer, type Outline, outline, summary } from '../nn/index.ts'
import { finishedManifest } from '../testing/runFolder.ts'
import type { Json } from '../train/index.ts'
import { storedOutline } from './outline.ts'

/** As manifests describe models. */
const described = ({ kind, config, children }: Layer): Json => ({
  kind,
  ...JSON.parse(JSON.stringify(config)),
  ...(children !== undefined && {
    children: Object.fromEntries(Object.entries(children).map(([name, child]) => [name, described(child)])),
  }),
})

/** What drawings see of an outline. */
const seen = (items: Outline): unknown =>
  items.map((item) =>
    item.type === 'branch'
      ? { path: item.path, body: seen(item.body), shortcut: seen(item.shortcut), after: seen(item.after) }
      : {
          ...{ path: item.path, kind: item.layer.kind, input: item.input, output: item.output },
          parameters: item.parameters,
        },
  )

it.each([
  ['a chain', leNet5()],
  ['residual blocks', resNet18({ width: 4 })],
])('an outline from a manifest is that of the model: %s', (_name, model) => {
  const sample = [1, 28, 28]
  const { rows, parameters } = summary(model, sample)
  const manifest = finishedManifest('a', {
    experiment: { model: described(model) },
    model: {
      name: model.kind,
      parameters,
      layers: rows.map(({ path, layer, outputShape, parameters: own }) => ({
        ...{ name: path, layer, 'output shape': outputShape.join('×'), parameters: own },
      })),
    },
  })
  const found = storedOutline(manifest)
  expect(found && seen(found)).toEqual(seen(outline(model, sample)))
})

it('there is none where the manifest does not tell the layers', () => {
  expect(storedOutline(finishedManifest('a', { experiment: { model: 'mine' } }))).toBeUndefined()
})
