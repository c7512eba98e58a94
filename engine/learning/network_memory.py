"""What a training step takes of the memory, by shapes alone, and the refusal of a training that cannot have as much."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.learning import device, models
from engine.words import translatable

_BESIDE = 1.25
"""What a step takes beside what is counted, for work under way: 1.1 to 1.5 were measured (docs/auto.md). A training is refused where what
is counted alone is too much, so that none is that would have fitted."""

_MOMENTS = {"adamw": 2, "adam": 2, "rmsprop": 2, "sgd": 1}
"""Numbers that an optimizer keeps beside each weight and its gradient."""

_NUMBER = 4  # bytes of a float32
_TRIED = 2  # images: some networks take none alone


def check_network_memory(
    config: TrainConfig, channels: int, outputs: int, shape: tuple[int, int], beside: int = 0
) -> None:
    """EngineError, with the estimate, where a step of this training on images of `shape` (height, width) would not fit into the memory
    of its device: nothing is begun. `outputs` are as `models.build` counts classes, `beside` the bytes of an image's targets."""
    place = device.choose(config.device)
    counted = counted_bytes(config, channels, outputs, shape, beside)
    free = _free(place, counted)
    if free is not None and counted > free:
        raise EngineError(
            translatable("{arch} needs about {needed:.1f} GB of memory for a step, and {free:.1f} GB are free."),
            translatable(
                "Choose a smaller network, smaller images or patches (size, patch), a smaller batch, or close other programs."
            )
            if place.type == "cpu"
            else translatable("Choose a smaller network, smaller images or patches (size, patch), or the CPU."),
            arch=config.arch,
            needed=counted * _BESIDE / 1e9,
            free=free / 1e9,
        )


def fits(config: TrainConfig, channels: int, outputs: int, shape: tuple[int, int]) -> bool:
    """Whether a step of this training on images of `shape` may fit into the memory of its device."""
    counted = counted_bytes(config, channels, outputs, shape)
    free = _free(device.choose(config.device), counted)
    return free is None or counted <= free


def _free(place: torch.device, wanted: int) -> int | None:
    free = device.memory(place)
    if free is not None and wanted > free:
        device.free(place)  # what torch holds in reserve is free too
        free = device.memory(place)
    return free


def counted_bytes(config: TrainConfig, channels: int, outputs: int, shape: tuple[int, int], beside: int = 0) -> int:
    """What one training step takes at least: at the turn from forward to backward weights, the optimizer's moments and all maps that wait
    for the way back, at its end the gradients in the place of the maps, and a copy of the largest weight that is changed.

    On a graphics card a batch that is too large is computed in parts (train.py): there the smallest part counts, on the CPU the batch,
    since the system ends a program that asks for too much. Of a network whose shapes do not follow without values the weights alone.
    """
    place = device.choose(config.device)
    half = device.precision(place, config.precision, config.channels_last).dtype != torch.float32
    options = tuple(sorted(config.options.items()))
    counted = _counted(config.arch, config.encoder, channels, outputs, shape, options, half)
    parts = 1 if place.type == "cpu" else max(1, config.batch // models.least_batch(config.arch))
    maps = math.ceil(config.batch / parts) * (counted.maps + beside)
    still = _NUMBER * (counted.weights + _MOMENTS[config.optimizer] * counted.learnt)
    return still + max(maps, _NUMBER * (counted.learnt + counted.largest))


class _Counted(NamedTuple):
    """Of a network: its `weights`, those that are `learnt`, those of the `largest` that is (numbers), and the `maps` of an image that
    wait for the way back (bytes)."""

    weights: int
    learnt: int
    largest: int
    maps: int


@lru_cache(maxsize=64)
def _counted(
    arch: str,
    encoder: str,
    channels: int,
    outputs: int,
    shape: tuple[int, int],
    options: tuple[tuple[str, object], ...],
    half: bool,
) -> _Counted:
    with torch.random.fork_rng(devices=[]):  # the weights of the training do not depend on it
        net = models.outline(
            arch, encoder=encoder, channels=channels, classes=outputs, size=max(shape), options=dict(options)
        )
    weights: list[Tensor] = [*net.parameters()]
    kept, learnt = _KeptMaps([*weights, *net.buffers()], half), weights
    try:
        with ExitStack() as stack:
            stack.enter_context(torch.autograd.graph.saved_tensors_hooks(kept.take, _as_it_is))
            stack.enter_context(_FusedAttention())
            made = net.train()(torch.zeros(_TRIED, channels, *shape, device="meta"))
        learnt = _reached(made) if isinstance(made, Tensor) else weights
    except (AssertionError, IndexError, RuntimeError, TypeError, ValueError):
        kept.bytes = 0
    numbers, moved = (sum(each.numel() for each in some) for some in (weights, learnt))
    return _Counted(numbers, moved, max((each.numel() for each in learnt), default=0), kept.bytes // _TRIED)


def _as_it_is(tensor: Tensor) -> Tensor:
    return tensor


def _reached(made: Tensor) -> list[Tensor]:
    """The weights that have a part in what was made: the others have neither gradient nor moments."""
    seen, to_do, found = set[Any](), [made.grad_fn], list[Tensor]()
    while to_do:
        node = to_do.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        found += [node.variable] if hasattr(node, "variable") else []
        to_do += [before for before, _ in node.next_functions]
    return found


class _KeptMaps:
    """Counts what a forward pass keeps for the way back beside its own `weights`, each storage once; `half`: numbers of four bytes are
    computed in two."""

    def __init__(self, weights: Sequence[Tensor], half: bool) -> None:
        self.bytes = 0
        self._half, self._alive = half, [*weights]  # alive, so that no address comes twice
        self._seen = {each.untyped_storage()._cdata for each in weights}

    def take(self, tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in self._seen:
            self._seen.add(storage._cdata)
            self._alive.append(tensor)
            self.bytes += storage.nbytes() // (2 if self._half and tensor.dtype == torch.float32 else 1)
        return tensor


class _FusedAttention(TorchFunctionMode):
    """Attention as processors compute it, which keep no map of all pairs of tokens; the meta device would."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if func is functional.scaled_dot_product_attention:
            given = dict(zip(("query", "key", "value"), args, strict=False)) | dict(kwargs or {})
            return _Attention.apply(given["query"], given["key"], given["value"])
        return func(*args, **(kwargs or {}))


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        made = query.new_empty(*query.shape[:-1], value.shape[-1])
        ctx.save_for_backward(query, key, value, made)
        return made
