"""How a network that makes masks is built, told level by level: encoder, decoder, what crosses between them, heads, and what each costs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from engine.learning import models
from engine.learning.nets.any_size import AnySize, OverlapTile
from engine.learning.nets.mask_rcnn import MULTIPLE, MaskRCNN
from engine.learning.nets.unet import UNet
from engine.learning.tracing import Part, Skip, Trace, Watch, own_parameters, watched
from engine.size_flow import SizedLayer, SizeStep

_ENCODERS = ("encoder", "down", "pool", "features", "backbone")
_PARTS: tuple[Part, ...] = ("encoder", "decoder", "head")


@dataclass(frozen=True)
class Filters:
    """`count` convolutions with kernels of `side` px; those of a transposed one enlarge."""

    side: int
    dilation: int
    transposed: bool
    count: int


@dataclass(frozen=True)
class NetworkLevel:
    """All layers of one part that work at one resolution: the image's, halved `depth` times. Of heads, which tell objects apart, all layers of
    the one that is number `depth`: 0 proposes boxes, 1 gives them their classes, 2 draws masks. It looks at `regions` cut out of the maps, or (0)
    at the maps themselves.

    `output` is (channels, height, width) of what the level makes (in the encoder: what the decoder reads of it, or else what the next level
    begins with), of a head of one region, or
    of its finest maps; where a head makes numbers alone, what it is given. `field` is the side in px of the square of the image that one of its values sees through filters and
    poolings (0: the whole image); gates that weigh whole maps are not counted. `activations` are the bytes of the maps that its layers
    make of one image in float32, which a training keeps until its way back. Multiply-adds are those of one image, with as many regions as there may be.
    `layers` are those that have a window, in the order in which they run, and `step` is the place in the network's `flow` of what makes `output`.
    """

    part: Part
    depth: int
    output: tuple[int, int, int]
    filters: tuple[Filters, ...]
    parameters: int
    multiply_adds: int
    activations: int
    field: int
    layers: tuple[SizedLayer, ...] = ()
    step: int = -1
    regions: int = 0


@dataclass(frozen=True)
class NetworkLevels:
    """A network for images of `image` (channels, height, width), of which it makes `mask` (classes, height, width); of one that tells objects
    apart, that of one object.

    Levels stand in the encoder from the image down, then in the decoder up again, then come the heads. `parameters` counts all that
    can be learnt; those of layers that never run (a PSPNet's last stages) and of positions belong to no level. `flow` says how the sides
    of all maps follow from one another (`size_flow.follow_sizes`). `neighbours`: the image's channels are a slice and those beside it.
    """

    image: tuple[int, int, int]
    mask: tuple[int, int, int]
    levels: tuple[NetworkLevel, ...]
    skips: tuple[Skip, ...]
    parameters: int
    flow: tuple[SizeStep, ...] = ()
    neighbours: bool = False

    @property
    def multiply_adds(self) -> int:
        return sum(level.multiply_adds for level in self.levels)

    @property
    def activations(self) -> int:
        return sum(level.activations for level in self.levels)


def levels(
    arch: str,
    channels: int,
    classes: int,
    size: int,
    *,
    encoder: str = "",
    options: Mapping[str, object] | None = None,
) -> NetworkLevels:
    """The levels of the network that `models.build` makes for images of `size` px; `classes` with the background. Only shapes are
    followed (torch's meta device), nothing is computed. A side that the network does not take is brought to the next one that it does;
    unpadded convolutions are given their margin of mirrored image."""
    net = models.outline(arch, encoder=encoder, channels=channels, classes=classes, size=size, options=options)
    if isinstance(net, MaskRCNN):
        side = size + -size % MULTIPLE
        return traced(net, (channels, side, side))
    assert isinstance(net, AnySize)
    side = net.padded(min(size, net.sides.most or size))
    if isinstance(net, OverlapTile):
        side += 2 * net.margin
    return traced(net.net, (channels, side, side))


def traced(net: nn.Module, shape: tuple[int, int, int]) -> NetworkLevels:
    """The levels of a network on the meta device for images of `shape` (channels, height, width)."""
    trace = Trace(shape[1], crops=isinstance(net, UNet))
    image = torch.zeros(1, *shape, device="meta")
    trace.begin(image)
    net.eval()
    with watched(_watches(net, trace)), torch.no_grad(), trace:
        made = net(image)
    assert trace.scores is not None
    last, mask = trace.scores
    if isinstance(made, Tensor):  # not a list of objects: the scores of the classes are the mask, no level
        last.made = [each for each in last.made if each[0] != mask] or last.made
        mask = int(made.shape[1]), int(made.shape[2]), int(made.shape[3])
    found = tuple(_levels(trace, _regions(net) if isinstance(net, MaskRCNN) else {}))
    return NetworkLevels(shape, mask, found, tuple(trace.skips), models.count_parameters(net), tuple(trace.flow.steps))


def _levels(trace: Trace, regions: Mapping[int, "_Regions"]) -> Iterator[NetworkLevel]:
    for part in _PARTS:
        depths = sorted((depth for which, depth in trace.tallies if which == part), reverse=part == "decoder")
        for depth in depths:
            tally = trace.tallies[part, depth]
            if not tally.made or (part == "encoder" and not tally.parameters and not tally.layers):
                continue  # the image itself
            cut = regions.get(depth) if part == "head" else None
            ends = tally.handed or tally.left
            made = [each for each in tally.made if each[0][0] == ends] or tally.made
            output, step = max(reversed(made), key=lambda each: each[0][-1]) if part == "head" else made[-1]
            yield NetworkLevel(
                part,
                depth,
                output,
                tuple(Filters(*key, count) for key, count in tally.filters.items()),
                tally.parameters,
                tally.multiply_adds,
                tally.activations * cut.learnt // cut.found if cut is not None else tally.activations,
                0 if trace.sees_all(tally.field) else round(tally.field),
                tuple(tally.layers),
                step,
                cut.found if cut is not None else 0,
            )


@dataclass(frozen=True)
class _Regions:
    """How many a head looks at in an image: at most where objects are `found`, and where it is `learnt`."""

    found: int
    learnt: int


def _regions(net: MaskRCNN) -> dict[int, _Regions]:
    """By the head's number; the first one looks at the maps themselves."""
    heads: Any = net.roi_heads
    sampler, proposals = heads.fg_bg_sampler, net.rpn.post_nms_top_n()  # type: ignore[operator]
    learnt = int(sampler.batch_size_per_image)
    return {
        1: _Regions(int(proposals), learnt),
        2: _Regions(int(heads.detections_per_img), int(learnt * sampler.positive_fraction)),
    }


def _watches(net: nn.Module, trace: Trace) -> Iterator[Watch]:
    """Tell the trace which part each layer belongs to, and what it holds."""

    def entering(part: Part, head: int) -> Callable[[], None]:
        def enter() -> None:
            trace.part, trace.head = part, head

        return enter

    for name, module in net.named_modules():
        own = own_parameters(module)
        if own or next(module.children(), None) is None:
            yield module, entering(*_part_of(name)), partial(trace.own, module) if own else _nothing
        elif _is_block(module):
            yield module, _begin, trace.leave


def _begin() -> None:
    pass


def _nothing(_given: Any, _made: Any) -> None:
    pass


def _is_block(module: nn.Module) -> bool:
    """Whether it holds two convolutions: one with its normalisation is a layer still."""
    found = (each for each in module.modules() if isinstance(each, nn.Conv2d))
    return next(found, None) is not None and next(found, None) is not None


def _part_of(name: str) -> tuple[Part, int]:
    """Of a layer by its path, with the head's number."""
    top, _, rest = name.partition(".")
    if top in ("rpn", "roi_heads"):
        return "head", 0 if top == "rpn" else 1 if rest.startswith("box") else 2
    if top in _ENCODERS and not rest.startswith("fpn"):
        return "encoder", 0
    return "decoder", 0
