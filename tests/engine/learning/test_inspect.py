"""The lecture's arithmetic, and the counts of the catalog taken from the networks themselves."""

import pytest
import torch
from torch import nn

from engine import catalog
from engine.learning import inspect, models


def test_the_lectures_examples() -> None:
    assert inspect.output_size(32, kernel=5) == 28 == (32 - 5) / 1 + 1
    assert inspect.output_size(28, kernel=2, stride=2) == 14 == (28 - 2) / 2 + 1
    assert inspect.output_size(224, kernel=7, stride=2, padding=3) == 112


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
    # the paper's own first layers, without the padding of the version that is built
    assert inspect.output_size(227, kernel=11, stride=4) == 55
    assert inspect.output_size(55, kernel=3, stride=2) == 27


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
