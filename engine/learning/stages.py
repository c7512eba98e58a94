"""How a classification network is built, told in few steps: filters, poolings, residual blocks, fully connected layers."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor, nn

from engine.layer_arithmetic import SlidingWindow, output_size
from engine.learning import models
from engine.learning.tracing import Place, Trace, Watch, own_parameters, watched
from engine.size_flow import SizedLayer, SizeStep

_RESIDUAL = re.compile(r"(layer|blocks\.)[0-9]+")

Kind: TypeAlias = Literal["image", "filter", "max", "average", "global", "blocks", "dense"]


@dataclass(frozen=True)
class NetworkStage:
    """One step. `output` is (channels, height, width) or (units,); the parameters of all stages add up to the network's.

    `count` layers alike follow each other, or residual blocks; the first one has `kernel`, `stride` and `padding` in px and is given
    maps of `before` px a side. `filters` are the sides of a block's filters; `projected` says that the first block's skip goes through a 1x1
    filter.

    `multiply_adds` are those of one image, `activations` the bytes of the maps that are made of it in float32, which a training keeps
    until its way back, and `field` is the side in px of the square of the image that one value sees (0: the whole image). `layers` are all
    that have a window, `step` is the place in the network's `flow` of what makes `output`.
    """

    kind: Kind
    output: tuple[int, ...]
    parameters: int = 0
    before: int = 0
    kernel: int = 0
    stride: int = 1
    padding: int = 0
    count: int = 1
    filters: tuple[int, ...] = ()
    projected: bool = False
    multiply_adds: int = 0
    activations: int = 0
    field: int = 1
    layers: tuple[SizedLayer, ...] = ()
    step: int = 0

    @property
    def after(self) -> int:
        """The side that its first layer's kernel leaves, by the formula: (before + 2 padding - kernel) / stride + 1."""
        return output_size(self.before, self.kernel, self.stride, self.padding)


@dataclass(frozen=True)
class NetworkStages:
    """A network from the image down; `flow` says how the sides of all maps follow from one another (`size_flow.follow_sizes`), where the
    level of a step is ("stage", place)."""

    stages: tuple[NetworkStage, ...]
    flow: tuple[SizeStep, ...] = ()

    @property
    def parameters(self) -> int:
        return sum(stage.parameters for stage in self.stages)

    @property
    def multiply_adds(self) -> int:
        return sum(stage.multiply_adds for stage in self.stages)

    @property
    def activations(self) -> int:
        return sum(stage.activations for stage in self.stages)


def stages(
    arch: str, channels: int, classes: int, size: int, options: Mapping[str, object] | None = None
) -> NetworkStages:
    """The steps of the network that `models.build` makes with its own `options` for images of `size` px with `channels` channels. Only
    shapes are followed (torch's meta device), nothing is computed."""
    net = models.outline(arch, channels=channels, classes=classes, size=size, options=options)
    shape = (channels, size, size)
    trace = _LayerTrace(size)
    image = torch.zeros(1, *shape, device="meta")
    trace.begin(image)
    net.eval()
    with watched(trace.watches(net)), torch.no_grad(), trace:
        net(image)
    found = [NetworkStage("image", shape)]
    group, places = "", {0: 0}  # the place of the stage that each layer belongs to
    rows: list[list[_Row]] = [[]]  # those of each stage
    for row in trace.rows:
        residual = _residual(row.name)
        if residual and residual == group:
            found[-1] = _within(found[-1], row)
        else:
            found = _next(found, row, bool(residual))
        group = residual
        if len(rows) < len(found):
            rows.append([])
        rows[-1].append(row)
        places[row.number] = len(found) - 1
    costly = (_with_costs(stage, own, trace) for stage, own in zip(found, rows, strict=True))
    flow = (replace(step, level=("stage", places.get(step.level[1], 0))) for step in trace.flow.steps)
    return NetworkStages(tuple(costly), tuple(flow))


@dataclass(frozen=True)
class _Row:
    """A layer as it ran, with its `number` in the order in which they began."""

    name: str
    module: nn.Module
    number: int
    output: tuple[int, ...]
    parameters: int


class _LayerTrace(Trace):  # type: ignore[no-untyped-call]
    """Counts layer by layer; what is computed between two belongs to the first of them."""

    def __init__(self, side: int) -> None:
        super().__init__(side)
        self.rows: list[_Row] = []
        self._number = 0
        self._within: list[int] = []

    def level(self, place: Place) -> tuple[str, int]:
        return "layer", self._number

    def watches(self, net: nn.Module) -> Iterator[Watch]:
        for name, module in net.named_modules():
            own = own_parameters(module)
            # what has weights of its own counts beside its parts: a normalisation that holds its activation
            if own or next(module.children(), None) is None:
                yield module, self._enter, partial(self._leave, name, module, sum(each.numel() for each in own))

    def _enter(self) -> None:
        self._number = len(self.rows) + len(self._within) + 1
        self._within.append(self._number)

    def _leave(self, name: str, module: nn.Module, own: int, _given: object, made: object) -> None:
        output = tuple(made.shape[1:]) if isinstance(made, Tensor) else ()
        self.rows.append(_Row(name, module, self._within.pop(), output, own))


def _with_costs(stage: NetworkStage, rows: Sequence[_Row], trace: Trace) -> NetworkStage:
    """The stage with what its layers cost, and make last."""
    tallies = [tally for row in rows if (tally := trace.tallies.get(("layer", row.number))) is not None]
    layers = stage.layers
    if stage.kind not in ("dense", "global"):
        layers += tuple(layer for tally in tallies for layer in tally.layers)
    steps = [tally.step for tally in tallies if tally.step >= 0]
    if steps and layers and layers[0].step < 0:
        layers = (replace(layers[0], step=steps[0]),)
    if len(stage.output) == 3:  # what the next stage begins with may stand behind it
        steps = [step for tally in tallies for shape, step in tally.made if shape == stage.output and step >= 0]
    field = max((tally.field for tally in tallies), default=1.0)
    return replace(
        stage,
        parameters=sum(row.parameters for row in rows),
        multiply_adds=sum(tally.multiply_adds for tally in tallies),
        activations=sum(tally.activations for tally in tallies),
        field=0 if not stage.field or trace.sees_all(field) else round(field),
        layers=layers,
        step=steps[-1] if steps else 0,
    )


def _residual(name: str) -> str:
    """ "layer2" of "layer2.0.conv1", "blocks.2" of "blocks.2.0.conv_pw": the stage of residual blocks that the layer belongs to; "" elsewhere."""
    found = _RESIDUAL.match(name)
    return found[0] if found else ""


def _next(found: list[NetworkStage], row: _Row, residual: bool) -> list[NetworkStage]:
    last = found[-1]
    stage = _stage(row, last)
    if residual and stage is not None:
        return [*found, replace(stage, kind="blocks", filters=(stage.kernel,))]
    if stage is None:  # an activation, a normalisation: it belongs to what it follows
        return found
    if _repeats(last, stage):
        return [*found[:-1], replace(last, count=last.count + 1)]
    return [*found, stage]


def _within(stage: NetworkStage, row: _Row) -> NetworkStage:
    """One more layer of a ResNet's stage; the name says to which block it belongs."""
    module = row.module
    grown: dict[str, Any] = {}
    block, _, layer = row.name.removeprefix(f"{_residual(row.name)}.").partition(".")
    if len(row.output) == 3 and block.isdigit() and (row.output, int(block) + 1) != (stage.output, stage.count):
        grown = {"output": row.output, "count": int(block) + 1}
    if isinstance(module, nn.Conv2d) and layer.startswith("downsample"):
        grown["projected"] = True
    elif isinstance(module, nn.Conv2d) and block == "0":
        kernel = _side(module.kernel_size)
        grown["filters"] = (*stage.filters, kernel)
        if _side(module.stride) > stage.stride:  # where the maps shrink: in bottlenecks the second filter
            grown |= {"stride": _side(module.stride), "kernel": kernel, "padding": _padding(module)}
    return replace(stage, **grown) if grown else stage


def _repeats(last: NetworkStage, stage: NetworkStage) -> bool:
    alike = ("kind", "output", "kernel", "stride", "padding")
    return stage.kind == "filter" and all(getattr(last, name) == getattr(stage, name) for name in alike)


def _stage(row: _Row, last: NetworkStage) -> NetworkStage | None:
    before = last.output[-1] if len(last.output) == 3 else 0
    module = row.module
    if isinstance(module, nn.Linear):
        return NetworkStage("dense", row.output, field=0, layers=(_dense(module, last.output),))
    if isinstance(module, nn.AdaptiveAvgPool2d):
        if row.output == last.output:
            return None
        return NetworkStage("global", row.output, field=0, layers=(_mean(before, row.output),))
    if isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        kind: Kind = (
            "filter" if isinstance(module, nn.Conv2d) else "max" if isinstance(module, nn.MaxPool2d) else "average"
        )
        kernel, stride = _side(module.kernel_size), _side(module.stride)
        return NetworkStage(kind, row.output, 0, before, kernel, stride, _padding(module))
    return None


def _dense(layer: nn.Linear, given: tuple[int, ...]) -> SizedLayer:
    """All to all: on maps, filters as large as they are."""
    maps, side = (given[0], given[-1]) if len(given) == 3 else (layer.in_features, 1)
    if maps * side**2 != layer.in_features:
        maps, side = layer.in_features, 1
    return SizedLayer(
        "dense", side, 1, SlidingWindow(side), maps, layer.out_features, -1, field=math.inf, bias=layer.bias is not None
    )


def _mean(before: int, output: tuple[int, ...]) -> SizedLayer:
    """A pooling to a size of its own, as the window that comes to it."""
    maps, after = output[0], output[-1]
    stride = max(before // after, 1) if after > 1 else 1
    window = SlidingWindow(max(before - (after - 1) * stride, 1), stride)
    return SizedLayer("average", before, after, window, maps, maps, -1, field=math.inf)


def _padding(module: nn.Module) -> int:
    """px added on each side. timm's copies of TensorFlow's networks say none and add what gives size / stride rounded up, as half the
    kernel does."""
    if type(module).__name__ == "Conv2dSame":
        return _side(module.kernel_size) // 2
    return _side(module.padding)


def _side(value: Any) -> int:
    """A module keeps its sides as a number or as a pair."""
    return int(value[0]) if isinstance(value, Sequence) else int(value)
