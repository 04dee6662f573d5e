"""Cases for the ops beyond a first network's: made and checked as those of ops.py."""

import torch
import torch.nn.functional as F

from ops import CASES, case, classes, real


def functions():
    x = {"x": real([3, 5], 0.4, 3.0)}
    plain = {
        "softplus": F.softplus,
        "silu": F.silu,
        "reciprocal": torch.reciprocal,
        "square": torch.square,
        "floor": torch.floor,
        "ceil": torch.ceil,
        "round": torch.round,
    }
    for op, run in plain.items():
        case(f"{op}/plain", x, {}, run)
    case("elu/plain", x, {"alpha": 0.7}, lambda x: F.elu(x, 0.7))
    cube = {"x": real([2, 3, 3], 0.4, 2.0)}
    for name, axes, keep in [("last", [2], False), ("outer-kept", [0, 2], True), ("all", [0, 1, 2], False)]:
        attributes = {"axes": axes, "keepDims": keep}
        case(f"logSumExp/{name}", cube, attributes, lambda x: torch.logsumexp(x, axes, keep))
        case(f"min/{name}", cube, attributes, lambda x: torch.amin(x, axes, keep))
        for p in [1, 2, float("inf")]:
            run = lambda x: torch.linalg.vector_norm(x, p, axes, keep)
            case(f"norm/{name}-{p}", cube, {**attributes, "p": str(p)}, run)
    case("prod/middle", cube, {"axes": [1], "keepDims": False}, lambda x: torch.prod(x, 1))


def transposed():
    def two(name, x, weight, stride=1, padding=0, extra=0, groups=1, dilation=1, bias=False):
        inputs = {"x": real(x, 0.4), "weight": real(weight, 1.7, 0.5)}
        if bias:
            inputs["bias"] = real([weight[1] * groups], 2.9, 0.5)
        attributes = {"stride": stride, "padding": padding, "outputPadding": extra, "groups": groups, "dilation": dilation}
        transpose = F.conv_transpose2d if len(x) == 4 else F.conv_transpose1d
        run = lambda x, w, b=None: transpose(x, w, b, stride, padding, extra, groups, dilation)
        case(f"convTranspose{len(x) - 2}d/{name}", inputs, attributes, run)

    two("plain", [2, 3, 4, 3], [3, 2, 3, 2])
    two("stride-2", [2, 3, 4, 3], [3, 2, 3, 3], stride=2, padding=1, extra=1)
    two("everything", [2, 4, 4, 5], [4, 3, 3, 3], 3, 2, 2, 2, 2, True)
    two("everything", [2, 4, 5], [4, 3, 3], 2, 1, 1, 2, 2, True)


def sequences():
    inputs = {"x": real([2, 4, 9], 0.4), "weight": real([6, 2, 3], 1.7, 0.5), "bias": real([6], 2.9, 0.5)}
    attributes = {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}
    case("conv1d/everything", inputs, attributes, lambda x, w, b: F.conv1d(x, w, b, 2, 1, 2, 2))
    inputs = {"x": real([2, 3, 7], 0.4), "weight": real([6, 1, 3], 1.7, 0.5)}
    attributes = {"stride": 1, "padding": 0, "dilation": 1, "groups": 3}
    case("conv1d/depthwise", inputs, attributes, lambda x, w: F.conv1d(x, w, groups=3))
    x, window = {"x": real([2, 3, 9], 0.4)}, {"kernel": 3, "stride": 2, "padding": 1}
    case("maxPool1d/overlapping", x, window, lambda x: F.max_pool1d(x, 3, 2, 1))
    case("avgPool1d/overlapping", x, window, lambda x: F.avg_pool1d(x, 3, 2, 1))


def normalisation():
    x, weight, bias = real([2, 4, 3, 2], 0.4, 1.5, 0.5), real([4], 1.7, 0.3, 1.0), real([4], 2.9, 0.3)
    wide = {"x": x, "weight": real([3, 2], 1.7, 0.3, 1.0), "bias": real([3, 2], 2.9, 0.3)}
    case("layerNorm/two-axes", wide, {"axes": 2}, lambda x, w, b: F.layer_norm(x, [3, 2], w, b))
    case("layerNorm/plain", {"x": x}, {"axes": 3}, lambda x: F.layer_norm(x, [4, 3, 2]))
    channels = {"x": x, "weight": weight, "bias": bias}
    case("groupNorm/two", channels, {"groups": 2}, lambda x, w, b: F.group_norm(x, 2, w, b))
    case("instanceNorm/plain", channels, {}, lambda x, w, b: F.instance_norm(x, weight=w, bias=b))


def indices():
    table, few = real([5, 3], 0.4), classes([2, 4], 5)
    case("embedding/plain", {"table": table, "indices": few}, {}, lambda t, i: F.embedding(i, t))
    x, picked = real([3, 5], 0.4), classes([2, 4], 3)
    case("gatherElements/axis-0", {"x": x, "indices": picked}, {"axis": 0}, lambda x, i: x.gather(0, i))
    case("gatherElements/axis-1", {"x": x, "indices": picked}, {"axis": 1}, lambda x, i: x.gather(1, i))
    inputs = {"x": x, "indices": picked, "updates": real([2, 4], 1.7)}
    case("scatterElements/axis-0", inputs, {"axis": 0}, lambda x, i, u: x.scatter_add(0, i, u))
    inputs = {"x": real([4, 3], 0.4), "indices": classes([6], 4), "values": real([6, 3], 1.7)}
    case("scatterAdd/rows", inputs, {}, lambda x, i, v: x.index_add(0, i, v))
    cube = {"x": real([2, 5, 2], 0.4, 2.0)}
    for axis in [1, 2]:
        case(f"cumSum/axis-{axis}", cube, {"axis": axis}, lambda x: x.cumsum(axis))
    for largest in [True, False]:
        run = lambda x: x.topk(3, 1, largest=largest).values
        case(f"topK/{'largest' if largest else 'smallest'}", cube, {"axis": 1, "k": 3, "largest": largest}, run)
        run = lambda x: x.sort(1, descending=largest).values
        case(f"sort/{'descending' if largest else 'ascending'}", cube, {"axis": 1, "descending": largest}, run)


def arranging():
    x = {"x": real([1, 2, 3, 4], 0.4)}
    for mode, name in {"reflect": "reflect", "edge": "replicate", "circular": "circular"}.items():
        attributes = {"before": [0, 0, 1, 2], "after": [0, 0, 2, 1], "mode": mode}
        case(f"padMode/{mode}", x, attributes, lambda x: F.pad(x, (2, 1, 1, 2), mode=name))
    case("flip/two", x, {"axes": [1, 3]}, lambda x: x.flip(1, 3))
    case("tile/all", {"x": real([2, 3], 0.4)}, {"repeats": [2, 3]}, lambda x: x.tile(2, 3))
    case("repeat/first", {"x": real([2, 3], 0.4)}, {"count": 3, "axis": 0}, lambda x: x.repeat_interleave(3, 0))
    case("stack/last", {"a": real([2, 3], 0.4), "b": real([2, 3], 1.7)}, {"axis": -1}, lambda a, b: torch.stack([a, b], -1))
    for mode in ["nearest", "bilinear"]:
        aligned = {} if mode == "nearest" else {"align_corners": False}
        for name, options in [("double", {"scale": [2, 2]}), ("scale-1.7", {"scale": [1.7, 0.6]}), ("to-5x3", {"size": [5, 3]})]:
            size, scale = options.get("size"), options.get("scale")
            run = lambda x: F.interpolate(x, size, scale, mode, **aligned)
            case(f"resize/{mode}-{name}", x, {**options, "mode": mode}, run)


def products():
    for name, equation, *shapes in [
        ("batched", "bij,bjk->bik", [2, 2, 3], [2, 3, 2]),
        ("attention", "bqhd,bkhd->bhqk", [2, 3, 2, 2], [2, 2, 2, 2]),
        ("bilinear", "bi,oij,bj->bo", [2, 3], [2, 3, 2], [2, 2]),
        ("trace", "iji->j", [3, 2, 3]),
        ("outer", "i,j->ji", [3], [2]),
    ]:
        inputs = {"abc"[i]: real(shape, 0.4 + 1.3 * i) for i, shape in enumerate(shapes)}
        case(f"einsum/{name}", inputs, {"equation": equation}, lambda *x: torch.einsum(equation, *x))


def more_ops():
    CASES.clear()
    for family in [functions, transposed, sequences, normalisation, indices, arranging, products]:
        family()
    return list(CASES)
