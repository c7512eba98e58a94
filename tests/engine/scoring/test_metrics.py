"""Dice by the lecture's examples, by counting one by one, and against two independent libraries."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.scoring import metrics
from engine.scoring.metrics import (
    ClassScores,
    Confusion,
    SetSurface,
    confusion,
    item_scores,
    mean,
    scores,
    set_scores,
    to_json,
    weighted_mean,
)
from engine.scoring.surface import SurfaceScores

Labels = NDArray[np.uint8]


def counted(truth: Labels, predicted: Labels, classes: int) -> Confusion:
    table = np.zeros((classes + 1, classes + 1), np.int64)
    np.add.at(table, (truth.ravel(), predicted.ravel()), 1)
    return table


@pytest.mark.parametrize("classes", [2, 40])
def test_unlabelled_pixels_are_in_no_count(classes: int) -> None:
    rng = np.random.default_rng(0)
    truth, predicted = rng.integers(0, classes + 1, (2, 5, 300, 400), np.uint8)
    clean = counted(truth[1:4], predicted[1:4], classes)
    truth[0], predicted[4] = UNLABELLED, UNLABELLED
    np.testing.assert_array_equal(confusion(truth, predicted, classes), clean)
    truth[2, 3, 4] = classes + 1
    with pytest.raises(EngineError, match=f"the value {classes + 1}"):
        confusion(truth, predicted, classes)


def test_lecture_binary() -> None:
    truth = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 1]], np.uint8)
    predicted = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], np.uint8)
    found = scores(confusion(truth, predicted, 1))
    assert found.mean_dice == found.classes[0].dice == 0.75
    assert found.classes[0].iou == 3 / 5


def test_lecture_two_classes() -> None:
    truth = np.array([[0, 1, 1], [0, 2, 0], [2, 0, 1]], np.uint8)
    predicted = np.array([[0, 1, 0], [2, 2, 0], [2, 0, 1]], np.uint8)
    found = scores(confusion(truth, predicted, 2))
    assert [c.dice for c in found.classes] == [0.8, 0.8]
    assert found.mean_dice == pytest.approx(0.8)
    assert (found.classes[0].precision, found.classes[0].recall) == (1.0, 2 / 3)
    assert found.weighted_dice == pytest.approx(0.8)


def masks(classes: int) -> st.SearchStrategy[tuple[Labels, Labels]]:
    shapes = arrays.array_shapes(min_dims=1, max_dims=3, max_side=9)

    def pair(shape: tuple[int, ...]) -> st.SearchStrategy[tuple[Labels, Labels]]:
        mask = arrays.arrays(np.uint8, shape, elements=st.integers(0, classes))
        return st.tuples(mask, mask)

    return shapes.flatmap(pair)


@given(st.data(), st.sampled_from([1, 2, 5, 14, 15, 16, 255]))
@settings(max_examples=60, deadline=None)
def test_confusion_counts_every_pair(data: st.DataObject, classes: int) -> None:
    truth, predicted = data.draw(masks(classes))
    np.testing.assert_array_equal(confusion(truth, predicted, classes), counted(truth, predicted, classes))


@pytest.mark.parametrize("classes", [3, 15, 16, 200])
def test_confusion_of_more_than_one_chunk(classes: int) -> None:
    rng = np.random.default_rng(classes)
    truth = rng.integers(0, classes + 1, (3, 700, 401), np.uint8)
    predicted = rng.integers(0, classes + 1, truth.shape, np.uint8)
    truth[1], predicted[1] = 0, 0  # chunks of background alone take another way
    expected = counted(truth, predicted, classes)
    np.testing.assert_array_equal(confusion(truth, predicted, classes), expected)
    np.testing.assert_array_equal(confusion(truth.T, predicted.T, classes), expected)  # not contiguous


def test_confusion_is_exact_beyond_what_float32_counts() -> None:
    truth = np.ones((1 << 24) + 5, np.uint8)
    assert confusion(truth, truth, 1)[1, 1] == (1 << 24) + 5


def test_nothing_at_all() -> None:
    empty = np.zeros((0, 4), np.uint8)
    assert not confusion(empty, empty, 2).any()
    assert confusion(np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.uint8), 0).tolist() == [[4]]


@pytest.mark.parametrize("classes", [2, 20])
def test_values_above_the_classes_are_refused(classes: int) -> None:
    good, bad = np.zeros(9, np.uint8), np.full(9, classes + 1, np.uint8)
    for pair in ((good, bad), (bad, good)):
        with pytest.raises(EngineError, match=f"the value {classes + 1}, but there are {classes} classes"):
            confusion(*pair, classes)


def test_what_is_no_pair_of_masks_is_refused() -> None:
    one = np.zeros((2, 3), np.uint8)
    with pytest.raises(ValueError, match="masks of"):
        confusion(one, one.T, 1)
    with pytest.raises(ValueError, match="masks of"):
        confusion(one, one.astype(np.int32), 1)
    with pytest.raises(ValueError, match="classes"):
        confusion(one, one, 256)


@pytest.mark.parametrize(
    ("truth", "predicted", "dice"),
    [
        ([0, 0], [0, 0], None),
        ([0, 0], [1, 0], 0.0),
        ([1, 0], [0, 0], 0.0),
        ([1, 0], [0, 1], 0.0),
        ([1, 0], [1, 0], 1.0),
    ],
)
def test_empty_masks(truth: list[int], predicted: list[int], dice: float | None) -> None:
    found = scores(confusion(np.array(truth, np.uint8), np.array(predicted, np.uint8), 2))
    assert found.classes[0].dice == found.mean_dice == dice
    assert found.classes[1] == ClassScores(0, 0, 0)
    assert found.classes[1].dice is None and not found.classes[1].present


def test_precision_and_recall_exist_only_where_there_is_something() -> None:
    found = scores(confusion(np.array([1, 0], np.uint8), np.array([0, 2], np.uint8), 2)).classes
    assert (found[0].precision, found[0].recall) == (None, 0.0)
    assert (found[1].precision, found[1].recall) == (0.0, None)


def random_masks(seed: int) -> tuple[Labels, Labels]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, (4, 32, 33), np.uint8)
    wrong = rng.random(truth.shape) < 0.3
    return truth, np.where(wrong, rng.integers(0, 4, truth.shape, np.uint8), truth)


@pytest.mark.parametrize("seed", range(4))
def test_dice_agrees_with_torchmetrics_and_monai(seed: int) -> None:
    truth, predicted = random_masks(seed)
    if seed == 3:
        truth[truth == 2] = 0  # a class in the prediction alone
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch
        from monai.metrics import compute_dice, compute_iou
        from torchmetrics.functional.segmentation import dice_score

        onehot = [torch.nn.functional.one_hot(torch.from_numpy(m).long(), 4).movedim(-1, 1) for m in (predicted, truth)]
        monai = compute_dice(*onehot, include_background=False, ignore_empty=False).numpy()
        monai_iou = compute_iou(*onehot, include_background=False, ignore_empty=False).numpy()
        torchm = dice_score(*onehot, 4, include_background=False, average=None).numpy()
    for item in range(len(truth)):
        ours = scores(confusion(truth[item], predicted[item], 3)).classes
        dice, iou = np.array([c.dice for c in ours], float), np.array([c.iou for c in ours], float)
        np.testing.assert_allclose(dice, monai[item], rtol=1e-6)
        np.testing.assert_allclose(iou, monai_iou[item], rtol=1e-6)
        np.testing.assert_allclose(dice, torchm[item], rtol=1e-6)


def one_item(name: str, *classes: ClassScores) -> metrics.ItemScores:
    return metrics.ItemScores(name, dict(zip(("lung", "heart"), classes, strict=True)))


def test_a_set_takes_the_mean_over_items_then_over_classes() -> None:
    found = set_scores(
        [
            one_item("a", ClassScores(10, 10, 5), ClassScores(2, 2, 2)),  # lung 0.5, heart 1
            one_item("b", ClassScores(90, 90, 90), metrics.ABSENT),  # lung 1, no heart
            one_item("c", metrics.ABSENT, metrics.ABSENT),
        ],
        ["lung", "heart"],
    )
    assert found.n == 3
    assert (found.classes["lung"].dice, found.classes["lung"].n) == (0.75, 2)
    assert (found.classes["heart"].dice, found.classes["heart"].n) == (1.0, 1)
    assert found.mean_dice == 0.875  # not (0.75 + 1) / 2 over items
    assert found.weighted_dice == pytest.approx((0.75 * 100 + 1.0 * 2) / 102)
    assert found.classes["lung"].pooled.dice == 0.95
    assert found.pooled_dice == pytest.approx((0.95 + 1) / 2)
    assert [i.mean_dice for i in found.items] == [0.75, 1.0, None]


def test_a_set_weighs_its_classes_by_all_of_their_voxels_in_the_truth() -> None:
    """Neither by those that were predicted, nor by the items that have them; and it weighs means over items, not pooled figures."""
    found = set_scores(
        [
            one_item("a", ClassScores(10, 30, 10), ClassScores(40, 10, 10)),  # lung 0.5, heart 0.4
            one_item("b", ClassScores(10, 10, 10), metrics.ABSENT),  # lung 1
        ],
        ["lung", "heart"],
    )
    assert found.weighted_dice == pytest.approx((0.75 * 20 + 0.4 * 40) / 60)


def test_a_class_that_an_item_does_not_list_is_absent() -> None:
    found = set_scores([metrics.ItemScores("a", {"1": ClassScores(1, 1, 1)})], ["1", "2"])
    assert found.classes["2"].dice is None and found.mean_dice == 1.0


def test_json_has_null_for_what_does_not_exist() -> None:
    nothing = set_scores([one_item("a", metrics.ABSENT, metrics.ABSENT)], ["lung", "heart"])
    shown = to_json(nothing)
    assert list(shown) == ["n", "mean_dice", "weighted_dice", "pooled_dice", "classes", "items"]
    assert shown["n"] == 1 and shown["mean_dice"] is None and shown["weighted_dice"] is None
    assert shown["items"][0]["mean_dice"] is None  # type: ignore[index]
    assert shown["classes"]["lung"]["dice"] is None  # type: ignore[index]
    assert to_json(set_scores([], ["lung"]))["n"] == 0


def test_surfaces_travel_with_the_scores() -> None:
    truth, nothing = np.array([1, 1], np.uint8), np.zeros(2, np.uint8)
    far, none = SurfaceScores(1.0, 0.5, 0.75, 2.0), SurfaceScores(None, None, 0.0, 2.0)
    items = [
        item_scores("found", confusion(truth, truth, 1), ["lung"], [far]),
        item_scores("missed", confusion(truth, nothing, 1), ["lung"], [none]),
        item_scores("extra", confusion(nothing, truth, 1), ["lung"], [none]),
        item_scores("neither", confusion(nothing, nothing, 1), ["lung"], [SurfaceScores(None, None, None, 2.0)]),
    ]
    lung = set_scores(items, ["lung"]).classes["lung"]
    assert lung.surfaces == (SetSurface("mm", 2.0, hd95=1.0, assd=0.5, n=1, nsd=0.25, nsd_n=3),)
    assert (lung.n, lung.missed, lung.extra) == (3, 1, 1)
    shown = to_json(set_scores(items, ["lung"]))["classes"]["lung"]  # type: ignore[index]
    assert shown["hd95_mm"] == 1.0 and shown["nsd"] == 0.25
    assert (shown["n"], shown["distances_n_mm"], shown["missed"], shown["extra"]) == (3, 1, 1, 1)
    assert (shown["precision_n"], shown["recall_n"]) == (2, 2)
    assert (shown["precision"], shown["recall"]) == (0.5, 0.5)  # of found and extra, of found and missed


def test_a_distance_of_nothing_is_a_distance() -> None:
    truth = np.array([1, 1], np.uint8)
    items = [item_scores("a", confusion(truth, truth, 1), ["lung"], [SurfaceScores(0.0, 0.0, 1.0, 2.0)])]
    assert to_json(set_scores(items, ["lung"]))["classes"]["lung"]["hd95_mm"] == 0.0  # type: ignore[index]


def test_no_items_have_no_scores() -> None:
    empty = set_scores([], ["lung"])
    assert (empty.n, empty.mean_dice, empty.weighted_dice, empty.pooled_dice) == (0, None, None, None)


def test_means_leave_out_what_does_not_exist() -> None:
    assert mean([None, 0.0, 1.0]) == 0.5
    assert mean([None]) is None and mean([]) is None
    assert weighted_mean([(1.0, 1), (0.0, 3), (None, 100)]) == 0.25
    assert weighted_mean([(1.0, 0)]) is None and weighted_mean([]) is None


def test_error_of_volume_is_a_share_of_the_truth() -> None:
    assert ClassScores(10, 12, 9).volume_error == pytest.approx(0.2)
    assert ClassScores(10, 0, 0).volume_error == -1.0
    assert ClassScores(0, 5, 0).volume_error is None


@pytest.mark.parametrize("known", [(), (1,), (2,), (1, 3), (1, 2, 3)])
def test_counts_of_known_classes_are_those_of_masks_with_the_others_as_background(known: tuple[int, ...]) -> None:
    rng = np.random.default_rng(5)
    one, other = (rng.integers(0, 4, (2, 30, 30)).astype(np.uint8) for _ in range(2))
    table = np.array([known.index(value) + 1 if value in known else 0 for value in range(4)], np.uint8)
    flags = [value in known for value in (1, 2, 3)]
    counts = confusion(one, other, 3)
    folded = confusion(table[one], table[other], len(known))
    found = scores(counts, flags).classes
    assert [found[value - 1] for value in known] == list(scores(folded).classes)
    assert not any(each.present for each, there in zip(found, flags, strict=True) if not there)
