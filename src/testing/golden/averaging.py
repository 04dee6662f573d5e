"""Averages of weights by torch.optim.swa_utils.AveragedModel: what averaging.json holds. Run as `python3 averaging.py`."""

import json
import pathlib

import torch
from torch.optim.swa_utils import AveragedModel

from formula import fill, number


def averaged(updates, avg_fn=None):
    """Averages of fill(6, u, 1) for u = 1, 2, …; the first update copies."""
    model = torch.nn.Linear(5, 1)
    average = AveragedModel(model, avg_fn=avg_fn)
    kept = []
    for update in range(1, updates + 1):
        with torch.no_grad():
            torch.nn.utils.vector_to_parameters(fill([6], update, 1), model.parameters())
        average.update_parameters(model)
        kept.append([number(v) for v in torch.nn.utils.parameters_to_vector(average.parameters())])
    return kept


cases = [
    {"kind": "swa", "config": {}, "averages": averaged(8)},
    {"kind": "ema", "config": {"decay": 0.9}, "averages": averaged(8, lambda a, p, n: 0.9 * a + 0.1 * p)},
    {
        "kind": "ema",
        "config": {"decay": 0.4, "warmup": True},
        "averages": averaged(8, lambda a, p, n: (d := min(0.4, float((1 + n) / (10 + n)))) * a + (1 - d) * p),
    },
]
text = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
pathlib.Path(__file__).with_name("averaging.json").write_text(f"[\n{text}\n]\n")
