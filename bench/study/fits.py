"""The trainings of examples/regression-search.ts as PyTorch's users write them, one after the other in one process with one thread.

usage: fits.py seconds first; prints {"fits": …, "seconds": …} of as many fits as take so long
"""
import json
import sys
import time

import torch
import torch.nn as nn

torch.set_num_threads(1)
DROPOUTS = [0.0, 0.1, 0.2, 0.4]


def fit(seed):
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    x = torch.rand(100, 1, generator=generator) * 2 - 1
    y = torch.sinc(5 * x / torch.pi) + 0.1 * torch.randn(100, 1, generator=generator)
    order = torch.randperm(100, generator=generator)
    train, held = order[:75], order[75:]
    lr = 10 ** (torch.rand(1, generator=generator).item() * 3 - 4)
    weight_decay = 10 ** (torch.rand(1, generator=generator).item() * 4 - 6)
    dropout = DROPOUTS[seed % len(DROPOUTS)]
    layers = [nn.Linear(1, 288), nn.ReLU(), nn.Dropout(dropout), nn.Linear(288, 288), nn.ReLU(), nn.Dropout(dropout)]
    model = nn.Sequential(*layers, nn.Linear(288, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)
    loss_of = nn.MSELoss()
    inputs, targets = x[train], y[train]
    for _ in range(200):
        optimizer.zero_grad()
        loss = loss_of(model(inputs), targets)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        return loss_of(model(x[held]), y[held]).item()


def main():
    budget, first = float(sys.argv[1]), int(sys.argv[2])
    fit(first)
    began, fits, scores = time.perf_counter(), 0, []
    while fits < len(DROPOUTS) or time.perf_counter() - began < budget:
        for _ in DROPOUTS:
            fits += 1
            scores.append(fit(first + fits))
    print(json.dumps({"fits": fits, "seconds": time.perf_counter() - began, "best": min(scores)}))


main()
