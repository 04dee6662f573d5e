# usage: python3 src/testing/golden/saliency.py      (PyTorch 1.13; writes saliency.json beside itself)
"""Attributions on the golden networks in evaluation, float64: of output (3 i + 1) % 10 of sample i. Also scipy's Spearman and SSIM by its formula."""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import numpy as np
import scipy.stats
import torch
from torch.nn import functional as F

from formula import digest, fill, number
from networks import batch, build

torch.set_num_threads(1)

STEPS = 24
LAYERS = {"dense": None, "convNet": "4", "residual": "layer2.0.conv2"}


def slopes(network, x, chosen):
    x = x.clone().requires_grad_()
    value = network(x).gather(1, chosen[:, None]).sum()
    return torch.autograd.grad(value, x)[0]


def integrated(network, x, chosen, baseline):
    """Midpoint rule."""
    points = [(k + 0.5) / STEPS for k in range(STEPS)]
    return (x - baseline) * sum(slopes(network, baseline + a * (x - baseline), chosen) for a in points) / STEPS


def grad_cam(network, x, chosen, layer):
    kept = []
    handle = network.get_submodule(layer).register_forward_hook(lambda _m, _i, y: kept.append(y))
    value = network(x).gather(1, chosen[:, None]).sum()
    handle.remove()
    maps = kept[0]
    weights = torch.autograd.grad(value, maps)[0].mean((2, 3), keepdim=True)
    cam = F.relu((weights * maps).sum(1, keepdim=True))
    return F.interpolate(cam, size=x.shape[2:], mode="bilinear", align_corners=False).squeeze(1)


def case(name):
    network, _ = build(name, torch.float64)
    network.eval()
    x, _ = batch(name, torch.float64)
    chosen = (3 * torch.arange(len(x)) + 1) % 10
    gradient = slopes(network, x, chosen)
    baseline = fill(list(x.shape), 1.9, 0.5).double()
    found = {
        "gradient": digest(gradient),
        "inputTimesGradient": digest(gradient * x),
        "integratedGradients": digest(integrated(network, x, chosen, baseline)),
    }
    layer = LAYERS[name]
    return {**found, **({"gradCam": {"layer": layer, "map": digest(grad_cam(network, x, chosen, layer))}} if layer else {})}


def similarity():
    """Of fill(180, 0.3, 1) and fill(180, 2.2, 1), rounded to tenths for ties; as planes of 12 x 15."""
    a, b = (np.round(fill([180], phase, 1.0).numpy().astype(np.float64), 1) for phase in (0.3, 2.2))
    a, b = a.reshape(12, 15), 0.6 * a.reshape(12, 15) + 0.4 * b.reshape(12, 15)
    values = []
    for top in range(12 - 6):
        for left in range(15 - 6):
            x, y = (z[top : top + 7, left : left + 7].ravel() for z in (a, b))
            cov = np.cov(x, y)
            c1, c2 = 0.02**2, 0.06**2
            values.append(
                (2 * x.mean() * y.mean() + c1) * (2 * cov[0, 1] + c2)
                / ((x.mean() ** 2 + y.mean() ** 2 + c1) * (cov[0, 0] + cov[1, 1] + c2))
            )
    return {"spearman": number(scipy.stats.spearmanr(a.ravel(), b.ravel())[0]), "ssim": number(np.mean(values))}


golden = {"steps": STEPS, "networks": {name: case(name) for name in LAYERS}, "similarity": similarity()}
pathlib.Path(__file__).with_name("saliency.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
