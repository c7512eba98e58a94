"""What a training takes of the project: labelled slices, some of every item; and which of them an epoch sees, in what order."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.learning.slices import (
    MOST_VALIDATED,
    SliceLearner,
    SliceSelection,
    brought_to_size,
    left_out,
    not_learnt,
    patches_of,
    seen_in_an_epoch,
    square_around,
    subsample,
)
from engine.progress import result_of
from engine.project.items import Item
from engine.project.project import Project


def volume(id: int, slices: int) -> Item:
    return Item(
        id=id,
        name=f"v{id}",
        source=Source((f"v{id}.nii",), "nifti"),
        hash="",
        shape=(slices, 8, 8),
        spacing=(1.0, 1.0, 1.0),
        color=False,
        modality="CT",
        patient=f"P{id}",
    )


def selection(id: int, slices: int, step: int = 1) -> SliceSelection:
    """Every `step`-th slice of a volume."""
    return SliceSelection(volume(id, slices), np.arange(0, slices, step))


def test_a_short_validation_looks_at_everything() -> None:
    labelled = [selection(n, 40) for n in range(10)]
    looked_at = subsample(labelled)
    assert [w.item for w in looked_at] == [w.item for w in labelled]
    assert all(w.places.tolist() == list(range(40)) for w in looked_at)


@pytest.mark.parametrize("step", [1, 3])
@pytest.mark.parametrize("sizes", [[300] * 10, [2000], [1, 1, 5000], [700] * 399, [3] * 200])
def test_a_long_validation_looks_at_slices_of_every_item(sizes: list[int], step: int) -> None:
    labelled = [selection(n, size, step) for n, size in enumerate(sizes)]
    looked_at = subsample(labelled)
    assert [w.item for w in looked_at] == [w.item for w in labelled]
    assert sum(len(w.places) for w in looked_at) <= MOST_VALIDATED + len(sizes)
    for wanted in looked_at:
        count = -(-wanted.item.shape[0] // step)
        gaps = np.diff(wanted.places // step, prepend=-1, append=count)
        assert (gaps[1:-1] > 0).all() and np.ptp(gaps[1:-1]) <= 1 if len(gaps) > 2 else True
        assert (wanted.places % step == 0).all()
        assert wanted.places.min() >= 0 and wanted.places.max() < wanted.item.shape[0]


def test_of_very_many_pictures_a_validation_takes_a_regular_sample() -> None:
    looked_at = subsample([selection(n, 1) for n in range(1001)])
    assert [w.item.id for w in looked_at] == list(range(0, 1001, 3))


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ([20, 20], "7 of 40 slices of the training set are labelled: the others are not learnt from."),
        ([1, 1, 1], "1 of 3 images of the training set are labelled: the others are not learnt from."),
    ],
)
def test_what_is_not_learnt_from_is_said_in_numbers(sizes: list[int], said: str) -> None:
    items = [replace(volume(n, size), split="train") for n, size in enumerate(sizes)]
    assert [notice.text for notice in left_out(items, [selection(0, sizes[0], 3)], [])] == [said]
    everything = [SliceSelection(item, np.arange(item.shape[0])) for item in items]
    assert list(left_out(items, everything, [])) == []


@pytest.mark.parametrize(
    ("sides", "size", "said"),
    [
        ((64, 64), 64, []),
        ((64, 900), 0, []),
        ((64, 256), 64, ["Images of up to 256 px are reduced to 64 px: at most 4.0 times smaller."]),
        ((400,), 384, ["Images of up to 400 px are reduced to 384 px: at most 1.1 times smaller."]),
        ((32, 64), 64, ["Images of 32 px and more are enlarged to 64 px: at most 2.0 times larger."]),
    ],
)
def test_another_size_than_the_images_own_is_said(sides: tuple[int, ...], size: int, said: list[str]) -> None:
    items = [replace(volume(n, 1), shape=(1, side // 2, side)) for n, side in enumerate(sides)]
    assert [str(notice) for notice in brought_to_size(items, size)] == said


def test_what_is_not_learnt_is_known_before_the_training(project: Path, classes: Path) -> None:
    with Project.open(project) as opened:
        assert result_of(not_learnt(opened, TrainConfig())) == []
        opened.set_classes(parse_classes("disc,square,late"))
        first = opened.items.all("train")[0]
        opened.items.set_state(first.id, "rejected", "")
        opened.items.set_splits({item.id: "train" for item in opened.items.all("val")})
        assert [str(notice) for notice in result_of(not_learnt(opened, TrainConfig()))] == [
            "1 rejected item is left out of training and validation.",
            "The training set has no example of late: it is not learnt.",
            "No item of the validation set has a mask: the last weights are kept.",
        ]
    with Project.open(classes) as opened:
        opened.items.set_splits({item.id: "" for item in opened.items.all() if item.split == "val"})
        opened.set_classes(parse_classes("dark,bright,late"))
        assert [str(notice) for notice in result_of(not_learnt(opened, TrainConfig()))] == [
            "The training set has no example of late: it is not learnt.",
            "No image of the validation set has a class: the last weights are kept.",
        ]


def test_an_epoch_takes_each_slice_as_often_as_it_holds_patches_in_an_order_of_its_own() -> None:
    learner = SimpleNamespace(config=TrainConfig(batch=4, seed=3), steps=3, _takes=np.array([1, 2, 3]))
    first, second = (SliceLearner._order(learner, epoch) for epoch in (0, 1))  # type: ignore[arg-type]
    for order in (first, second):
        assert np.bincount(order).tolist() == [2, 4, 6]
        assert sorted(order[:6]) == [0, 1, 1, 2, 2, 2], "a whole round before the next"
        assert order.tolist() != sorted(order)
    assert first.tolist() != second.tolist()
    assert np.array_equal(first, SliceLearner._order(learner, 0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("centre", "top", "left"), [((20, 30), 12, 22), ((0, 0), 0, 0), ((39, 59), 24, 44), ((39, 3), 24, 0)]
)
def test_a_patch_is_moved_into_the_slice(centre: tuple[int, int], top: int, left: int) -> None:
    assert square_around(np.array(centre), 16, (40, 60)) == (top, left, 16, 16)
    assert square_around(np.array(centre), 64, (40, 60)) == (0, 0, 64, 64), "one that is larger begins at its corner"


@pytest.mark.parametrize(
    ("size", "patch", "count"),
    [((512, 512), 0, 1), ((512, 512), 512, 1), ((300, 300), 512, 1), ((1024, 512), 256, 8), ((4096, 4096), 64, 256)],
)
def test_an_epoch_takes_the_patches_that_an_image_holds_up_to_a_most(
    size: tuple[int, int], patch: int, count: int
) -> None:
    assert patches_of(size, patch) == count


def test_how_little_an_epoch_sees_of_an_image_is_said() -> None:
    assert not list(seen_in_an_epoch([(4096, 4096), (9000, 9000)], 0))
    assert not list(seen_in_an_epoch([(1024, 512), (64, 64)], 256))
    (notice,) = seen_in_an_epoch([(64, 64), (4096, 4096)], 64)
    assert notice.text.startswith("An epoch sees 6.2% of an image of 4096 × 4096 px, in 256 patches of 64 px")
