"""Records, operation by operation, how the sides of a network's maps follow from one another, while it runs on the meta device."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from engine.layer_arithmetic import SlidingWindow
from engine.size_flow import SizeStep, reckoned

_JOINS = ("cat", "add", "add_", "sub", "mul", "mul_", "div", "maximum")
_ADAPTIVE = ("_adaptive_avg_pool2d", "adaptive_max_pool2d")
_SHRINKING = ("mean", "sum", "new_zeros")  # to a side of their own; the last stands for regions that are cut out


class FlowRecorder:
    """`steps` in the order in which they ran. Maps are taken for squares; what is not maps any more (tokens, the weights of gates) keeps
    the side of the maps that it was made of. A step that this cannot explain is "unknown"."""

    def __init__(self, *, crops: bool = False) -> None:
        """`crops`: what the encoder hands over is cropped where it is too large; as it fits, that leaves no trace."""
        self.crops = crops
        self.steps: list[SizeStep] = []
        self._of: dict[int, int] = {}  # the step of each tensor, by its id
        self._kept: list[Tensor] = []  # so that no id comes twice
        self._enlarged: dict[int, int] = {}  # steps that were brought to a size, and what of
        self._taken: dict[int, tuple[int, int]] = {}  # of a pooling's indices: the pooling, and what it pooled

    def begin(self, image: Tensor) -> None:
        self._add(SizeStep("fixed", (), int(image.shape[-1]), ("encoder", 0)), [image])

    def record(
        self,
        name: str,
        args: Sequence[Any],
        given: Sequence[tuple[Tensor, int]],
        made: Sequence[Tensor],
        level: tuple[str, int],
    ) -> int:
        """The place of the step of an operation `name` that made `made`, -1 where that is no map; `given` are all that go back to the image,
        each with the depth of the encoder that it comes from."""
        if not made:
            return -1
        first = given[0][0]
        if name == "scatter" and id(args[2]) in self._taken:
            pool, source = self._taken[id(args[2])]
            step = SizeStep("unpool", (self._of[id(args[3])], pool, source), self.steps[source].side, level)
        elif name in _JOINS and len(given) > 1:
            step = self._join(given, made[0], level)
        else:
            step = self._single(name, args, first, made[0], level)
        place = self._add(step, made)
        if name.startswith("upsample") and not _scaled(args):
            self._enlarged[place] = self._of[id(first)]
        if "max_pool" in name and len(made) > 1:
            self._taken[id(made[1])] = place, self._of[id(first)]
        elif id(first) in self._taken:
            self._taken |= {id(tensor): self._taken[id(first)] for tensor in made}
        return place

    def _add(self, step: SizeStep, made: Sequence[Tensor]) -> int:
        given = [self.steps[at].side for at in step.inputs]
        if given and not (step.rule == "same" and given[0] == step.side) and reckoned(step, given) != step.side:
            step = replace(step, rule="unknown")
        place = len(self.steps)
        self.steps.append(step)
        for tensor in made:
            self._of[id(tensor)] = place
        self._kept += made
        return place

    def _single(self, name: str, args: Sequence[Any], given: Tensor, made: Tensor, level: tuple[str, int]) -> SizeStep:
        place = self._of[id(given)]
        before = self.steps[place].side
        side = int(made.shape[-1]) if made.ndim == 4 else before
        if name == "convolution":
            window = SlidingWindow(int(args[1].shape[-1]), int(args[3][0]), int(args[4][0]), int(args[5][0]))
            if args[6]:
                return SizeStep("enlarge", (place,), side, level, window, int(args[7][0]))
            return self._padded(SizeStep("slide", (place,), side, level, window))
        if name.startswith(("max_pool", "avg_pool")):
            window, ceil = pooling(name, args)
            return SizeStep("slide", (place,), side, level, window, ceil=ceil)
        step = SizeStep("same", (place,), side, level)
        if name.startswith("upsample"):
            scale = _scaled(args)
            return replace(step, rule="scale", factor=scale) if scale else replace(step, rule="fixed", inputs=())
        if name == "pixel_shuffle":
            return replace(step, rule="scale", factor=float(args[1]))
        if made.ndim == 4 and (name.startswith(_ADAPTIVE) or (name in _SHRINKING and side != before)):
            return replace(step, rule="fixed", inputs=())
        if name == "slice" and made.ndim == 4 and int(args[1]) in (3, -1):
            start = int(args[2] or 0)
            centred = before - side - 2 * start in (0, 1)  # it follows the size
            return replace(step, rule="crop", extra=0 if centred else start)
        if name.endswith("_pad_nd") or name.startswith(("reflection_pad", "replication_pad")):
            return replace(step, rule="shift", extra=side - before)
        return step

    def _padded(self, step: SizeStep) -> SizeStep:
        """A filter behind a padding that was reckoned from the size pads itself: as many px come out as strides go in."""
        before, window = self.steps[step.inputs[0]], step.window
        assert window is not None
        if before.rule != "shift" or before.extra <= 0 or window.padding:
            return step
        whole = self.steps[before.inputs[0]].side
        if step.side != math.ceil(whole / window.stride):
            return step
        return replace(step, rule="ceil", inputs=before.inputs, factor=float(window.stride), window=None)

    def _join(self, given: Sequence[tuple[Tensor, int]], made: Tensor, level: tuple[str, int]) -> SizeStep:
        """What comes from deepest stands first: its size goes on where the others do not fit."""
        largest, _ = max(given, key=lambda each: each[0].numel())
        side = int(made.shape[-1]) if made.ndim == 4 else self.steps[self._of[id(largest)]].side
        if any(tensor.ndim != 4 or tensor.shape[-1] != made.shape[-1] for tensor, _ in given):
            return SizeStep("same", (self._of[id(largest)],), side, level)  # a gate, or tokens
        ranked = sorted(given, key=lambda each: -each[1])
        froms = [origin for _, origin in ranked]
        places = [self._of[id(tensor)] for tensor, _ in ranked]
        skips = tuple(one if level[0] == "decoder" and one < froms[0] else -1 for one in froms)
        self._settle(places, skips)
        if self.crops:
            for at, skip in enumerate(skips):
                if skip >= 0 and self._sized(places[at]) is None:
                    self.steps.append(SizeStep("crop", (places[at], places[0]), side, level, skips=(skip,)))
                    places[at] = len(self.steps) - 1
        return SizeStep("join", tuple(places), side, level, skips=skips)

    def _settle(self, places: Sequence[int], skips: Sequence[int]) -> None:
        """What was brought to a size takes it from what it is joined with; `skips` as those of a joining."""
        sized = {place: self._sized(place) for place in places}
        firm = [place for place, found in sized.items() if found is None]
        for found, skip in zip(sized.values(), skips, strict=False):
            target = self._before(firm[0], found) if found is not None and firm else None
            if found is None or target is None:
                continue
            step = self.steps[found]
            if step.rule == "crop":
                self.steps[found] = replace(step, inputs=(step.inputs[0], target), skips=(skip,))
            else:
                self.steps[found] = replace(step, rule="like", inputs=(self._enlarged[found], target))

    def _sized(self, place: int) -> int | None:
        """The step that gave a map its size, where nothing has changed it since; None where it came of itself."""
        while True:
            step = self.steps[place]
            if place in self._enlarged or step.rule == "crop":
                return place
            if step.rule not in ("same", "slide") or self.steps[step.inputs[0]].side != step.side:
                return None
            place = step.inputs[0]

    def _before(self, place: int, other: int) -> int | None:
        """The same map as it was before that other step ran, of the same size."""
        if place < other:
            return place
        alike = [at for at in self.steps[place].inputs if self.steps[at].side == self.steps[place].side]
        return next((found for at in alike if (found := self._before(at, other)) is not None), None)


def pooling(name: str, args: Sequence[Any]) -> tuple[SlidingWindow, bool]:
    """The window of a max or average pooling, and whether a rest at the edge makes a value too."""
    kernel, stride = _first(args[1]), _first(args[2]) if len(args) > 2 and args[2] else _first(args[1])
    padding = _first(args[3]) if len(args) > 3 else 0
    dilates = name.startswith("max_pool")
    dilation = _first(args[4]) if dilates and len(args) > 4 else 1
    ceil = bool(args[5] if dilates and len(args) > 5 else args[4] if not dilates and len(args) > 4 else False)
    return SlidingWindow(kernel, stride, padding, dilation), ceil


def _first(value: Any) -> int:
    return int(value[0]) if isinstance(value, Sequence) else int(value)


def _scaled(args: Sequence[Any]) -> float:
    """How many times as large an enlargement makes maps; 0 where it was told the size."""
    last = args[-1]
    if isinstance(last, Sequence) and last:
        last = last[-1]
    return float(last) if isinstance(last, float) else 0.0
