/** `.onnx` files as other programs write them: parts of the format that Assay's own writer has no use for. @module */
import protobuf from 'protobufjs/light.js'

const field = (type: string, id: number) => ({ type, id })
const list = (type: string, id: number) => ({ rule: 'repeated' as const, type, id })

/** By the field numbers of onnx.proto3. */
const root = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: field('int64', 1),
        graph: field('Graph', 7),
        opsetImport: list('OperatorSet', 8),
        metadataProps: list('Entry', 14),
      },
    },
    OperatorSet: { fields: { domain: field('string', 1), version: field('int64', 2) } },
    Entry: { fields: { key: field('string', 1), value: field('string', 2) } },
    Graph: {
      fields: {
        node: list('Node', 1),
        name: field('string', 2),
        initializer: list('Tensor', 5),
        input: list('Value', 11),
        output: list('Value', 12),
      },
    },
    Node: { fields: { input: list('string', 1), output: list('string', 2), opType: field('string', 4) } },
    Tensor: {
      fields: {
        dims: list('int64', 1),
        dataType: field('int32', 2),
        floatData: list('float', 4),
        int64Data: list('int64', 7),
        name: field('string', 8),
        externalData: list('Entry', 13),
        dataLocation: field('int32', 14),
      },
    },
    Value: { fields: { name: field('string', 1), type: field('Type', 2) } },
    Type: { fields: { tensorType: field('TensorType', 1) } },
    TensorType: { fields: { elemType: field('int32', 1), shape: field('Shape', 2) } },
    Shape: { fields: { dim: list('Dimension', 1) } },
    Dimension: { fields: { dimValue: field('int64', 1), dimParam: field('string', 2) } },
  },
})

type Axis = number | string | null

export const FLOAT = 1
export const STRING = 8
export const FLOAT16 = 10

/** An input or output; a text is the name of an open axis, null an open axis without one, no shape at all an unknown rank. */
export const value = (name: string, shape?: readonly Axis[], elemType = FLOAT) => ({
  name,
  type: {
    tensorType: {
      elemType,
      ...(shape && {
        shape: {
          dim: shape.map((size) =>
            typeof size === 'number' ? { dimValue: size } : size === null ? {} : { dimParam: size },
          ),
        },
      }),
    },
  },
})

export const node = (opType: string, input: readonly string[], output: readonly string[]) => ({ opType, input, output })

interface Parts {
  readonly irVersion?: number
  readonly opset?: number
  readonly node: readonly ReturnType<typeof node>[]
  readonly initializer?: readonly Readonly<Record<string, unknown>>[]
  readonly input: readonly ReturnType<typeof value>[]
  readonly output: readonly ReturnType<typeof value>[]
  readonly metadataProps?: readonly { readonly key: string; readonly value: string }[]
}

/** The bytes of a file. */
export function foreignOnnx({ irVersion = 8, opset = 13, metadataProps = [], ...graph }: Parts): Uint8Array {
  const type = root.lookupType('Model')
  const model = { irVersion, opsetImport: [{ version: opset }], metadataProps, graph: { name: 'foreign', ...graph } }
  return type.encode(type.fromObject(model)).finish()
}
