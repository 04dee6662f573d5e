"""Cases for single ops. Inputs are float32 numbers, the computation is in float64, so the values hold on every machine."""

import torch
import torch.nn.functional as F

from formula import digest, fill, labels, number

CASES = []


def real(shape, phase, scale=1.0, offset=0.0, grad=True):
    shift = {"offset": number(offset)} if offset else {}
    return {"kind": "real", "shape": shape, "phase": phase, "scale": number(scale), **shift, "grad": grad}


def classes(shape, count):
    return {"kind": "labels", "shape": shape, "classes": count}


def mask(shape, phase):
    return {"kind": "mask", "shape": shape, "phase": phase}


def make(spec):
    if spec["kind"] == "labels":
        return labels(spec["shape"], spec["classes"])
    if spec["kind"] == "mask":
        return fill(spec["shape"], spec["phase"], 1) > 0
    values = fill(spec["shape"], spec["phase"], spec["scale"], spec.get("offset", 0.0))
    return values.double().requires_grad_(spec["grad"])


def case(name, inputs, attributes, run):
    """`run` returns the output, or the output and a dict of further results that have no gradient."""
    tensors = [make(spec) for spec in inputs.values()]
    result = run(*tensors)
    output, extra = result if isinstance(result, tuple) else (result, {})
    wanted = [t for t in tensors if t.requires_grad]
    found = iter(torch.autograd.grad((output * fill(output.shape, 2.5, 1).double()).sum(), wanted))
    CASES.append({
        "op": name.split("/")[0],
        "name": name,
        "inputs": [{"name": key, **{k: v for k, v in spec.items() if k != "grad"}} for key, spec in inputs.items()],
        "attributes": attributes,
        "output": digest(output),
        "gradients": [digest(next(found)) if t.requires_grad else None for t in tensors],
        **({"extra": {key: digest(t) for key, t in extra.items()}} if extra else {}),
    })


def elementwise():
    pairs = {
        "same": ([2, 3], [2, 3]),
        "row": ([2, 2, 3], [3]),
        "both": ([2, 1, 4], [3, 1]),
        "scalar": ([2, 2], []),
    }
    for op in ["add", "sub", "mul", "div"]:
        b = {"scale": 0.8, "offset": 2.0} if op == "div" else {}
        for name, (left, right) in pairs.items():
            case(f"{op}/{name}", {"a": real(left, 0.4), "b": real(right, 1.7, **b)}, {}, getattr(torch, op))

    positive = {"scale": 1.0, "offset": 1.5}
    unary = {
        "exp": ({"scale": 1.5}, torch.exp),
        "log": (positive, torch.log),
        "sqrt": (positive, torch.sqrt),
        "abs": ({"scale": 2.0}, torch.abs),
        "relu": ({"scale": 2.0}, torch.relu),
        "sigmoid": ({"scale": 4.0}, torch.sigmoid),
        "tanh": ({"scale": 2.0}, torch.tanh),
    }
    for op, (values, run) in unary.items():
        case(f"{op}/plain", {"x": real([4, 5, 6], 0.4, **values)}, {}, run)
    x = {"x": real([3, 5], 0.4, scale=3.0)}
    case("leakyRelu/plain", x, {"negativeSlope": 0.01}, lambda x: F.leaky_relu(x, 0.01))
    for approximate in ["none", "tanh"]:
        run = lambda x: F.gelu(x, approximate=approximate)
        case(f"gelu/{'erf' if approximate == 'none' else 'tanh'}", x, {"approximate": approximate}, run)
    case("clip/both", x, {"min": -0.5, "max": 0.8}, lambda x: x.clamp(-0.5, 0.8))
    case("clip/min", x, {"min": -0.5}, lambda x: x.clamp(min=-0.5))
    choose = {"condition": mask([3, 4], 0.9), "a": real([3, 4], 0.4), "b": real([3, 4], 1.7)}
    case("where/same", choose, {}, torch.where)
    case("where/broadcast", {**choose, "b": real([4], 1.7)}, {}, torch.where)


def reductions():
    for op, run in {"softmax": torch.softmax, "logSoftmax": torch.log_softmax}.items():
        for name, shape, axis, scale in [("last", [2, 5], 1, 2.0), ("middle", [2, 4, 3], 1, 2.0), ("far-apart", [2, 5], 1, 60.0)]:
            case(f"{op}/{name}", {"x": real(shape, 0.4, scale)}, {"axis": axis}, lambda x: run(x, dim=axis))
    for op, run in {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}.items():
        for name, axes, keep in [("all", [0, 1, 2], False), ("last", [2], False), ("middle-kept", [1], True), ("outer", [0, 2], False)]:
            attributes = {"axes": axes, "keepDims": keep}
            case(f"{op}/{name}", {"x": real([2, 3, 3], 0.4)}, attributes, lambda x: run(x, dim=axes, keepdim=keep))
    for name, left, right in [
        ("plain", [3, 4], [4, 5]),
        ("batched", [2, 2, 3], [2, 3, 4]),
        ("shared-right", [2, 2, 3], [3, 4]),
        ("broadcast", [2, 1, 2, 3], [3, 3, 2]),
    ]:
        case(f"matmul/{name}", {"a": real(left, 0.4), "b": real(right, 1.7)}, {}, torch.matmul)


def convolutions():
    def conv(name, x, weight, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1, bias=False):
        inputs = {"x": real(x, 0.4), "weight": real(weight, 1.7, 0.5)}
        if bias:
            inputs["bias"] = real(weight[:1], 2.9, 0.5)
        attributes = {"stride": list(stride), "padding": list(padding), "dilation": list(dilation), "groups": groups}
        run = lambda x, w, b=None: F.conv2d(x, w, b, stride, padding, dilation, groups)
        case(f"conv2d/{name}", inputs, attributes, run)

    two, one = (2, 2), (1, 1)
    conv("plain", [2, 3, 7, 6], [4, 3, 3, 3])
    conv("stride-2", [2, 3, 8, 8], [4, 3, 3, 3], stride=two)  # the last row and column are never read
    conv("padding-1", [2, 3, 6, 5], [4, 3, 3, 3], padding=one)
    conv("dilation-2", [2, 3, 8, 7], [4, 3, 3, 3], dilation=two)
    conv("groups-2", [2, 4, 6, 6], [6, 2, 3, 3], groups=2)
    conv("depthwise", [2, 3, 6, 6], [3, 1, 3, 3], padding=one, groups=3)
    conv("depthwise-multiplier-2", [2, 3, 6, 6], [6, 1, 3, 3], groups=3)
    conv("stride-2-padding-1-odd", [2, 3, 9, 7], [4, 3, 3, 3], stride=two, padding=one)
    conv("stride-2-padding-1-even", [2, 3, 8, 6], [4, 3, 3, 3], stride=two, padding=one)
    conv("1x1-stride-2", [2, 4, 8, 7], [5, 4, 1, 1], stride=two)
    conv("kernel-3x2", [2, 3, 7, 7], [4, 3, 3, 2])
    conv("kernel-3x2-stride-2x1-padding-1x0", [2, 3, 7, 6], [4, 3, 3, 2], stride=(2, 1), padding=(1, 0))
    conv("bias", [2, 3, 6, 6], [4, 3, 3, 3], padding=one, bias=True)
    conv("everything", [2, 4, 9, 10], [6, 2, 3, 3], stride=two, padding=one, dilation=two, groups=2, bias=True)


def pools():
    def window(kernel, stride, padding):
        return {"kernel": [kernel] * 2, "stride": [stride] * 2, "padding": [padding] * 2}

    for name, shape, k, s, p in [("2x2", [2, 3, 6, 6], 2, 2, 0), ("overlapping", [2, 3, 7, 7], 3, 2, 1), ("2x2-odd", [2, 3, 7, 5], 2, 2, 0)]:
        case(f"maxPool2d/{name}", {"x": real(shape, 0.4)}, window(k, s, p), lambda x: F.max_pool2d(x, k, s, p))
    for name, shape, k, s, p, included in [
        ("2x2", [2, 3, 6, 6], 2, 2, 0, True),
        ("padding-counted", [2, 3, 7, 7], 3, 2, 1, True),
        ("padding-not-counted", [2, 3, 7, 7], 3, 2, 1, False),
    ]:
        run = lambda x: F.avg_pool2d(x, k, s, p, count_include_pad=included)
        case(f"avgPool2d/{name}", {"x": real(shape, 0.4)}, {**window(k, s, p), "countIncludePad": included}, run)
    case("adaptiveAvgPool2d/to-1", {"x": real([2, 3, 5, 4], 0.4)}, {"outputSize": [1, 1]}, lambda x: F.adaptive_avg_pool2d(x, 1))


def normalisation():
    inputs = {
        "x": real([4, 3, 5, 5], 0.4, 1.5, 0.5),
        "weight": real([3], 1.7, 0.3, 1.0),
        "bias": real([3], 2.9, 0.3),
        "runningMean": real([3], 0.8, 0.4, grad=False),
        "runningVar": real([3], 2.2, 0.4, 1.0, grad=False),
    }

    def run(x, weight, bias, mean, var):
        new_mean, new_var = mean.clone(), var.clone()
        output = F.batch_norm(x, new_mean, new_var, weight, bias, training, 0.1, 1e-5)
        return (output, {"runningMean": new_mean, "runningVar": new_var}) if training else output

    for training in [True, False]:
        attributes = {"training": training, "momentum": 0.1, "epsilon": 1e-5}
        case(f"batchNorm2d/{'training' if training else 'evaluation'}", inputs, attributes, run)


def losses():
    for name, smoothing in [("plain", 0.0), ("label-smoothing", 0.1)]:
        run = lambda x, y: F.cross_entropy(x, y, label_smoothing=smoothing)
        inputs = {"logits": real([4, 5], 0.4, 2.0), "labels": classes([4], 5)}
        case(f"crossEntropy/{name}", inputs, {"labelSmoothing": smoothing, "reduction": "mean"}, run)
    run = lambda x, y: F.binary_cross_entropy_with_logits(x, y.double())
    logits = real([4, 3], 0.4, 3.0)
    for name, target in [("hard", classes([4, 3], 2)), ("soft", real([4, 3], 1.7, 0.4, 0.5, grad=False))]:
        case(f"binaryCrossEntropyWithLogits/{name}", {"logits": logits, "targets": target}, {"reduction": "mean"}, run)
    case("mse/plain", {"prediction": real([4, 3], 0.4), "target": real([4, 3], 1.7)}, {"reduction": "mean"}, F.mse_loss)


def movement():
    for axis, (shape, count) in enumerate([([5, 4], 6), ([2, 5], 8)]):
        inputs = {"x": real(shape, 0.4), "indices": classes([count], 5)}  # some indices come twice, so gradients add up
        case(f"gather/axis-{axis}", inputs, {"axis": axis}, lambda x, i: x.index_select(axis, i))
    attributes = {"before": [0, 0, 1, 2], "after": [0, 0, 3, 0], "value": 0.5}
    case("pad/constant", {"x": real([1, 2, 3, 2], 0.4)}, attributes, lambda x: F.pad(x, (2, 0, 1, 3), value=0.5))


def ops():
    CASES.clear()
    for family in [elementwise, reductions, convolutions, pools, normalisation, losses, movement]:
        family()
    return CASES
