"""Which set a folder is called after, and when two files are surely of different ones."""

import pytest

from engine.project.set_names import of_other_sets, set_alone


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("train", "train"),
        ("Test_Images", "test"),
        ("val2017", "val"),
        ("imagesTs", "test"),
        ("labelsTr", "train"),
        ("train_masks", "train"),
        ("Training_GroundTruth", "train"),
        ("my test", ""),
        ("test_run_3_of_ana", ""),
        ("labels_ts", ""),
        ("images", ""),
    ],
)
def test_a_name_says_a_set_where_it_says_nothing_else(folder: str, expected: str) -> None:
    assert set_alone(folder) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("ds/test", "train", True),
        ("ds/test/p1/s1", "train/p1/s1", True),
        ("test/images", "train/images", True),
        ("test/ds/train", "C/train", False),
        ("test/a/b", "train/c/d/e", False),
        ("ds/images", "train", False),
        ("", "train", False),
    ],
)
def test_files_are_of_other_sets_where_both_say_one(one: str, other: str, expected: bool) -> None:
    ours, theirs = one.split("/")[::-1], other.split("/")[::-1]
    assert of_other_sets(ours, theirs) == of_other_sets(theirs, ours) == expected
