import { describe, expect, it } from 'vitest'
import { count, type Digest, digest, fill, type GoldenInput, labels, readGolden } from './formula.ts'

const opCases = readGolden('ops')

/** Compares field by field, within 1e-6 of the tensor's scale: the two languages' sines may round to neighbouring float32 numbers. */
function expectDigest(found: Digest, golden: Digest | null | undefined) {
  const numbers = (one: Digest) => ('values' in one ? one.values : [one.sum, one.sumOfSquares, ...one.samples])
  if (!golden) throw new Error('there is no golden digest to compare with')
  expect(found.shape).toEqual(golden.shape)
  const expected = numbers(golden)
  const tolerance = 1e-6 * Math.max(1, ...expected.map(Math.abs))
  expect(numbers(found)).toHaveLength(expected.length)
  for (const [i, value] of numbers(found).entries()) {
    expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(tolerance)
  }
}

const caseNamed = (name: string) => {
  const found = opCases.find((one) => one.name === name)
  if (!found) throw new Error(`no golden case ${name}`)
  return found
}

const realInput = (input: GoldenInput | undefined) => {
  if (input?.kind !== 'real') throw new Error(`input ${input?.name} is not of kind real`)
  return fill(count(input.shape), input.phase, input.scale, input.offset)
}

describe('the formula in TypeScript makes the tensors that PyTorch was given', () => {
  it('real inputs, the output and the gradient weights of a large ReLU', () => {
    const { inputs, output, gradients } = caseNamed('relu/plain')
    const x = realInput(inputs[0])
    const weights = fill(x.length, 2.5, 1)
    expectDigest(
      digest(
        output.shape,
        x.map((value) => Math.max(value, 0)),
      ),
      output,
    )
    expectDigest(
      digest(
        output.shape,
        x.map((value, i) => (value > 0 ? (weights[i] ?? 0) : 0)),
      ),
      gradients[0],
    )
  })

  it('offsets', () => {
    const { inputs, output } = caseNamed('sqrt/plain')
    expectDigest(digest(output.shape, realInput(inputs[0]).map(Math.sqrt)), output)
  })

  it('labels', () => {
    const { inputs, output } = caseNamed('gather/axis-1')
    const [x, indices] = [realInput(inputs[0]), labels(8, 5)]
    const gathered = Array.from(
      { length: 16 },
      (_, i) => x[Math.floor(i / 8) * 5 + (indices[i % 8] ?? 0)] ?? Number.NaN,
    )
    expectDigest(digest(output.shape, gathered), output)
  })

  it('masks', () => {
    const { inputs, output } = caseNamed('where/same')
    const [a, b] = [realInput(inputs[1]), realInput(inputs[2])]
    const mask = fill(12, inputs[0]?.kind === 'mask' ? inputs[0].phase : Number.NaN, 1)
    expectDigest(
      digest(
        output.shape,
        a.map((value, i) => ((mask[i] ?? 0) > 0 ? value : (b[i] ?? 0))),
      ),
      output,
    )
  })
})

describe('the files', () => {
  it('have one gradient per real input that has one, of that input’s shape, and unique names', () => {
    expect(new Set(opCases.map((one) => one.name)).size).toBe(opCases.length)
    for (const one of opCases) {
      expect(one.gradients).toHaveLength(one.inputs.length)
      for (const [i, gradient] of one.gradients.entries())
        if (gradient) expect(gradient.shape).toEqual(one.inputs[i]?.shape)
    }
  })

  it('hold a gradient for every parameter of every network', () => {
    const networks = readGolden('networks')
    expect(networks.map((one) => one.name)).toEqual(['dense', 'convNet', 'residual'])
    for (const { parameters, gradients } of networks) {
      expect(Object.keys(gradients)).toEqual(parameters.map((one) => one.name))
      for (const parameter of parameters) expect(gradients[parameter.name]?.shape).toEqual(parameter.shape)
    }
  })

  it('start every training run at the loss of the network’s one pass', () => {
    const loss = new Map(readGolden('networks').map((one) => [one.name, one.loss]))
    for (const run of readGolden('training')) {
      expect(run.losses64[0]).toBe(loss.get(run.network))
      for (const [step, value] of run.losses.entries()) expect(value).toBeCloseTo(run.losses64[step] ?? Number.NaN, 5)
    }
  })
})
