"""How a segmentation network is built, told level by level: encoder, decoder, what crosses between them, and what each level costs."""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from engine import catalog
from engine.errors import EngineError
from engine.learning import models
from engine.learning.flow import FlowRecorder
from engine.learning.meta_shapes import made_of
from engine.learning.nets.any_size import AnySize, OverlapTile
from engine.learning.nets.unet import UNet
from engine.size_flow import SizeStep
from engine.words import translatable

Part: TypeAlias = Literal["encoder", "decoder"]
Joined: TypeAlias = Literal["concatenated", "added", "indices"]

_ENCODERS = ("encoder", "down", "pool", "features", "backbone")
_ENLARGING = ("upsample", "pixel_shuffle")
_SEES_ALL = ("attention", "softmax", "bmm")


@dataclass(frozen=True)
class Filters:
    """`count` convolutions with kernels of `side` px; those of a transposed one enlarge."""

    side: int
    dilation: int
    transposed: bool
    count: int


@dataclass(frozen=True)
class FirstFilter:
    """The first convolution of a level, per side: maps of `before` px, kernel, stride, padding and dilation; maps in and out."""

    before: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    inputs: int
    outputs: int


@dataclass(frozen=True)
class NetworkLevel:
    """All layers of one part that work at one resolution: the image's, halved `depth` times.

    `output` is (channels, height, width) of what the level makes. `field` is the side in px of the square of the image that one of its
    values sees through filters and poolings (0: the whole image); gates that weigh whole maps are not counted. `activations` are the
    bytes of the maps that its layers make of one image in float32, which a training keeps until its way back. Multiply-adds are those of one image.
    """

    part: Part
    depth: int
    output: tuple[int, int, int]
    filters: tuple[Filters, ...]
    parameters: int
    multiply_adds: int
    activations: int
    field: int
    first: FirstFilter | None = None  # none where it only enlarges or pools
    first_step: int = -1  # its place in the network's `flow`
    step: int = -1  # the place there of what makes `output`


@dataclass(frozen=True)
class Skip:
    """Maps of the encoder that reach the decoder past what lies deeper; `start` and `end` are depths."""

    start: int
    end: int
    joined: Joined


@dataclass(frozen=True)
class NetworkLevels:
    """A segmentation network for images of `image` (channels, height, width), of which it makes `mask` (classes, height, width).

    Levels stand in the encoder from the image down, then in the decoder up again. `parameters` counts all that
    can be learnt; those of layers that never run (a PSPNet's last stages) and of positions belong to no level. `flow` says how the sides
    of all maps follow from one another (`size_flow.follow_sizes`).
    """

    image: tuple[int, int, int]
    mask: tuple[int, int, int]
    levels: tuple[NetworkLevel, ...]
    skips: tuple[Skip, ...]
    parameters: int
    flow: tuple[SizeStep, ...] = ()

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
    unpadded convolutions are given their margin of mirrored image. EngineError for a network that tells objects apart."""
    if catalog.find(arch).task == "instances":
        raise EngineError(
            translatable("A network that tells objects apart is not drawn level by level."),
            translatable("Choose a network that makes masks."),
        )
    wrapped = models.outline(arch, encoder=encoder, channels=channels, classes=classes, size=size, options=options)
    assert isinstance(wrapped, AnySize)
    side = wrapped.padded(min(size, wrapped.sides.most or size))
    if isinstance(wrapped, OverlapTile):
        side += 2 * wrapped.margin
    return traced(wrapped.net, (channels, side, side))


def traced(net: nn.Module, shape: tuple[int, int, int]) -> NetworkLevels:
    """The levels of a network on the meta device for images of `shape` (channels, height, width)."""
    trace = _Trace(shape[1], crops=isinstance(net, UNet))
    image = torch.zeros(1, *shape, device="meta")
    trace.know(image, _Place("encoder"))
    trace.flow.begin(image)
    with ExitStack() as stack, torch.no_grad():
        for hook in _hooks(net, trace):
            stack.callback(hook.remove)
        net.eval()
        with trace:
            mask = net(image)
    made = int(mask.shape[1]), int(mask.shape[2]), int(mask.shape[3])
    parameters = models.count_parameters(net)
    return NetworkLevels(shape, made, tuple(trace.levels()), tuple(trace.skips), parameters, tuple(trace.flow.steps))


@dataclass(frozen=True)
class _Place:
    """Where a tensor was made. `source` is the depth of the encoder's maps that it goes back to; `pooled` what a pooling's indices point into."""

    part: Part
    jump: float = 1.0
    field: float = 1.0
    source: int = -1
    pooled: "_Place | None" = None

    @property
    def depth(self) -> int:
        return max(round(math.log2(self.jump)), 0)

    @property
    def origin(self) -> int:
        return self.depth if self.part == "encoder" else self.source


@dataclass
class _Tally:
    made: list[tuple[tuple[int, int, int], int]] = field(default_factory=list)  # shapes, and their steps in the flow
    filters: dict[tuple[int, int, bool], int] = field(default_factory=dict)
    parameters: int = 0
    multiply_adds: int = 0
    activations: int = 0
    field: float = 1.0
    first: FirstFilter | None = None
    first_step: int = -1


class _Trace(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Follows every tensor from the image to the mask."""

    def __init__(self, side: int, *, crops: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._side = side
        self._places: dict[int, _Place] = {}
        self._kept: list[Tensor] = []  # so that no id comes twice
        self._storages: set[int] = set()
        self._tallies: dict[tuple[Part, int], _Tally] = {}
        self._last: tuple[_Tally, tuple[int, int, int]] | None = None
        self.part: Part = "encoder"
        self.skips: list[Skip] = []
        self.flow = FlowRecorder(crops=crops)

    def know(self, tensor: Tensor, place: _Place) -> None:
        self._places[id(tensor)] = place
        self._kept.append(tensor)
        self._storages.add(tensor.untyped_storage()._cdata)

    def place(self, tensor: Tensor) -> _Place | None:
        return self._places.get(id(tensor))

    def own(self, module: nn.Module, made: object) -> None:
        """Count a layer's own parameters where what it makes stands."""
        tensor = made[0] if isinstance(made, tuple | list) and made else made
        place = self.place(tensor) if isinstance(tensor, Tensor) else None
        count = sum(p.numel() for p in module.parameters(recurse=False) if p.requires_grad)
        if place is not None and count:
            self._tally(place).parameters += count

    def levels(self) -> Iterator[NetworkLevel]:
        if self._last is not None and len(self._last[0].made) > 1:  # the scores of the classes are the mask, no level
            tally, made = self._last
            tally.made = [each for each in tally.made if each[0] != made] or tally.made
        for part in ("encoder", "decoder"):
            depths = sorted((depth for which, depth in self._tallies if which == part), reverse=part == "decoder")
            for depth in depths:
                tally = self._tallies[part, depth]
                if not tally.made:
                    continue
                filters = tuple(Filters(*key, count) for key, count in tally.filters.items())
                seen = 0 if tally.field >= self._side else round(tally.field)
                yield NetworkLevel(
                    part,
                    depth,
                    tally.made[-1][0],
                    filters,
                    tally.parameters,
                    tally.multiply_adds,
                    tally.activations,
                    seen,
                    tally.first,
                    tally.first_step,
                    tally.made[-1][1],
                )

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        out = made_of(func, args, kwargs or {})
        tensors = list(_tensors([*args, *(kwargs or {}).values()]))
        known = [place for place in map(self.place, tensors) if place is not None]
        if known:
            self._follow(func, args, kwargs or {}, tensors, known, out)
        return out

    def _follow(
        self,
        func: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        tensors: list[Tensor],
        known: list[_Place],
        out: Any,
    ) -> None:
        name = func.overloadpacket.__name__
        if name.startswith(_ENLARGING) or name == "scatter":
            self.part = "decoder"
        place = self._moved(name, args, tensors, known, out)
        made = list(_tensors([out]))
        origins = {id(tensor): found.origin for tensor in tensors if (found := self.place(tensor)) is not None}
        step = self.flow.record(name, args, tensors, made, (place.part, place.depth), origins)
        joined = "concatenated" if name == "cat" else "added" if name in ("add", "add_") else ""
        if name == "scatter":
            joined = "indices"
        if place.part == "decoder" and joined:
            self._join(known, place, joined)  # type: ignore[arg-type]
        tally = self._tally(place)
        if func.overloadpacket in flop_registry:
            tally.multiply_adds += flop_registry[func.overloadpacket](*args, **kwargs, out_val=out) // 2
        if name == "convolution":
            key = int(args[1].shape[-1]), int(args[5][0]), bool(args[6])
            tally.filters[key] = tally.filters.get(key, 0) + 1
            if not bool(args[6]) and tally.first is None:
                stride, padding = int(args[3][0]), int(args[4][0])
                maps, weights = args[0].shape, args[1].shape
                tally.first = FirstFilter(int(maps[-1]), key[0], stride, padding, key[1], int(maps[1]), int(weights[0]))
                tally.first_step = step
        for number, tensor in enumerate(made):
            if tensor.untyped_storage()._cdata not in self._storages and number == 0:
                tally.activations += tensor.numel() * tensor.element_size()
            indices = replace(place, pooled=known[0]) if "max_pool" in name and number else place
            self.know(tensor, indices)
        if made and made[0].ndim == 4 and name != "cat" and (min(made[0].shape[-2:]) > 1 or not tally.made):
            shape = int(made[0].shape[1]), int(made[0].shape[2]), int(made[0].shape[3])
            if (
                name in ("convolution", "native_batch_norm", "add", "add_", "scatter")
                or not tally.made
                or "pool" in name
            ):
                tally.made.append((shape, step))
            if name == "convolution":
                self._last = (tally, shape)
        tally.field = max(tally.field, place.field)

    def _moved(self, name: str, args: tuple[Any, ...], tensors: list[Tensor], known: list[_Place], out: Any) -> _Place:
        """Where an operation's result stands: after Araujo, Norris and Sim 2019, with enlargements as steps backwards."""
        widest = max(known, key=lambda place: place.field)
        first = self.place(tensors[0]) or known[0]
        place = _Place(self.part, first.jump, widest.field, max(place.origin for place in known), first.pooled)
        if name in ("mul", "mul_"):  # a gate takes nothing from elsewhere but a weight
            largest = max((t for t in tensors if self.place(t)), key=lambda t: t.numel())
            whole = self._places[id(largest)]
            return replace(whole, part=self.part, source=whole.origin)
        if name == "convolution":
            side, stride, dilation = int(args[1].shape[-1]), int(args[3][0]), int(args[5][0])
            if bool(args[6]):
                jump = first.jump / stride
                return replace(place, jump=jump, field=place.field + (math.ceil(side / stride) - 1) * first.jump)
            return replace(place, jump=first.jump * stride, field=place.field + dilation * (side - 1) * first.jump)
        if name.startswith(("max_pool", "avg_pool")):
            side, stride = _side(args[1]), _side(args[2]) if len(args) > 2 and args[2] else _side(args[1])
            return replace(place, jump=first.jump * stride, field=place.field + (side - 1) * first.jump)
        if name in ("_adaptive_avg_pool2d", "mean") or any(word in name for word in _SEES_ALL):
            return replace(place, field=math.inf)
        if name.startswith(_ENLARGING):
            made = next(_tensors([out]))
            jump = 2.0 ** max(round(math.log2(self._side / int(made.shape[-1]))), 0)
            between = first.jump if "bilinear" in name and jump < first.jump else 0.0
            return replace(place, jump=jump, field=place.field + between)
        if name == "scatter":
            pooled = next((p.pooled for p in known if p.pooled is not None), None)
            if pooled is not None:
                return replace(place, jump=pooled.jump, source=max(p.origin for p in known), pooled=None)
        return place

    def _join(self, known: list[_Place], place: _Place, joined: Joined) -> None:
        if joined == "indices":
            skip = Skip(place.depth, place.depth, joined)
            self.skips += [] if skip in self.skips else [skip]
            return
        deepest = max(each.origin for each in known)
        for each in known:
            skip = Skip(each.origin, place.depth, joined)
            if 0 <= each.origin < deepest and skip not in self.skips:
                self.skips.append(skip)

    def _tally(self, place: _Place) -> _Tally:
        return self._tallies.setdefault((place.part, place.depth), _Tally())


def _hooks(net: nn.Module, trace: _Trace) -> Iterator[Any]:
    """Tell the trace which part each layer belongs to, and what it holds."""

    def entering(part: Part) -> Any:
        def enter(_module: nn.Module, _inputs: object) -> None:
            trace.part = part

        return enter

    for name, module in net.named_modules():
        if list(module.children()) and not list(module.parameters(recurse=False)):
            continue
        part: Part = "encoder" if name.split(".")[0] in _ENCODERS else "decoder"
        yield module.register_forward_pre_hook(entering(part))
        yield module.register_forward_hook(lambda layer, _inputs, made: trace.own(layer, made))


def _tensors(values: Sequence[Any]) -> Iterator[Tensor]:
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, tuple | list):
            yield from _tensors(value)


def _side(value: Any) -> int:
    return int(value[0]) if isinstance(value, Sequence) else int(value)
