"""Regularised training by PyTorch and scikit-learn: what regularizers.json holds. Run as `python3 regularizers.py`."""

import json
import pathlib

import torch
from sklearn import linear_model
from torch.nn.functional import softshrink

from formula import fill, number

LAMBDA = 0.05
SIZES = {"weight": 9, "bias": 3}


def gradient(x, step):
    """The bowl with ripples of optimizers.py."""
    return x - 0.5 + 0.3 * torch.sin(3 * x + 0.1 * step)


def trajectory(kind, config, regularizer, options, penalty=None, decay=0.0, after=None):
    """Fifty steps on a weight [3, 3] and a bias [3]; only the weight is regularised."""
    weight, bias = (part.requires_grad_() for part in fill([12], 0.4, 1.5).double().split(list(SIZES.values())))
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.AdamW}[kind](
        [{"params": [weight], "weight_decay": decay}, {"params": [bias], "weight_decay": 0.0}], **config
    )
    kept = {}
    for step in range(1, 51):
        weight.grad, bias.grad = gradient(weight.detach(), step), gradient(bias.detach(), step)
        if penalty is not None:
            weight.grad += torch.autograd.grad(penalty(weight), weight)[0]
        optimizer.step()
        if after is not None:
            with torch.no_grad():
                weight.copy_(after(weight))
        if step in (1, 5, 20, 50):
            kept[str(step)] = [number(v) for part in (weight, bias) for v in part.detach()]
    lr = {"lr": config["lr"], **({"momentum": config["momentum"]} if "momentum" in config else {})}
    return {"optimizer": {"kind": kind, **lr}, "regularizer": {"kind": regularizer, **options}, "parameters": kept}


half_squares = lambda w: LAMBDA / 2 * (w * w).sum()
magnitudes = lambda w: LAMBDA * w.abs().sum()
SGD, ADAM = {"lr": 0.05, "momentum": 0.9}, {"lr": 0.02}
trajectories = [
    trajectory("sgd", SGD, "l2", {"lambda": LAMBDA}, penalty=half_squares),
    trajectory("adam", ADAM, "l2", {"lambda": LAMBDA}, penalty=half_squares),
    trajectory("adam", ADAM, "l2", {"lambda": LAMBDA, "decoupled": True}, decay=LAMBDA),
    trajectory("sgd", {"lr": 0.05}, "l1", {"lambda": LAMBDA, "method": "subgradient"}, penalty=magnitudes),
    trajectory("sgd", {"lr": 0.05}, "l1", {"lambda": 0.6}, after=lambda w: softshrink(w, 0.05 * 0.6)),
    trajectory("adam", ADAM, "l1", {"lambda": 0.9}, after=lambda w: softshrink(w, 0.02 * 0.9)),
    trajectory("sgd", SGD, "maxNorm", {"max": 0.6}, after=lambda w: torch.renorm(w.reshape(3, 3), 2, 0, 0.6).reshape(-1)),
]

# The inputs of least squares are fill(120, 1, 1) as [20, 6], the targets fill(20, 0.3, 2); no intercept.
X, y = fill([20, 6], 1, 1).double().numpy(), fill([20], 0.3, 2).double().numpy()
precise = {"fit_intercept": False, "tol": 1e-14, "max_iter": 100_000}
coefficients = lambda model: [number(w) for w in model.fit(X, y).coef_]
fits = [
    {"l1": alpha, "l2": 0, "coefficients": coefficients(linear_model.Lasso(alpha=alpha, **precise))}
    for alpha in (0.02, 0.1, 0.2)
] + [
    {
        "l1": number(alpha * ratio),
        "l2": number(alpha * (1 - ratio)),
        "coefficients": coefficients(linear_model.ElasticNet(alpha=alpha, l1_ratio=ratio, **precise)),
    }
    for alpha, ratio in ((0.2, 0.5), (0.3, 0.8))
]
lines = {"trajectories": trajectories, "fits": fits}
text = ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases) + "\n]" for name, cases in lines.items())
pathlib.Path(__file__).with_name("regularizers.json").write_text(f"{{{text}\n}}\n")
