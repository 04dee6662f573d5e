import { expect, it } from 'vitest'
import { barLine } from './bar.ts'

const at = { epoch: 1, meanLoss: 0.41213, rate: 41_234.5, eta: 75 }
const shown = { epochs: 6, share: 0.25, at, validation: 0.39 }

it.each([
  [100, 'epoch 2/6 ██████░░░░░░░░░░░░░░░░░░ 25 % · loss 0.4121 · val 0.3900 · 41,235 samples/s · ETA 75 s'],
  [64, 'epoch 2/6 ███░░░░░░░░ 25 % · loss 0.4121 · val 0.3900 · ETA 75 s'],
  [48, 'epoch 2/6 ██░░░░ 25 % · loss 0.4121 · val 0.3900'],
  [30, 'epoch 2/6 ████░░░░░░░░░░░ 25 %'],
])('leaves out what does not fit into %i', (room, text) => {
  const line = barLine(shown, room)
  expect(line.length).toBeLessThanOrEqual(room)
  expect(line).toBe(text)
})

it('shows what there is before the first step', () => {
  const line = barLine({ epochs: 6, share: 0, at: undefined, validation: undefined }, 80)
  expect(line).toBe('epoch 1/6 ░░░░░░░░░░░░░░░░░░░░░░░░ 0 %')
})
