"""Sizes behind a changed layer, against what the changed network itself does."""

import itertools
import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache

import pytest
import torch
from torch import nn

from engine.learning import models
from engine.learning.levels import NetworkLevel, NetworkLevels, levels, traced
from engine.learning.nets.any_size import AnySize, OverlapTile
from engine.size_flow import FollowedSizes, Misfit, SizedLayer, follow_sizes

NETWORKS = ("unet", "segnet", "fcn8s", "unet-smp", "linknet", "deeplabv3+", "pan")
REST = ("unet++", "manet", "fpn", "pspnet", "upernet", "segformer", "dpt", "fcn32s", "fcn16s", "fcn-resnet")
CHANGES: tuple[dict[str, int], ...] = (
    {"kernel": 5},
    {"padding": 3},
    {"stride": 2},
    {"dilation": 3},
)
SIDE = 128


def _built(arch: str, **options: object) -> tuple[nn.Module, NetworkLevels]:
    wrapped = models.outline(arch, encoder="", channels=3, classes=3, size=SIDE, options=options)
    assert isinstance(wrapped, AnySize)
    side = wrapped.padded(SIDE) + (2 * wrapped.margin if isinstance(wrapped, OverlapTile) else 0)
    return wrapped.net, traced(wrapped.net, (3, side, side))


@cache
def _as_it_stands(arch: str) -> tuple[nn.Module, NetworkLevels, list[tuple[tuple[int, ...], str]]]:
    """A network, its levels, and its filters in the order in which they run: by what they are given and what they make, and by name."""
    net, found = _built(arch)
    filters = list[tuple[tuple[int, ...], str]]()

    def look(name: str) -> Callable[..., None]:
        def seen(layer: nn.Conv2d, given: tuple[torch.Tensor, ...], _made: object) -> None:
            shape = layer.in_channels, layer.out_channels, layer.kernel_size[0], layer.stride[0], layer.dilation[0]
            filters.append(((*shape, given[0].shape[-1]), name))

        return seen

    convolutions = [(name, layer) for name, layer in net.named_modules() if isinstance(layer, nn.Conv2d)]
    hooks = [layer.register_forward_hook(look(name)) for name, layer in convolutions]
    net(torch.zeros(1, *found.image, device="meta"))
    for hook in hooks:
        hook.remove()
    return net, found, filters


def _change(layer: nn.Module, wish: dict[str, int]) -> None:
    assert isinstance(layer, nn.Conv2d)
    kernel = wish.get("kernel", layer.kernel_size[0])
    if kernel != layer.kernel_size[0]:
        shape = (*layer.weight.shape[:2], kernel, kernel)
        layer.weight = nn.Parameter(torch.empty(shape, device="meta"), requires_grad=True)
        layer.kernel_size = (kernel, kernel)
    for name in ("stride", "padding", "dilation"):
        if name in wish:
            setattr(layer, name, (wish[name],) * 2)


def _filter(level: NetworkLevel) -> SizedLayer:
    """The first filter of a level that does not enlarge."""
    return next(layer for layer in level.layers if layer.kind == "filter")


def _after(layer: SizedLayer, wish: dict[str, int]) -> int:
    window = replace(layer.window, **wish)
    if layer.kind == "up":
        return (layer.before - 1) * window.stride + window.reach - 2 * window.padding
    return max(math.floor((layer.before + 2 * window.padding - window.reach) / window.stride) + 1, 0)


@pytest.mark.parametrize("wish", CHANGES, ids=str)
@pytest.mark.parametrize("arch", NETWORKS)
def test_what_is_reckoned_is_what_the_changed_network_makes(arch: str, wish: dict[str, int]) -> None:
    before_the_change, before, filters = _as_it_stands(arch)
    encoder = [level for level in before.levels if level.part == "encoder" and level.filters]
    for place, level in enumerate(encoder):
        first = _filter(level)
        wanted = (
            first.inputs,
            first.outputs,
            first.window.kernel,
            first.window.stride,
            first.window.dilation,
            first.before,
        )
        said = follow_sizes(before.flow, {first.step: _after(first, wish)})
        net = deepcopy(before_the_change)
        _change(net.get_submodule(next(name for shape, name in filters if shape == wanted)), wish)
        _hold_against(net, before, said, f"{arch} {place}")


def _hold_against(net: nn.Module, before: NetworkLevels, said: FollowedSizes, which: str) -> None:
    """What is said of a changed network against what it does."""
    try:
        truth: NetworkLevels | None = traced(net, before.image)
    except RuntimeError:  # torch joins nothing that is not alike
        truth = None
    if truth is None:
        assert said.misfits or 0 in said.sides, which
        return
    lost = [one for one in said.misfits if not one.cropped]  # torch lets values without a place fall without a word
    assert not lost or which.startswith("segnet"), which
    assert _worked([step.side for step in truth.flow], truth) == _worked(said.sides, before), which


@pytest.mark.parametrize("arch", ["unet", "linknet", "segnet"])
def test_any_layer_can_be_changed(arch: str) -> None:
    """Filters, poolings and filters that enlarge, each against the network in which that layer alone is another one."""
    net, before, _ = _as_it_stands(arch)
    ran: list[str] = []
    kinds = (nn.Conv2d, nn.ConvTranspose2d, nn.MaxPool2d)
    hooks = [
        module.register_forward_hook(lambda _module, _given, _made, name=name: ran.append(name))
        for name, module in net.named_modules()
        if isinstance(module, kinds)
    ]
    net(torch.zeros(1, *before.image, device="meta"))
    for hook in hooks:
        hook.remove()
    layers = sorted((layer for level in before.levels for layer in level.layers), key=lambda layer: layer.step)
    assert len(layers) == len(ran) and {layer.kind for layer in layers} >= {"filter", "max"}
    for place, (layer, name) in enumerate(zip(layers, ran, strict=True)):
        key, value = ("kernel_size", 4) if layer.kind == "max" else ("padding", (layer.window.padding + 1,) * 2)
        changed, turn = deepcopy(net), ran[:place].count(name)  # one pooling may stand for several
        module = changed.get_submodule(name)
        _change_at(module, turn, key, value)
        wish = {"kernel": 4} if layer.kind == "max" else {"padding": layer.window.padding + 1}
        said = follow_sizes(before.flow, {layer.step: _after(layer, wish) + layer.extra})
        _hold_against(changed, before, said, f"{arch} {name} {turn}")


def _change_at(module: nn.Module, turn: int, key: str, value: object) -> None:
    """Give a layer another length at that of its turns alone."""
    turns, usual = itertools.count(), getattr(module, key)
    module.register_forward_pre_hook(lambda layer, _given: setattr(layer, key, value if next(turns) == turn else usual))


def _worked(sides: Sequence[int | None], found: NetworkLevels) -> list[int | None]:
    """The sides of what filters, poolings and joinings make; a network crops where it must alone."""
    worked = ("slide", "ceil", "enlarge", "join", "unpool")
    return [side for side, step in zip(sides, found.flow, strict=True) if step.rule in worked]


@pytest.mark.parametrize("arch", [*NETWORKS, *REST])
def test_as_it_stands_every_network_is_followed_to_its_mask(arch: str) -> None:
    _, found = _built(arch)
    said = follow_sizes(found.flow)
    assert list(said.sides) == [step.side for step in found.flow] and not said.misfits
    assert said.sides[-1] == found.mask[-1]
    assert all(found.flow[level.step].side == level.output[-1] for level in found.levels)


def _level(found: NetworkLevels, part: str, depth: int) -> NetworkLevel:
    return next(level for level in found.levels if (level.part, level.depth) == (part, depth))


def _changed(found: NetworkLevels, part: str, depth: int, after: int) -> FollowedSizes:
    return follow_sizes(found.flow, {_filter(_level(found, part, depth)).step: after})


def test_a_skip_that_no_longer_fits_is_said_with_both_sizes() -> None:
    found = levels("linknet", channels=3, classes=3, size=128)
    said = _changed(found, "encoder", 1, 63)  # what is deeper is 32 px then too, and comes back as 64
    assert said.misfits == (Misfit(("decoder", 1), 1, 64, 63),) and said.sides[-1] == 128
    inside = _changed(found, "encoder", 2, 31)
    assert Misfit(("encoder", 2), -1, 31, 32) in inside.misfits, "the residual block's own way past"


def test_the_padded_u_net_crops_what_is_too_large() -> None:
    _, found = _built("unet")  # 128 px
    said = _changed(found, "encoder", 0, 126)  # an unpadded filter of 3 px
    sizes = {(one.part, one.depth): said.sides[one.step] for one in found.levels}
    assert [sizes["encoder", depth] for depth in range(5)] == [126, 63, 31, 15, 7]
    assert [(m.skip, m.kept, m.other) for m in said.misfits] == [(3, 14, 15), (2, 28, 31), (1, 56, 63), (0, 112, 126)]
    assert all(m.cropped for m in said.misfits)
    assert sizes["decoder", 0] == 112 and said.sides[-1] == 112


def test_the_unpadded_u_net_crops_what_it_hands_over_so_that_it_fits() -> None:
    found = levels("unet", channels=1, classes=2, size=388, options={"padding": "valid", "batch_norm": False})
    said = _changed(found, "encoder", 1, 278)  # 284 px through a filter of 7: (284 - 7) + 1
    sizes = {(one.part, one.depth): said.sides[one.step] for one in found.levels}
    assert sizes["encoder", 1] == 276 and sizes["encoder", 2] == 134
    assert all(m.cropped for m in said.misfits)
    assert sizes["decoder", 0] == said.sides[-1] == 372


def test_segnet_puts_values_back_only_where_there_are_as_many_places() -> None:
    found = levels("segnet", channels=3, classes=2, size=128, options={"width": 8})
    said = _changed(found, "decoder", 1, 62)
    assert [(m.skip, m.kept, m.other) for m in said.misfits] == [(0, 62, 64)]
    assert said.sides[-1] == 128, "the places of the poolings are those of the whole image"


def test_a_filter_that_does_not_fit_ends_all_behind_it_but_what_is_handed_past() -> None:
    _, found = _built("unet")
    said = _changed(found, "encoder", 2, 0)
    sizes = {(one.part, one.depth): said.sides[one.step] for one in found.levels}
    assert sizes["encoder", 1] == 64 and sizes["encoder", 2] == 0 and sizes["decoder", 0] == 0


def test_tokens_of_a_fixed_number_cannot_be_followed() -> None:
    _, found = _built("dpt")
    first = _filter(next(level for level in found.levels if level.layers))
    said = follow_sizes(found.flow, {first.step: _after(first, {"stride": 4})})
    assert None in said.sides
