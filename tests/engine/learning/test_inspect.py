"""The counts of the catalog, taken from the networks themselves."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from engine import catalog
from engine.errors import EngineError
from engine.layer_arithmetic import SlidingWindow, kernel_size, output_size, transposed_size
from engine.learning import models
from tests.engine.learning import inspect


@pytest.mark.parametrize("row", catalog.ARCHITECTURES, ids=lambda row: row.name)
def test_summary_is_the_row_of_the_table(row: catalog.Architecture) -> None:
    counted = inspect.summary(row.name)
    assert (counted.parameters, counted.layers, counted.multiply_adds) == (
        row.parameters,
        row.layers,
        row.multiply_adds,
    )


def test_lenet_layer_by_layer() -> None:
    rows = inspect.layer_table(models.build("lenet5-tanh", channels=1, classes=10), (1, 32, 32))
    shapes = {row.name: row.output for row in rows if row.kind in ("Conv2d", "AvgPool2d", "Linear")}
    assert list(shapes.values()) == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (120, 1, 1), (84,), (10,)]
    assert [row.parameters for row in rows if row.parameters] == [156, 2416, 48120, 10164, 850]
    assert rows[0].multiply_adds == 6 * 28 * 28 * 25


def test_alexnet_before_its_first_fully_connected_layer() -> None:
    rows = inspect.layer_table(models.outline("alexnet", classes=1000), (3, 227, 227))
    assert next(row.output for row in reversed(rows) if row.kind == "MaxPool2d") == (256, 6, 6)
    first = next(row for row in rows if row.kind == "Linear")
    assert first.output == (4096,) and first.parameters == 6 * 6 * 256 * 4096 + 4096


@pytest.mark.parametrize(("arch", "convolutions"), [("vgg16", 13), ("vgg19", 16)])
def test_vgg_is_convolutions_pools_and_three_layers(arch: str, convolutions: int) -> None:
    kinds = [row.kind for row in inspect.layer_table(models.outline(arch, classes=1000), (3, 224, 224))]
    assert (kinds.count("Conv2d"), kinds.count("MaxPool2d"), kinds.count("Linear")) == (convolutions, 5, 3)


def test_transposed_and_grouped_convolutions_are_counted() -> None:
    net = nn.Sequential(nn.Conv2d(4, 8, 3, padding=1, groups=2), nn.ConvTranspose2d(8, 2, 2, stride=2))
    rows = inspect.layer_table(net, (4, 10, 10))
    assert [row.multiply_adds for row in rows] == [8 * 100 * 2 * 9, 100 * 8 * 2 * 4]
    assert sum(row.multiply_adds for row in rows) == inspect.multiply_adds(net, (4, 10, 10))


def test_looking_leaves_the_network_as_it_was() -> None:
    net = models.build("resnet18", channels=1, classes=2)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    inspect.layer_table(net, (1, 64, 64))
    assert net.training
    assert not any(module._forward_hooks for module in net.modules())
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


lengths = st.integers(1, 7)


@given(st.integers(1, 40), lengths, lengths, st.integers(0, 3), st.integers(1, 3))
def test_sizes_are_those_of_the_layers_themselves(
    size: int, kernel: int, stride: int, padding: int, holes: int
) -> None:
    fits = SlidingWindow(kernel, stride, padding, holes).reach <= size + 2 * padding
    layer = nn.Conv1d(1, 1, kernel, stride, padding, holes, device="meta")
    if not fits:
        with pytest.raises(EngineError, match="does not fit"):
            output_size(size, kernel, stride, padding, holes)
        return
    made = output_size(size, kernel, stride, padding, holes)
    assert made == layer(torch.zeros(1, 1, size, device="meta")).shape[-1]
    exact = (made - 1) * stride + SlidingWindow(kernel, dilation=holes).reach - 2 * padding
    if exact >= 1:
        back = nn.ConvTranspose1d(1, 1, kernel, stride, padding, dilation=holes, device="meta")
        assert back(torch.zeros(1, 1, made, device="meta")).shape[-1] == transposed_size(
            made, kernel, stride, padding, holes
        )
        assert kernel_size(exact, made, stride, padding, holes) == kernel
