"""Whether a heat map shows what was learnt: it must change when the network's weights are shuffled."""

import copy
import math

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata
from torch import Tensor, nn

from engine.learning.explain import Heat, ScoreTarget, evaluating, explain_target, input_slopes
from engine.progress import Notice, Progress, Work
from engine.words import translatable

SHUFFLES = 3
_SAME, _ALIKE = 0.6, 0.3  # correlations from which a map is much the same, and partly


def check_map(net: nn.Module, image: Tensor, scored: ScoreTarget, method: str, heat: Heat) -> Work[float | None]:
    """Spearman's rank correlation (-1..1) between `heat` and the maps of `SHUFFLES` networks whose weights are shuffled, their mean; None
    where a map is flat, so that there are no ranks. The maps are compared where there could be heat: within the regions of objects, which
    are given, else where what is explained can be reached from. Beyond that all maps are cold, whatever was learnt.

    Source: Adebayo and others, "Sanity checks for saliency maps", 2018. There weights are drawn anew as at the start of a training;
    shuffled within each tensor they keep their size, so that deep networks do not fall silent.
    """
    regions, others = scored.regions, []
    seen = _reached(net, image, scored, heat) if regions is None else _within(regions, heat.shape)
    for seed in range(SHUFFLES):
        yield Progress(seed, SHUFFLES)
        other = shuffled(net, seed)
        found = yield from explain_target(other, image, scored, method)
        others.append(found)
        if regions is None:
            seen |= _reached(other, image, scored, found)
    known = [value for found in others if (value := rank_correlation(heat[seen], found[seen])) is not None]
    return float(np.mean(known)) if known else None


def _reached(net: nn.Module, image: Tensor, scored: ScoreTarget, heat: Heat) -> NDArray[np.bool_]:
    """The pixels (h, w) that move the score, and what is warm beside them: maps may be coarser than pixels."""
    with evaluating(net):
        reached: NDArray[np.bool_] = (input_slopes(net, image, scored)[0] != 0).any(0).cpu().numpy()
    return reached | (heat > 0)


def _within(regions: Tensor, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    seen = np.zeros(shape, np.bool_)
    for left, top, right, bottom in regions.tolist():
        seen[math.floor(top) : math.ceil(bottom), math.floor(left) : math.ceil(right)] = True
    return seen


def shuffled(net: nn.Module, seed: int) -> nn.Module:
    """A copy of the network, the values of every parameter in random order; running statistics stay."""
    other = copy.deepcopy(net)
    draw = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in other.parameters():
            order = torch.randperm(parameter.numel(), generator=draw).to(parameter.device)
            parameter.copy_(parameter.reshape(-1)[order].reshape(parameter.shape))
    return other


def rank_correlation(first: Heat, second: Heat) -> float | None:
    """Spearman's rank correlation of two maps of one shape; None where one of them is flat."""
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(rankdata(first.ravel()), rankdata(second.ravel()))[0, 1])


def verdict(correlation: float | None) -> Notice:
    """What `check_map` found, in a sentence."""
    if correlation is None:
        return Notice(translatable("With shuffled weights there is no map at all: this one comes from the weights."))
    values: dict[str, object] = {"value": correlation}
    if abs(correlation) >= _SAME:  # turned into its opposite, it is the image as well
        return Notice(
            translatable(
                "With shuffled weights the map stays much the same (rank correlation {value:.2f}): it shows the image more than what was learnt."
            ),
            values,
        )
    if abs(correlation) >= _ALIKE:
        return Notice(
            translatable(
                "With shuffled weights a part of the map stays (rank correlation {value:.2f}): read it with care, some of it is the image alone."
            ),
            values,
        )
    return Notice(
        translatable(
            "With shuffled weights the map is another one (rank correlation {value:.2f}): it comes from the weights, not from the image alone."
        ),
        values,
    )
