"""Sizes through branches, by hand: each rule, what does not fit, and what cannot be known."""

import pytest

from engine.layer_arithmetic import SlidingWindow
from engine.size_flow import Misfit, Rule, SizeStep, follow_sizes, reckoned

ENCODER, DECODER = ("encoder", 0), ("decoder", 0)


def step(rule: Rule, *inputs: int, side: int = 0, **more: object) -> SizeStep:
    return SizeStep(rule, inputs, side, DECODER, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "given", "made"),
    [
        (step("same", 0), [9], 9),
        (step("slide", 0, window=SlidingWindow(5)), [32], 28),
        (step("slide", 0, window=SlidingWindow(2, 2)), [15], 7),
        (step("slide", 0, window=SlidingWindow(2, 2), ceil=True), [15], 8),
        (step("slide", 0, window=SlidingWindow(2, 2), ceil=True), [16], 8),
        (step("slide", 0, window=SlidingWindow(5)), [4], 0),
        (step("enlarge", 0, window=SlidingWindow(2, 2)), [7], 14),
        (step("enlarge", 0, window=SlidingWindow(3, 2, 1), extra=1), [7], 14),
        (step("scale", 0, factor=2.0), [7], 14),
        (step("scale", 0, factor=1.5), [7], 10),
        (step("ceil", 0, factor=2.0), [15], 8),
        (step("shift", 0, extra=-3), [2], 0),
        (step("like", 0, 1), [3, 8], 8),
        (step("crop", 0, 1), [9, 6], 6),
        (step("crop", 0, 1, extra=5), [9, 6], 4),
        (step("crop", 0, side=5), [9], 5),
        (step("unpool", 0, 1, 2), [4, 4, 9], 9),
        (step("join", 0, 1), [4, 5], 4),
    ],
)
def test_what_a_step_makes(one: SizeStep, given: list[int], made: int) -> None:
    assert reckoned(one, given) == made


def test_what_is_joined_and_not_alike_is_said_once_and_the_deeper_goes_on() -> None:
    steps = [
        SizeStep("fixed", (), 8, ENCODER),
        SizeStep("slide", (0,), 8, ENCODER, SlidingWindow(3, 1, 1)),
        SizeStep("slide", (1,), 4, ("encoder", 1), SlidingWindow(2, 2)),
        SizeStep("enlarge", (2,), 8, DECODER, SlidingWindow(2, 2)),
        SizeStep("join", (3, 1), 8, DECODER, skips=(-1, 0)),
        SizeStep("same", (4,), 8, DECODER),
    ]
    assert follow_sizes(steps).sides == (8, 8, 4, 8, 8, 8) and not follow_sizes(steps).misfits
    found = follow_sizes(steps, {1: 7})
    assert found.sides == (8, 7, 3, 6, 6, 6) and found.misfits == (Misfit(DECODER, 0, 6, 7),)
    cropping = [
        *steps[:4],
        SizeStep("crop", (1, 3), 8, DECODER, skips=(0,)),
        SizeStep("join", (3, 4), 8, DECODER, skips=(-1, 0)),
    ]
    found = follow_sizes(cropping, {1: 7})
    assert found.misfits == (Misfit(DECODER, 0, 6, 7, cropped=True),) and found.sides[-1] == 6


def test_what_cannot_be_known_is_so_behind_a_change_alone() -> None:
    steps = [
        SizeStep("fixed", (), 8, ENCODER),
        SizeStep("slide", (0,), 8, ENCODER, SlidingWindow(3, 1, 1)),
        SizeStep("unknown", (1,), 5, ENCODER),
        SizeStep("same", (2,), 5, ENCODER),
        SizeStep("fixed", (), 8, DECODER),
    ]
    assert follow_sizes(steps).sides == (8, 8, 5, 5, 8)
    assert follow_sizes(steps, {1: 7}).sides == (8, 7, None, None, 8)
    assert follow_sizes(steps, {1: 0}).sides == (8, 0, 0, 0, 8)
