"""How much of the gradient reaches each layer: by hand for a chain, and as the textbook has it for deep networks."""

import math
from pathlib import Path

import pytest
import torch
from torch import nn

from engine.learning.gradients import compare_gradients, gradient_norms, weighed_layers
from engine.learning.vanishing import LEAST, GradientStep, GradientTrial, findings, trial_of
from engine.progress import Notice, result_of


def test_norms_are_those_of_a_chain_by_hand() -> None:
    """y = w3 w2 w1 x: the gradient of each weight is the product of the others with x."""
    net = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.Conv2d(1, 1, 1, bias=False), nn.Flatten(), nn.Linear(1, 1))
    for layer, weight in zip(weighed_layers(net), (2.0, 0.5, 4.0), strict=True):
        nn.init.constant_(layer.get_parameter("weight"), weight)
    net(torch.full((1, 1, 1, 1), 3.0)).sum().backward()
    assert gradient_norms(weighed_layers(net)) == pytest.approx((6, 24, 3))


def test_a_trial_takes_geometric_means_of_its_steps() -> None:
    steps = [GradientStep("relu", 1, 2.0, (1e-4, 1.0, 5.0)), GradientStep("relu", 2, 1.0, (1e-8, 4.0, 5.0))]
    trial = trial_of(steps, 3.0)
    assert trial.norms == pytest.approx((1e-6, 2, 5)) and trial.losses == (2.0, 1.0)
    assert trial.ratio == pytest.approx(5e-7), "against the last convolution"
    assert trial_of([GradientStep("relu", 1, 2.0, (0.0, 1.0, 1.0))], 1.0).ratio == pytest.approx(LEAST, rel=0.5)


def test_the_textbook_is_seen_at_twenty_layers(classes: Path) -> None:
    work = compare_gradients(classes, 20, seconds=0, steps=3, where="cpu")
    events: list[GradientStep] = []
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            found: dict[str, GradientTrial] = stop.value
            break
        if isinstance(event, GradientStep):
            events.append(event)
    assert [(e.candidate, e.step) for e in events] == [
        (name, step) for name in ("sigmoid", "relu", "norm", "residual") for step in (1, 2, 3)
    ]
    assert all(len(event.norms) == 20 for event in events)
    assert found["sigmoid"].ratio < 1e-6 < 0.05 < min(found[name].ratio for name in ("relu", "norm", "residual"))
    assert all(trial.seconds > 0 and math.isfinite(trial.end) for trial in found.values())
    said = [notice.text for notice in findings(found, 20)]
    assert len(said) == 5 and "vanishes" in said[0] and "plain, sigmoid, 20 layers" in said[0]
    assert "vanishes" not in " ".join(said[1:4])


def test_both_twins_see_the_same_batches_and_the_time_is_a_limit(classes: Path) -> None:
    pair = result_of(compare_gradients(classes, 20, seconds=0.01, candidates=("norm", "norm"), where="cpu"))
    assert len(pair["norm"].losses) == 1
    again = result_of(compare_gradients(classes, 20, steps=1, candidates=("norm",), where="cpu"))
    assert again["norm"].losses == pair["norm"].losses
    with pytest.raises(ValueError, match="limit"):
        result_of(compare_gradients(classes, 20, seconds=0))


def trial(name: str, ratio: float, end: float, *, broke: bool = False) -> GradientTrial:
    return GradientTrial(name, (2.0, end), (ratio, 1.0, 1.0), 1.0, broke)


@pytest.mark.parametrize(
    ("ends", "word"),
    [((1.0, 0.5), "Skips helped"), ((0.5, 1.0), "Unlike in textbooks"), ((0.5, 0.51), "no difference")],
)
def test_what_skips_did_is_said_whatever_it_was(ends: tuple[float, float], word: str) -> None:
    found = {"norm": trial("norm", 1.0, ends[0]), "residual": trial("residual", 1.0, ends[1])}
    last: Notice = list(findings(found, 56))[-1]
    assert word in last.text and f"{ends[0]:.2f}" in last.text and f"{ends[1]:.2f}" in last.text


def test_what_did_not_learn_is_not_compared() -> None:
    found = {name: GradientTrial(name, (0.7, 0.69), (1.0, 1.0, 1.0), 1.0) for name in ("norm", "residual")}
    said = [notice.text for notice in findings(found, 56)]
    assert "and yet it hardly learns" in said[0] and "give them more" in said[2]


@pytest.mark.parametrize(
    ("ratio", "broke", "word"),
    [
        (1e-9, False, "vanishes. The first layer gets 1.0·10⁻⁹"),
        (0.02, False, "shrinks"),
        (3.0, False, "does not vanish"),
        (1.0, True, "explode"),
    ],
)
def test_what_a_gradient_does_is_said_with_its_figures(ratio: float, broke: bool, word: str) -> None:
    (said,) = findings({"relu": trial("relu", ratio, 1.5, broke=broke)}, 56)
    assert word in said.text and "plain, ReLU, 56 layers" in said.text


def test_what_no_number_holds_is_said_to_be_nothing() -> None:
    (said,) = findings({"sigmoid": trial_of([GradientStep("sigmoid", 1, 0.7, (0.0, 0.1, 0.1))], 1.0)}, 56)
    assert "Nothing of it reaches the first layer" in said.text
