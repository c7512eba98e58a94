"""What a network is made of, counted from the network itself: layers, output sizes, parameters, multiply-adds."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from engine import catalog
from engine.learning import models
from engine.learning.meta_shapes import QuickShapes


@dataclass(frozen=True)
class NetworkLayer:
    """One layer as it ran. `output` is its shape without the batch; `multiply_adds` are those of one image."""

    name: str
    kind: str
    output: tuple[int, ...]
    parameters: int
    multiply_adds: int


@dataclass(frozen=True)
class Summary:
    """`layers` counts as the papers do: convolutions and fully connected layers, projections of shortcuts left out."""

    parameters: int
    layers: int
    multiply_adds: int


def layer_table(net: nn.Module, shape: Sequence[int]) -> list[NetworkLayer]:
    """The layers in the order in which they run over one image of `shape` (channels, height, width).

    Works on any device; on torch's meta device (models.outline) nothing is computed. Products inside attention belong to no
    layer and are missing here, but not in `summary`.
    """
    rows: list[NetworkLayer] = []
    names = {module: name for name, module in net.named_modules()}

    def note(module: nn.Module, inputs: tuple[Any, ...], output: object) -> None:
        if isinstance(output, Tensor):
            own = sum(parameter.numel() for parameter in module.parameters(recurse=False))
            made = tuple(output.shape[1:])
            work = _multiply_adds(module, inputs, output)
            rows.append(NetworkLayer(names[module], type(module).__name__, made, own, work))

    # what has weights of its own counts beside its parts: a normalisation that holds its activation
    leaves = [m for m in net.modules() if not list(m.children()) or list(m.parameters(recurse=False))]
    hooks = [module.register_forward_hook(note) for module in leaves]
    on_meta = any(parameter.is_meta for parameter in net.parameters())
    try:
        with QuickShapes() if on_meta else nullcontext():  # type: ignore[no-untyped-call]
            _run(net, shape)
    finally:
        for hook in hooks:
            hook.remove()
    return rows


def _multiply_adds(module: nn.Module, inputs: tuple[Any, ...], made: Tensor) -> int:
    if isinstance(module, nn.Linear):
        return made.numel() * module.in_features
    if isinstance(module, nn.ConvTranspose2d):
        return int(inputs[0].numel()) * module.weight[0].numel()
    if isinstance(module, nn.Conv2d):
        return made[0, 0].numel() * module.weight.numel()  # each weight once a place
    return 0


def _run(net: nn.Module, shape: Sequence[int]) -> None:
    device = next((parameter.device for parameter in net.parameters()), torch.device("cpu"))
    training = net.training
    net.eval()
    try:
        with torch.no_grad():
            net(torch.zeros(1, *shape, device=device))
    finally:
        net.train(training)


def multiply_adds(net: nn.Module, shape: Sequence[int]) -> int:
    """Multiplications with their additions for one image of `shape` (channels, height, width), attention included."""
    with FlopCounterMode(display=False) as counter:
        _run(net, shape)
    return int(counter.get_total_flops()) // 2


def weight_layers(rows: Sequence[NetworkLayer]) -> int:
    """How deep the papers would call it: the layers with weights to learn, without normalisations and shortcuts' projections."""
    kinds = ("Conv2d", "ConvTranspose2d", "Linear")
    return sum(any(kind in row.kind for kind in kinds) and "downsample" not in row.name for row in rows)


def summary(arch: str) -> Summary:
    """Counted from the network that `models.build` makes for the row's own input, encoder and classes."""
    row = catalog.find(arch)
    height, width, channels = input_shape(arch)
    net = models.outline(arch, channels=channels, classes=row.classes, size=height)
    shape = (channels, height, width)
    rows = layer_table(net, shape)
    return Summary(models.count_parameters(net), weight_layers(rows), multiply_adds(net, shape))


def input_shape(arch: str) -> tuple[int, int, int]:
    """(height, width, channels) of the row's default input."""
    height, width, channels = (int(part) for part in catalog.find(arch).input.split("x"))
    return height, width, channels
