"""The networks whose files go to and fro. networks.ts builds them in Assay, under the same names."""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent.parent / "golden"))

import torch

from formula import fill
from networks import ResidualNet, conv_net

torch.set_num_threads(1)

MODELS = {
    "convNet": (conv_net, {"shape": [5, 1, 12, 12], "phase": 0.9, "scale": 1.0, "offset": 0.0}),
    "residual": (lambda: ResidualNet(3, 4), {"shape": [5, 2, 10, 10], "phase": 0.9, "scale": 1.0, "offset": 0.0}),
}


def logits(network, spec):
    """In float64, in evaluation mode, from the network's float32 weights."""
    return network.double().eval()(fill(**spec).double()).detach()
