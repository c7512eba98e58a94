import pytest

from engine import catalog
from engine.learning.stages import stages
from engine.size_flow import follow_sizes


def test_lenet_shrinks_as_the_lecture_reckons() -> None:
    found = stages("lenet5", channels=1, classes=10, size=32).stages
    assert [(s.kind, s.output) for s in found[:6]] == [
        ("image", (1, 32, 32)),
        ("filter", (6, 28, 28)),
        ("max", (6, 14, 14)),
        ("filter", (16, 10, 10)),
        ("max", (16, 5, 5)),
        ("filter", (120, 1, 1)),
    ]
    first = found[1]
    assert (first.before, first.kernel, first.stride, first.padding, first.after) == (32, 5, 1, 0, 28)


def test_residual_stages_count_their_blocks_and_skips() -> None:
    for arch, counts, filters in (("resnet18", [2, 2, 2, 2], (3, 3)), ("resnet152", [3, 8, 36, 3], (1, 3, 1))):
        blocks = [s for s in stages(arch, channels=3, classes=1000, size=224).stages if s.kind == "blocks"]
        assert [s.count for s in blocks] == counts
        assert {s.filters for s in blocks} == {filters}
        assert [s.projected for s in blocks] == [arch == "resnet152", True, True, True]
        assert [s.output[1] for s in blocks] == [56, 28, 14, 7]
        assert [s.after for s in blocks] == [56, 28, 14, 7]


def test_vgg_has_thirteen_convolutions_five_poolings_and_three_layers_of_all_to_all() -> None:
    found = stages("vgg16", channels=3, classes=1000, size=224).stages
    assert sum(s.count for s in found if s.kind == "filter") == 13
    assert sum(s.count for s in found if s.kind == "max") == 5
    assert sum(s.count for s in found if s.kind == "dense") == 3


@pytest.mark.parametrize("row", catalog.rows("classification"), ids=lambda row: row.name)
def test_no_parameter_is_lost_and_every_kernel_leaves_what_the_formula_says(row: catalog.Architecture) -> None:
    height, _, channels = (int(part) for part in row.input.split("x"))
    found = stages(row.name, channels, row.classes, height)
    assert found.parameters == sum(s.parameters for s in found.stages) == row.parameters
    assert found.multiply_adds == row.multiply_adds
    for stage in found.stages:
        if stage.kernel:
            assert stage.after == stage.output[-1]
            assert (
                stage.layers[0].before == stage.before or row.name == "efficientnet-lite0"
            )  # it pads before it filters
        if len(stage.output) == 3:
            assert found.flow[stage.step].side == stage.output[-1]
    said = follow_sizes(found.flow)
    assert list(said.sides) == [step.side for step in found.flow]
    assert not said.misfits


def test_costs_of_lenet_by_hand() -> None:
    found = stages("lenet5", channels=1, classes=10, size=32).stages
    c1, s2, c3, _, c5, f6, output = found[1:]
    assert [s.multiply_adds for s in (c1, s2, c3, c5, f6, output)] == [
        6 * 25 * 28 * 28, 0, 16 * 6 * 25 * 100, 120 * 400, 120 * 84, 84 * 10,
    ]  # fmt: skip
    assert c1.activations == 2 * 6 * 28 * 28 * 4, "the maps, and what ReLU makes of them"
    assert s2.activations == 6 * 14 * 14 * 4
    assert [s.field for s in found] == [1, 5, 6, 14, 16, 0, 0, 0], "1 + 4, + 1, + 4·2, + 2, then the whole image"


def test_every_layer_of_a_stage_can_be_changed() -> None:
    found = stages("resnet18", channels=3, classes=5, size=64)
    second = found.stages[4]
    assert [(one.kind, one.window.kernel, one.before, one.after, one.inputs, one.outputs) for one in second.layers] == [
        ("filter", 3, 16, 8, 64, 128), ("filter", 3, 8, 8, 128, 128), ("filter", 1, 16, 8, 64, 128),
        ("filter", 3, 8, 8, 128, 128), ("filter", 3, 8, 8, 128, 128),
    ]  # fmt: skip
    mean, dense = found.stages[-2:]
    assert [(one.kind, one.before, one.window.kernel, one.after) for one in mean.layers] == [("average", 2, 2, 1)]
    assert [(one.kind, one.before, one.inputs, one.outputs) for one in dense.layers] == [("dense", 1, 512, 5)]
    first = stages("alexnet", channels=3, classes=5, size=224).stages[-3].layers[0]
    assert (first.before, first.window.kernel, first.inputs, first.outputs) == (6, 6, 256, 4096), "6·6·256 values"


def test_a_stage_is_as_wide_as_its_own_settings_say() -> None:
    narrow = stages("alexnet", 1, 3, 64, {"units": 64})
    assert [s.output for s in narrow.stages if s.kind == "dense"] == [(64,), (64,), (3,)]
    bare = stages("plain20", 1, 3, 32, {"batch_norm": False})
    assert bare.parameters < stages("plain20", 1, 3, 32).parameters
