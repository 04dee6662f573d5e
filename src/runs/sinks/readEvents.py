"""Reads event files of TensorBoard by their published layout, with Debian's protobuf and crcmod, and prints them as JSON.

The layout: tensorboard/compat/proto/event.proto and summary.proto; TFRecord framing as in tensorflow's record_reader.
"""

import json
import struct
import sys

import crcmod.predefined
from google.protobuf import descriptor_pb2, descriptor_pool

try:
    from google.protobuf.message_factory import GetMessageClass as message_class
except ImportError:
    from google.protobuf.message_factory import MessageFactory

    message_class = MessageFactory().GetPrototype

Field = descriptor_pb2.FieldDescriptorProto
file = descriptor_pb2.FileDescriptorProto(name="event.proto", package="tensorboard", syntax="proto3")


def message(name, *fields):
    described = file.message_type.add(name=name)
    for number, (field, kind, label) in fields:
        entry = described.field.add(name=field, number=number, label=label)
        if isinstance(kind, str):
            entry.type, entry.type_name = Field.TYPE_MESSAGE, kind
        else:
            entry.type = kind


ONE, MANY = Field.LABEL_OPTIONAL, Field.LABEL_REPEATED
message(
    "Event",
    (1, ("wall_time", Field.TYPE_DOUBLE, ONE)),
    (2, ("step", Field.TYPE_INT64, ONE)),
    (3, ("file_version", Field.TYPE_STRING, ONE)),
    (5, ("summary", ".tensorboard.Summary", ONE)),
    (7, ("session_log", ".tensorboard.SessionLog", ONE)),
)
message("Summary", (1, ("value", ".tensorboard.Value", MANY)))
message("Value", (1, ("tag", Field.TYPE_STRING, ONE)), (2, ("simple_value", Field.TYPE_FLOAT, ONE)))
message("SessionLog", (1, ("status", Field.TYPE_INT32, ONE)))
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
Event = message_class(pool.FindMessageTypeByName("tensorboard.Event"))

crc32c = crcmod.predefined.mkPredefinedCrcFun("crc-32c")


def check(data, stored):
    crc = crc32c(data)
    masked = (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
    if masked != stored:
        raise SystemExit(f"the CRC is {stored}, not {masked}")


def events(path):
    with open(path, "rb") as opened:
        while head := opened.read(12):
            length, crc = struct.unpack("<QI", head)
            check(head[:8], crc)
            data = opened.read(length)
            check(data, struct.unpack("<I", opened.read(4))[0])
            event = Event.FromString(data)
            yield {
                "time": event.wall_time,
                "step": event.step,
                "version": event.file_version,
                "status": event.session_log.status,
                "values": {value.tag: repr(value.simple_value) for value in event.summary.value},
            }


print(json.dumps({path: list(events(path)) for path in sys.argv[1:]}))
