"""How a classification network is built, told in few steps: filters, poolings, residual blocks, fully connected layers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from torch import nn

from engine.layer_arithmetic import output_size
from engine.learning import models
from engine.learning.inspect import NetworkLayer, layer_table

_RESIDUAL = re.compile(r"(layer|blocks\.)[0-9]+")

Kind: TypeAlias = Literal["image", "filter", "max", "average", "global", "blocks", "dense"]


@dataclass(frozen=True)
class NetworkStage:
    """One step. `output` is (channels, height, width) or (units,); the parameters of all stages add up to the network's.

    `count` layers alike follow each other, or residual blocks; the first one has `kernel`, `stride` and `padding` in px and is given
    maps of `before` px a side. `filters` are the sides of a block's filters; `projected` says that the first block's skip goes through a 1x1
    filter.
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

    @property
    def after(self) -> int:
        """The side that its first layer's kernel leaves, by the formula: (before + 2 padding - kernel) / stride + 1."""
        return output_size(self.before, self.kernel, self.stride, self.padding)


def stages(
    arch: str, channels: int, classes: int, size: int, options: Mapping[str, object] | None = None
) -> tuple[NetworkStage, ...]:
    """The steps of the network that `models.build` makes with its own `options` for images of `size` px with `channels` channels; nothing
    is computed."""
    net = models.outline(arch, channels=channels, classes=classes, size=size, options=options)
    shape = (channels, size, size)
    found = [NetworkStage("image", shape)]
    group = ""
    for row in layer_table(net, shape):
        module, residual = net.get_submodule(row.name), _residual(row.name)
        if residual and residual == group:
            found[-1] = _within(found[-1], row, module)
        else:
            found = _next(found, row, module, bool(residual))
        group = residual
    return tuple(found)


def _residual(name: str) -> str:
    """ "layer2" of "layer2.0.conv1", "blocks.2" of "blocks.2.0.conv_pw": the stage of residual blocks that the layer belongs to; "" elsewhere."""
    found = _RESIDUAL.match(name)
    return found[0] if found else ""


def _next(found: list[NetworkStage], row: NetworkLayer, module: nn.Module, residual: bool) -> list[NetworkStage]:
    last = found[-1]
    stage = _stage(row, module, last)
    if residual and stage is not None:
        return [*found, replace(stage, kind="blocks", filters=(stage.kernel,))]
    if stage is None:  # an activation, a normalisation: it belongs to what it follows
        return [*found[:-1], replace(last, parameters=last.parameters + row.parameters)]
    if _repeats(last, stage):
        return [*found[:-1], replace(last, count=last.count + 1, parameters=last.parameters + row.parameters)]
    return [*found, stage]


def _within(stage: NetworkStage, row: NetworkLayer, module: nn.Module) -> NetworkStage:
    """One more layer of a ResNet's stage; the name says to which block it belongs."""
    grown = replace(stage, parameters=stage.parameters + row.parameters)
    block, layer = row.name.removeprefix(f"{_residual(row.name)}.").split(".", 1)
    if len(row.output) == 3:
        grown = replace(grown, output=row.output, count=int(block) + 1)
    if isinstance(module, nn.Conv2d):
        if layer.startswith("downsample"):
            return replace(grown, projected=True)
        if block == "0":
            grown = replace(grown, filters=(*grown.filters, _side(module.kernel_size)))
            if _side(module.stride) > stage.stride:  # where the maps shrink: in bottlenecks the second filter
                grown = replace(grown, stride=_side(module.stride), kernel=grown.filters[-1], padding=_padding(module))
    return grown


def _repeats(last: NetworkStage, stage: NetworkStage) -> bool:
    return stage.kind == last.kind == "filter" and stage == replace(
        last, before=stage.before, parameters=stage.parameters, count=1
    )


def _stage(row: NetworkLayer, module: nn.Module, last: NetworkStage) -> NetworkStage | None:
    before = last.output[-1] if len(last.output) == 3 else 0
    if isinstance(module, nn.Linear):
        return NetworkStage("dense", row.output, row.parameters)
    if isinstance(module, nn.AdaptiveAvgPool2d):
        return None if row.output == last.output else NetworkStage("global", row.output)
    if isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        kind: Kind = (
            "filter" if isinstance(module, nn.Conv2d) else "max" if isinstance(module, nn.MaxPool2d) else "average"
        )
        kernel, stride = _side(module.kernel_size), _side(module.stride)
        return NetworkStage(kind, row.output, row.parameters, before, kernel, stride, _padding(module))
    return None


def _padding(module: nn.Module) -> int:
    """px added on each side. timm's copies of TensorFlow's networks say none and add what gives size / stride rounded up, as half the
    kernel does."""
    if type(module).__name__ == "Conv2dSame":
        return _side(module.kernel_size) // 2
    return _side(module.padding)


def _side(value: Any) -> int:
    """A module keeps its sides as a number or as a pair."""
    return int(value[0]) if isinstance(value, Sequence) else int(value)
