"""An epoch on MNIST as a whole job, as PyTorch's users write it; see ../protocol.ts.

usage: epoch.py threads idiom; an idiom is `tensors`, a permutation of tensors in memory, or `loader-N`, a Dataset and a
DataLoader with N workers
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

    return numbers("images-idx3", 16).reshape(-1, 1, 28, 28).float(), numbers("labels-idx1", 8).long()


class Samples(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def in_memory(x, y, batch, shuffle):
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for start in range(0, len(x), batch):
        indices = order[start : start + batch]
        yield x[indices], y[indices]


def batches_of(idiom):
    if idiom == "tensors":
        return in_memory
    workers = int(idiom.rsplit("-", 1)[-1])
    return lambda x, y, batch, shuffle: DataLoader(Samples(x, y), batch, shuffle, num_workers=workers)


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
    batches = batches_of(idiom)
    x, y = read_mnist(request["folder"], "train")
    test_x, test_y = read_mnist(request["folder"], "t10k")
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    held, kept = order[:validation], order[validation : validation + training]
    mean, std = x[kept].mean(), x[kept].std()
    train_set = ((x[kept] - mean) / std, y[kept])
    validation_set = ((x[held] - mean) / std, y[held])
    test_set = ((test_x - mean) / std, test_y)

    def train(seed, folder):
        torch.manual_seed(seed)
        losses, began = [], time.perf_counter()
        model, _ = build(work["network"], work["sample"])
        optimizer = optimizer_of(work, model)
        with open(os.path.join(folder, "metrics.jsonl"), "w") as log:
            model.train()
            total, hits = 0.0, 0
            for step, (xs, ys) in enumerate(batches(*train_set, batch, True)):
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
            scores["validation"] = evaluate(model, batches(*validation_set, EVALUATION_BATCH, False))
            log.write(json.dumps({"step": len(losses), **scores}) + "\n")
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(state, os.path.join(folder, "last.pt"))
        seconds = time.perf_counter() - began
        _, accuracy = evaluate(model, in_memory(*test_set, EVALUATION_BATCH, False))
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
