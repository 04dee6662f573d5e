# usage: python3 src/testing/interchange/check.py [folder]      (default: its own; exit code 1 where PyTorch disagrees)
"""PyTorch's own networks load what Assay wrote, every name and shape, and must compute the logits that Assay computed."""

import json
import sys
from pathlib import Path

from models import MODELS, logits, torch
from safetensors import load

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
failed = False
for case in json.loads((folder / "from-assay.json").read_text())["cases"]:
    network = MODELS[case["name"]][0]()
    network.load_state_dict(load(folder / f"from-assay-{case['name']}.safetensors"), strict=True)
    expected = torch.tensor(case["logits"], dtype=torch.float64)
    error = float((logits(network, case["input"]) - expected).abs().max() / expected.abs().max())
    failed |= not error < 1e-6
    print(f"{case['name']}: {len(network.state_dict())} tensors loaded, logits differ by {error:.1e} of their scale")
sys.exit(int(failed))
