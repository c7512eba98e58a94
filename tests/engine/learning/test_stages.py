import pytest

from engine import catalog
from engine.learning.stages import stages


def test_lenet_shrinks_as_the_lecture_reckons() -> None:
    found = stages("lenet5", channels=1, classes=10, size=32)
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
        blocks = [s for s in stages(arch, channels=3, classes=1000, size=224) if s.kind == "blocks"]
        assert [s.count for s in blocks] == counts
        assert {s.filters for s in blocks} == {filters}
        assert [s.projected for s in blocks] == [arch == "resnet152", True, True, True]
        assert [s.output[1] for s in blocks] == [56, 28, 14, 7]
        assert [s.after for s in blocks] == [56, 28, 14, 7]


def test_vgg_has_thirteen_convolutions_five_poolings_and_three_layers_of_all_to_all() -> None:
    found = stages("vgg16", channels=3, classes=1000, size=224)
    assert sum(s.count for s in found if s.kind == "filter") == 13
    assert sum(s.count for s in found if s.kind == "max") == 5
    assert sum(s.count for s in found if s.kind == "dense") == 3


@pytest.mark.parametrize("row", catalog.rows("classification"), ids=lambda row: row.name)
def test_no_parameter_is_lost_and_every_kernel_leaves_what_the_formula_says(row: catalog.Architecture) -> None:
    height, _, channels = (int(part) for part in row.input.split("x"))
    found = stages(row.name, channels, row.classes, height)
    assert sum(s.parameters for s in found) == row.parameters
    for stage in found:
        if stage.kernel:
            assert stage.after == stage.output[-1]
