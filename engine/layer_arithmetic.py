"""The arithmetic of a network's layers, without a network: sizes both ways round, parameters, multiply-adds, receptive field."""

from dataclasses import dataclass

from engine.errors import EngineError
from engine.words import translatable


@dataclass(frozen=True)
class SlidingWindow:
    """What a convolution or a pooling looks through, per side: lengths in px of its own input."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    @property
    def reach(self) -> int:
        """How far the kernel spans with its holes: dilation (kernel - 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1


def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """The side of what a convolution or a pooling makes of `size` px: (size + 2 padding - reach) / stride + 1, rounded down, where
    reach is dilation (kernel - 1) + 1. EngineError where the kernel is larger than what it looks at, or a length is impossible.

    Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016, relationship 14.
    """
    _check(size=size, kernel=kernel, stride=stride, dilation=dilation)
    _check(least=0, padding=padding)
    room = size + 2 * padding - SlidingWindow(kernel, stride, padding, dilation).reach
    if room < 0:
        raise EngineError(
            translatable("A filter of {kernel} px does not fit into {size} px."),
            translatable("Choose a smaller filter, more padding, or a larger image."),
            kernel=kernel,
            size=size,
        )
    return room // stride + 1


def kernel_size(before: int, after: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """The kernel that makes `after` px of `before` px without rounding: `output_size` solved for it. EngineError where there is none.

    >>> kernel_size(32, 28), kernel_size(28, 14, stride=2)
    (5, 2)
    """
    _check(before=before, after=after, stride=stride, dilation=dilation)
    _check(least=0, padding=padding)
    reach = before + 2 * padding - (after - 1) * stride
    if reach < 1 or (reach - 1) % dilation:
        raise _no_filter(before, after, stride)
    return (reach - 1) // dilation + 1


def _no_filter(before: int, after: int, stride: int) -> EngineError:
    return EngineError(
        translatable("No filter makes {after} px of {before} px with a stride of {stride}."),
        translatable("Change the stride, the padding or one of the sizes."),
        after=after,
        before=before,
        stride=stride,
    )


def transposed_size(size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """The side of what a transposed convolution makes of `size` px: (size - 1) stride + reach - 2 padding, which is `output_size`
    read backwards. EngineError where nothing would be left."""
    _check(size=size, kernel=kernel, stride=stride, dilation=dilation)
    _check(least=0, padding=padding)
    made = (size - 1) * stride + SlidingWindow(kernel, stride, padding, dilation).reach - 2 * padding
    _check(size=made)
    return made


def transposed_kernel(before: int, after: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """The kernel with which a transposed convolution makes `after` px of `before` px. EngineError where there is none.

    >>> transposed_kernel(14, 28, stride=2)
    2
    """
    _check(before=before, after=after, stride=stride, dilation=dilation)
    _check(least=0, padding=padding)
    reach = after + 2 * padding - (before - 1) * stride
    if reach < 1 or (reach - 1) % dilation:
        raise _no_filter(before, after, stride)
    return (reach - 1) // dilation + 1


def conv_parameters(inputs: int, outputs: int, kernel: int, *, groups: int = 1, bias: bool = True) -> int:
    """Weights of a convolution from `inputs` to `outputs` maps with square kernels, a bias for each output map counted in."""
    _check(inputs=inputs, outputs=outputs, kernel=kernel, groups=groups)
    return outputs * (inputs // groups) * kernel**2 + outputs * bias


def conv_multiply_adds(inputs: int, outputs: int, kernel: int, size: tuple[int, int], *, groups: int = 1) -> int:
    """Multiplications with their additions of the same convolution for one image; `size` is (height, width) of the maps it makes."""
    return conv_parameters(inputs, outputs, kernel, groups=groups, bias=False) * size[0] * size[1]


def dense_parameters(inputs: int, units: int, *, bias: bool = True) -> int:
    """Weights of a fully connected layer; without the biases that is also how many multiplications one image costs."""
    _check(inputs=inputs, units=units)
    return inputs * units + units * bias


def _check(least: int = 1, **lengths: int) -> None:
    for name, value in lengths.items():
        if value < least:
            raise EngineError(
                translatable("{name} cannot be {value}."),
                translatable("It must be at least {least}."),
                name=name,
                value=value,
                least=least,
            )
