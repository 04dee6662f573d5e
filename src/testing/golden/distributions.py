"""Moments and quantiles by scipy.stats: what distributions.json holds. Run as `python3 distributions.py`."""

import json
import pathlib

from scipy import stats

from formula import number

SHARES = [0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999]
BETAS = [(0.2, 0.2), (0.5, 1.5), (1, 1), (2, 5), (30, 3)]
GAMMAS = [0.2, 0.7, 1, 3.7, 50]


def described(kind, parameters, distribution):
    mean, variance, _, kurtosis = (float(m) for m in distribution.stats("mvsk"))
    return {
        "kind": kind,
        "parameters": list(parameters),
        "mean": number(mean),
        "variance": number(variance),
        # Of the squared distance from the mean: how far the variance of n numbers lies from the true one, times √n.
        "spread": number(variance * (kurtosis + 2) ** 0.5),
        # scipy's, without the rounding of `number`: quantiles of small shapes are tiny.
        "quantiles": [float(f"{distribution.ppf(p):.9g}") for p in SHARES],
    }


cases = [described("beta", p, stats.beta(*p)) for p in BETAS] + [described("gamma", (a,), stats.gamma(a)) for a in GAMMAS]
text = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
pathlib.Path(__file__).with_name("distributions.json").write_text(f'{{"shares":{json.dumps(SHARES)},"cases":[\n{text}\n]}}\n')
