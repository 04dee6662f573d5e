import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { leNet5, mlp, resNet18, variationalAutoencoder, vgg11 } from '../../models/index.ts'
import { conv2d, type Layer, layer, linear, relu, residual, sequential } from '../../nn/index.ts'
import { architectureSvg } from '../index.ts'

interface Text {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly anchor: string
  readonly content: string
}

/** Everything that is written, with its place. */
const textsOf = (svg: string): Text[] =>
  Array.from(
    svg.matchAll(/<text x="([\d.-]+)" y="([\d.-]+)" font-size="([\d.]+)"[^>]*text-anchor="(\w+)">([^<]*)<\/text>/g),
    ([, x, y, size, anchor = '', content = '']) => ({
      x: Number(x),
      y: Number(y),
      size: Number(size),
      anchor,
      content,
    }),
  )
const wordsOf = (svg: string): string[] => textsOf(svg).map(({ content }) => content)
const sizeOf = (svg: string) => {
  const [, width = '', height = ''] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? []
  return { width: Number(width), height: Number(height) }
}
const count = (svg: string, what: RegExp): number => [...svg.matchAll(what)].length

/** Left and right end of a text, by the width of an average letter. */
function spanOf({ x, size, anchor, content }: Text): readonly [number, number] {
  const width = content.length * size * 0.5
  return anchor === 'start' ? [x, x + width] : [x - width / 2, x + width / 2]
}

const drawings: readonly (readonly [string, Layer, readonly number[]])[] = [
  ['leNet5', leNet5(), [1, 28, 28]],
  ['resNet18 for large images', resNet18({ width: 8 }), [3, 64, 64]],
  ['resNet18 for small ones', resNet18({ width: 8, stem: 'cifar' }), [1, 28, 28]],
  ['mlp', mlp({ hidden: [128, 64], outputs: 10, dropout: 0.5 }), [1, 28, 28]],
  ['variational autoencoder', variationalAutoencoder({ sample: [1, 28, 28], latent: 8 }), [1, 28, 28]],
  ['vgg11', vgg11({ width: 4, hidden: 8, pool: 1, batchNorm: true }), [3, 32, 32]],
]

describe('architectureSvg', () => {
  it.each(drawings)(
    'of %s is a picture in which all is inside and no two texts lie on each other',
    async (_, model, sample) => {
      const { svg } = architectureSvg(model, sample)
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
      const { width, height } = sizeOf(svg)
      expect(width).toBeLessThanOrEqual(940 + 28)
      const { width: drawnWidth } = await sharp(Buffer.from(svg)).metadata()
      expect(drawnWidth).toBeCloseTo(width, -1)
      const texts = textsOf(svg)
      expect(texts.length).toBeGreaterThan(5)
      for (const one of texts) {
        const [left, right] = spanOf(one)
        expect(left).toBeGreaterThanOrEqual(0)
        expect(right).toBeLessThanOrEqual(width)
        expect(one.y).toBeLessThanOrEqual(height)
        for (const other of texts) {
          if (other === one || Math.abs(other.y - one.y) > 8) continue
          const [otherLeft, otherRight] = spanOf(other)
          if (otherLeft < right && left < otherRight) expect.fail(`"${one.content}" lies on "${other.content}"`)
        }
      }
    },
  )

  it('tells layers and shapes in order, and what follows a layer below it', () => {
    const { svg, alt } = architectureSvg(leNet5(), [1, 28, 28])
    const names = textsOf(svg).filter(({ size }) => size === 11.5)
    expect(names.sort((a, b) => a.x - b.x).map(({ content }) => content)).toEqual([
      ...['input', 'conv 5×5, 6', 'mean pool 2×2', 'conv 5×5, 16', 'mean pool 2×2'],
      ...['linear 120', 'linear 84', 'linear 10'],
    ])
    expect(wordsOf(svg)).toEqual(
      expect.arrayContaining(['1×28×28', '6×28×28', '16×5×5', '84', 'Tanh', 'flatten', 'fc1']),
    )
    // Maps have three faces, features one bar.
    expect(count(svg, /<polygon/g)).toBe(5 * 3)
    expect(count(svg, /<rect x=/g)).toBe(3)
    expect(alt).toBe('Architecture: 12 layers from 1×28×28 to 10, 61,706 parameters.')
    expect(svg).toContain(`aria-label="${alt}"`)
  })

  it('has a sum, a fork and a way around for each residual block, with the convolution that is on it', () => {
    const { svg } = architectureSvg(resNet18({ width: 8 }), [3, 64, 64])
    expect(count(svg, /<circle [^>]*r="8"/g)).toBe(8)
    expect(count(svg, /<circle [^>]*r="2.2"/g)).toBe(8)
    const words = wordsOf(svg)
    expect(words.filter((one) => one.includes('conv 1×1'))).toEqual(
      [16, 32, 64].map((channels) => `conv 1×1, ${channels} /2 · batch norm`),
    )
    for (const path of ['layer1.0', 'layer4.1', 'conv1', 'conv2', 'maxpool', 'fc']) expect(words).toContain(path)
  })

  it('goes on in further rows where one is too wide', () => {
    const [narrow, wide] = [400, 4000].map((width) => sizeOf(architectureSvg(leNet5(), [1, 28, 28], { width }).svg))
    expect(narrow?.width).toBeLessThanOrEqual(428)
    expect(wide?.width).toBeGreaterThan(600)
    expect(narrow?.height).toBeGreaterThan(1.5 * (wide?.height ?? 0))
  })

  it('draws larger maps larger, and more channels thicker', () => {
    const { svg } = architectureSvg(sequential(conv2d(64, 3, { stride: 2, padding: 1 })), [1, 32, 32])
    const [input, output] = Array.from(
      svg.matchAll(/<polygon points="([^"]+)" [^>]*fill-opacity="0.95"/g),
      ([, points = '']) => {
        const corners = points.split(' ').map((corner) => corner.split(',').map(Number))
        const span = (axis: number) => {
          const places = corners.map((corner) => corner[axis] ?? Number.NaN)
          return Math.max(...places) - Math.min(...places)
        }
        return { thick: span(0), high: span(1) }
      },
    )
    expect(input?.high).toBeGreaterThan((output?.high ?? 0) * 1.2)
    expect(output?.thick).toBeGreaterThan((input?.thick ?? 0) * 3)
  })

  it('takes layers of one’s own by their kind, and blocks in blocks', () => {
    const own = layer('<Own & "mine">', { apply: (_, x) => x })
    const inner = residual(sequential(conv2d(2, 3, { padding: 1 })), { after: relu() })
    const model = sequential(own, residual(sequential(inner, conv2d(2, 3, { padding: 1 }))), linear(3))
    const { svg } = architectureSvg(model, [2, 8, 8])
    expect(svg).toContain('&lt;Own &amp; &quot;mine&quot;>')
    expect(count(svg, /<circle [^>]*r="8"/g)).toBe(2)
  })
})
