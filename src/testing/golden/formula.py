"""The deterministic tensors and digests that formula.ts repeats: nothing but the formula is shared by the two languages."""

import math

import numpy as np
import torch


def fill(shape, phase, scale, offset=0.0):
    """offset + scale * sin(phase + 0.7 i + 0.013 i^2) over the flat index i, in float64, rounded once to float32."""
    i = np.arange(math.prod(shape), dtype=np.float64)
    values = offset + scale * np.sin(phase + 0.7 * i + 0.013 * i * i)
    return torch.from_numpy(values.astype(np.float32)).reshape(shape)


def labels(shape, classes):
    i = torch.arange(math.prod(shape))
    return ((7 * i + 3) % classes).reshape(shape)


def number(x):
    """Nine significant digits; rounding noise around an exact zero (the gradient of a bias before batch norm) becomes zero."""
    x = float(x)
    short = 0.0 if abs(x) < 1e-12 else float(f"{x:.9g}")
    return int(short) if short.is_integer() else short


def digest(tensor):
    """Every value up to 64 of them; beyond that two sums and 16 values at strided positions."""
    flat = tensor.detach().double().reshape(-1)
    n = flat.numel()
    if n <= 64:
        return {"shape": list(tensor.shape), "values": [number(v) for v in flat]}
    return {
        "shape": list(tensor.shape),
        "sum": number(flat.sum()),
        "sumOfSquares": number((flat * flat).sum()),
        "samples": [number(flat[k * n // 16]) for k in range(16)],
    }
