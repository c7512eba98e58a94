"""Follows a network's tensors from the image on, over shapes alone: where each was made, what that costs, and how the sides of maps go on."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from engine.layer_arithmetic import SlidingWindow
from engine.learning.flow import FlowRecorder, pooling
from engine.learning.meta_shapes import made_of
from engine.size_flow import SizedLayer

Part: TypeAlias = Literal["encoder", "decoder", "head"]
Joined: TypeAlias = Literal["concatenated", "added", "indices"]

_ENLARGING = ("upsample", "pixel_shuffle")
_SEES_ALL = ("attention", "softmax", "bmm")
_MAKING = ("convolution", "native_batch_norm", "add", "add_", "scatter")
_REGIONS = "new_zeros"  # stand for what a head cuts out of the maps, see nets.mask_rcnn


@dataclass(frozen=True)
class Skip:
    """Maps of the encoder that reach the decoder past what lies deeper; `start` and `end` are depths."""

    start: int
    end: int
    joined: Joined


@dataclass(frozen=True)
class Place:
    """Where a tensor was made. `source` is the depth of the encoder's maps that it goes back to; `pooled` what a pooling's indices point into;
    `head` the number of the head that it belongs to."""

    part: Part
    jump: float = 1.0
    field: float = 1.0
    source: int = -1
    pooled: "Place | None" = None
    head: int = 0

    @property
    def depth(self) -> int:
        return self.head if self.part == "head" else max(round(math.log2(self.jump)), 0)

    @property
    def origin(self) -> int:
        return self.depth if self.part == "encoder" else self.source


@dataclass
class Tally:
    """What the operations cost that are counted together. `made`: shapes of maps, and their steps in the flow; `filters`: how many there are
    of a kernel's side, dilation and whether it is transposed; `step`: the last one of the flow."""

    made: list[tuple[tuple[int, int, int], int]] = field(default_factory=list)
    filters: dict[tuple[int, int, bool], int] = field(default_factory=dict)
    layers: list[SizedLayer] = field(default_factory=list)
    parameters: int = 0
    multiply_adds: int = 0
    activations: int = 0
    field: float = 1.0
    step: int = -1


class Trace(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Follows every tensor from the image to what the network makes. `part` and `head` are whose layer runs, as its hooks say."""

    def __init__(self, side: int, *, crops: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.part: Part = "encoder"
        self.head = 0
        self.skips: list[Skip] = []
        self.flow = FlowRecorder(crops=crops)
        self.tallies: dict[tuple[str, int], Tally] = {}
        self.scores: tuple[Tally, tuple[int, int, int]] | None = None  # of the last convolution: whose, and its shape
        self._side = side
        self._places: dict[int, Place] = {}
        self._kept: list[Tensor] = []  # so that no id comes twice
        self._storages: set[int] = set()
        self._shared: set[int] = set()  # layers and filters that ran already, as a head that reads every level does

    def begin(self, image: Tensor) -> None:
        self._know(image, Place("encoder"))
        self.flow.begin(image)

    def place(self, tensor: Tensor) -> Place | None:
        return self._places.get(id(tensor))

    def own(self, module: nn.Module, made: object) -> None:
        """Count a layer's own parameters where what it makes stands."""
        tensor = made[0] if isinstance(made, tuple | list) and made else made
        place = self.place(tensor) if isinstance(tensor, Tensor) else None
        count = sum(p.numel() for p in module.parameters(recurse=False) if p.requires_grad)
        if place is not None and count and id(module) not in self._shared:
            self._shared.add(id(module))
            self.tally(place).parameters += count

    def level(self, place: Place) -> tuple[str, int]:
        """What all that is made there is counted under."""
        return place.part, place.depth

    def tally(self, place: Place) -> Tally:
        return self.tallies.setdefault(self.level(place), Tally())

    def sees_all(self, field: float) -> bool:
        """Whether values with so large a field see the whole image."""
        return field >= self._side

    def _know(self, tensor: Tensor, place: Place) -> None:
        self._places[id(tensor)] = place
        self._kept.append(tensor)
        self._storages.add(tensor.untyped_storage()._cdata)

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        out = made_of(func, args, kwargs or {})
        tensors = list(tensors_in([*args, *(kwargs or {}).values()]))
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
        known: list[Place],
        out: Any,
    ) -> None:
        name = func.overloadpacket.__name__
        if name.startswith(_ENLARGING) or name == "scatter":
            self.part = "decoder"
        if name == _REGIONS and self.part == "head":  # what is cut out belongs to the head that reads it
            self.head += 1
        place = self._moved(name, args, tensors, known, out)
        made = list(tensors_in([out]))
        origins = {id(tensor): found.origin for tensor in tensors if (found := self.place(tensor)) is not None}
        step = self.flow.record(name, args, tensors, made, self.level(place), origins)
        joined = "concatenated" if name == "cat" else "added" if name in ("add", "add_") else ""
        if name == "scatter":
            joined = "indices"
        if place.part == "decoder" and joined:
            self._join(known, place, joined)  # type: ignore[arg-type]
        tally = self.tally(place)
        if func.overloadpacket in flop_registry:
            tally.multiply_adds += flop_registry[func.overloadpacket](*args, **kwargs, out_val=out) // 2
        if name == "convolution" or name.startswith(("max_pool", "avg_pool")):
            self._window(tally, name, args, made[0], step)
        for number, tensor in enumerate(made):
            if tensor.untyped_storage()._cdata not in self._storages and number == 0:
                tally.activations += tensor.numel() * tensor.element_size()
            self._know(tensor, replace(place, pooled=known[0]) if "max_pool" in name and number else place)
        if made and made[0].ndim == 4 and name != "cat" and (min(made[0].shape[-2:]) > 1 or not tally.made):
            shape = int(made[0].shape[1]), int(made[0].shape[2]), int(made[0].shape[3])
            if name in _MAKING or not tally.made or "pool" in name:
                tally.made.append((shape, step))
            if name == "convolution":
                self.scores = (tally, shape)
        tally.field = max(tally.field, place.field)
        tally.step = step if step >= 0 else tally.step

    def _window(self, tally: Tally, name: str, args: tuple[Any, ...], made: Tensor, step: int) -> None:
        """Note a filter or a pooling, once where several maps go through it."""
        before, filters = args[0], name == "convolution"
        if filters and isinstance(args[1], nn.Parameter):
            if id(args[1]) in self._shared:
                return
            self._shared.add(id(args[1]))
        place = self.place(before) or Place(self.part)
        sides = int(before.shape[-1]), int(made.shape[-1])
        if not filters:
            window, ceil = pooling(name, args)
            kind: Literal["max", "average"] = "max" if name.startswith("max") else "average"
            maps = int(made.shape[1])
            tally.layers.append(
                SizedLayer(kind, *sides, window, maps, maps, step, ceil=ceil, field=place.field, jump=place.jump)
            )
            return
        transposed = bool(args[6])
        window = SlidingWindow(int(args[1].shape[-1]), *(int(args[at][0]) for at in (3, 4, 5)))
        key = window.kernel, window.dilation, transposed
        tally.filters[key] = tally.filters.get(key, 0) + 1
        tally.layers.append(
            SizedLayer(
                "up" if transposed else "filter",
                *sides,
                window,
                int(before.shape[1]) // int(args[8]),
                int(made.shape[1]),
                step,
                extra=int(args[7][0]) if transposed else 0,
                field=place.field,
                jump=place.jump,
            )
        )

    def _moved(self, name: str, args: tuple[Any, ...], tensors: list[Tensor], known: list[Place], out: Any) -> Place:
        """Where an operation's result stands: after Araujo, Norris and Sim 2019, with enlargements as steps backwards."""
        widest = max(known, key=lambda place: place.field)
        first = self.place(tensors[0]) or known[0]
        source = max(place.origin for place in known)
        place = Place(self.part, first.jump, widest.field, source, first.pooled, self.head)
        if name == _REGIONS and self.part == "head":
            return replace(place, jump=0.0)  # as large as the object, whatever its px
        if name in ("mul", "mul_"):  # a gate takes nothing from elsewhere but a weight
            largest = max((t for t in tensors if self.place(t)), key=lambda t: t.numel())
            whole = self._places[id(largest)]
            return replace(whole, part=self.part, source=whole.origin, head=self.head)
        if name == "convolution":
            side, stride, dilation = int(args[1].shape[-1]), int(args[3][0]), int(args[5][0])
            if bool(args[6]):
                jump = first.jump / stride
                return replace(place, jump=jump, field=place.field + (math.ceil(side / stride) - 1) * first.jump)
            return replace(place, jump=first.jump * stride, field=place.field + dilation * (side - 1) * first.jump)
        if name.startswith(("max_pool", "avg_pool")):
            window, _ = pooling(name, args)
            jump = first.jump * window.stride
            return replace(place, jump=jump, field=place.field + (window.kernel - 1) * first.jump)
        if name in ("_adaptive_avg_pool2d", "mean") or any(word in name for word in _SEES_ALL):
            return replace(place, field=math.inf)
        if name.startswith(_ENLARGING):
            made = next(tensors_in([out]))
            jump = 2.0 ** max(round(math.log2(self._side / int(made.shape[-1]))), 0)
            between = first.jump if "bilinear" in name and jump < first.jump else 0.0
            return replace(place, jump=jump, field=place.field + between)
        if name == "scatter":
            pooled = next((p.pooled for p in known if p.pooled is not None), None)
            if pooled is not None:
                return replace(place, jump=pooled.jump, pooled=None)
        return place

    def _join(self, known: list[Place], place: Place, joined: Joined) -> None:
        if joined == "indices":
            skip = Skip(place.depth, place.depth, joined)
            self.skips += [] if skip in self.skips else [skip]
            return
        deepest = max(each.origin for each in known)
        for each in known:
            skip = Skip(each.origin, place.depth, joined)
            if 0 <= each.origin < deepest and skip not in self.skips:
                self.skips.append(skip)


def tensors_in(values: Sequence[Any]) -> Iterator[Tensor]:
    """All tensors of nested tuples and lists."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, tuple | list):
            yield from tensors_in(value)
