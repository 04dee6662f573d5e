"""The safetensors format by hand: 8 bytes of header length, a JSON header, the numbers. Debian has no Python package of it."""

import json
import struct

import numpy as np
import torch

DTYPES = {"F32": "<f4", "I64": "<i8"}


def save(path, state):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in state.items():
        dtype = {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype]
        begin = len(data)
        data += tensor.numpy().astype(DTYPES[dtype]).tobytes()
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def load(path):
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    header, data = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    header.pop("__metadata__", None)
    arrays = {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
    }
    return {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}
