import protobuf from 'protobufjs/light.js'
import * as z from 'zod'
import type { DType } from '../../tensor/index.ts'

/**
 * The messages of the ONNX file format that Assay writes and reads, by their field numbers in onnx.proto3
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3). Unknown fields of foreign files are skipped by protobuf.
 */
const field = (type: string, id: number) => ({ type, id })
const list = (type: string, id: number) => ({ rule: 'repeated' as const, type, id })

const root = protobuf.Root.fromJSON({
  nested: {
    ModelProto: {
      fields: {
        irVersion: field('int64', 1),
        producerName: field('string', 2),
        producerVersion: field('string', 3),
        docString: field('string', 6),
        graph: field('GraphProto', 7),
        opsetImport: list('OperatorSetIdProto', 8),
        metadataProps: list('StringStringEntryProto', 14),
      },
    },
    /** A ModelProto of which only the metadata is read: the rest, weights included, is skipped. */
    ModelMetadata: { fields: { metadataProps: list('StringStringEntryProto', 14) } },
    OperatorSetIdProto: { fields: { domain: field('string', 1), version: field('int64', 2) } },
    StringStringEntryProto: { fields: { key: field('string', 1), value: field('string', 2) } },
    GraphProto: {
      fields: {
        node: list('NodeProto', 1),
        name: field('string', 2),
        initializer: list('TensorProto', 5),
        docString: field('string', 10),
        input: list('ValueInfoProto', 11),
        output: list('ValueInfoProto', 12),
      },
    },
    NodeProto: {
      fields: {
        input: list('string', 1),
        output: list('string', 2),
        name: field('string', 3),
        opType: field('string', 4),
        attribute: list('AttributeProto', 5),
        domain: field('string', 7),
      },
    },
    AttributeProto: {
      fields: {
        name: field('string', 1),
        f: field('float', 2),
        i: field('int64', 3),
        s: field('bytes', 4),
        floats: list('float', 7),
        ints: list('int64', 8),
        type: field('int32', 20),
      },
    },
    TensorProto: {
      fields: {
        dims: list('int64', 1),
        dataType: field('int32', 2),
        name: field('string', 8),
        rawData: field('bytes', 9),
      },
    },
    ValueInfoProto: { fields: { name: field('string', 1), type: field('TypeProto', 2) } },
    TypeProto: { fields: { tensorType: field('TensorTypeProto', 1) } },
    TensorTypeProto: { fields: { elemType: field('int32', 1), shape: field('TensorShapeProto', 2) } },
    TensorShapeProto: { fields: { dim: list('DimensionProto', 1) } },
    DimensionProto: { fields: { dimValue: field('int64', 1), dimParam: field('string', 2) } },
  },
})

/** TensorProto.DataType. int64 occurs only in operands that ONNX wants so (shapes, axes). */
export const dataTypes: Readonly<Record<DType | 'int64', number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  uint32: 12,
}

/** AttributeProto.AttributeType of the kinds in use. */
export const attributeTypes = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const

export interface AttributeMessage {
  readonly name: string
  readonly type: number
  readonly f?: number
  readonly i?: number
  readonly s?: Uint8Array
  readonly floats?: readonly number[]
  readonly ints?: readonly number[]
}

export interface NodeMessage {
  /** Empty in files that do not name their nodes. */
  readonly name: string
  readonly opType: string
  readonly domain: string
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly attribute: readonly AttributeMessage[]
}

export interface TensorMessage {
  readonly name: string
  readonly dims: readonly number[]
  readonly dataType: number
  readonly rawData: Uint8Array
}

export interface ValueMessage {
  readonly name: string
  /** Absent where it follows from the node that makes it, as of what is no tensor. */
  readonly type?: {
    readonly tensorType: {
      readonly elemType: number
      readonly shape: { readonly dim: readonly ({ readonly dimValue: number } | { readonly dimParam: string })[] }
    }
  }
}

export interface ModelMessage {
  readonly irVersion: number
  readonly producerName: string
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[]
  readonly metadataProps?: readonly { readonly key: string; readonly value: string }[]
  readonly graph: {
    readonly name: string
    readonly node: readonly NodeMessage[]
    readonly initializer: readonly TensorMessage[]
    readonly input: readonly ValueMessage[]
    readonly output: readonly ValueMessage[]
  }
}

/** The bytes of an `.onnx` file. */
export function encodeModel(model: ModelMessage): Uint8Array {
  const type = root.lookupType('ModelProto')
  return type.encode(type.fromObject(model)).finish()
}

/** What the bytes of an `.onnx` file say. */
export function decodeModel(bytes: Uint8Array): ModelMessage {
  const type = root.lookupType('ModelProto')
  return type.toObject(type.decode(bytes), { longs: Number, defaults: true, arrays: true }) as ModelMessage
}

const entries = z.object({ metadataProps: z.array(z.object({ key: z.string(), value: z.string() })) })

/** The metadata of an `.onnx` file by key. */
export function decodeMetadata(bytes: Uint8Array): Readonly<Record<string, string>> {
  const type = root.lookupType('ModelMetadata')
  const { metadataProps } = entries.parse(type.toObject(type.decode(bytes), { defaults: true, arrays: true }))
  return Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]))
}
