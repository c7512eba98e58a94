from typing import Any

import pytest
from torch import nn

from engine import catalog
from engine.layer_arithmetic import SlidingWindow
from engine.learning import models
from engine.learning.levels import Filters, levels, traced
from engine.learning.tracing import Skip
from engine.size_flow import follow_sizes
from tests.engine.learning import inspect

_POSITIONS = {"dpt": 153_600}  # of its tokens, and a norm that never runs
_NEVER_RUN = ("pspnet",)


def test_the_published_unet_is_as_its_paper_draws_it() -> None:
    found = levels("unet", channels=1, classes=2, size=388, options={"padding": "valid", "batch_norm": False})
    assert found.image == (1, 572, 572) and found.mask == (2, 388, 388)
    assert [(level.part, level.output) for level in found.levels] == [
        ("encoder", (64, 568, 568)),
        ("encoder", (128, 280, 280)),
        ("encoder", (256, 136, 136)),
        ("encoder", (512, 64, 64)),
        ("encoder", (1024, 28, 28)),
        ("decoder", (512, 52, 52)),
        ("decoder", (256, 100, 100)),
        ("decoder", (128, 196, 196)),
        ("decoder", (64, 388, 388)),
    ]
    assert found.skips == tuple(Skip(depth, depth, "concatenated") for depth in (3, 2, 1, 0))
    assert found.levels[0].filters == (Filters(3, 1, transposed=False, count=2),)
    assert found.levels[5].filters == (
        Filters(2, 1, transposed=True, count=1),
        Filters(3, 1, transposed=False, count=2),
    )
    assert [level.field for level in found.levels[:5]] == [5, 14, 32, 68, 140], "by hand: (r - 1) j and j doubled"


def test_memory_is_that_of_the_maps() -> None:
    found = levels("unet", channels=1, classes=2, size=64, options={"batch_norm": False})
    first = found.levels[0]
    assert first.activations == 2 * 64 * 64 * 64 * 4, "two convolutions; their ReLUs write in place"
    assert found.activations == sum(level.activations for level in found.levels)


@pytest.mark.parametrize(
    ("arch", "skips"),
    [
        ("segnet", {(depth, depth, "indices") for depth in range(5)}),
        ("fcn32s", set()),
        ("fcn16s", {(4, 4, "added")}),
        ("fcn8s", {(4, 4, "added"), (3, 3, "added")}),
        ("unet-smp", {(depth, depth, "concatenated") for depth in (1, 2, 3, 4)}),
        ("linknet", {(depth, depth, "added") for depth in (1, 2, 3, 4)}),
        ("fpn", {(depth, depth, "added") for depth in (2, 3, 4)}),
        ("pan", {(depth, depth, "added") for depth in (2, 3)}),
        ("deeplabv3", set()),
        ("deeplabv3+", {(2, 2, "concatenated")}),
        ("segformer", {(depth, 2, "concatenated") for depth in (1, 2, 3, 4)}),
    ],
)
def test_what_crosses_from_the_encoder_to_the_decoder(arch: str, skips: set[tuple[int, int, str]]) -> None:
    found = levels(arch, channels=3, classes=3, size=128)
    assert {(skip.start, skip.end, skip.joined) for skip in found.skips} == skips


@pytest.mark.parametrize("row", catalog.rows("segmentation"), ids=lambda row: row.name)
def test_no_parameter_and_no_multiplication_is_lost(row: catalog.Architecture) -> None:
    found = levels(row.name, channels=3, classes=3, size=128)
    net = models.outline(row.name, channels=3, classes=3, size=128)
    own = sum(level.parameters for level in found.levels)
    assert found.parameters == models.count_parameters(net)
    if row.name not in _NEVER_RUN:
        assert own == found.parameters - _POSITIONS.get(row.name, 0)
    assert found.multiply_adds == inspect.multiply_adds(net, (3, 128, 128))
    assert found.mask == (3, 128, 128)
    down = [level.depth for level in found.levels if level.part == "encoder"]
    up = [level.depth for level in found.levels if level.part == "decoder"]
    assert down == sorted(down) and up == sorted(up, reverse=True) and up[-1] == 0


def test_a_side_that_no_network_takes_is_brought_to_the_next() -> None:
    assert levels("unet", channels=1, classes=2, size=100).image == (1, 112, 112)


@pytest.mark.parametrize("encoder", ["mobilenet_v2", "timm-tf_efficientnet_lite0", "mit_b0", "tu-convnext_tiny"])
def test_other_encoders_are_followed_too(encoder: str) -> None:
    found = levels("unet-smp", channels=3, classes=2, size=128, encoder=encoder)
    assert {level.part for level in found.levels} == {"encoder", "decoder"}
    assert len(found.skips) >= 3 and all(skip.joined == "concatenated" for skip in found.skips)


def test_a_level_is_as_wide_as_what_it_hands_to_the_decoder() -> None:
    """EfficientNet widens its maps before it halves them: those are no skip connection."""
    found = levels("unet-smp", channels=3, classes=3, size=128, encoder="timm-tf_efficientnet_lite0")
    net = models.outline("unet-smp", encoder="timm-tf_efficientnet_lite0", channels=3, classes=3, size=128)
    widths = [level.output[0] for level in found.levels if level.part == "encoder"]
    encoder: Any = net.get_submodule("net.encoder")
    assert widths == [32, 24, 40, 112, 320] == list(encoder.out_channels[1:])
    assert [found.flow[level.step].side for level in found.levels] == [level.output[-1] for level in found.levels]


@pytest.mark.parametrize(
    ("arch", "widths"),
    [("fcn-resnet", [64, 256, 2048]), ("mask-rcnn-light", [16, 24, 40, 112, 320])],
)
def test_where_nothing_crosses_a_level_is_as_wide_as_what_the_next_begins_with(arch: str, widths: list[int]) -> None:
    """The block that halves the maps filters them once before that: 1x1 to 128 in a ResNet's bottleneck, to 96 in EfficientNet's."""
    found = levels(arch, channels=3, classes=3, size=128)
    down = [level for level in found.levels if level.part == "encoder"]
    assert [level.output[0] for level in down] == widths
    assert [found.flow[level.step].side for level in down] == [level.output[-1] for level in down]


def test_every_layer_of_a_level_is_what_the_calculator_takes_over() -> None:
    """As the paper draws it: 572 gives 570 by an unpadded 3x3, 568 by another one, and 284 by a pooling; 28 come back as 56."""
    found = levels("unet", 1, 2, 388, options={"padding": "valid"}).levels
    told = [
        [(one.kind, one.before, one.after, one.window, one.inputs, one.outputs) for one in level.layers]
        for level in (found[0], found[1], found[5])
    ]
    three, two = SlidingWindow(3), SlidingWindow(2, 2)
    assert told == [
        [("filter", 572, 570, three, 1, 64), ("filter", 570, 568, three, 64, 64)],
        [("max", 568, 284, two, 64, 64), ("filter", 284, 282, three, 64, 128), ("filter", 282, 280, three, 128, 128)],
        [("up", 28, 56, two, 1024, 512), ("filter", 56, 54, three, 1024, 512), ("filter", 54, 52, three, 512, 512)],
    ]
    assert (found[1].layers[1].field, found[1].layers[1].jump) == (6, 2), "two filters and the pooling: 5 + 1"
    strided = levels("unet-smp", 3, 2, 256, encoder="resnet18").levels[0].layers[0]
    assert (strided.before, strided.window, strided.inputs, strided.outputs) == (256, SlidingWindow(7, 2, 3), 3, 64)
    depthwise = levels("unet-smp", 3, 2, 64, encoder="mobilenet_v2").levels[0].layers[1]
    assert (depthwise.inputs, depthwise.outputs) == (1, 32), "each of its maps is made of one"


@pytest.mark.parametrize(("arch", "width"), [("mask-rcnn", 256), ("mask-rcnn-light", 96)])
def test_a_network_that_tells_objects_apart_is_drawn_with_its_pyramid_and_heads(arch: str, width: int) -> None:
    found = levels(arch, channels=3, classes=3, size=250)
    assert found.image == (3, 256, 256), "it pads its images itself"
    assert [level.depth for level in found.levels if level.part == "encoder"] == [1, 2, 3, 4, 5]
    pyramid = [level for level in found.levels if level.part == "decoder"]
    assert [level.output for level in pyramid] == [(width, side, side) for side in (4, 8, 16, 32, 64)]
    assert set(found.skips) == {Skip(depth, depth, "added") for depth in (2, 3, 4)}
    proposals, boxes, masks = (level for level in found.levels if level.part == "head")
    assert proposals.output[1:] == (64, 64), "at the finest maps"
    assert proposals.filters == (Filters(3, 1, transposed=False, count=1), Filters(1, 1, transposed=False, count=2)), (
        "the same ones at every level"
    )
    assert boxes.output == (width, 7, 7) and masks.output == found.mask == (3, 28, 28)
    assert masks.regions == 100 and boxes.regions in (500, 1000)
    net = models.outline(arch, channels=3, classes=3)
    assert found.parameters == models.count_parameters(net)
    never_run = 412_160 if arch == "mask-rcnn-light" else 0  # the last filters of EfficientNet-Lite0
    assert sum(level.parameters for level in found.levels) == found.parameters - never_run
    assert found.multiply_adds == inspect.multiply_adds(net, (3, 256, 256))
    assert list(follow_sizes(found.flow).sides) == [step.side for step in found.flow]


def test_a_head_keeps_in_training_what_it_learns_from() -> None:
    """512 regions are kept of the 1000 that are looked at, and each costs 7x7 maps and two layers of 1024 units with their ReLU."""
    boxes = levels("mask-rcnn", channels=3, classes=3, size=256).levels[-2]
    each = 256 * 49 + 2 * 2 * 1024 + 3 + 4 * 3
    assert boxes.activations == 512 * each * 4


def test_following_leaves_a_network_as_it_was_also_where_it_fails() -> None:
    net = models.outline("unet", channels=1, options={"width": 8})
    own = next(module for module in net.modules() if isinstance(module, nn.Conv2d))
    forward = vars(own)["forward"] = own.forward  # some layers have one of their own, beside their kind's
    traced(net.net, (1, 64, 64))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError):
        traced(net.net, (2, 64, 64))  # type: ignore[arg-type]
    assert {module for module in net.modules() if "forward" in vars(module)} == {own}
    assert vars(own)["forward"] is forward
