"""PyTorch's side of the benchmarks: reads one JSON request a line, answers with the times of its steps in ms."""
import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def convnet():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 10),
    )


WORK = {"convnet": (convnet, (1, 28, 28), 10)}


def contestant(work, batch):
    make, sample, classes = WORK[work]
    torch.manual_seed(0)
    model = make()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    x, y = torch.rand(batch, *sample), torch.randint(0, classes, (batch,))

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()

    return step


def main():
    torch.set_num_threads(int(sys.argv[1]))
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    steps = {}
    for line in sys.stdin:
        request = json.loads(line)
        name = (request["work"], request["batch"])
        if name not in steps:
            steps[name] = contestant(*name)
        times = []
        for _ in range(request["steps"]):
            began = time.perf_counter()
            steps[name]()
            times.append((time.perf_counter() - began) * 1e3)
        print(json.dumps({"times": times}), flush=True)


main()
