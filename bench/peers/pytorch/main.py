"""PyTorch's side of the benchmarks: reads a JSON request a line and answers it in a line; see ../protocol.ts.

usage: main.py threads
"""
import base64
import json
import sys
import time

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


def build(parts, shape):
    """A module of a network's parts for samples of the given shape, and the shape that comes out."""
    layers = []
    for part in parts:
        layer, shape = build_part(part, shape)
        layers.append(layer)
    return nn.Sequential(*layers), shape


def build_part(part, shape):
    kind = part["kind"]
    channels, *size = shape
    if kind == "linear":
        return nn.Linear(channels, part["outputs"]), [part["outputs"]]
    if kind == "conv":
        kernel, stride, padding = part["kernel"], part["stride"], part["padding"]
        layer = nn.Conv2d(channels, part["channels"], kernel, stride, padding, bias=part["bias"])
        return layer, [part["channels"]] + [(n + 2 * padding - kernel) // stride + 1 for n in size]
    if kind == "batchNorm":
        return nn.BatchNorm2d(channels), shape
    if kind == "relu":
        return nn.ReLU(), shape
    if kind == "maxPool":
        return nn.MaxPool2d(part["size"]), [channels] + [n // part["size"] for n in size]
    if kind == "globalAveragePool":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), [channels]
    if kind == "flatten":
        return nn.Flatten(), [int(numpy.prod(shape))]
    if kind == "residual":
        body, out = build(part["body"], shape)
        shortcut, _ = build(part["shortcut"], shape)
        return Residual(body, shortcut), out
    raise ValueError(f"no part is called {kind}")


def optimizer_of(work, model):
    settings = work["optimizer"]
    if settings["kind"] == "adam":
        return torch.optim.Adam(model.parameters(), settings["lr"])
    return torch.optim.SGD(model.parameters(), settings["lr"], momentum=settings["momentum"])


def contestant(request):
    """The number of one network's parameters, and a function that takes one step and gives its loss, if it has one."""
    work, batch = request["work"], request["batch"]
    classes = work["target"]["kind"] == "classes"

    def tensor(text, dtype, *shape):
        return torch.from_numpy(numpy.frombuffer(base64.b64decode(text), dtype).copy()).reshape(batch, *shape)

    x = tensor(request["inputs"], numpy.float32, *work["sample"])
    if classes:
        y = tensor(request["targets"], numpy.int32).long()
    else:
        y = tensor(request["targets"], numpy.float32, work["target"]["count"])
    loss_of = F.cross_entropy if classes else F.mse_loss
    torch.manual_seed(0)
    models = [build(work["network"], work["sample"])[0] for _ in range(work["members"])]
    parameters = sum(parameter.numel() for parameter in models[0].parameters())

    if work["task"] == "inference":
        model = models[0].eval()

        def infer():
            with torch.inference_mode():
                model(x).numpy()

        return parameters, infer

    members = [(model, optimizer_of(work, model)) for model in models]

    def train():
        for model, optimizer in members:
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(model(x), y)
            loss.backward()
            optimizer.step()
            value = loss.item()
        return value

    return parameters, train


def measure(step, steps):
    times, losses = [], []
    for i in range(steps):
        began = time.perf_counter()
        loss = step()
        times.append((time.perf_counter() - began) * 1e3)
        if loss is not None and i in (0, steps - 1):
            losses.append(loss)
    return {"times": times, "losses": losses}


def step_contestant(request):
    parameters, step = contestant(request)
    return parameters, lambda steps: measure(step, steps)


def answer_requests(open_contestant):
    torch.set_num_threads(int(sys.argv[1]))
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        if run is None:
            parameters, run = open_contestant(request)
            answer = {"version": torch.__version__, "threads": torch.get_num_threads(), "parameters": parameters}
        else:
            answer = run(request["steps"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    answer_requests(step_contestant)
