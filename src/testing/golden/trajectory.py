# usage: python3 src/testing/golden/trajectory.py      (PyTorch 1.13; writes trajectory.json beside itself)
"""Six full-batch steps of Adam: what each step comes to, and the plane of the weights on the way by a singular value decomposition; float64."""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import torch
from torch.nn import functional as F

from formula import number
from networks import batch, build

torch.set_num_threads(1)

STEPS, LR, COMPONENTS = 6, 0.01, 3

network, _ = build("dense", torch.float64)
x, y = batch("dense", torch.float64)
optimizer = torch.optim.Adam(network.parameters(), lr=LR)
names = [name for name, _ in network.named_parameters()]


def weights(layer):
    own = [p for name, p in network.named_parameters() if layer is None or name.startswith(f"{layer}.")]
    return torch.cat([p.detach().reshape(-1) for p in own])


steps, previous = [], None
points = {None: [weights(None)], "0": [weights("0")]}
for _ in range(STEPS):
    optimizer.zero_grad()
    loss = F.cross_entropy(network(x), y)
    loss.backward()
    gradient = torch.cat([p.grad.reshape(-1) for p in network.parameters()]).clone()
    before = [p.detach().clone() for p in network.parameters()]
    optimizer.step()
    steps.append({
        "loss": number(loss),
        "gradientNorm": number(gradient.norm()),
        "gradientCosine": None if previous is None else number(F.cosine_similarity(gradient, previous, dim=0)),
        "updateRatios": {
            name: number((p.detach() - was).norm() / was.norm()) for name, p, was in zip(names, network.parameters(), before)
        },
    })
    previous = gradient
    for layer, found in points.items():
        found.append(weights(layer))


def name_of(place):
    for name, parameter in network.named_parameters():
        if place < parameter.numel():
            index = []
            for size in reversed(parameter.shape):
                index.insert(0, place % size)
                place //= size
            return {"parameter": name, "index": index}
        place -= parameter.numel()


def plane(found):
    centred = torch.stack(found) - torch.stack(found).mean(0)
    u, s, v = torch.linalg.svd(centred, full_matrices=False)
    coordinates = (u * s)[:, :COMPONENTS].T
    signs = torch.stack([row[row.abs().argmax()].sign() for row in coordinates])
    directions = v[:COMPONENTS] * signs[:, None]
    largest = [int(row.abs().argmax()) for row in directions]
    return {
        "coordinates": [[number(value) for value in row] for row in coordinates * signs[:, None]],
        "explained": [number(value) for value in (s**2 / (s**2).sum())[:COMPONENTS]],
        # Of the first component: which weight has the largest loading.
        "largest": {**name_of(largest[0]), "loading": number(directions[0, largest[0]])},
        # Of the first component: the share of the first layer's weights in its direction.
        "share": number((directions[0, : network[0].weight.numel() + network[0].bias.numel()] ** 2).sum()),
    }


found = torch.stack(points[None])
result = {
    "torch": torch.__version__,
    "steps": steps,
    "planes": {"whole": plane(points[None]), "0": plane(points["0"])},
    "fromStart": [number((point - found[0]).norm()) for point in found],
    "path": number((found[1:] - found[:-1]).norm(dim=1).sum()),
}
text = json.dumps(result, indent=1, allow_nan=False) + "\n"
(pathlib.Path(__file__).parent / "trajectory.json").write_text(text)
print(f"trajectory.json: {len(text)} bytes")
