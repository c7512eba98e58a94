import numpy as np

from engine.scoring.classify import classification_scores
from engine.scoring.metrics import ABSENT, ClassScores, ItemScores, set_scores
from engine.scoring.report import classification_table, segmentation_table
from engine.scoring.surface import SurfaceScores

NAMES = ["lung", "small lesion"]


def item(name: str, *classes: ClassScores) -> ItemScores:
    return ItemScores(name, dict(zip(NAMES, classes, strict=True)))


def test_segmentation_table_is_aligned() -> None:
    scored = set_scores(
        [item("a", ClassScores(10, 10, 5), ClassScores(2, 2, 2)), item("b", ClassScores(9, 9, 9), ABSENT)], NAMES
    )
    assert segmentation_table(scored, items=1).splitlines() == [
        "class            Dice     IoU  precision  recall  pooled Dice  items",
        "lung           0.7500  0.6667     0.7500  0.7500       0.7368      2",
        "small lesion   1.0000  1.0000     1.0000  1.0000       1.0000      1",
        "mean           0.8750                                  0.8684      2",
        "weighted mean  0.7738",
        "",
        "lowest first    mean    lung  small lesion",
        "a             0.7500  0.5000        1.0000",
    ]


def test_an_absent_class_is_said() -> None:
    text = segmentation_table(set_scores([item("a", ClassScores(1, 1, 1), ABSENT)], NAMES), items=3)
    assert "left out of the means: small lesion" in text
    assert "a             1.0000  1.0000           n/a" in text
    assert segmentation_table(set_scores([], NAMES), items=3).count("n/a") >= 2


def test_distances_are_shown_where_measured() -> None:
    near = ClassScores(4, 4, 2, SurfaceScores(3.456, 1.0, 0.5, 2.0))
    lines = segmentation_table(set_scores([item("a", near, ABSENT)], NAMES)).splitlines()
    assert lines[0].endswith("HD95 mm  ASSD mm  over")
    assert lines[1].endswith("   3.46     1.00     1")
    assert lines[2].endswith("n/a      n/a     0")


def test_what_was_missed_stands_beside_the_distances() -> None:
    near, far = ClassScores(4, 4, 4, SurfaceScores(0.0, 0.0, 1.0, 2.0, "px")), SurfaceScores(None, None, 0.0, 2.0, "px")
    items = [item("a", near, ABSENT), *(item(f"missed {n}", ClassScores(4, 0, 0, far), ABSENT) for n in range(9))]
    lines = segmentation_table(set_scores(items, NAMES)).splitlines()
    assert lines[0].endswith("items  HD95 px  ASSD px  over  missed  extra")
    assert lines[1].endswith("   10     0.00     0.00     1       9      0")
    assert any("no distance exists" in line for line in lines)


def test_classification_table() -> None:
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]])
    assert classification_table(classification_scores(probabilities, np.array([0, 1, 1]), NAMES)).splitlines() == [
        "class         precision  recall      F1  items",
        "lung             0.5000  1.0000  0.6667      1",
        "small lesion     1.0000  0.5000  0.6667      2",
        "mean                             0.6667      3",
        "accuracy 0.6667   AUC 1.0000",
        "",
        "truth \\ predicted  lung  small lesion",
        "lung                  1             0",
        "small lesion          1             1",
    ]


def test_rows_over_all_classes_are_told_from_classes_of_their_name() -> None:
    names = ["Mean", "weighted mean"]
    found = ItemScores("a", dict(zip(names, (ClassScores(10, 10, 5), ClassScores(2, 2, 2)), strict=True)))
    lines = segmentation_table(set_scores([found], names), items=1).splitlines()
    firsts = [line.split("  ")[0] for line in lines]
    assert firsts[1:5] == ["Mean", "weighted mean", "mean over classes", "weighted mean over classes"]
    assert lines[6].split("  ")[1].strip() == "mean over classes"
    whole = classification_table(classification_scores(np.array([[0.9, 0.1]]), np.array([0]), names)).splitlines()
    assert [line.split("  ")[0] for line in whole[1:4]] == ["Mean", "weighted mean", "mean over classes"]
