"""What operations make on torch's meta device, at once where torch itself reckons the shape by dozens of operations in Python.

A drawing asks for hundreds of them: enlarging maps costs 3.5 ms by torch's own rule, and 0.02 here.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

_aten = torch.ops.aten
_NORMS = (_aten.native_batch_norm, _aten.native_layer_norm, _aten.native_group_norm)
_VALUE_BY_VALUE = (
    *(_aten.relu, _aten.gelu, _aten.silu, _aten.sigmoid, _aten.tanh, _aten.hardtanh),
    _aten._safe_softmax,
)
_IN_PLACE = (_aten.hardtanh_, _aten.relu_, _aten.silu_)


def made_of(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The result of an operator of aten; of normalisations the statistics beside it are left empty. On other devices it runs as ever."""
    kind = func.overloadpacket
    if not (args and isinstance(args[0], Tensor) and args[0].is_meta):
        return func(*args, **kwargs)
    if kind in _NORMS:
        nothing = args[0].new_empty(0)
        return torch.empty_like(args[0]), nothing, nothing
    if kind in _IN_PLACE:
        return args[0]
    if kind is _aten.add and isinstance(args[1], Tensor) and args[0].shape == args[1].shape:
        return torch.empty_like(args[0])
    if kind in _VALUE_BY_VALUE:
        return torch.empty_like(args[0])
    if kind is _aten.addmm:
        return args[1].new_empty(args[1].shape[0], args[2].shape[1])
    if kind is _aten.upsample_bilinear2d:
        return _enlarged(*args, **kwargs)
    return func(*args, **kwargs)


def _enlarged(maps: Tensor, sides: list[int] | None, _corners: bool, *scales: Any) -> Tensor:
    """`scales`: where no sides are given, a list of one for each."""
    if sides is None:
        sides = [math.floor(side * scale) for side, scale in zip(maps.shape[-2:], scales[0], strict=True)]
    return maps.new_empty(*maps.shape[:2], *sides)


class QuickShapes(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Within it every operation on the meta device is answered by `made_of`."""

    def __torch_dispatch__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return made_of(func, args, kwargs or {})
