import { decodeModel, type ValueMessage } from '../runtime/onnx/proto.ts'

/** Bytes a number, by ONNX's element types that Assay writes. */
const WIDTHS: Readonly<Record<number, number>> = { 1: 4, 2: 1, 6: 4, 7: 8, 9: 1, 12: 4 }

/**
 * What a strict reader of the format (https://onnx.ai/onnx/repo-docs/IR.html) would complain of in a file for any runtime.
 * ONNX Runtime is lenient: it sorts nodes and knows ops of its own. Ops' own rules it checks itself.
 */
export function strictComplaints(bytes: Uint8Array): string[] {
  const { irVersion, opsetImport, producerName, graph } = decodeModel(bytes)
  const complaints: string[] = []
  const expect = (holds: boolean, complaint: string): void => {
    if (!holds) complaints.push(complaint)
  }
  expect(irVersion === 8, `version ${irVersion} is not the one that came with operator set 18`)
  expect(JSON.stringify(opsetImport) === '[{"domain":"","version":18}]', `opsets are ${JSON.stringify(opsetImport)}`)
  expect(producerName !== '' && graph.name !== '', 'the producer or the graph has no name')

  const known = new Set<string>()
  const define = (name: string): void => {
    expect(name !== '' && !known.has(name), `the name "${name}" is empty or taken twice`)
    known.add(name)
  }
  const checkType = ({ name, type }: ValueMessage): void => {
    if (type === undefined) throw new Error(`${name} has no type`)
    const { tensorType } = type
    expect(tensorType.elemType in WIDTHS, `${name} has element type ${tensorType.elemType}`)
    const isSaid = (dim: (typeof tensorType.shape.dim)[number]): boolean =>
      ('dimParam' in dim && dim.dimParam !== '') || ('dimValue' in dim && dim.dimValue >= 0)
    expect(tensorType.shape.dim.every(isSaid), `${name} has an axis of unknown size`)
  }
  for (const value of graph.input) {
    define(value.name)
    checkType(value)
  }
  for (const { name, dims, dataType, rawData } of graph.initializer) {
    define(name)
    const size = dims.reduce((a, b) => a * b, 1) * (WIDTHS[dataType] ?? Number.NaN)
    expect(rawData.length === size, `${name} has ${rawData.length} bytes and not ${size}`)
  }
  for (const { opType, domain, input, output, attribute } of graph.node) {
    expect(domain === '', `${opType} is of the domain ${domain}`)
    for (const name of input) expect(name === '' || known.has(name), `${opType} takes ${name} before it is made`)
    for (const name of output) if (name !== '') define(name)
    for (const { name, type } of attribute) expect(type > 0, `${opType}.${name} has no type`)
  }
  const made = new Set(graph.node.flatMap(({ output }) => output))
  for (const value of graph.output) {
    expect(made.has(value.name), `no node makes the output ${value.name}`)
    checkType(value)
  }
  const names = graph.output.map(({ name }) => name)
  expect(new Set(names).size === names.length, 'an output is given twice')
  return complaints
}
