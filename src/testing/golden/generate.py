# usage: python3 src/testing/golden/generate.py      (PyTorch 1.13; writes the JSON files named below beside itself)
"""Golden values from PyTorch, without stored inputs. Only `losses` of training.json are float32: they may move by an ulp elsewhere."""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch

from modules import models, modules
from more_ops import more_ops
from networks import networks, training
from ops import ops

torch.set_num_threads(1)  # one order of summation, so the same bytes every time

FILES = {
    "ops": ops,
    "more-ops": more_ops,
    "networks": networks,
    "training": training,
    "modules": modules,
    "models": models,
}

for name, make in FILES.items():
    lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in make())
    text = f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n'
    (Path(__file__).parent / f"{name}.json").write_text(text)
    print(f"{name}.json: {len(text)} bytes")
