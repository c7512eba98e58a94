"""What the import step proposes: masks, meanings, classes by folder."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.imaging.image import Source
from engine.imaging.scan import Found
from engine.progress import result_of
from engine.project.proposals import (
    class_folders,
    guess_values,
    images_among,
    new_folders,
    suggest_masks,
    survey_drawings,
)


def found(path: Path) -> Found:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return Found(path.stem, Source((str(path),), "raster"), (1, 8, 8), (1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("share", "classes", "expected"),
    [
        ({0: 0.9, 255: 0.1}, 1, {0: 0, 255: 1}),
        ({0: 0.9, 1: 0.1}, 1, {0: 0, 1: 1}),
        ({1: 0.9, 2: 0.1}, 1, {1: 0, 2: 1}),
        ({255: 1.0}, 1, {255: 1}),
        ({0: 1.0}, 3, {0: 0}),
        ({0: 0.5, 128: 0.2, 255: 0.3}, 1, {0: 0, 128: 1, 255: 1}),
        ({0: 0.7, 1: 0.2, 2: 0.1}, 1, {0: 0, 1: None, 2: None}),
        ({0: 0.7, 100: 0.2, 200: 0.01}, 1, {0: 0, 100: None, 200: None}),
        ({0: 0.5, 128: 0.2, 255: 0.3}, 2, {0: 0, 128: 1, 255: 2}),
        ({0: 0.5, 2: 0.5}, 2, {0: 0, 2: 2}),
        ({0: 0.5, 1: 0.2, 7: 0.3}, 4, {0: 0, 1: None, 7: None}),
        ({0: 0.9, 1: 0.05, 255: 0.05}, 1, {0: 0, 1: 1, 255: None}),
        ({0: 0.5, 1: 0.2, 2: 0.2, 255: 0.1}, 2, {0: 0, 1: 1, 2: 2, 255: None}),
        ({0: 0.5, 1: 0.2, 255: 0.3}, 2, {0: 0, 1: 1, 255: 2}),
    ],
)
def test_values_are_guessed_only_where_they_can_be(
    share: dict[int, float], classes: int, expected: dict[int, int | None]
) -> None:
    assert guess_values(share, classes) == expected


def test_smoothed_edges_are_cut_in_the_middle() -> None:
    guessed = guess_values(dict.fromkeys(range(0, 256, 5), 0.01), 1)
    assert guessed[0] == 0 and guessed[125] == 0 and guessed[130] == 1 and guessed[255] == 1


@pytest.mark.parametrize("values", [range(42), (0, 2, 4, 5, *range(7, 32), 41, 77, 85, *range(251, 256))])
def test_labels_of_many_structures_are_no_smoothed_edges_of_one(values: Iterable[int]) -> None:
    share = {value: 0.002 if value > 250 else 0.02 for value in values}
    guessed = dict(guess_values(share, 1))
    assert guessed.pop(0) == 0 and set(guessed.values()) == {None}


def test_masks_are_found_beside_the_images(tmp_path: Path) -> None:
    images = [found(tmp_path / "images" / f"{name}.png") for name in "ab"]
    assert suggest_masks([tmp_path / "images"], images) == ()
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "a.xml").touch()
    (tmp_path / "masks").mkdir()
    assert suggest_masks([tmp_path], images) == (), "neither boxes in XML nor an empty folder are masks"
    (tmp_path / "Labels" / "train").mkdir(parents=True)
    (tmp_path / "Labels" / "train" / "a.png").touch()
    assert suggest_masks([tmp_path / "images"], images) == (tmp_path / "Labels",)
    assert suggest_masks([tmp_path], images) == (tmp_path / "Labels",)


def test_a_label_volume_beside_a_series_is_found(tmp_path: Path) -> None:
    image = found(tmp_path / "dicom" / "1.dcm")
    (tmp_path / "seg.nii.gz").touch()
    assert suggest_masks([tmp_path / "dicom"], [image]) == (tmp_path / "seg.nii.gz",)


def _coco(file: Path, *names: str, drawn: bool = True) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    shapes = [{"image_id": at, "category_id": 1, "segmentation": [[1, 1, 6, 1, 6, 6]]} for at in range(len(names))]
    content = {
        "images": [{"id": at, "file_name": name} for at, name in enumerate(names)],
        "annotations": shapes if drawn else [],
        "categories": [{"id": 1, "name": "cell"}],
    }
    file.write_text(json.dumps(content))
    return file


@pytest.mark.parametrize(
    "place",
    ["annotations/instances_train.json", "images/_annotations.coco.json", "images/train/labels.json", "cells.json"],
)
def test_a_coco_file_is_found(tmp_path: Path, place: str) -> None:
    images = [found(tmp_path / "images" / "train" / f"{name}.png") for name in "abc"]
    file = _coco(tmp_path / place, "a.png", "b.png")
    (file.parent / "settings.json").write_text("{}")
    assert suggest_masks([tmp_path / "images"], images) == (file,)
    assert suggest_masks([tmp_path], images) == ((file,) if place.count("/") < 2 else ())


def test_of_coco_files_that_counts_which_lists_the_images(tmp_path: Path) -> None:
    images = [found(tmp_path / "images" / f"{name}.png") for name in "abc"]
    _coco(tmp_path / "annotations" / "captions_val.json", "a.png", "b.png", "c.png", drawn=False)
    _coco(tmp_path / "annotations" / "instances_train.json", "x.png", "y.png")
    wanted = _coco(tmp_path / "annotations" / "instances_val.json", "a.png", "b.png")
    assert suggest_masks([tmp_path / "images"], images) == (wanted,)
    wanted.unlink()
    assert suggest_masks([tmp_path / "images"], images) == ()


def test_coco_files_of_several_sets_are_proposed_together(tmp_path: Path) -> None:
    images = [found(tmp_path / "images" / f"{name}.png") for name in "abcd"]
    train = _coco(tmp_path / "instances_train.json", "a.png", "b.png")
    val = _coco(tmp_path / "instances_val.json", "c.png")
    _coco(tmp_path / "person_keypoints_train.json", "a.png")  # of the same images, drawn otherwise
    assert suggest_masks([tmp_path], images) == (train, val)
    survey = result_of(survey_drawings((train, val), images))
    assert survey.categories == {"cell": 3} and survey.without == ("d",)


def test_a_folder_of_objects_is_proposed_where_no_coco_file_draws_them(tmp_path: Path) -> None:
    images = [found(tmp_path / folder / "a.png") for folder in ("images", "instances")]
    assert suggest_masks([tmp_path], images) == (tmp_path / "instances",)
    file = _coco(tmp_path / "cells.json", "a.png")
    assert suggest_masks([tmp_path], images) == (file,)


def test_a_json_file_for_each_image_is_no_coco_file(tmp_path: Path) -> None:
    images = [found(tmp_path / f"{name}.png") for name in "ab"]
    _coco(tmp_path / "a.json", "a.png")
    assert suggest_masks([tmp_path], images) == ()


def test_masks_among_the_images_are_no_images(tmp_path: Path) -> None:
    both = [found(tmp_path / name) for name in ("a.png", "a_mask.png", "b.png", "b_mask.png")]
    assert suggest_masks([tmp_path], both) == (tmp_path,)
    assert [one.name for one in images_among(both, tmp_path)] == ["a", "b"]
    nested = [*both[:1], found(tmp_path / "masks" / "a.png"), found(tmp_path / "masks" / "of_none.png")]
    assert [one.source.files[0] for one in images_among(nested, tmp_path / "masks")] == [str(tmp_path / "a.png")]
    assert images_among(both, None) == both


def test_folders_as_classes(tmp_path: Path) -> None:
    for name in ("normal", "pneumonia"):
        found(tmp_path / "set" / name / "1.png")
    assert class_folders(tmp_path / "set") == ("normal", "pneumonia")
    assert class_folders(tmp_path) == (), "a single folder is no choice of classes"
    found(tmp_path / "set" / "loose.png")
    assert class_folders(tmp_path / "set") == (), "images beside the folders have no class"
    assert class_folders(tmp_path / "nowhere") == ()


def test_folders_of_images_and_masks_are_no_classes(tmp_path: Path) -> None:
    found(tmp_path / "images" / "1.png")
    found(tmp_path / "masks" / "1.png")
    assert class_folders(tmp_path) == ()


def test_classes_within_sets(tmp_path: Path) -> None:
    for split in ("train", "test"):
        for name in ("cat", "dog"):
            found(tmp_path / split / name / "1.png")
    assert class_folders(tmp_path) == ("cat", "dog")


def test_sets_by_other_names_are_passed_over(tmp_path: Path) -> None:
    for split in ("Training", "Testing"):
        for name in ("cat", "dog"):
            found(tmp_path / split / name / "1.png")
    assert class_folders(tmp_path) == ("cat", "dog")


@pytest.mark.parametrize("file", ["1.dcm", "IM0001", "1.IMA", "ct.nii.gz"])
def test_folders_of_scans_are_patients_and_no_classes(tmp_path: Path, file: str) -> None:
    for patient in ("p1", "p2", "p3"):
        found(tmp_path / patient / file)
    assert class_folders(tmp_path) == ()
    for patient in ("p1", "p2", "p3"):
        found(tmp_path / patient / "preview.png")
    assert class_folders(tmp_path) == (), "a picture beside the series changes nothing"


def test_folders_that_are_no_class_yet(tmp_path: Path) -> None:
    images = [found(tmp_path / name / f"{at}.png") for at, name in enumerate(("Normal", "covid", "covid"))]
    assert new_folders(images, ["normal"]) == {"covid": 2}
    sets = [found(tmp_path / name / "1.png") for name in ("train", "test")]
    volumes = [replace(found(tmp_path / name / "1.nii"), shape=(20, 9, 9)) for name in ("p1", "p2")]
    assert new_folders([*sets, *volumes], ["normal"]) == {}, "sets and patients are no classes"


def test_a_folder_that_is_written_otherwise_is_no_new_class(tmp_path: Path) -> None:
    images = [found(tmp_path / folder / f"{at}.png") for at, folder in enumerate(("no tumor", "Glioma", "No-Tumor"))]
    assert new_folders(images, ["no_tumor", "meningioma"]) == {"Glioma": 1}
