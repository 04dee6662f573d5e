# usage: python3 src/testing/golden/activations.py      (PyTorch 1.13; writes activations.json beside itself)
"""What every layer of the golden networks puts out for their batch, in evaluation: forward hooks, float64."""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import torch

from formula import digest
from networks import batch, build

torch.set_num_threads(1)

LAYERS = {
    "convNet": ["0", "1", "2", "3", "4", "5", "6", "7", "8"],
    # Where a block of PyTorch's ends with its ReLU, the layer of that name here ends before it.
    "residual": ["conv1", "bn1", "relu", "layer1.0.conv1", "layer1.0.bn2", "layer1", "layer2.0.downsample.1", "layer2", "fc"],
}


def outputs(name):
    network, _ = build(name, torch.float64)
    network.eval()
    found = {}
    for layer in LAYERS[name]:
        network.get_submodule(layer).register_forward_hook(lambda _m, _i, y, layer=layer: found.update({layer: digest(y)}))
    with torch.no_grad():
        network(batch(name, torch.float64)[0])
    return found


text = ",\n".join(f"{json.dumps(name)}:{json.dumps(outputs(name), separators=(',', ':'))}" for name in LAYERS)
pathlib.Path(__file__).with_name("activations.json").write_text(f"{{\n{text}\n}}\n")
