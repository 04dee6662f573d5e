# usage: python3 src/testing/golden/curvature.py      (PyTorch 1.13, SciPy; writes curvature.json beside itself)
"""A network of 61 parameters: its Hessian, its derivatives with respect to the input, and how far its loss rises within a box and a ball. Float64."""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import numpy as np
import torch
from scipy.optimize import minimize
from torch.nn import functional as F

from formula import digest, fill, labels, number
from networks import batch, build

torch.set_num_threads(1)
DTYPE = torch.float64

SHAPES = [[5, 4], [5], [6, 5], [6]]
SIZES = [20, 5, 30, 6]
x = fill([12, 4], 0.4, 1.0).to(DTYPE)
y = labels([12], 6)
theta = fill([61], 1.3, 0.8).to(DTYPE)


def logits(t, inputs=x):
    w1, b1, w2, b2 = (part.reshape(shape) for part, shape in zip(t.split(SIZES), SHAPES))
    return F.linear(torch.tanh(F.linear(inputs, w1, b1)), w2, b2)


def loss(t):
    return F.cross_entropy(logits(t), y)


hessian = torch.autograd.functional.hessian(loss, theta)
direction = fill([61], 2.1, 1.0).to(DTYPE)
_, product = torch.autograd.functional.hvp(loss, theta, direction)
t = theta.clone().requires_grad_()
(gradient,) = torch.autograd.grad(loss(t), t)

jacobian = torch.stack([torch.autograd.functional.jacobian(lambda one: logits(theta, one[None])[0], sample) for sample in x])
slopes = torch.stack([
    torch.autograd.functional.jacobian(lambda one: F.cross_entropy(logits(theta, one[None]), label[None]), sample)
    for sample, label in zip(x, y)
])


def maximum(size, radius):
    """SciPy's bounded L-BFGS-B, as Keskar et al. used, to its end; of several starts the best."""
    def negative(z):
        point = torch.tensor(z).requires_grad_()
        value = loss(theta + size * point)
        value.backward()
        return -value.item(), -point.grad.numpy()

    starts = [np.zeros(61)] + [np.sign(np.random.default_rng(seed).normal(size=61)) for seed in range(20)]
    return max(-minimize(negative, s, jac=True, method="L-BFGS-B", bounds=[(-radius, radius)] * 61).fun for s in starts)


def sharpness(epsilon):
    box = epsilon * (theta.abs() + 1)
    at = loss(theta + box * direction.sign())
    base = loss(theta)
    return {
        "epsilon": epsilon,
        "atDirection": number(100 * (at - base) / (1 + base)),
        "lbfgsb": number(100 * (maximum(box, 1.0) - base) / (1 + base)),
    }


def adaptive(rho):
    base = loss(theta)
    at = loss(theta + rho * theta.abs() * direction / direction.norm())
    # ||z|| <= rho: projected gradient ascent to its end.
    best = 0.0
    for seed in range(10):
        z = torch.tensor(np.random.default_rng(seed).normal(size=61) * 1e-3)
        for _ in range(3000):
            z = z.detach().requires_grad_()
            (slope,) = torch.autograd.grad(loss(theta + theta.abs() * z), z)
            z = (z + 0.1 * slope).detach()
            z = z * min(1.0, rho / z.norm().item())
        best = max(best, loss(theta + theta.abs() * z).item())
    return {
        "rho": rho,
        "atDirection": number(100 * (at - base) / (1 + base)),
        "ascent": number(100 * (best - base) / (1 + base)),
    }


def conv_net():
    network, _ = build("convNet", DTYPE)
    network.eval()
    inputs, targets = batch("convNet", DTYPE)
    parameters = list(network.parameters())
    count = sum(p.numel() for p in parameters)
    v = fill([count], 2.1, 1.0).to(DTYPE)
    gradients = torch.autograd.grad(F.cross_entropy(network(inputs), targets), parameters, create_graph=True)
    inner = torch.cat([g.reshape(-1) for g in gradients]) @ v
    hv = torch.autograd.grad(inner, parameters)
    inputs = inputs.requires_grad_()
    out = network(inputs)
    rows = [torch.autograd.grad(out[:, k].sum(), inputs, retain_graph=True)[0] for k in range(out.shape[1])]
    squares = sum((row ** 2).flatten(1).sum(1) for row in rows)
    each = F.cross_entropy(out, targets, reduction="none")
    (g,) = torch.autograd.grad(each.sum(), inputs)
    return {
        "product": digest(torch.cat([p.reshape(-1) for p in hv])),
        "jacobianNorms": [number(s) for s in squares.sqrt()],
        "lossGradientNorms": [number(s) for s in (g ** 2).flatten(1).sum(1).sqrt()],
    }


values = {
    "loss": number(loss(theta)),
    "gradient": digest(gradient),
    "eigenvalues": [number(v) for v in torch.linalg.eigvalsh(hessian).flip(0)],
    "trace": number(hessian.trace()),
    "product": digest(product),
    "jacobianNorms": [number(j.norm()) for j in jacobian],
    "lossGradientNorms": [number(g.norm()) for g in slopes],
    "sharpness": [sharpness(1e-3), sharpness(1e-2), sharpness(0.1)],
    "adaptive": [adaptive(0.05), adaptive(0.5)],
    "convNet": conv_net(),
}
pathlib.Path(__file__).with_name("curvature.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
