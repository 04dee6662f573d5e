# usage: python3 src/testing/golden/weight_space.py      (PyTorch 1.13; writes weight-space.json beside itself)
"""Losses between two networks with batch norm, with and without its statistics renewed, and filter-normalised directions; float64."""

import copy
import json
import pathlib
import sys

sys.dont_write_bytecode = True

import torch
from torch.nn import functional as F
from torch.optim.swa_utils import update_bn

from formula import digest, fill, labels, number
from networks import build

torch.set_num_threads(1)

SAMPLES, BATCH, APART = 24, 8, 2.5
ALPHAS = [-0.5, 0.0, 0.3, 0.5, 1.0, 1.5]
# The order in which permutation() of key 0 takes the samples: batches of other samples have other statistics.
ORDER = [13, 0, 23, 17, 16, 20, 12, 1, 21, 9, 3, 22, 18, 15, 6, 2, 4, 14, 19, 8, 11, 10, 5, 7]


def network(apart):
    """Phases moved by `apart` make another network of the same architecture."""
    made, specs = build("convNet", torch.float64)
    for parameter, spec in zip(made.parameters(), specs):
        parameter.data = fill(spec["shape"], spec["phase"] + apart, spec["scale"], spec["offset"]).double()
    norm = made[1]
    norm.running_mean = fill([4], 0.5 + apart, 0.2).double()
    norm.running_var = fill([4], 0.9 + apart, 0.3, 1.0).double()
    return made


def between(a, b, alpha):
    mixed = copy.deepcopy(a)
    state = {name: (1 - alpha) * own + alpha * b.state_dict()[name] for name, own in a.state_dict().items()}
    mixed.load_state_dict(state)
    return mixed.eval()


def losses(renewed):
    a, b = network(0.0), network(APART)
    x, y = fill([SAMPLES, 1, 12, 12], 0.4, 1.0).double(), labels([SAMPLES], 10)
    found = []
    for alpha in ALPHAS:
        mixed = between(a, b, alpha)
        if renewed:
            update_bn([x[ORDER[i : i + BATCH]] for i in range(0, SAMPLES, BATCH)], mixed)
            mixed.eval()
        with torch.no_grad():
            found.append(number(F.cross_entropy(mixed(x), y)))
    return found


def direction(own):
    """Li et al. (2018): every filter with the network's norm; weights of one axis stay, or each number is a filter by itself."""
    made = network(0.0)
    flat = fill([sum(p.numel() for p in made.parameters())], 1.7, 1.0).double()
    parts, begin = [], 0
    for parameter in made.parameters():
        part = flat[begin : begin + parameter.numel()].reshape(parameter.shape)
        begin += parameter.numel()
        if parameter.dim() > 1:
            norms = [p.flatten(1).norm(dim=1) for p in (parameter, part)]
            part = part * (norms[0] / norms[1]).reshape([-1] + [1] * (part.dim() - 1))
        else:
            part = part.sign() * parameter.abs() if own else torch.zeros_like(part)
        parts.append(part.reshape(-1))
    return torch.cat(parts)


case = {
    **{"samples": SAMPLES, "batch": BATCH, "apart": APART, "order": ORDER, "alphas": ALPHAS},
    "given": losses(False),
    "renewed": losses(True),
    "directions": {"fixed": digest(direction(False)), "own": digest(direction(True))},
}
pathlib.Path(__file__).with_name("weight-space.json").write_text(json.dumps(case, separators=(",", ":")) + "\n")
