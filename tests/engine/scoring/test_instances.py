"""Objects compared: by hand on small arrays, and against COCO's own program."""

import contextlib
import io

import numpy as np
import pytest

from engine.labels.instances import Instances, parts
from engine.scoring.instances import (
    FATES,
    ComparedObjects,
    ObjectMatches,
    ObjectScores,
    match_objects,
    object_scores,
)


def objects(*rows: str, classes: tuple[int, ...] = ()) -> Instances:
    """Ids as digits, "." for none; all of class 1 unless `classes` (of id 1, 2, ...) says otherwise."""
    ids = np.array([[0 if c == "." else int(c) for c in row] for row in rows], np.uint16)[None]
    return Instances(ids, np.array([0, *(classes or (1,) * int(ids.max()))], np.uint8))


def fates(side: ComparedObjects) -> dict[int, str]:
    return {int(id): FATES[code] for id, code in zip(side.ids, side.fates, strict=True)}


def scored(*matches: ObjectMatches) -> ObjectScores:
    return object_scores(matches, ["cell"])


def test_the_same_objects_under_other_ids_are_all_found() -> None:
    found = match_objects("a", objects("11.22", "11.22"), objects("22.11", "22.11"))
    assert scored(found).classes["cell"].ap == 1.0
    assert scored(found).f1 == scored(found).dice == 1.0
    assert fates(found.truth) == fates(found.predicted) == {1: "found", 2: "found"}


def test_average_precision_by_hand() -> None:
    truth = objects("11..22..33", "..........")
    said = objects("11..2.....", "....22.444", classes=(1, 1, 0, 1))
    found = match_objects("a", truth, said, np.array([0, 0.9, 0.3, 0, 0.5]))
    one = scored(found).classes["cell"]
    # id 2 shares 1 voxel of its 3 with one of 2, IoU 1/4, id 4 none: precision 1 at the 34 recalls up to 1/3, then nothing
    assert one.ap50 == pytest.approx(34 / 101)
    assert (one.truth, one.predicted, one.found, one.missed, one.extra) == (3, 3, 1, 2, 2)
    assert one.precision == one.recall == one.f1 == pytest.approx(1 / 3)


def test_a_wrong_object_between_two_right_ones_lowers_what_follows() -> None:
    truth, said = objects("11..222...33"), objects("11..22.44...", classes=(1, 1, 0, 1))
    found = match_objects("a", truth, said, np.array([0, 0.9, 0.3, 0, 0.5]))
    one = scored(found).classes["cell"]
    assert one.ap50 == pytest.approx((34 + 33 * 2 / 3) / 101)  # id 2 has IoU 2/3, the third in the order
    assert one.ap75 == pytest.approx(34 / 101)
    steps = 4 * (34 + 33 * 2 / 3) + 6 * 34  # it counts at 0.5, 0.55, 0.6 and 0.65
    assert one.ap == pytest.approx(steps / 101 / 10)


def test_the_surer_of_two_takes_the_object_and_the_other_is_wrong() -> None:
    truth = objects("1111")
    surer = match_objects("a", truth, objects("11.2", classes=(1, 1)), np.array([0, 0.4, 0.8]))
    assert surer.predicted.ids.tolist() == [2, 1]
    assert surer.hits[0].tolist() == [False, True]  # IoU 0.5 is enough


def test_objects_match_their_own_class_alone() -> None:
    truth, said = objects("11.22", classes=(1, 2)), objects("11.22", classes=(1, 1))
    both = object_scores([match_objects("a", truth, said)], ["cell", "nucleus"])
    assert both.classes["cell"].precision == 0.5
    assert both.classes["nucleus"].recall == 0.0
    assert both.classes["nucleus"].precision is None
    assert both.f1 == pytest.approx((2 / 3 + 0) / 2)


def test_dice_of_an_object_is_with_the_one_that_overlaps_it_most() -> None:
    found = match_objects("a", objects("1111.2."), objects("111...3", classes=(1, 0, 1)))
    assert found.truth.dice.tolist() == [6 / 7, 0.0]
    assert found.predicted.dice.tolist() == [6 / 7, 0.0]
    assert scored(found).dice == pytest.approx(3 / 7)


def test_an_object_in_pieces_is_split() -> None:
    found = match_objects("a", objects("111111111"), objects("1111.2222"))
    assert fates(found.truth) == {1: "split"}
    assert fates(found.predicted) == {1: "split", 2: "split"}
    assert scored(found).classes["cell"].split == 1
    assert scored(found).classes["cell"].missed == 0


def test_specks_in_an_object_do_not_split_it() -> None:
    found = match_objects("a", objects("111111111"), objects("1.......2"))
    assert fates(found.truth) == {1: "missed"}
    assert fates(found.predicted) == {1: "extra", 2: "extra"}


def test_one_prediction_over_two_objects_has_merged_them() -> None:
    found = match_objects("a", objects("111.222"), objects("1111111"))
    assert fates(found.truth) == {1: "merged", 2: "merged"}
    assert fates(found.predicted) == {1: "merged"}
    large = match_objects("a", objects("11111122"), objects("11111111"))
    assert fates(large.truth) == {1: "found", 2: "merged"}  # IoU 6/8
    assert fates(large.predicted) == {1: "found"}
    assert scored(large).classes["cell"].merged == 1


def test_fates_are_shown_through_a_table_of_ids() -> None:
    found = match_objects("a", objects("11.22"), objects("11..."))
    table = found.truth.fate_of_ids(3)
    assert [FATES[code] for code in table[objects("1.2").ids[0, 0]]] == ["found", "", "missed"]


def test_what_is_unlabelled_counts_on_neither_side() -> None:
    void = np.array([[[False, False, True, True, True]]])
    found = match_objects("a", objects("11..."), objects("111.2"), void=void)
    assert fates(found.predicted) == {1: "found"}
    assert scored(found).ap == 1.0


def test_objects_of_which_the_network_is_unsure_count_for_ap_alone() -> None:
    truth, said, sure = objects("11.22.33"), objects("11.22.44", classes=(1, 1, 0, 1)), np.array([0, 0.9, 0.2, 0, 0.1])
    found = match_objects("a", truth, said, sure, least=0.5)
    assert scored(found).ap50 == 1.0
    assert fates(found.truth) == {1: "found", 2: "missed", 3: "missed"}
    assert fates(found.predicted) == {1: "found", 2: "", 4: ""}
    one = scored(found).classes["cell"]
    assert (one.predicted, one.found, one.extra, one.precision, one.recall) == (1, 1, 0, 1.0, 1 / 3)
    assert one.dice == 0.5


def test_nothing_in_nothing_has_no_score() -> None:
    none = match_objects("a", objects("...", classes=()), objects("..."))
    assert scored(none).classes["cell"].ap is None
    assert scored(none).f1 is None
    extra = match_objects("a", objects("..."), objects("11."))
    assert scored(extra).ap is None
    assert scored(extra).classes["cell"].f1 == 0.0
    missed = match_objects("a", objects("11."), objects("..."))
    assert scored(missed).ap == scored(missed).dice == 0.0
    assert scored().f1 is None


def test_objects_of_different_grids_do_not_compare() -> None:
    with pytest.raises(ValueError, match="objects of"):
        match_objects("a", objects("11"), objects("111"))


def test_ids_up_to_the_last_of_uint16() -> None:
    ids = np.array([[[65_535, 65_535, 7]]], np.uint16)
    classes = np.zeros(65_536, np.uint8)
    classes[[7, 65_535]] = 1
    found = match_objects("a", Instances(ids, classes), parts(np.array([[[1, 1, 2]]], np.uint8)))
    assert found.truth.ids.tolist() == [7, 65_535]
    assert fates(found.truth) == {7: "missed", 65_535: "found"}


def test_the_json_names_every_number() -> None:
    found = scored(match_objects("a", objects("11.22"), objects("11..."))).to_json()
    assert found["ap50"] == pytest.approx(51 / 101)
    classes = found["classes"]
    assert isinstance(classes, dict)
    assert classes["cell"]["missed"] == 1


@pytest.mark.parametrize("most", [None, 5])
def test_average_precision_is_cocos_own(most: int | None) -> None:
    draw = np.random.default_rng(3)
    matches, truths, saids = [], [], []
    for name in ("a", "b", "c"):
        truth = _discs(draw, 14)
        said = _moved(draw, truth)
        sure = np.concatenate([[0.0], draw.random(len(said.classes) - 1).round(2)])  # some alike
        matches.append(match_objects(name, truth, said, sure))
        truths.append(truth)
        saids.append((said, sure))
    found = object_scores(matches, ["one", "two"], most)
    ap, ap50, ap75 = _by_coco(truths, saids, most or 10_000)
    assert found.ap == pytest.approx(ap, abs=1e-12)
    assert found.ap50 == pytest.approx(ap50, abs=1e-12)
    assert found.ap75 == pytest.approx(ap75, abs=1e-12)
    assert 0.1 < ap < 0.9


def _discs(draw: np.random.Generator, count: int) -> Instances:
    ids = np.zeros((1, 96, 96), np.uint16)
    y, x = np.mgrid[:96, :96]
    for id in range(1, count + 1):
        cy, cx, r = draw.integers(8, 88), draw.integers(8, 88), draw.integers(4, 12)
        ids[0][(y - cy) ** 2 + (x - cx) ** 2 <= r * r] = id
    return Instances(ids, np.concatenate([[0], draw.integers(1, 3, count)]).astype(np.uint8))


def _moved(draw: np.random.Generator, truth: Instances) -> Instances:
    """Each a little beside its place; one left out, one of another class."""
    ids = np.zeros_like(truth.ids)
    for id in truth.present[1:]:
        ids[np.roll(truth.ids == id, draw.integers(-2, 3, 2), axis=(1, 2))] = id
    classes = truth.classes.copy()
    classes[3] = 3 - classes[3]
    return Instances(ids, classes)


def _by_coco(
    truths: list[Instances], saids: list[tuple[Instances, np.ndarray]], most: int
) -> tuple[float, float, float]:
    from pycocotools import mask as rle
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    def encoded(ids: np.ndarray, id: int) -> dict[str, object]:
        return rle.encode(np.asfortranarray((ids[0] == id).astype(np.uint8)))  # type: ignore[no-any-return]

    annotations = [
        {
            "image_id": image,
            "category_id": int(truth.classes[id]),
            "segmentation": encoded(truth.ids, id),
            "area": int((truth.ids == id).sum()),
            "iscrowd": 0,
            "bbox": [0, 0, 1, 1],
        }
        for image, truth in enumerate(truths)
        for id in truth.present
        if (truth.ids == id).any()
    ]
    results = [
        {
            "image_id": image,
            "category_id": int(said.classes[id]),
            "segmentation": encoded(said.ids, id),
            "score": float(sure[id]),
        }
        for image, (said, sure) in enumerate(saids)
        for id in said.present
        if (said.ids == id).any()
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "info": {},
            "images": [{"id": n, "height": 96, "width": 96} for n in range(len(truths))],
            "categories": [{"id": 1, "name": "one"}, {"id": 2, "name": "two"}],
            "annotations": [{"id": n, **each} for n, each in enumerate(annotations, 1)],
        }
        coco.createIndex()
        judge = COCOeval(coco, coco.loadRes(results), "segm")
        judge.params.maxDets = [1, 2, most]
        judge.evaluate()
        judge.accumulate()
    precision = judge.eval["precision"][:, :, :, 0, -1]  # thresholds, recalls, classes
    return float(precision.mean()), float(precision[0].mean()), float(precision[5].mean())
