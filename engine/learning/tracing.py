"""Follows a network's tensors from the image on, over shapes alone: where each was made, what that costs, and how the sides of maps go on."""

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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

Effect: TypeAlias = Literal["filter", "pooling", "enlarging", "gate", "all", "indices", "regions", ""]

_MAKING = ("convolution", "native_batch_norm", "add", "add_", "scatter")


@dataclass(frozen=True)
class Skip:
    """Maps of the encoder that reach the decoder past what lies deeper; `start` and `end` are depths."""

    start: int
    end: int
    joined: Joined


@dataclass(frozen=True, slots=True)
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
    of a kernel's side, dilation and whether it is transposed; `step`: the last one of the flow; `handed`: how many of the encoder's maps
    the decoder reads; `left`: how many the block is given that goes on to smaller ones."""

    made: list[tuple[tuple[int, int, int], int]] = field(default_factory=list)
    filters: dict[tuple[int, int, bool], int] = field(default_factory=dict)
    layers: list[SizedLayer] = field(default_factory=list)
    parameters: int = 0
    multiply_adds: int = 0
    activations: int = 0
    field: float = 1.0
    step: int = -1
    handed: int = 0
    left: int = 0


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

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """No compiler runs here that would have to be kept away, at every operation, and be loaded for it at the first."""
        return False

    def begin(self, image: Tensor) -> None:
        self._know(image, Place("encoder"))
        self.flow.begin(image)

    def own(self, module: nn.Module, _given: Any, made: Any) -> None:
        """Count a layer's own parameters where what it makes stands."""
        place = self._places.get(id(made[0] if isinstance(made, tuple | list) and made else made))
        if place is not None and id(module) not in self._shared:
            self._shared.add(id(module))
            self.tally(place).parameters += sum(p.numel() for p in own_parameters(module) if p.requires_grad)

    def leave(self, given: Any, made: Any) -> None:
        """Note where a level ends if a block goes on from it to smaller maps: its first filters may work at the level's size still. Blocks
        end from the innermost on."""
        before, after = self._places.get(id(given)), self._places.get(id(made))
        if before is None or after is None or before.part != "encoder" or after.part != "encoder":
            return
        if before.field > 1 and before.depth < after.depth and not self.tally(before).left:
            self.tally(before).left = int(given.shape[1])

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
        tensors = tensors_in([*args, *kwargs.values()] if kwargs else args)
        places = [self._places.get(id(tensor)) for tensor in tensors]
        if any(places):
            self._follow(func, args, kwargs or {}, tensors, places, out)
        return out

    def _follow(
        self,
        func: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        tensors: list[Tensor],
        places: list[Place | None],
        out: Any,
    ) -> None:
        name = func.overloadpacket.__name__
        effect = _effect(name)
        if effect in ("enlarging", "indices"):
            self.part = "decoder"
        if effect == "regions" and self.part == "head":  # what is cut out belongs to the head that reads it
            self.head += 1
        made = tensors_in((out,))
        followed = [(tensor, place) for tensor, place in zip(tensors, places, strict=True) if place is not None]
        known = [place for _, place in followed]
        place = self._moved(name, effect, args, places[0] or known[0], followed, made)
        level = self.level(place)
        step = self.flow.record(name, args, [(tensor, place.origin) for tensor, place in followed], made, level)
        joined = "concatenated" if name == "cat" else "added" if name in ("add", "add_") else ""
        if effect == "indices":
            joined = effect
        if joined and place.part == "decoder":
            self._join(known, place, joined)  # type: ignore[arg-type]
        if place.part == "decoder":
            self._hand_over(followed)
        tally = self.tallies.setdefault(level, Tally())
        tally.multiply_adds += _multiply_adds(func.overloadpacket, args, kwargs, out)
        if effect in ("filter", "pooling"):
            self._window(tally, name, args, made[0], step)
        for number, tensor in enumerate(made):
            if number == 0 and tensor.untyped_storage()._cdata not in self._storages:
                tally.activations += tensor.numel() * tensor.element_size()
            self._know(tensor, replace(place, pooled=known[0]) if number and "max_pool" in name else place)
        shape = made[0].shape if made else ()
        if len(shape) == 4 and name != "cat" and (min(shape[2:]) > 1 or not tally.made):
            maps = shape[1], shape[2], shape[3]
            if name in _MAKING or not tally.made or "pool" in name:
                tally.made.append((maps, step))
            if effect == "filter":
                self.scores = (tally, maps)
        tally.field = max(tally.field, place.field)
        tally.step = step if step >= 0 else tally.step

    def _window(self, tally: Tally, name: str, args: tuple[Any, ...], made: Tensor, step: int) -> None:
        """Note a filter or a pooling, once where several maps go through it."""
        before, filters = args[0], name == "convolution"
        if filters and isinstance(args[1], nn.Parameter):
            if id(args[1]) in self._shared:
                return
            self._shared.add(id(args[1]))
        place = self._places.get(id(before)) or Place(self.part)
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
                bias=args[2] is not None,
            )
        )

    def _moved(
        self,
        name: str,
        effect: Effect,
        args: tuple[Any, ...],
        first: Place,
        followed: list[tuple[Tensor, Place]],
        made: list[Tensor],
    ) -> Place:
        """Where an operation's result stands: after Araujo, Norris and Sim 2019, with enlargements as steps backwards."""
        if not effect and len(followed) == 1 and (first.part, first.head) == (self.part, self.head):
            return first
        jump, field, source, pooled = first.jump, first.field, first.origin, first.pooled
        for _, place in followed[1:]:
            field, source = max(field, place.field), max(source, place.origin)
        if effect == "regions" and self.part == "head":
            jump = 0.0  # as large as the object, whatever its px
        elif effect == "gate":  # it takes nothing from elsewhere but a weight
            _, whole = max(followed, key=lambda each: each[0].numel())
            jump, field, source, pooled = whole.jump, whole.field, whole.origin, whole.pooled
        elif effect == "filter":
            side, stride, dilation = int(args[1].shape[-1]), int(args[3][0]), int(args[5][0])
            if args[6]:
                jump, field = first.jump / stride, field + (math.ceil(side / stride) - 1) * first.jump
            else:
                jump, field = first.jump * stride, field + dilation * (side - 1) * first.jump
        elif effect == "pooling":
            window, _ = pooling(name, args)
            jump, field = first.jump * window.stride, field + (window.kernel - 1) * first.jump
        elif effect == "all":
            field = math.inf
        elif effect == "enlarging":
            jump = 2.0 ** max(round(math.log2(self._side / int(made[0].shape[-1]))), 0)
            field += first.jump if "bilinear" in name and jump < first.jump else 0.0
        elif effect == "indices":
            pool = next((place.pooled for _, place in followed if place.pooled is not None), None)
            jump, pooled = (pool.jump, None) if pool is not None else (jump, pooled)
        return Place(self.part, jump, field, source, pooled, self.head)

    def _hand_over(self, read: list[tuple[Tensor, Place]]) -> None:
        """Note what the decoder reads: a level may end in other maps, made for the next one. Indices of maxima are no maps."""
        for tensor, place in read:
            if place.part == "encoder" and tensor.ndim == 4 and tensor.is_floating_point():
                self.tally(place).handed = tensor.shape[1]

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


@functools.cache
def _effect(name: str) -> Effect:
    """What an operation does to the place of its values. "regions" stand for what a head cuts out of the maps, see nets.mask_rcnn."""
    if name.startswith(("max_pool", "avg_pool")):
        return "pooling"
    if name.startswith(("upsample", "pixel_shuffle")):
        return "enlarging"
    if name in ("_adaptive_avg_pool2d", "mean") or any(word in name for word in ("attention", "softmax", "bmm")):
        return "all"
    named: dict[str, Effect] = {"convolution": "filter", "scatter": "indices", "new_zeros": "regions"}
    return "gate" if name in ("mul", "mul_") else named.get(name, "")


def _multiply_adds(kind: Any, args: tuple[Any, ...], kwargs: dict[str, Any], out: Any) -> int:
    formula = flop_registry.get(kind)
    if formula is None:
        return 0
    of_shapes = getattr(formula, "__wrapped__", None)  # itself it searches all that the arguments hold for tensors
    if of_shapes is None or not isinstance(out, Tensor):
        return int(formula(*args, **kwargs, out_val=out)) // 2
    shapes = [value.shape if isinstance(value, Tensor) else value for value in args]
    return int(of_shapes(*shapes, **kwargs, out_shape=out.shape)) // 2


Watch: TypeAlias = tuple[nn.Module, Callable[[], None], Callable[[Any, Any], None]]
"""A layer, what is called when it begins, and what with that which it was given first and that which it made."""


@contextmanager
def watched(watches: Iterable[Watch]) -> Iterator[None]:
    """Within it each layer says when it begins and ends. Hooks of torch's do so too, at three times the price."""
    kept: list[tuple[nn.Module, Any]] = []
    try:
        for layer, begins, ends in watches:
            kept.append((layer, layer.__dict__.get("forward")))
            layer.__dict__["forward"] = _telling(layer.forward, begins, ends)
        yield
    finally:
        for layer, forward in kept:
            del layer.__dict__["forward"]
            if forward is not None:
                layer.__dict__["forward"] = forward


def _telling(
    forward: Callable[..., Any], begins: Callable[[], None], ends: Callable[[Any, Any], None]
) -> Callable[..., Any]:
    def run(*args: Any, **kwargs: Any) -> Any:
        begins()
        made = forward(*args, **kwargs)
        ends(args[0] if args else None, made)
        return made

    return run


def own_parameters(module: nn.Module) -> list[nn.Parameter]:
    """Those that it does not have from the layers within it."""
    return [parameter for parameter in module._parameters.values() if parameter is not None]


def tensors_in(values: Sequence[Any]) -> list[Tensor]:
    """All tensors of nested tuples and lists."""
    found: list[Tensor] = []
    for value in values:
        if isinstance(value, Tensor):
            found.append(value)
        elif isinstance(value, tuple | list) and value and not isinstance(value[0], int):
            found += tensors_in(value)
    return found
