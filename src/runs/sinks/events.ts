import protobuf from 'protobufjs/light.js'
import { crc32c } from './crc32c.ts'

/**
 * What Assay writes of TensorBoard's event files, by the field numbers of event.proto and summary.proto
 * (https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto).
 */
const field = (type: string, id: number) => ({ type, id })

const EventMessage = protobuf.Root.fromJSON({
  nested: {
    Event: {
      fields: {
        wallTime: field('double', 1),
        step: field('int64', 2),
        fileVersion: field('string', 3),
        summary: field('Summary', 5),
        sessionLog: field('SessionLog', 7),
      },
    },
    Summary: { fields: { value: { rule: 'repeated', ...field('Value', 1) } } },
    Value: { fields: { tag: field('string', 1), simpleValue: field('float', 2) } },
    SessionLog: { fields: { status: field('int32', 1) } },
  },
}).lookupType('Event')

/** One entry of an event file; `wallTime` in seconds since 1970. */
export interface Event {
  readonly wallTime: number
  readonly step?: number
  readonly fileVersion?: string
  readonly summary?: { readonly value: readonly { readonly tag: string; readonly simpleValue: number }[] }
  readonly sessionLog?: { readonly status: number }
}

/** SessionLog.START: whoever has the file open forgets the points from this step on that it has read elsewhere. */
const START = 1

/** What an event file begins with. */
export const header = (wallTime: number): Event[] => [
  { wallTime, fileVersion: 'brain.Event:2' },
  { wallTime, step: 0, sessionLog: { status: START } },
]

/** A value at a step. */
export const scalar = (tag: string, value: number, step: number, wallTime: number): Event => ({
  wallTime,
  step,
  summary: { value: [{ tag, simpleValue: value }] },
})

/** Events as they lie in a file: each a record of the TFRecord format. */
export const encodeEvents = (events: readonly Event[]): Uint8Array =>
  Buffer.concat(events.map((event) => framed(EventMessage.encode(EventMessage.fromObject(event)).finish())))

/**
 * A record of the TFRecord format, numbers little-endian: length (uint64), its masked CRC (uint32), the bytes, their masked CRC
 * (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details).
 */
function framed(bytes: Uint8Array): Uint8Array {
  const record = Buffer.alloc(bytes.length + 16)
  record.writeBigUInt64LE(BigInt(bytes.length), 0)
  record.writeUInt32LE(masked(crc32c(record.subarray(0, 8))), 8)
  record.set(bytes, 12)
  record.writeUInt32LE(masked(crc32c(bytes)), 12 + bytes.length)
  return record
}

/** A CRC over data that hold CRCs themselves would be weak, so they are turned and moved. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
