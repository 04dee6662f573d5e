"""Layers as PyTorch's modules and the models of src/models/, written by hand with torchvision's names: outputs, gradients and names."""

import torch
from torch import nn
from torch.nn import functional as F

from formula import digest, fill
from networks import BasicBlock

# Small enough that every number fits into a file of a few kB, large enough that no two axes have one size.
LAYERS = {
    "conv1d": (lambda: nn.Conv1d(4, 6, 3, 2, padding=1, dilation=2, groups=2), [2, 4, 11]),
    "conv1d-same": (lambda: nn.Conv1d(3, 2, 4, padding="same", bias=False), [2, 3, 7]),
    "convTranspose2d": (lambda: nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, groups=2), [2, 4, 3, 5]),
    "maxPool1d": (lambda: nn.MaxPool1d(3, 2, 1), [2, 3, 9]),
    "avgPool1d": (lambda: nn.AvgPool1d(3, 2, 1), [2, 3, 9]),
    "avgPool1d-inside": (lambda: nn.AvgPool1d(3, 2, 1, count_include_pad=False), [2, 3, 9]),
    "globalAvgPool1d": (lambda: nn.AdaptiveAvgPool1d(1), [2, 3, 9]),
    "globalMaxPool2d": (lambda: nn.AdaptiveMaxPool2d(1), [2, 3, 4, 5]),
    "adaptiveAvgPool2d": (lambda: nn.AdaptiveAvgPool2d([3, 2]), [2, 3, 7, 5]),
    "adaptiveAvgPool2d-divides": (lambda: nn.AdaptiveAvgPool2d(2), [2, 3, 4, 6]),
    "adaptiveAvgPool2d-grows": (lambda: nn.AdaptiveAvgPool2d(3), [2, 3, 1, 2]),
    "batchNorm1d": (lambda: nn.BatchNorm1d(5), [6, 5]),
    "batchNorm1d-sequence": (lambda: nn.BatchNorm1d(3, eps=1e-3, momentum=0.3), [4, 3, 5]),
    "layerNorm": (lambda: nn.LayerNorm(5), [3, 4, 5]),
    "layerNorm-2": (lambda: nn.LayerNorm([4, 5], eps=1e-3), [3, 4, 5]),
    "groupNorm": (lambda: nn.GroupNorm(2, 4), [3, 4, 3, 2]),
    "groupNorm-plain": (lambda: nn.GroupNorm(1, 4, affine=False), [3, 4, 5]),
    "zeroPad2d": (lambda: nn.ZeroPad2d((2, 2, 1, 1)), [2, 2, 3, 2]),
    "upsample": (lambda: nn.Upsample(scale_factor=2), [2, 3, 2, 3]),
    "upsample-bilinear": (lambda: nn.Upsample(scale_factor=(2, 3), mode="bilinear"), [2, 3, 2, 3]),
    "unflatten": (lambda: nn.Unflatten(1, [2, 3, 4]), [2, 24]),
    "elu": (lambda: nn.ELU(0.7), [3, 5]),
    "selu": (nn.SELU, [3, 5]),
    "silu": (nn.SiLU, [3, 5]),
    "mish": (nn.Mish, [3, 5]),
    "softplus": (nn.Softplus, [3, 5]),
    "relu6": (nn.ReLU6, [3, 5]),
    "prelu": (nn.PReLU, [3, 5]),
    "softmax": (lambda: nn.Softmax(1), [3, 5]),
    "softmax-channels": (lambda: nn.Softmax(1), [2, 3, 4]),
    "logSoftmax": (lambda: nn.LogSoftmax(1), [3, 5]),
}


class ResNet(nn.Module):
    def __init__(self, blocks, channels=3, width=64, classes=10, stem="imagenet"):
        super().__init__()
        large = stem == "imagenet"
        self.conv1 = nn.Conv2d(channels, width, *((7, 2, 3) if large else (3, 1, 1)), bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1) if large else nn.Identity()
        self.layer1 = nn.Sequential(*[BasicBlock(width, width) for _ in range(blocks[0])])
        for i, count in enumerate(blocks[1:], 1):
            inside = width * 2 ** (i - 1)
            rest = [BasicBlock(2 * inside, 2 * inside) for _ in range(count - 1)]
            setattr(self, f"layer{i + 1}", nn.Sequential(BasicBlock(inside, 2 * inside, 2), *rest))
        self.fc = nn.Linear(8 * width, classes)

    def forward(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class Features(nn.Module):
    """torchvision's VGG and AlexNet: features, avgpool, classifier."""

    def __init__(self, features, avgpool, classifier):
        super().__init__()
        self.features, self.avgpool, self.classifier = features, avgpool, classifier

    def forward(self, x):
        return self.classifier(self.avgpool(self.features(x)).flatten(1))


def vgg11(channels=3, width=64, batch_norm=False, hidden=4096, pool=7, classes=10):
    layers = []
    for part in [1, "M", 2, "M", 4, 4, "M", 8, 8, "M", 8, 8, "M"]:
        if part == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        layers.append(nn.Conv2d(channels, part * width, 3, padding=1))
        layers += ([nn.BatchNorm2d(part * width)] if batch_norm else []) + [nn.ReLU()]
        channels = part * width
    inputs = 8 * width * pool * pool
    dense = [nn.Linear(inputs, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout()]
    return Features(nn.Sequential(*layers), nn.AdaptiveAvgPool2d(pool), nn.Sequential(*dense, nn.Linear(hidden, classes)))


def alexnet_small(channels=3, width=64, hidden=1024, side=4, classes=10):
    layers, inputs = [], channels
    for part in [1, "M", 3, "M", 6, 4, 4, "M"]:
        if part == "M":
            layers.append(nn.MaxPool2d(2))
            continue
        layers += [nn.Conv2d(inputs, part * width, 3, padding=1), nn.ReLU()]
        inputs = part * width
    dense = [nn.Dropout(), nn.Linear(inputs * side * side, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, hidden), nn.ReLU()]
    return Features(nn.Sequential(*layers), nn.Identity(), nn.Sequential(*dense, nn.Linear(hidden, classes)))


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2).flatten(1)
        return self.fc3(torch.tanh(self.fc2(torch.tanh(self.fc1(x)))))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def conv_net(first=16, second=32, hidden=128, side=7):
    block = lambda inputs, outputs: [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    dense = [nn.Flatten(), nn.Linear(second * side * side, hidden), nn.ReLU(), nn.Linear(hidden, 10)]
    return nn.Sequential(*block(1, first), *block(first, second), *dense)


def conv_net_1d(channels=(16, 32, 64), inputs=1, classes=10):
    layers = []
    for outputs in channels:
        layers += [nn.Conv1d(inputs, outputs, 9, padding=4), nn.BatchNorm1d(outputs), nn.ReLU(), nn.MaxPool1d(4)]
        inputs = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(inputs, classes))


class Latent(nn.Module):
    def __init__(self, features, size):
        super().__init__()
        self.mean, self.logVariance = nn.Linear(features, size), nn.Linear(features, size)

    def forward(self, x):
        return self.mean(x)


class Autoencoder(nn.Module):
    def __init__(self, latent, first=16, second=32, side=7):
        super().__init__()
        down = lambda inputs, outputs: [nn.Conv2d(inputs, outputs, 3, 2, 1), nn.ReLU()]
        features = second * side * side
        self.encoder = nn.Sequential(*down(1, first), *down(first, second), nn.Flatten())
        self.latent = latent(features)
        inner = latent(features)(torch.zeros(1, features)).shape[1]
        up = [nn.ConvTranspose2d(second, first, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(first, 1, 4, 2, 1)]
        self.decoder = nn.Sequential(nn.Linear(inner, features), nn.ReLU(), nn.Unflatten(1, [second, side, side]), *up)

    def forward(self, x):
        return self.decoder(self.latent(self.encoder(x)))


# At full size, with the parameters counted; narrow ones are computed too.
MODELS = {
    "mlp": (mlp, [4, 1, 28, 28], True),
    "leNet5": (LeNet5, [2, 1, 28, 28], True),
    "convNet": (conv_net, [2, 1, 28, 28], True),
    "alexNetSmall": (alexnet_small, [1, 3, 32, 32], False),
    "alexNetSmall-narrow": (lambda: alexnet_small(1, 4, 12, 3), [2, 1, 28, 28], True),
    "vgg11": (vgg11, [1, 3, 32, 32], False),
    "vgg11-bn": (lambda: vgg11(batch_norm=True, hidden=512, pool=1), [1, 3, 32, 32], False),
    "vgg11-narrow": (lambda: vgg11(width=4, hidden=16, pool=2), [2, 3, 32, 32], True),
    "vgg11-narrow-bn": (lambda: vgg11(width=4, batch_norm=True, hidden=16, pool=1), [2, 3, 64, 32], True),
    "resNet18": (lambda: ResNet([2, 2, 2, 2]), [1, 3, 32, 32], False),
    "resNet34": (lambda: ResNet([3, 4, 6, 3]), [1, 3, 32, 32], False),
    "resNet18-narrow": (lambda: ResNet([2, 2, 2, 2], width=4), [2, 3, 40, 36], True),
    "resNet18-cifar": (lambda: ResNet([2, 2, 2, 2], 1, 4, stem="cifar"), [2, 1, 14, 14], True),
    "resNet34-narrow": (lambda: ResNet([3, 4, 6, 3], width=3, classes=7), [2, 3, 40, 36], True),
    "convNet1d": (conv_net_1d, [2, 1, 200], True),
    "autoencoder": (lambda: Autoencoder(lambda features: nn.Linear(features, 16)), [2, 1, 28, 28], True),
    "variationalAutoencoder": (lambda: Autoencoder(lambda features: Latent(features, 8)), [2, 1, 28, 28], True),
}


def set_by_formula(module):
    """Weights that tests make in the same way: modules.ts has the twin of this rule."""
    for index, (key, parameter) in enumerate(module.named_parameters()):
        shape = list(parameter.shape)
        is_gain = len(shape) == 1 and key.rpartition(".")[2] == "weight"
        scale = 0.1 if len(shape) == 1 else round(1.5 / (parameter.numel() / shape[0]) ** 0.5, 4)
        parameter.data = fill(shape, round(0.3 + 1.1 * index, 1), scale, 1.0 if is_gain else 0.0)
    return module.double()


def names(module):
    return {key: list(p.shape) for key, p in module.named_parameters()}


def layer(name, make, shape):
    torch.manual_seed(0)
    module = set_by_formula(make())
    x = fill(shape, 0.4, 1.5, 0.2).double().requires_grad_()
    y = module(x)
    wanted = {"x": x, **dict(module.named_parameters())}
    found = torch.autograd.grad((y * fill(list(y.shape), 2.5, 1.0).double()).sum(), list(wanted.values()))
    statistics = {key: digest(b) for key, b in module.named_buffers() if key.startswith("running")}
    return {
        "name": name,
        "input": shape,
        "parameters": names(module),
        "output": digest(y),
        "gradients": {key: digest(g) for key, g in zip(wanted, found)},
        **({"runningStatistics": statistics} if statistics else {}),
    }


def model(name, make, shape, is_computed):
    module = make()
    counted = {"name": name, "input": shape, "parameterCount": sum(p.numel() for p in module.parameters())}
    if not is_computed:
        return counted
    module = set_by_formula(module).eval()
    return {**counted, "parameters": names(module), "output": digest(module(fill(shape, 0.4, 1.0).double()))}


def modules():
    return [layer(name, *spec) for name, spec in LAYERS.items()]


def models():
    return [model(name, *spec) for name, spec in MODELS.items()]
