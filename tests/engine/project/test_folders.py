"""What folders say: classes and sets, as proposals."""

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from engine.imaging.image import Source
from engine.imaging.scan import Found, told_apart
from engine.project.folders import (
    folder_sets,
    folders_of,
    named_by_folders,
    plain_name,
    propose_splits,
    split_of,
)
from engine.project.items import Item


def _found(*files: str, kind: str = "raster", slices: int = 1) -> list[Found]:
    return [Found(Path(f).stem, Source((f"/data/{f}",), kind), (slices, 4, 4), (1, 1, 1)) for f in files]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No Tumor", "no_tumor"),
        ("neumonía", unicodedata.normalize("NFD", "Neumonía")),
        ("cat ", "cat"),
        ("a-b", "a  b"),
    ],
)
def test_names_are_one_however_they_are_written(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def test_folders_go_up_to_what_was_chosen() -> None:
    (one,) = _found("set/cat/series 1/a.png")
    assert folders_of(one) == ["series 1"]
    assert folders_of(one, [Path("/data/set")]) == ["series 1", "cat", "set"]
    assert folders_of(one, [Path("/data/set/cat/series 1"), Path("/elsewhere")]) == ["series 1"]


_SETS = {
    "train": ("train", "Training", "imagesTr"),
    "val": ("VALIDATION", "valid", "dev", "validación"),
    "test": ("Testing", "imagesTs", "test"),
    "": ("trainer", "x", "tested"),
}


@pytest.mark.parametrize(("folder", "split"), [(name, split) for split, names in _SETS.items() for name in names])
def test_folders_called_after_sets(folder: str, split: str) -> None:
    for path in (f"{folder}/a.png", f"{folder}/cat/a.png"):
        assert split_of(_found(path)[0], [Path("/data")]) == split


@pytest.mark.parametrize(
    ("folder", "split"),
    [
        ("train2017", "train"),
        ("val2017", "val"),
        ("TestDataset", "test"),
        ("images_train", "train"),
        ("Training Set", "train"),
        ("01_test", "test"),
        ("trainA", "train"),
        ("conjunto de prueba", "test"),
        ("ISIC2018_Task1-2_Training_Input", "train"),
        ("ISIC2018_Task1-2_Test_Input", "test"),
        ("test_positive", ""),
        ("trained", ""),
        ("contest", ""),
        ("train_test", ""),
        ("labelsTr", ""),
        ("liver_tr", ""),
    ],
)
def test_folders_called_after_sets_among_other_words(folder: str, split: str) -> None:
    assert split_of(_found(f"{folder}/a.png")[0]) == split


def test_equal_names_in_several_sets_are_told_by_them() -> None:
    files = ["train/0.png", "train/1.png", "Testing/cat/0.png", "Testing/dog/0.png", "extra/0.png"]
    numbered = [
        replace(one, name=name) for one, name in zip(_found(*files), ("0", "1", "0 (2)", "0 (3)", "0 (4)"), strict=True)
    ]
    assert [one.name for one in named_by_folders(numbered)] == [
        *("train/0", "1", "Testing/cat/0", "Testing/dog/0", "extra/0")
    ]
    alone = _found("train/images/0.png", "train/masks/0.png")
    assert named_by_folders(alone) == tuple(told_apart(alone)), "one set tells nothing apart"


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["patient1/image.nii", "patient2/image.nii"], ["patient1/image", "patient2/image"]),
        (["p1/study/image.nii", "p2/study/image.nii", "p2/study/other.nii"], ["p1/image", "p2/image", "other"]),
        (["p1/ct/i.nii", "p1/mr/i.nii", "p2/ct/i.nii"], ["p1/ct/i", "p1/mr/i", "p2/ct/i"]),
        (["i.png", "later/i.png"], ["i", "later/i"]),
        (["a/images/i.png", "a/scans/i.png", "b/images/i.png"], ["a/images/i", "a/scans/i", "b/images/i"]),
        (["a/images/i.png", "a/masks/i.png", "b/images/i.png", "b/masks/i.png"], ["a/i", "i (2)", "b/i", "i (4)"]),
        (["train/p1/i.png", "test/p1/i.png", "test/p2/i.png"], ["train/p1/i", "test/p1/i", "test/p2/i"]),
        (["a/i.png", "a/i.tif", "b/i.png"], ["a/i", "a/i (2)", "b/i"]),
        (["a/i (2).png", "b/i (2).png", "i.png"], ["a/i (2)", "b/i (2)", "i"]),
    ],
)
def test_equal_names_are_told_by_the_fewest_folders(files: list[str], names: list[str]) -> None:
    assert [one.name for one in named_by_folders(told_apart(_found(*files)))] == names


@pytest.mark.parametrize(
    ("there", "files", "names"),
    [
        (["p1/image.nii"], ["p2/image.nii"], ["p2/image"]),
        (["p1/image.nii"], ["p1/image.nii", "p2/image.nii", "p2/t1.nii"], ["image", "p2/image", "t1"]),
        (["p1/image.nii", "p2/image.nii"], ["p3/image.nii"], ["p3/image"]),
        (["p1/ct/i.nii"], ["p1/mr/i.nii", "p2/ct/i.nii"], ["p1/mr/i", "p2/ct/i"]),
        (["later/i.png"], ["i.png"], ["data/i"]),
        (["a/i.png"], ["a/i.tif"], ["i (2)"]),
        (["a/i.png"], ["j.png", "masks/i.png"], ["j", "i (2)"]),
    ],
)
def test_a_name_that_is_taken_in_the_project_is_told_by_folders_too(
    there: list[str], files: list[str], names: list[str]
) -> None:
    items = [
        Item(number, one.name, one.source, "", one.shape, one.spacing, False, "", "")
        for number, one in enumerate(_found(*there), start=1)
    ]
    assert [one.name for one in named_by_folders(told_apart(_found(*files)), items)] == names


def test_sets_are_proposed_where_there_are_two() -> None:
    below = [Path("/data")]
    assert propose_splits(_found("train/a.png", "train/b.png", "test/c.png", "d.png"), below) == {"train": 2, "test": 1}
    assert propose_splits(_found("train/a.png", "train/b.png"), below) == {}


def _items(*files: str) -> list[Item]:
    return [
        Item(
            number, Path(file).stem, Source((f"/data/test/{file}",), "raster"), "", (1, 4, 4), (1, 1, 1), False, "", ""
        )
        for number, file in enumerate(files)
    ]


def test_sets_of_items_are_told_below_what_they_have_in_common() -> None:
    items = _items("lungs/train/a.png", "lungs/train/deep/b.png", "lungs/Testing/c.png", "lungs/d.png")
    assert folder_sets(items) == {0: "train", 1: "train", 2: "test"}
    assert folder_sets(items[:2]) == {}, "one set is no division"
    assert folder_sets(items[2:]) == {} and folder_sets([]) == {}
