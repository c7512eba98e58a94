"""How the sides of maps follow from one another through a network whose ways branch and join: plain data, reckoned without a network."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from engine.errors import EngineError
from engine.layer_arithmetic import SlidingWindow, output_size, transposed_size

Rule: TypeAlias = Literal[
    "fixed",  # `side`, whatever comes in: the image, a mean of all, an enlargement to the image's own size
    "same",  # as what comes in
    "slide",  # a filter or a pooling
    "enlarge",  # a transposed filter
    "scale",  # `factor` times as large, rounded down
    "ceil",  # a filter that pads itself: what comes in by its stride, rounded up
    "shift",  # `extra` px more or less
    "like",  # brought to the size of the second
    "crop",  # cut out of the first, `extra` px from its edge, as large as the second, or as `side` where there is none
    "join",  # all that come in, which must be alike
    "unpool",  # the first is put where the second, a pooling, took it from: as large as the third
    "unknown",  # known as the network stands alone
]


@dataclass(frozen=True)
class SizeStep:
    """One operation on maps. `inputs` are places of steps before it, `side` the px that it makes as the network stands.

    `level` is (part, depth) of the level that it belongs to, as NetworkLevel has them, `skips` for each of the `inputs` of a joining, and
    for the first of what is cropped, the depth of the encoder that it comes from (-1: it is no skip connection).
    """

    rule: Rule
    inputs: tuple[int, ...]
    side: int
    level: tuple[str, int]
    window: SlidingWindow | None = None
    extra: int = 0
    factor: float = 1.0
    ceil: bool = False
    skips: tuple[int, ...] = ()


LayerKind: TypeAlias = Literal["filter", "up", "max", "average", "dense"]


@dataclass(frozen=True)
class SizedLayer:
    """A layer of a network that looks through a window, per side: of maps of `before` px it makes some of `after` px, at the place `step` of
    the flow. Each of its `outputs` maps comes of `inputs` of them; a filter that enlarges ("up") adds `extra` px at the edge, and with
    `ceil` a rest there makes a value too. A value that it is given sees `field` px of the image (infinite: all of it) and lies `jump` px
    from the next (0: it is given a region that was cut out of the maps, as large as may be). `bias`: each map of a filter has one.

    A fully connected layer ("dense") is the filter that is as large as the maps, or of 1 px behind another one.
    """

    kind: LayerKind
    before: int
    after: int
    window: SlidingWindow
    inputs: int
    outputs: int
    step: int
    extra: int = 0
    ceil: bool = False
    field: float = 1.0
    jump: float = 1.0
    bias: bool = True


@dataclass(frozen=True)
class Misfit:
    """Where maps that are joined are not alike: `kept` px, which those behind are reckoned with, and `other` px. `skip` is the depth of the
    encoder that the others are handed over from, -1 where both are the level's own. `cropped`: the others are larger, and the network
    itself cuts them to size."""

    level: tuple[str, int]
    skip: int
    kept: int
    other: int
    cropped: bool = False


@dataclass(frozen=True)
class FollowedSizes:
    """The side in px that each step makes: 0 from where a filter no longer fits, None where it cannot be known."""

    sides: tuple[int | None, ...]
    misfits: tuple[Misfit, ...]


def follow_sizes(steps: Sequence[SizeStep], changed: Mapping[int, int] | None = None) -> FollowedSizes:
    """The sides where the steps in `changed` make so many px instead of their own."""
    sides: list[int | None] = []
    misfits: list[Misfit] = []
    for place, step in enumerate(steps):
        given = [sides[at] for at in step.inputs]
        if changed is not None and place in changed:
            sides.append(changed[place])
        elif step.rule == "fixed":
            sides.append(step.side)
        elif 0 in given:
            sides.append(0)
        elif step.rule == "unknown":
            as_it_stands = all(side == steps[at].side for side, at in zip(given, step.inputs, strict=True))
            sides.append(step.side if as_it_stands else None)
        elif None in given:
            sides.append(None)
        else:
            known = [side for side in given if side is not None]
            sides.append(reckoned(step, known))
            misfits += _misfits(step, known, steps[step.inputs[0]].side - step.side)
    return FollowedSizes(tuple(sides), tuple(dict.fromkeys(misfits)))


def reckoned(step: SizeStep, given: Sequence[int]) -> int:
    """The px that a step makes of those that are `given`; 0 where its filter does not fit."""
    try:
        return _made(step, given)
    except EngineError:  # it does not fit
        return 0


def _made(step: SizeStep, given: Sequence[int]) -> int:
    window = step.window
    match step.rule:
        case "slide":
            assert window is not None
            padded = (window.kernel, window.stride, window.padding, window.dilation)
            made = output_size(given[0], *padded)
            rest = (given[0] + 2 * window.padding - window.reach) % window.stride
            return made + bool(step.ceil and rest)
        case "enlarge":
            assert window is not None
            made = transposed_size(given[0], window.kernel, window.stride, window.padding, window.dilation)
            return made + step.extra
        case "scale":
            return math.floor(given[0] * step.factor)
        case "ceil":
            return math.ceil(given[0] / step.factor)
        case "shift":
            return max(given[0] + step.extra, 0)
        case "like":
            return given[1]
        case "crop":
            return min(given[1] if len(given) > 1 else step.side, max(given[0] - step.extra, 0))
        case "unpool":
            return given[2]
        case _:
            return given[0]


def _misfits(step: SizeStep, given: Sequence[int], as_it_stands: int) -> list[Misfit]:
    """`as_it_stands`: how many px the network cuts off without any change."""
    if step.rule == "unpool" and given[0] != given[1]:
        return [Misfit(step.level, step.level[1], given[0], given[1])]
    if step.rule == "crop" and len(given) > 1 and step.skips and given[0] - given[1] > as_it_stands:
        return [Misfit(step.level, step.skips[0], given[1], given[0], cropped=True)]
    if step.rule != "join":
        return []
    return [
        Misfit(step.level, skip, given[0], other)
        for other, skip in zip(given[1:], step.skips[1:], strict=True)
        if other != given[0]
    ]
