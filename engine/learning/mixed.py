"""The forward pass of a training step in less than float32, and the way back from it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode


@contextmanager
def computing_in(dtype: torch.dtype, device: torch.device) -> Iterator[None]:
    """Within it a network computes in that dtype (torch.float32: as it is) where that loses nothing, as `torch.autocast` says."""
    if dtype == torch.float32:
        yield
        return
    with torch.autocast(device.type, dtype):
        if device.type != "cpu":
            yield
            return
        with _DepthwiseBackInFloat32():
            yield


class _DepthwiseBackInFloat32(TorchFunctionMode):
    """Filters of single channels, but those of 3 x 3 that leave no pixel out: their gradients in bfloat16 take oneDNN three to ten times as
    long as in float32, which is half of a whole step of an EfficientNet (docs/auto.md)."""

    def __torch_function__(
        self, func: Any, types: Sequence[type], args: Sequence[Any] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        return (_convolve if func is torch.conv2d else func)(*args, **(kwargs or {}))


def _convolve(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Tensor:
    wide = max(weight.shape[2:]) > 3 or max(_pair(stride)) > 1
    slow_back = 1 < groups == input.shape[1] and wide and torch.is_grad_enabled()
    if not slow_back or isinstance(padding, str):
        return torch.conv2d(input, weight, bias, stride, padding, dilation, groups)
    found: Tensor = _Depthwise.apply(input, weight, _pair(stride), _pair(padding), _pair(dilation))
    return found if bias is None else found + bias.to(found.dtype)[:, None, None]


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else tuple(value)


class _Depthwise(torch.autograd.Function):
    """A convolution of each channel by itself: forward as autocast has it, back in float32."""

    @staticmethod
    def forward(
        ctx: Any,
        input: Tensor,
        weight: Tensor,
        stride: tuple[int, int],
        padding: tuple[int, int],
        dilation: tuple[int, int],
    ) -> Tensor:
        ctx.save_for_backward(input, weight)
        ctx.shape = stride, padding, dilation
        return torch.conv2d(input, weight, None, stride, padding, dilation, input.shape[1])

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        input, weight = ctx.saved_tensors
        needed = (*ctx.needs_input_grad[:2], False)
        of_input, of_weight, _ = torch.ops.aten.convolution_backward(
            gradients[0].float(), input.float(), weight.float(), None, *ctx.shape, False, [0, 0], input.shape[1], needed
        )
        return of_input if of_input is None else of_input.to(input.dtype), of_weight, None, None, None
