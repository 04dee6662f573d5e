# usage: python3 src/testing/golden/inspect_networks.py      (PyTorch 1.13; writes inspect.json beside itself)
"""Looking inside the golden networks: singular values, gradients times weights, effective receptive fields, weights mapped back. Float64."""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import torch
import torch.nn.functional as F

from formula import digest, fill, number
from networks import batch, build

torch.set_num_threads(1)


def singular_values(name):
    network, _ = build(name, torch.float64)
    found = {}
    for key, weight in network.state_dict().items():
        if weight.dim() > 1:
            found[key] = [number(v) for v in torch.linalg.svdvals(weight.reshape(weight.shape[0], -1))]
    return found


def saliency(name, batches):
    """Mean over batches of |w * dL/dw|, in evaluation; batches of the golden batch, one after the other."""
    network, _ = build(name, torch.float64)
    network.eval()
    x, y = batch(name, torch.float64)
    sums = {}
    for part in batches:
        network.zero_grad()
        F.cross_entropy(network(x[part]), y[part]).backward()
        for key, weight in network.named_parameters():
            sums[key] = sums.get(key, 0) + (weight * weight.grad).abs() / len(batches)
    return {key: digest(value) for key, value in sums.items()}


def effective(name, layer, place):
    """Mean over samples of |d sum of channels at a place / dx|, summed over input channels."""
    network, _ = build(name, torch.float64)
    network.eval()
    x = batch(name, torch.float64)[0].requires_grad_()
    found = {}
    network.get_submodule(layer).register_forward_hook(lambda _m, _i, y: found.update(y=y))
    network(x)
    found["y"][:, :, place[0], place[1]].sum().backward()
    return digest(x.grad.abs().sum(1).mean(0))


def mapped():
    """Rows of W2 W1, and a dense layer behind a convolution and an average pool."""
    w1, w2 = fill([5, 12], 0.3, 0.5).double(), fill([3, 5], 1.1, 0.4).double()
    kernel, dense = fill([2, 1, 3, 3], 0.7, 0.3).double(), fill([4, 18], 2.1, 0.2).double()
    x = torch.zeros(1, 1, 6, 6, dtype=torch.float64, requires_grad=True)

    def unit(x):
        return F.linear(F.avg_pool2d(F.conv2d(x, kernel, padding=1), 2).flatten(1), dense)[0]

    return {"dense": digest(w2 @ w1), "convolution": digest(torch.autograd.functional.jacobian(unit, x)[:, 0])}


golden = {
    "singularValues": {name: singular_values(name) for name in ["dense", "convNet"]},
    "saliency": {
        name: saliency(name, [slice(0, 4), slice(4, 8)]) for name in ["dense", "convNet"]
    },
    "effective": {
        "convNet/0/4,4": effective("convNet", "0", (4, 4)),
        "convNet/4/1,1": effective("convNet", "4", (1, 1)),
        "residual/layer1/4,4": effective("residual", "layer1", (4, 4)),
    },
    "mapped": mapped(),
}
text = ",\n".join(f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in golden.items())
pathlib.Path(__file__).with_name("inspect.json").write_text(f"{{\n{text}\n}}\n")
