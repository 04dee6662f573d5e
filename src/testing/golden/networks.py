"""Three networks: one training pass with every gradient, and twenty steps of each optimiser."""

import torch
from torch import nn
from torch.nn import functional as F

from formula import digest, fill, labels, number


class BasicBlock(nn.Module):
    """The names are torchvision's: conv1, bn1, conv2, bn2, downsample.0, downsample.1."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU()
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu1(self.bn1(self.conv1(x)))))
        return self.relu2(y + (x if self.downsample is None else self.downsample(x)))


class ResidualNet(nn.Module):
    def __init__(self, first=8, second=12):
        super().__init__()
        self.conv1 = nn.Conv2d(2, first, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(first)
        self.relu = nn.ReLU()
        self.layer1 = nn.Sequential(BasicBlock(first, first))
        self.layer2 = nn.Sequential(BasicBlock(first, second, stride=2))
        self.fc = nn.Linear(second, 10)

    def forward(self, x):
        x = self.layer2(self.layer1(self.relu(self.bn1(self.conv1(x)))))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


def dense():
    return nn.Sequential(nn.Linear(20, 16), nn.ReLU(), nn.Linear(16, 12), nn.ReLU(), nn.Linear(12, 10))


def conv_net():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(54, 10),
    )


NETWORKS = {
    "dense": (dense, {"shape": [8, 20], "phase": 0.4, "scale": 1.0, "offset": 0.0}),
    "convNet": (conv_net, {"shape": [8, 1, 12, 12], "phase": 0.4, "scale": 1.0, "offset": 0.0}),
    "residual": (ResidualNet, {"shape": [6, 2, 10, 10], "phase": 0.4, "scale": 1.0, "offset": 0.0}),
}


def batch(name, dtype):
    spec = NETWORKS[name][1]
    return fill(**spec).to(dtype), labels(spec["shape"][:1], 10)


def build(name, dtype):
    """The network with every parameter from the formula, and how each was made."""
    network = NETWORKS[name][0]()
    specs = []
    for index, (key, parameter) in enumerate(network.named_parameters()):
        shape = list(parameter.shape)
        if parameter.dim() > 1:
            scale, offset = round(1.5 / parameter[0].numel() ** 0.5, 4), 0.0
        else:
            owner = network.get_submodule(key.rpartition(".")[0])
            scale, offset = 0.1, float(isinstance(owner, nn.BatchNorm2d) and key.endswith("weight"))
        spec = {"shape": shape, "phase": round(0.3 + 1.1 * index, 1), "scale": scale, "offset": offset}
        parameter.data = fill(**spec)
        specs.append({"name": key, **spec})
    return network.to(dtype), specs


def refuse_close_calls(network):
    """A ReLU input near zero or two pooled values near each other could fall otherwise in float32: the gradient would jump."""

    def check(module, inputs):
        x = inputs[0].detach()
        if isinstance(module, nn.MaxPool2d):
            windows = F.unfold(x.flatten(0, 1).unsqueeze(1), module.kernel_size, stride=module.stride)
            first, second = windows.topk(2, dim=1).values.unbind(1)
            gap = torch.where(first > 0, first - second, torch.inf).min()  # a window of ReLU zeros has gradient zero anyway
        else:
            gap = x.abs().min()
        if gap < 1e-5:
            raise SystemExit(f"{module} has a margin of only {gap:.1e}: change the phase of the network's input")

    return [m.register_forward_pre_hook(check) for m in network.modules() if isinstance(m, (nn.ReLU, nn.MaxPool2d))]


def one_pass(name):
    network, parameters = build(name, torch.float64)
    x, y = batch(name, torch.float64)
    hooks = refuse_close_calls(network)
    logits = network(x)
    for hook in hooks:
        hook.remove()
    loss = F.cross_entropy(logits, y)
    loss.backward()
    statistics = {key: digest(b) for key, b in network.named_buffers() if key.endswith(("running_mean", "running_var"))}
    network.eval()
    return {
        "name": name,
        "input": NETWORKS[name][1],
        "classes": 10,
        "parameters": parameters,
        "loss": number(loss),
        "logits": digest(logits),
        "gradients": {key: digest(p.grad) for key, p in network.named_parameters()},
        "runningStatistics": statistics,
        "evaluationLogits": digest(network(x)),
    }


def sgd(lr, momentum=0.0, nesterov=False, weightDecay=0.0):
    config = {"kind": "sgd", "lr": lr, "momentum": momentum, "nesterov": nesterov, "weightDecay": weightDecay}
    return config, lambda p: torch.optim.SGD(p, lr, momentum, nesterov=nesterov, weight_decay=weightDecay)


def adam(kind, lr, weightDecay=0.0):
    config = {"kind": kind, "lr": lr, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": weightDecay}
    optimizer = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind]
    return config, lambda p: optimizer(p, lr, (0.9, 0.999), 1e-8, weightDecay)


OPTIMIZERS = {
    "sgd": sgd(0.1),
    "sgd-momentum": sgd(0.05, momentum=0.9),
    "sgd-nesterov-decay": sgd(0.05, momentum=0.9, nesterov=True, weightDecay=1e-2),
    "adam": adam("adam", 1e-2),
    "adam-decay": adam("adam", 1e-2, weightDecay=1e-2),
    "adamw": adam("adamw", 1e-2, weightDecay=0.1),
}


def losses(name, make_optimizer, dtype):
    """The loss before each of twenty updates on one batch."""
    network, _ = build(name, dtype)
    x, y = batch(name, dtype)
    optimizer = make_optimizer(network.parameters())
    values = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = F.cross_entropy(network(x), y)
        loss.backward()
        optimizer.step()
        values.append(number(loss))
    return values


def training():
    return [
        {
            "name": f"{name}/{key}",
            "network": name,
            "optimizer": config,
            "losses": losses(name, make_optimizer, torch.float32),
            "losses64": losses(name, make_optimizer, torch.float64),
        }
        for name in ["dense", "convNet"]
        for key, (config, make_optimizer) in OPTIMIZERS.items()
    ]


def networks():
    return [one_pass(name) for name in NETWORKS]
