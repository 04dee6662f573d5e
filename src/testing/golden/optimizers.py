"""Fifty steps of every optimiser on twelve numbers, in float64: what optimizers.json and, with groups, parameter-groups.json hold. Run as `python3 optimizers.py`."""

import json
import math
import pathlib

import torch

from formula import fill, number

OPTIMIZERS = [
    ("sgd", {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01}),
    ("adam", {"lr": 0.02, "weightDecay": 0.1}),
    ("adamW", {"lr": 0.02, "weightDecay": 0.1}),
    ("rmsProp", {"lr": 0.01}),
    ("rmsProp", {"lr": 0.01, "momentum": 0.8, "centered": True, "weightDecay": 0.05, "alpha": 0.95, "epsilon": 1e-4}),
    ("adagrad", {"lr": 0.1, "lrDecay": 0.05, "weightDecay": 0.02}),
    ("adadelta", {"lr": 1.0}),
    ("adadelta", {"lr": 0.5, "rho": 0.8, "epsilon": 1e-4, "weightDecay": 0.02}),
    ("nadam", {"lr": 0.02}),
    ("nadam", {"lr": 0.02, "momentumDecay": 0.01, "weightDecay": 0.1, "beta1": 0.8}),
    ("radam", {"lr": 0.05}),
    ("radam", {"lr": 0.05, "beta2": 0.9, "weightDecay": 0.05}),
    ("lion", {"lr": 0.02, "weightDecay": 0.1}),
    ("lion", {"lr": 0.02, "beta1": 0.95, "beta2": 0.9}),
]


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of Chen et al., 2023: PyTorch has no Lion."""

    def __init__(self, params, lr, betas, weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad) + group["weight_decay"] * p
                p -= group["lr"] * update
                m.mul_(beta2).add_(p.grad, alpha=1 - beta2)


class NAdam(torch.optim.Optimizer):
    """PyTorch 1.13 multiplies the momentum of the step into the look ahead twice; later versions and Dozat, 2016, do not."""

    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, momentum_decay=4e-3):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "decay": weight_decay, "psi": momentum_decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            mu = lambda t: beta1 * (1 - 0.5 * 0.96 ** (t * group["psi"]))
            for p in group["params"]:
                state = self.state[p]
                t = state["t"] = state.get("t", 0) + 1
                product = state["product"] = state.get("product", 1.0) * mu(t)
                m = state.setdefault("m", torch.zeros_like(p))
                v = state.setdefault("v", torch.zeros_like(p))
                g = p.grad + group["decay"] * p
                m.mul_(beta1).add_(g, alpha=1 - beta1)
                v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
                root = (v / (1 - beta2**t)).sqrt() + group["eps"]
                p -= group["lr"] * (1 - mu(t)) / (1 - product) * g / root
                p -= group["lr"] * mu(t + 1) / (1 - product * mu(t + 1)) * m / root


NAMES = {
    "lr": "lr", "momentum": "momentum", "nesterov": "nesterov", "weightDecay": "weight_decay", "alpha": "alpha",
    "centered": "centered", "epsilon": "eps", "lrDecay": "lr_decay", "rho": "rho", "momentumDecay": "momentum_decay",
}
CLASSES = {
    "sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamW": torch.optim.AdamW, "rmsProp": torch.optim.RMSprop,
    "adagrad": torch.optim.Adagrad, "adadelta": torch.optim.Adadelta, "nadam": NAdam,
    "radam": torch.optim.RAdam, "lion": Lion,
}


def gradient(x, step):
    """A bowl with ripples that move from step to step: optimizers.test.ts has the same formula."""
    return x - 0.5 + 0.3 * torch.sin(3 * x + 0.1 * step)


def trajectory(kind, config):
    options = {NAMES[name]: value for name, value in config.items() if name in NAMES}
    if "beta1" in config or "beta2" in config or kind == "lion":
        options["betas"] = (config.get("beta1", 0.9), config.get("beta2", 0.99 if kind == "lion" else 0.999))
    x = fill([12], 0.4, 1.5).double().requires_grad_()
    optimizer = CLASSES[kind]([x], **options)
    kept = {}
    for step in range(1, 51):
        x.grad = gradient(x.detach(), step)
        optimizer.step()
        if step in (1, 5, 20, 50):
            kept[str(step)] = [number(v) for v in x.detach()]
    return {"kind": kind, "config": config, "parameters": kept}


# Twelve numbers as four parameters, whose groups are neither whole vectors of four nor side by side.
SIZES = {"features.0.weight": 5, "features.0.bias": 2, "1.weight": 3, "1.bias": 2}
GROUPED = [
    ("sgd", {"lr": 0.05, "momentum": 0.9, "weightDecay": 0.05}),
    ("adam", {"lr": 0.02, "weightDecay": 0.1}),
    ("adamW", {"lr": 0.02, "weightDecay": 0.1}),
]


def grouped(kind, config):
    """Biases without decay, features ten times as slow, and all rates falling to 0.97 of themselves after every step."""
    options = {NAMES[name]: value for name, value in config.items()}
    parts = dict(zip(SIZES, fill([12], 0.4, 1.5).double().split(list(SIZES.values()))))
    for part in parts.values():
        part.requires_grad_()
    biases = [part for path, part in parts.items() if path.endswith(".bias")]
    optimizer = CLASSES[kind](
        [
            {"params": biases, "weight_decay": 0.0},
            {"params": [parts["features.0.weight"]], "lr": 0.1 * config["lr"]},
            {"params": [parts["1.weight"]]},
        ],
        **options,
    )
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.97)
    kept = {}
    for step in range(1, 51):
        for part in parts.values():
            part.grad = gradient(part.detach(), step)
        optimizer.step()
        schedule.step()
        if step in (1, 5, 20, 50):
            kept[str(step)] = [number(v) for part in parts.values() for v in part.detach()]
    return {"kind": kind, "config": config, "parameters": kept}


def write(name, cases):
    assert all(math.isfinite(v) for case in cases for values in case["parameters"].values() for v in values)
    target = pathlib.Path(__file__).with_name(name)
    target.write_text("[\n" + ",\n".join("  " + json.dumps(case) for case in cases) + "\n]\n")


write("optimizers.json", [trajectory(kind, config) for kind, config in OPTIMIZERS])
write("parameter-groups.json", [grouped(kind, config) for kind, config in GROUPED])
