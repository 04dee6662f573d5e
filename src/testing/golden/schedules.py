"""Learning rates of PyTorch's schedulers on lr 1, step for step: what schedules.json holds. Run as `python3 schedules.py`."""

import json
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler as torch_schedulers

from formula import number

warnings.filterwarnings("ignore")  # the schedulers are stepped without an optimiser's step on purpose

STEPS_PER_EPOCH, EPOCHS = 4, 10
STEPS = STEPS_PER_EPOCH * EPOCHS


def optimizer():
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def rates(make, per):
    """The rate that each step would be taken with; the scheduler is stepped after every batch or after every epoch."""
    opt = optimizer()
    scheduler = make(opt)
    kept = []
    for step in range(STEPS):
        kept.append(number(opt.param_groups[0]["lr"]))
        if per == "fraction":
            scheduler.step((step + 1) / STEPS_PER_EPOCH)
        elif per == "step" and step + 1 < STEPS or per == "epoch" and (step + 1) % STEPS_PER_EPOCH == 0:
            scheduler.step()
    return kept


def plateau(scores, **options):
    """The rate after each score; the first one is that before any. Falls of less than 1e-8, an absolute number, count too."""
    opt = optimizer()
    scheduler = torch_schedulers.ReduceLROnPlateau(opt, eps=0, **options)
    kept = [1]
    for score in scores:
        scheduler.step(score)
        kept.append(number(opt.param_groups[0]["lr"]))
    return kept


def case(kind, config, per, make):
    return {"kind": kind, "config": config, "factors": rates(make, per)}


def one_cycle(**options):
    return lambda opt: torch_schedulers.OneCycleLR(opt, max_lr=1.0, total_steps=STEPS, cycle_momentum=False, **options)


def after_warmup(steps, start, make):
    def both(opt):
        first = torch_schedulers.LinearLR(opt, start_factor=start, total_iters=steps)
        return torch_schedulers.SequentialLR(opt, [first, make(opt)], milestones=[steps])

    return both


S = torch_schedulers
LOSSES = [1, 0.8, 0.81, 0.82, 0.79, 0.7899999, 0.9, 0.9, 0.9, 0.9, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.49, 0.7, 0.7, 0.7, 0.7]
schedules = [
    case("stepDecay", {"stepSize": 3, "gamma": 0.5}, "epoch", lambda o: S.StepLR(o, 3, 0.5)),
    case("multiStep", {"milestones": [2, 5, 6], "gamma": 0.3}, "epoch", lambda o: S.MultiStepLR(o, [2, 5, 6], 0.3)),
    case("exponential", {"gamma": 0.8}, "epoch", lambda o: S.ExponentialLR(o, 0.8)),
    case("cosine", {"minimum": 0.05}, "step", lambda o: S.CosineAnnealingLR(o, STEPS, eta_min=0.05)),
    case("polynomial", {"power": 2}, "step", lambda o: S.PolynomialLR(o, STEPS, 2)),
    case("polynomial", {"power": 0.9}, "step", lambda o: S.PolynomialLR(o, STEPS, 0.9)),
    case("cosineWarmRestarts", {"t0": 3}, "fraction", lambda o: S.CosineAnnealingWarmRestarts(o, 3)),
    case(
        "cosineWarmRestarts", {"t0": 1, "tMult": 2, "minimum": 0.1}, "fraction",
        lambda o: S.CosineAnnealingWarmRestarts(o, 1, 2, eta_min=0.1),
    ),
    case("oneCycle", {}, "step", one_cycle()),
    case(
        "oneCycle", {"anneal": "linear", "pctStart": 0.45, "divFactor": 10, "finalDivFactor": 100}, "step",
        one_cycle(anneal_strategy="linear", pct_start=0.45, div_factor=10, final_div_factor=100),
    ),
    case(
        "warmup", {"steps": 7, "start": 0.2, "followedBy": {"kind": "polynomial", "power": 2}}, "step",
        after_warmup(7, 0.2, lambda o: S.PolynomialLR(o, STEPS - 7, 2)),
    ),
    case("warmup", {"epochs": 2, "start": 0.01}, "step", lambda o: S.LinearLR(o, start_factor=0.01, total_iters=8)),
]
plateaus = [
    {"config": config, "scores": scores, "factors": plateau(scores, **options)}
    for config, scores, options in [
        ({"patience": 1}, LOSSES, {"patience": 1}),
        (
            {"patience": 0, "factor": 0.5, "cooldown": 2, "minimum": 0.1, "threshold": 0.01}, LOSSES,
            {"patience": 0, "factor": 0.5, "cooldown": 2, "min_lr": 0.1, "threshold": 0.01},
        ),
        (
            {"mode": "max", "patience": 2, "factor": 0.3, "cooldown": 1}, [1 - x for x in LOSSES],
            {"mode": "max", "patience": 2, "factor": 0.3, "cooldown": 1},
        ),
        ({"patience": 3}, LOSSES, {"patience": 3}),
    ]
]
lines = {"schedules": schedules, "plateaus": plateaus}
text = ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases) + "\n]" for name, cases in lines.items())
header = f'"torch": "{torch.__version__}", "stepsPerEpoch": {STEPS_PER_EPOCH}, "epochs": {EPOCHS}'
pathlib.Path(__file__).with_name("schedules.json").write_text(f"{{{header},\n{text}\n}}\n")
