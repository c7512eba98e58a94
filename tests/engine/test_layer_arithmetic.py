"""The lecture's questions, worked both ways round; engine/learning/test_inspect.py holds the formulas against torch's layers."""

import pytest

from engine.errors import EngineError
from engine.layer_arithmetic import (
    conv_multiply_adds,
    conv_parameters,
    dense_parameters,
    kernel_size,
    output_size,
    transposed_kernel,
    transposed_size,
)


def test_why_28_and_why_14() -> None:
    assert kernel_size(32, 28) == 5 and output_size(32, 5) == 28
    assert kernel_size(28, 14, stride=2) == 2 and output_size(28, 2, 2) == 14


def test_which_kernel_enlarges_14_to_28() -> None:
    assert transposed_kernel(14, 28, stride=2) == 2 and transposed_size(14, 2, 2) == 28
    assert transposed_kernel(7, 14, 2, padding=1) == 4 and transposed_size(7, 4, 2, 1) == 14
    with pytest.raises(EngineError, match="No filter makes 20 px of 14 px"):
        transposed_kernel(14, 20, stride=2)


def test_lenets_layers_follow_each_other() -> None:
    side = 32
    sides = [side := output_size(side, kernel, stride) for kernel, stride in ((5, 1), (2, 2), (5, 1), (2, 2), (5, 1))]
    assert sides == [28, 14, 10, 5, 1]


def test_why_alexnets_first_dense_layer_meets_9216_values() -> None:
    side = 227
    for kernel, stride, padding in (
        (11, 4, 0),
        (3, 2, 0),
        (5, 1, 2),
        (3, 2, 0),
        (3, 1, 1),
        (3, 1, 1),
        (3, 1, 1),
        (3, 2, 0),
    ):
        side = output_size(side, kernel, stride, padding)
    assert side == 6 and side * side * 256 == 9216
    # what its 4096 units cost, and that they hold most of AlexNet's 60 million weights
    assert dense_parameters(9216, 4096) == 37_752_832
    assert dense_parameters(9216, 4096) + dense_parameters(4096, 4096) + dense_parameters(4096, 1000) == 58_631_144


def test_parameters_of_published_layers() -> None:
    assert conv_parameters(1, 6, 5) == 156  # LeNet-5's C1 (LeCun and others 1998, section II.B)
    assert dense_parameters(120, 84) == 10_164  # its F6
    assert conv_multiply_adds(1, 6, 5, (28, 28)) + 6 * 28 * 28 == 122_304  # the connections of C1, biases counted in
    # three 3x3 layers against one of 7x7 that sees as much: 27 C^2 against 49 C^2 (Simonyan, Zisserman 2015, section 2.3)
    assert 3 * conv_parameters(64, 64, 3, bias=False) == 27 * 64**2
    assert conv_parameters(64, 64, 7, bias=False) == 49 * 64**2
    assert conv_parameters(32, 32, 3, groups=32) == 32 * 9 + 32


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: output_size(4, 5), "does not fit"),
        (lambda: output_size(4, 1, stride=0), "stride cannot be 0"),
        (lambda: output_size(4, 1, padding=-1), "padding cannot be -1"),
        (lambda: kernel_size(10, 12), "No filter"),
        (lambda: kernel_size(10, 5, dilation=4), "No filter"),
        (lambda: transposed_size(1, 1, padding=2), "size cannot be"),
        (lambda: dense_parameters(0, 3), "inputs cannot be 0"),
    ],
)
def test_the_impossible_is_said(call, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(EngineError, match=said):
        call()
