# usage: python3 src/testing/interchange/generate.py      (PyTorch 1.13; writes from-torch.json and from-torch-* beside itself)
"""Files that PyTorch wrote: weights as .safetensors and networks as .onnx, with the logits that PyTorch computes."""

import copy
import json
from pathlib import Path

from models import MODELS, fill, logits, torch
from safetensors import save

HERE = Path(__file__).parent


def filled(network):
    """Every weight and running statistic from the formula: files are the same bytes every time."""
    for index, (name, tensor) in enumerate(network.state_dict().items()):
        if name.endswith("num_batches_tracked"):
            tensor.fill_(7)
            continue
        positive = tensor.dim() == 1 and not name.endswith(("bias", "running_mean"))
        scale = 0.3 if tensor.dim() == 1 else round(1.5 / tensor[0].numel() ** 0.5, 4)
        tensor.copy_(fill(list(tensor.shape), round(0.3 + 1.1 * index, 1), scale, float(positive)))
    return network


def onnx(network, spec, path, **options):
    torch.onnx.export(
        network.eval(), fill(**spec), str(path), opset_version=13, input_names=["image"], output_names=["logits"], **options
    )


cases = []
for name, (make, spec) in MODELS.items():
    network = filled(make())
    save(HERE / f"from-torch-{name}.safetensors", network.state_dict())
    values = [[float(f"{v:.9g}") for v in row] for row in logits(copy.deepcopy(network), spec)]
    cases.append({"name": name, "input": spec, "logits": values})

network, spec = filled(MODELS["convNet"][0]()), MODELS["convNet"][1]
onnx(network, spec, HERE / "from-torch-any-batch.onnx", dynamic_axes={"image": {0: "N"}, "logits": {0: "N"}})
# As older exporters did: a fixed batch, and the weights among the inputs.
fixed = {**spec, "shape": [4, *spec["shape"][1:]]}
onnx(network, fixed, HERE / "from-torch-batch-4.onnx", keep_initializers_as_inputs=True, do_constant_folding=False)

lines = ",\n".join(json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases)
(HERE / "from-torch.json").write_text(f'{{"torch":"{torch.__version__}","cases":[\n{lines}\n]}}\n')
