"""An epoch on MNIST as a whole job, as PyTorch's users write it; see ../protocol.ts.

usage: epoch.py threads idiom; an idiom is `tensors`, a permutation of standardised tensors in memory; `loader-N`, a DataLoader
with N workers and a Dataset that standardises the sample it is asked for, as torchvision's with a transform does; or
`loader-ready`, without workers and with a Dataset of standardised samples
"""
import json
import os
import sys
import tempfile
import time

import numpy
import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

from main import answer_requests, build, optimizer_of

EVALUATION_BATCH = 500


def read_mnist(folder, part):
    def numbers(name, header):
        return torch.from_numpy(numpy.fromfile(os.path.join(folder, f"{part}-{name}-ubyte"), numpy.uint8)[header:])

    return numbers("images-idx3", 16).reshape(-1, 1, 28, 28), numbers("labels-idx1", 8).long()


class Samples(Dataset):
    def __init__(self, x, y, transform):
        self.x, self.y, self.transform = x, y, transform

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.transform(self.x[i]), self.y[i]


def in_memory(x, y, batch, shuffle):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for start in range(0, len(x), batch):
        indices = order[start : start + batch]
        yield x[indices], y[indices]


def feeder(idiom, standardize):
    """A function of a part of the data that gives a function of batch size and shuffling that gives batches."""
    if idiom.startswith("loader") and idiom != "loader-ready":
        workers = int(idiom.rsplit("-", 1)[-1])
        return lambda x, y: lambda *how: DataLoader(Samples(x, y, standardize), *how, num_workers=workers)

    def ready(x, y):
        x = standardize(x)
        if idiom == "tensors":
            return lambda *how: in_memory(x, y, *how)
        return lambda *how: DataLoader(Samples(x, y, lambda sample: sample), *how)

    return ready


def evaluate(model, batches):
    """Mean loss and accuracy."""
    model.eval()
    loss, hits, count = 0.0, 0, 0
    with torch.no_grad():
        for x, y in batches:
            output = model(x)
            loss += F.cross_entropy(output, y, reduction="sum").item()
            hits += (output.argmax(1) == y).sum().item()
            count += len(y)
    return loss / count, hits / count


def contestant(idiom, request):
    """The number of the network's parameters, and a function that trains some epochs, each with the next seed."""
    epoch = request["epoch"]
    work, batch, training, validation = (epoch[name] for name in ("work", "batch", "training", "validation"))
    x, y = read_mnist(request["folder"], "train")
    test_x, test_y = read_mnist(request["folder"], "t10k")
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    held, kept = order[:validation], order[validation : validation + training]
    mean, std = x[kept].float().mean(), x[kept].float().std()
    feed = feeder(idiom, lambda images: (images.float() - mean) / std)
    training_batches, validation_batches = feed(x[kept], y[kept]), feed(x[held], y[held])
    test_batches = feed(test_x, test_y)

    def train(seed, folder):
        torch.manual_seed(seed)
        losses, began = [], time.perf_counter()
        model, _ = build(work["network"], work["sample"])
        optimizer = optimizer_of(work, model)
        with open(os.path.join(folder, "metrics.jsonl"), "w") as log:
            model.train()
            total, hits = 0.0, 0
            for step, (xs, ys) in enumerate(training_batches(batch, True)):
                optimizer.zero_grad(set_to_none=True)
                output = model(xs)
                loss = F.cross_entropy(output, ys)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
                total += losses[-1] * len(ys)
                hits += (output.argmax(1) == ys).sum().item()
                log.write(json.dumps({"step": step + 1, "name": "batchLoss", "value": losses[-1]}) + "\n")
            scores = {"train": (total / training, hits / training)}
            scores["validation"] = evaluate(model, validation_batches(EVALUATION_BATCH, False))
            log.write(json.dumps({"step": len(losses), **scores}) + "\n")
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(state, os.path.join(folder, "last.pt"))
        seconds = time.perf_counter() - began
        _, accuracy = evaluate(model, test_batches(EVALUATION_BATCH, False))
        return seconds * 1e3, losses, accuracy

    seed = 0

    def run(epochs):
        nonlocal seed
        times, seen, accuracies = [], [], []
        for _ in range(epochs):
            with tempfile.TemporaryDirectory() as folder:
                elapsed, losses, accuracy = train(seed, folder)
            seed += 1
            times.append(elapsed)
            seen += losses
            accuracies.append(accuracy)
        return {"times": times, "losses": [seen[0], seen[-1]], "accuracies": accuracies}

    model, _ = build(work["network"], work["sample"])
    return sum(parameter.numel() for parameter in model.parameters()), run


if __name__ == "__main__":
    answer_requests(lambda request: contestant(sys.argv[2], request))
