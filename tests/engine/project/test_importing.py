"""Imports of real small files: what fits comes in, what does not is named with the reason, and nothing is guessed."""

import contextlib
import json
import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import nibabel as nib
import nrrd
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.formats.export import export
from engine.imaging.image import SeriesPart
from engine.imaging.scan import scan
from engine.labels.classes import parse_classes
from engine.phantom.scanner import patient
from engine.phantom.series import write_series
from engine.progress import Notice, result_of
from engine.project.coco_shapes import parse_categories
from engine.project.importing import (
    Division,
    Imported,
    ImportPlan,
    import_images,
    parse_values,
    survey_masks,
)
from engine.project.project import Project
from engine.project.proposals import look_through
from engine.project.splits import read_table
from engine.project.tables import Headers
from tests.said import result_and_said

rng = np.random.default_rng(0)
Open = Callable[..., Project]


@pytest.fixture
def open_project(tmp_path: Path, request: pytest.FixtureRequest) -> Open:
    def make(classes: str = "lung,heart", task: str = "multiclass") -> Project:
        made = Project.create(tmp_path / "p", task, parse_classes(classes))  # type: ignore[arg-type]
        request.addfinalizer(made.close)
        return made

    return make


def _png(file: Path, pixels: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    pixels = rng.integers(0, 256, (40, 60)).astype(np.uint8) if pixels is None else pixels
    file.parent.mkdir(parents=True, exist_ok=True)
    _, data = cv2.imencode(".png", pixels)
    file.write_bytes(data.tobytes())
    return pixels


def _mask(*values: int, shape: tuple[int, int] = (40, 60)) -> NDArray[np.uint8]:
    """Stripes of the values."""
    return np.asarray(np.resize(np.repeat(np.array(values, np.uint8), 7), shape), np.uint8)


def _bring(project: Project, *paths: Path, **plan: Any) -> Imported:
    return result_of(import_images(project, ImportPlan(paths, **plan)))


def _labels(project: Project, name: str) -> NDArray[np.uint8]:
    item = project.items.named(name)
    layer = project.layers.mask(item.id)
    assert layer is not None
    labels: NDArray[np.uint8] = project.layers.read(layer, item.shape)[0]
    return labels


def _reasons(done: Imported) -> dict[str, str]:
    return {one.file: one.reason for one in done.refused}


def test_images_come_in_and_stay_where_they_are(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
    before = {file: file.read_bytes() for file in (tmp_path / "images").iterdir()}
    done = _bring(project, tmp_path / "images", split="val")
    assert [item.name for item in done.added] == ["a", "b"] and done.refused == ()
    assert project.items.all() == list(done.added)
    item = done.added[0]
    assert (item.shape, item.color, item.split, item.patient) == ((1, 40, 60), False, "val", "")
    assert item.files() == (str(tmp_path / "images" / "a.png"),)
    assert project.layers.masked() == set()
    assert {file: file.read_bytes() for file in (tmp_path / "images").iterdir()} == before


def test_what_cannot_be_read_is_listed_and_the_rest_comes_in(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "images" / "good.png")
    (tmp_path / "images" / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    (tmp_path / "images" / "empty.png").touch()
    done = _bring(project, tmp_path / "images")
    assert [item.name for item in done.added] == ["good"]
    assert set(_reasons(done)) == {"bad.png", "empty.png"}
    assert "empty" in _reasons(done)["empty.png"]


def test_image_that_is_in_already_is_refused(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    pixels = _png(tmp_path / "images" / "a.png")
    _bring(project, tmp_path / "images")
    _png(tmp_path / "images" / "copy of a.png", pixels)
    _png(tmp_path / "images" / "new.png")
    done = _bring(project, tmp_path / "images")
    assert [item.name for item in done.added] == ["copy of a", "new"]  # a copy is another item; the check names it
    assert _reasons(done) == {"a.png": "It is in the project already."}


def test_images_that_moved_are_found_again_where_they_are_brought_in(tmp_path: Path, open_project: Open) -> None:
    """A project that was moved alone knew none of its images, and said of each that it was there already."""
    for name in "ab":
        _png(tmp_path / "old" / f"{name}.png")
        _png(tmp_path / "masks" / f"{name}.png", _mask(0, 1))
    project = open_project()
    _bring(project, tmp_path / "old", masks=tmp_path / "masks")
    (tmp_path / "old").rename(tmp_path / "new")
    _png(tmp_path / "new" / "c.png")
    plan = ImportPlan((tmp_path / "new",), masks=tmp_path / "masks")
    done, said = result_and_said(import_images(project, plan))
    assert (done.found_again, [item.name for item in done.added], done.refused) == (2, ["c"], ())
    assert said[0] == "2 images of the project were found again, where they lie now."
    assert not any("belong" in line for line in said), "their masks are theirs"
    assert not project.items.missing() and len(project.layers.masked()) == 2
    assert _bring(project, tmp_path / "new").found_again == 0


def test_what_lies_beside_a_chosen_file_is_not_searched(tmp_path: Path, open_project: Open) -> None:
    _png(tmp_path / "old" / "a.png")
    project = open_project()
    _bring(project, tmp_path / "old")
    (tmp_path / "old").rename(tmp_path / "new")
    _png(tmp_path / "new" / "b.png", _mask(0, 1))
    done = _bring(project, tmp_path / "new" / "b.png")
    assert (done.found_again, len(done.added), len(project.items.missing())) == (0, 1, 1)


@pytest.mark.parametrize("mask", ["a.png", "a_mask.png", "a_seg.tif", "a-seg.bmp", "a_gt.png", "a_label.png"])
def test_masks_are_matched_by_name(tmp_path: Path, open_project: Open, mask: str) -> None:
    project = open_project()
    _png(tmp_path / "images" / "a.png")
    _png(tmp_path / "images" / "b.png")
    file = tmp_path / "masks" / mask
    values = _mask(0, 1, 2)
    file.parent.mkdir()
    file.write_bytes(cv2.imencode(file.suffix, values)[1].tobytes())
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert len(done.added) == 2 and done.refused == ()
    assert np.array_equal(_labels(project, "a"), values)
    assert project.layers.mask(project.items.named("b").id) is None


def test_masks_beside_their_images_are_no_images(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / f"{name}.png")
        _png(tmp_path / f"{name}_mask.png", _mask(0, 1 if name == "a" else 2))
    done = _bring(project, tmp_path, masks=tmp_path)
    assert [item.name for item in done.added] == ["a", "b"] and done.refused == ()
    assert set(_labels(project, "a").ravel()) == {0, 1} and set(_labels(project, "b").ravel()) == {0, 2}


def test_folder_of_masks_within_that_of_the_images(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "data" / f"{name}.png")
        _png(tmp_path / "data" / "masks" / f"{name}.png", _mask(0, 1 if name == "a" else 2))
    done = _bring(project, tmp_path / "data", masks=tmp_path / "data" / "masks")
    assert [item.name for item in done.added] == ["a", "b"] and done.refused == ()
    assert set(_labels(project, "a").ravel()) == {0, 1} and set(_labels(project, "b").ravel()) == {0, 2}


def test_masks_of_one_name_in_folders_of_the_same_name(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for part, value in (("train", 1), ("val", 2)):
        _png(tmp_path / "images" / part / "001.png")
        _png(tmp_path / "masks" / part / "001.png", _mask(value))
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    found = {Path(item.source.files[0]).parent.name: _labels(project, item.name).max() for item in done.added}
    assert found == {"train": 1, "val": 2}


def test_masks_of_one_name_below_each_case(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for case, value in (("case1", 1), ("case2", 2)):
        _png(tmp_path / "data" / case / "images" / "x.png")
        _png(tmp_path / "data" / case / "masks" / "x_mask.png", _mask(value))
    done = _bring(project, tmp_path / "data", masks=tmp_path / "data")
    found = {Path(item.source.files[0]).parts[-3]: _labels(project, item.name).max() for item in done.added}
    assert found == {"case1": 1, "case2": 2}


@pytest.mark.parametrize("format", ["png", "nifti"])
def test_masks_of_images_told_by_their_folders_come_back_by_their_names(
    tmp_path: Path, open_project: Open, format: str
) -> None:
    project = open_project()
    for case, value in (("patient 1", 1), ("patient 2", 2)):
        _png(tmp_path / "data" / case / "image.png")
        _png(tmp_path / "data" / case / "image_mask.png", _mask(value))
    done = _bring(project, tmp_path / "data", masks=tmp_path / "data")
    assert [item.name for item in done.added] == ["patient 1/image", "patient 2/image"]
    written = result_of(export(project, format, tmp_path / "out")).files
    assert {file.name.partition(".")[0] for file in written} == {"patient 1_image", "patient 2_image"}
    for file in (tmp_path / "data").rglob("*_mask.png"):
        file.unlink()
    with Project.create(tmp_path / "again", "multiclass", project.classes) as again:
        for item in _bring(again, tmp_path / "data", masks=tmp_path / "out").added:
            assert np.array_equal(_labels(again, item.name), _labels(project, item.name))
        assert len(again.layers.masked()) == 2
        table = tmp_path / "sets.csv"
        table.write_text("item,split\npatient 1/image,train\npatient 2/image,test\n")
        assert read_table(table, again.items.all()) == ({1: "train", 2: "test"}, 0)


def test_images_that_come_in_two_goes_are_told_by_their_folders(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for number, case in enumerate(("p1", "p2", "p3"), start=1):
        _png(tmp_path / "in" / case / "image.png", pixels=np.full((40, 60), number, np.uint8))
        _png(tmp_path / "in" / case / "image_mask.png", _mask(1 + number % 2))
    assert [item.name for item in _bring(project, tmp_path / "in" / "p1", masks=tmp_path / "in" / "p1").added] == [
        "image"
    ]
    second = _bring(project, tmp_path / "in" / "p2", masks=tmp_path / "in" / "p2")
    third = _bring(project, tmp_path / "in", masks=tmp_path / "in")
    assert [item.name for item in (*second.added, *third.added)] == ["p2/image", "p3/image"]
    assert len(third.refused) == 2, "they are in the project already"
    names = ["image", "p2/image", "p3/image"]
    assert [item.name for item in project.items.all()] == names, "what was there keeps its name"
    assert [_labels(project, name).max() for name in names] == [2, 1, 2]


def _sets(folder: Path) -> None:
    for part in ("train", "test"):
        _png(folder / "images" / part / "001.png")


def test_mask_goes_to_the_image_whose_folders_are_called_alike_and_to_no_other(
    tmp_path: Path, open_project: Open
) -> None:
    project = open_project()
    _sets(tmp_path)
    _png(tmp_path / "masks" / "train" / "001.png", _mask(1))
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert done.refused == () and len(done.added) == 2
    masked = [item for item in done.added if project.layers.mask(item.id) is not None]
    assert [Path(item.source.files[0]).parent.name for item in masked] == ["train"]


def test_mask_that_fits_two_images_alike_is_laid_on_neither(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _sets(tmp_path)
    _png(tmp_path / "images" / "002.png")
    for name in ("001", "002"):
        _png(tmp_path / "masks" / f"{name}.png", _mask(1))
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert [item.name for item in done.added] == ["002"]
    assert [one.reason for one in done.refused] == [
        "2 images could have the mask 001.png, and none lies nearer to it than the others."
    ] * 2


def test_shapes_that_could_be_of_several_images_are_laid_on_none(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _sets(tmp_path)
    _png(tmp_path / "images" / "b.png")
    coco = _coco(tmp_path / "c.json", ("001.png", "heart", SQUARE), ("b.png", "heart", SQUARE))
    done = _bring(project, tmp_path / "images", coco=(coco,))
    assert [item.name for item in done.added] == ["b"]
    assert {one.reason for one in done.refused} == {
        "c.json does not say which of 2 images named 001 it means."
    } and len(done.refused) == 2


def test_classes_of_files_of_one_name(tmp_path: Path, open_project: Open) -> None:
    project = open_project("normal,pneumonia", "classification")
    _sets(tmp_path)
    table = tmp_path / "labels.csv"
    table.write_text("item,class\ntest/001.png,pneumonia\ntrain/001.png,normal\nelsewhere,normal\n")
    plan = ImportPlan((tmp_path / "images",), labels=table)
    notices = [event.text for event in import_images(project, plan) if isinstance(event, Notice)]
    assert notices == ["1 row of labels.csv is about no image."]
    assert {Path(i.source.files[0]).parent.name: i.label for i in project.items.all()} == {"train": 0, "test": 1}


def test_class_that_could_be_of_several_images_is_given_to_none(tmp_path: Path, open_project: Open) -> None:
    project = open_project("normal,pneumonia", "classification")
    _sets(tmp_path)
    (tmp_path / "labels.csv").write_text("item,class\n001.png,pneumonia\n")
    done = _bring(project, tmp_path / "images", labels=tmp_path / "labels.csv")
    assert done.added == () and len(done.refused) == 2
    assert "which of several images it means by 001.png" in done.refused[0].reason


def test_mask_that_could_be_either_is_refused(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "images" / "001.png")
    for reader in ("ana", "ben"):
        _png(tmp_path / "masks" / reader / "001.png", _mask(1))
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert done.added == () and "ana/001.png looks like the mask of ana alone" in _reasons(done)["001.png"]


def test_accents_match_however_they_are_written(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "images" / (unicodedata.normalize("NFC", "térax") + ".png"))
    _png(tmp_path / "images" / "other.png")
    _png(tmp_path / "masks" / (unicodedata.normalize("NFD", "térax") + ".png"), _mask(1))
    _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert len(project.layers.masked()) == 1


def test_single_mask_belongs_to_the_single_image(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "scan.png")
    _png(tmp_path / "drawn.png", _mask(0, 2))
    _bring(project, tmp_path / "scan.png", masks=tmp_path / "drawn.png")
    assert set(_labels(project, "scan").ravel()) == {0, 2}


def test_masks_that_belong_to_nothing_are_said(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
        _png(tmp_path / "masks" / f"other_{name}.png", _mask(1))
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert len(done.added) == 2
    assert _reasons(done) == dict.fromkeys(("other_a.png", "other_b.png"), "No image belongs to this mask.")


def test_masks_of_another_set_are_left_out_and_said(tmp_path: Path, open_project: Open) -> None:
    """Numbers begin anew in each set."""
    project = open_project()
    _png(tmp_path / "images" / "test" / "001.png")
    _png(tmp_path / "masks" / "train" / "001.png", _mask(1))
    plan = ImportPlan((tmp_path / "images" / "test",), masks=tmp_path / "masks")
    done, said = result_and_said(import_images(project, plan))
    assert [item.name for item in done.added] == ["001"] and project.layers.masked() == set()
    assert "1 image has a mask of its name only in the folder of another set, which was left out: 001." in said


def test_missing_folder_of_masks_is_refused(tmp_path: Path, open_project: Open) -> None:
    _png(tmp_path / "a.png")
    with pytest.raises(EngineError, match="no masks at nowhere"):
        _bring(open_project(), tmp_path / "a.png", masks=tmp_path / "nowhere")


def test_inverted_masks_of_electron_microscopy(tmp_path: Path, open_project: Open) -> None:
    """Membranes are 0 there, and the cells 255."""
    project = open_project("membrane", "binary")
    _png(tmp_path / "images" / "em.png")
    values = _mask(0, 255)
    _png(tmp_path / "masks" / "em.png", values)
    _bring(project, tmp_path / "images", masks=tmp_path / "masks", values=parse_values("0=membrane, 255=Background"))
    assert np.array_equal(_labels(project, "em"), values == 0)


def test_black_and_white_masks_with_one_class(tmp_path: Path, open_project: Open) -> None:
    project = open_project("lung", "binary")
    _png(tmp_path / "images" / "a.png")
    _png(tmp_path / "images" / "b.png")
    _png(tmp_path / "masks" / "a.png", _mask(0, 255))
    _png(tmp_path / "masks" / "b.png", _mask(0))
    events = list(import_images(project, ImportPlan((tmp_path / "images",), tmp_path / "masks")))
    assert [e.text for e in events if isinstance(e, Notice)] == ["Mask value 255 was taken as lung."]
    assert np.array_equal(_labels(project, "a"), _mask(0, 1))
    assert not _labels(project, "b").any(), "an empty mask is a mask"


def test_black_and_white_is_not_guessed_with_two_classes(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "images" / "a.png")
    _png(tmp_path / "masks" / "a.png", _mask(0, 255))
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert done.added == () and _reasons(done) == {"a.png": "The mask holds the value 255, which has no class."}


@pytest.mark.parametrize("table", [None, "0=background,1=lung"])
def test_value_without_a_class_is_refused_or_made_background(
    tmp_path: Path, open_project: Open, table: str | None
) -> None:
    project = open_project()
    _png(tmp_path / "images" / "a.png")
    _png(tmp_path / "images" / "b.png")
    _png(tmp_path / "masks" / "a.png", _mask(0, 1, 7))
    _png(tmp_path / "masks" / "b.png", _mask(0, 1))
    plan = {"masks": tmp_path / "masks", "values": parse_values(table) if table else None}
    done = _bring(project, tmp_path / "images", **plan)
    assert [item.name for item in done.added] == ["b"]
    assert _reasons(done) == {"a.png": "The mask holds the value 7, which has no class."}
    done = _bring(project, tmp_path / "images" / "a.png", **plan, others_background=True)
    assert [item.name for item in done.added] == ["a"]
    assert np.array_equal(_labels(project, "a"), _mask(0, 1, 0))


def test_several_values_may_be_one_class(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "images" / "a.png")
    _png(tmp_path / "masks" / "a.png", _mask(0, 64, 128, 255))
    values = parse_values("0=background,64=heart,128=HEART,255=lung")
    _bring(project, tmp_path / "images", masks=tmp_path / "masks", values=values)
    assert np.array_equal(_labels(project, "a"), _mask(0, 2, 2, 1))


def test_class_that_is_not_there_is_refused_before_anything(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    with pytest.raises(EngineError, match="no class liver") as fault:
        _bring(project, tmp_path / "nowhere", values={1: "liver"})
    assert "lung, heart" in fault.value.advice


@pytest.mark.parametrize("text", ["lung", "1", "=lung", "1=", "²=lung", "1=lung,2", "1e3=lung", "9999999999=lung"])
def test_bad_tables_of_values_are_refused(text: str) -> None:
    with pytest.raises(EngineError, match="does not say"):
        parse_values(text)


def test_a_value_of_two_meanings_is_refused() -> None:
    with pytest.raises(EngineError, match="3 is said to be lung and heart"):
        parse_values("3=lung,3=heart")
    assert parse_values("3=lung,3=lung") == {3: "lung"}


def test_tables_of_values() -> None:
    assert parse_values(" 0=background, 128 = left lung ,-1=x,") == {0: "background", 128: "left lung", -1: "x"}
    assert parse_values("") == {}


def test_mask_of_another_size_is_refused(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "images" / "a.png")
    _png(tmp_path / "masks" / "a.png", _mask(0, 1, shape=(20, 30)))
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert done.added == () and _reasons(done) == {"a.png": "The mask is 30 × 20, the image 60 × 40."}


def test_damaged_mask_refuses_its_image_alone(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
        _png(tmp_path / "masks" / f"{name}.png", _mask(0, 1))
    (tmp_path / "masks" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert [item.name for item in done.added] == ["b"] and "a.png" in _reasons(done)


def test_label_volume_is_laid_on_by_millimetres(tmp_path: Path, open_project: Open) -> None:
    """The mask is stored with another order of axes and flipped; as an array it would not even fit."""
    project = open_project()
    pixels = rng.integers(0, 900, (7, 6, 5)).astype(np.int16)
    labels = rng.integers(0, 3, (7, 6, 5)).astype(np.uint8)
    affine = np.diag([1.0, 1.5, 2.0, 1.0])
    nib.save(nib.Nifti1Image(pixels, affine), tmp_path / "ct.nii.gz")
    turned = affine.copy()
    turned[:, 0], turned[:, 2] = affine[:, 2], -affine[:, 0]
    turned[:3, 3] += affine[:3, 0] * 6
    (tmp_path / "masks").mkdir()
    nib.save(nib.Nifti1Image(labels.transpose(2, 1, 0)[:, :, ::-1], turned), tmp_path / "masks" / "ct.nii.gz")
    done = _bring(project, tmp_path / "ct.nii.gz", masks=tmp_path / "masks")
    assert done.refused == () and done.added[0].shape == (5, 6, 7)
    layer = project.layers.mask(done.added[0].id)
    assert layer is not None
    assert np.array_equal(project.layers.read(layer, (5, 6, 7)), labels.transpose(2, 1, 0))


def test_label_volume_of_another_place_is_refused(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    nib.save(nib.Nifti1Image(np.ones((7, 6, 5), np.int16), np.eye(4)), tmp_path / "ct.nii.gz")
    far = np.eye(4)
    far[0, 3] = 500
    nib.save(nib.Nifti1Image(np.ones((7, 6, 5), np.uint8), far), tmp_path / "mask.nii.gz")
    done = _bring(project, tmp_path / "ct.nii.gz", masks=tmp_path / "mask.nii.gz")
    assert done.added == () and "somewhere else" in _reasons(done)["ct.nii.gz"]


def _unplaced(file: Path, values: NDArray[Any]) -> None:
    nib.save(nib.Nifti1Image(values, None), file)


def test_label_volume_without_a_place_is_taken_as_stored_and_said(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    values = rng.integers(0, 3, (7, 6, 5)).astype(np.uint8)
    nib.save(nib.Nifti1Image(values.astype(np.int16), np.diag([-2.0, 1.0, 1.0, 1.0])), tmp_path / "ct.nii.gz")
    _unplaced(tmp_path / "drawn.nii.gz", values)
    done = _bring(project, tmp_path / "ct.nii.gz", masks=tmp_path / "drawn.nii.gz")
    (item,) = done.added
    layer = project.layers.mask(item.id)
    assert layer is not None and np.array_equal(project.layers.read(layer, item.shape), values.T)
    assert ["no place in the patient" in note.text for note in item.notes] == [True]
    assert project.items.get(item.id).notes == item.notes


def test_label_volume_without_a_place_is_not_laid_on_a_series(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    write_series(tmp_path / "ct", patient(1, 3, 64), 1)
    _unplaced(tmp_path / "drawn.nii.gz", np.ones((64, 64, 3), np.uint8))
    done = _bring(project, tmp_path / "ct", masks=tmp_path / "drawn.nii.gz")
    assert done.added == () and "does not say where it lies" in done.refused[0].reason


def test_order_of_a_stack_of_mask_slices_is_said(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    write_series(tmp_path / "ct", patient(1, 3, 64), 1)
    values = np.zeros((3, 64, 64), np.uint8)
    values[0] = 1
    np.save(tmp_path / "drawn.npy", values)
    (item,) = _bring(project, tmp_path / "ct", masks=tmp_path / "drawn.npy").added
    layer = project.layers.mask(item.id)
    assert layer is not None and np.array_equal(project.layers.read(layer, item.shape), values)
    assert [note.text for note in item.notes] == [
        "The mask's slices were taken in the order of the image's, which run from I to S."
    ]


def _shifted(folder: Path, values: NDArray[np.uint8], shift: float) -> None:
    nib.save(nib.Nifti1Image(np.zeros(values.shape, np.int16), np.eye(4)), folder / "ct.nii.gz")
    affine = np.eye(4)
    affine[2, 3] = shift
    nib.save(nib.Nifti1Image(values, affine), folder / "drawn.nii.gz")


def test_labels_that_lie_outside_the_image_are_said(tmp_path: Path, open_project: Open) -> None:
    values = np.zeros((4, 4, 8), np.uint8)
    values[..., 2:] = 1
    values[..., 0] = 2
    _shifted(tmp_path, values, 3)
    (item,) = _bring(open_project(), tmp_path / "ct.nii.gz", masks=tmp_path / "drawn.nii.gz").added
    assert [note.text for note in item.notes] == ["50.0 % of lung in the mask lies outside the image and was left out."]


def test_slices_that_the_mask_does_not_reach_stay_unlabelled(tmp_path: Path, open_project: Open) -> None:
    values = np.zeros((4, 4, 8), np.uint8)
    values[..., 1] = 1
    _shifted(tmp_path, values, 3)
    project = open_project()
    (item,) = _bring(project, tmp_path / "ct.nii.gz", masks=tmp_path / "drawn.nii.gz").added
    assert project.layers.labelled(item.id) == {3, 4, 5, 6, 7}


def test_empty_mask_says_that_nothing_is_there(tmp_path: Path, open_project: Open) -> None:
    _shifted(tmp_path, np.zeros((4, 4, 8), np.uint8), 0)
    project = open_project()
    (item,) = _bring(project, tmp_path / "ct.nii.gz", masks=tmp_path / "drawn.nii.gz").added
    assert project.layers.labelled(item.id) == set(range(8))


def test_mask_of_which_a_class_vanishes_is_refused(tmp_path: Path, open_project: Open) -> None:
    values = np.ones((4, 4, 8), np.uint8)
    values[..., 6:] = 2
    _shifted(tmp_path, values, 3)
    done = _bring(open_project(), tmp_path / "ct.nii.gz", masks=tmp_path / "drawn.nii.gz")
    assert done.added == () and "Nothing of heart is left" in _reasons(done)["ct.nii.gz"]


@pytest.mark.parametrize(("pattern", "patient"), [("", ""), (r"P(\d+)", "12"), (r"P\d+", "P12"), (r"Q(\d+)", "")])
def test_patient_is_taken_from_the_name(tmp_path: Path, open_project: Open, pattern: str, patient: str) -> None:
    _png(tmp_path / "P12_left.png")
    done = _bring(open_project(), tmp_path / "P12_left.png", patient_from=pattern)
    assert done.added[0].patient == patient


def test_group_that_takes_no_part_gives_no_patient(tmp_path: Path, open_project: Open) -> None:
    _png(tmp_path / "b1.png")
    done = _bring(open_project(), tmp_path / "b1.png", patient_from=r"a(\d)|b\d")
    assert done.added[0].patient == ""


def test_bad_pattern_is_refused(tmp_path: Path, open_project: Open) -> None:
    with pytest.raises(EngineError, match="not a regular expression"):
        _bring(open_project(), tmp_path, patient_from="(")


def test_folder_per_class(tmp_path: Path, open_project: Open) -> None:
    project = open_project("normal,pneumonia", "classification")
    for folder in ("Normal", "PNEUMONIA", "other"):
        _png(tmp_path / "images" / folder / f"{folder}.png")
    done = _bring(project, tmp_path / "images")
    assert {item.name: item.label for item in done.added} == {"Normal": 0, "PNEUMONIA": 1, "other": None}


@pytest.mark.parametrize(
    "table",
    [
        "item,class\na,pneumonia\nb,Normal\n",
        "class;item\n1;a.png\n0;b.png\n",
    ],
)
def test_classes_from_a_table(tmp_path: Path, open_project: Open, table: str) -> None:
    project = open_project("normal,pneumonia", "classification")
    for name in "abc":
        _png(tmp_path / "images" / f"{name}.png")
    (tmp_path / "labels.csv").write_text(table)
    done = _bring(project, tmp_path / "images", labels=tmp_path / "labels.csv")
    assert {item.name: item.label for item in done.added} == {"a": 1, "b": 0, "c": None}


def test_an_empty_cell_of_a_table_is_no_class(tmp_path: Path, open_project: Open) -> None:
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
    (tmp_path / "labels.csv").write_text("item,class\na, \nb,lung\n")
    project = open_project(task="classification")
    plan = ImportPlan((tmp_path / "images",), labels=tmp_path / "labels.csv")
    assert _notices(project, plan) == ["1 image has no class: a."]
    assert [item.label for item in project.items.all()] == [None, 0]


@pytest.mark.parametrize(
    ("classes", "words", "labels"),
    [
        ("normal,pneumonia", ("0.0", "1.0", ""), [0, 1, None]),
        ("normal,pneumonia", ("0", "1.00", "nan"), [0, 1, None]),
        ("1.0,0.0", ("0.0", "1.0", ""), [1, 0, None]),
        ("1,2,3", ("1.0", "3.0", ""), [0, 2, None]),
    ],
)
def test_numbers_that_an_empty_cell_made_decimals_are_classes(
    tmp_path: Path, open_project: Open, classes: str, words: Sequence[str], labels: list[int | None]
) -> None:
    project = open_project(classes, "classification")
    for name in "abc":
        _png(tmp_path / "images" / f"{name}.png")
    rows = "".join(f"{name}.png,{word}\n" for name, word in zip("abc", words, strict=True))
    (tmp_path / "labels.csv").write_text("item,class\n" + rows)
    done = _bring(project, tmp_path / "images", labels=tmp_path / "labels.csv")
    assert [item.label for item in done.added] == labels and not done.refused


def test_masks_are_left_out_where_whole_images_are_told_apart(tmp_path: Path, open_project: Open) -> None:
    """As in BUSI, where they lie beside the images and are none."""
    project = open_project("benign,malignant", "classification")
    for folder in ("benign", "malignant"):
        _png(tmp_path / folder / f"{folder} (1).png")
        _png(tmp_path / folder / f"{folder} (1)_mask.png", _mask(0, 255))
    coco = _coco(tmp_path / "c.json", ("benign (1).png", "benign", SQUARE))
    done, said = result_and_said(import_images(project, ImportPlan((tmp_path,), masks=tmp_path, coco=(coco,))))
    assert {item.name: item.label for item in done.added} == {"benign (1)": 0, "malignant (1)": 1}
    assert "The shapes of c.json were left out: this project tells whole images apart." in said
    assert not done.refused and project.layers.masked() == set()
    assert "The masks of 2 images were left out: this project tells whole images apart." in said


def test_images_are_said_to_be_bare_where_no_mask_of_a_folder_can_be_opened(tmp_path: Path, open_project: Open) -> None:
    _png(tmp_path / "images" / "a.png")
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "a.png").symlink_to(tmp_path / "gone.png")
    plan = ImportPlan((tmp_path / "images",), tmp_path / "masks")
    assert "1 image has no mask: a." in _notices(open_project(), plan)


@pytest.mark.parametrize("word", ["covid", "2", "²", "-1"])
def test_class_of_a_table_that_is_not_there(tmp_path: Path, open_project: Open, word: str) -> None:
    project = open_project("normal,pneumonia", "classification")
    _png(tmp_path / "a.png")
    (tmp_path / "labels.csv").write_text(f"item,class\na,{word}\n")
    done = _bring(project, tmp_path / "a.png", labels=tmp_path / "labels.csv")
    assert done.added == () and _reasons(done) == {"a.png": f"There is no class {word}."}


def test_table_that_cannot_be_read_is_refused_at_once(tmp_path: Path, open_project: Open) -> None:
    project = open_project("normal,pneumonia", "classification")
    with pytest.raises(NotReadable, match=r"nowhere\.csv"):
        _bring(project, tmp_path, labels=tmp_path / "nowhere.csv")


def _npz(file: Path, most: int) -> None:
    arrays: dict[str, NDArray[np.uint8]] = {}
    for split, count in (("train", 4), ("val", 2), ("test", 3)):
        arrays[f"{split}_images"] = rng.integers(0, 256, (count, 28, 28)).astype(np.uint8)
        arrays[f"{split}_labels"] = np.arange(count, dtype=np.uint8)[:, None] % (most + 1)
    np.savez(file, **arrays)  # type: ignore[arg-type]


def test_npz_brings_its_official_split_and_classes(tmp_path: Path, open_project: Open) -> None:
    project = open_project("normal,pneumonia", "classification")
    _npz(tmp_path / "mnist.npz", 1)
    done = _bring(project, tmp_path / "mnist.npz")
    assert done.refused == ()
    assert [item.split for item in done.added] == ["train"] * 4 + ["val"] * 2 + ["test"] * 3
    assert [item.label for item in done.added] == [0, 1, 0, 1, 0, 1, 0, 1, 0]
    assert len({item.hash for item in done.added}) == 9
    assert _bring(project, tmp_path / "mnist.npz").added == ()


def test_npz_with_a_class_too_many(tmp_path: Path, open_project: Open) -> None:
    project = open_project("normal,pneumonia", "classification")
    _npz(tmp_path / "mnist.npz", 2)
    done = _bring(project, tmp_path / "mnist.npz", split="train")
    assert {item.split for item in done.added} == {"train"}
    assert {one.reason for one in done.refused} == {"Its class 2 is not in the project."}


@pytest.mark.parametrize(
    ("classes", "labels"),
    [("normal,pneumonia", []), ("none,normal,pneumonia", [1, 2, 1, 2])],
    ids=["shifted", "as numbered"],
)
def test_classes_that_are_numbered_from_1_are_not_taken_for_the_next_ones(
    tmp_path: Path, open_project: Open, classes: str, labels: list[int]
) -> None:
    pixels = rng.integers(0, 255, (4, 8, 8)).astype(np.uint8)
    np.savez(tmp_path / "one.npz", train_images=pixels, train_labels=np.array([[1], [2], [1], [2]]))
    done = _bring(open_project(classes, "classification"), tmp_path / "one.npz")
    assert [item.label for item in done.added] == labels
    assert all("numbered from 1 to 2" in one.reason for one in done.refused)


@pytest.mark.parametrize(("words", "labels"), [("12", []), ("01", [0, 1]), ("11", [1, 1])])
def test_numbers_of_a_table_may_count_from_1_too(
    tmp_path: Path, open_project: Open, words: str, labels: list[int]
) -> None:
    for name in "ab":
        _png(tmp_path / f"{name}.png")
    (tmp_path / "labels.csv").write_text(
        "item,class\n" + "".join(f"{name},{word}\n" for name, word in zip("ab", words, strict=True))
    )
    project = open_project("normal,pneumonia", "classification")
    done = _bring(project, tmp_path / "a.png", tmp_path / "b.png", labels=tmp_path / "labels.csv")
    assert [item.label for item in done.added] == labels
    assert all("numbered from 1 to 2" in one.reason for one in done.refused)


def test_classes_of_whole_images_have_no_place_among_masks(tmp_path: Path, open_project: Open) -> None:
    _png(tmp_path / "a.png")
    (tmp_path / "labels.csv").write_text("item,class\na,lung\n")
    with pytest.raises(EngineError, match="no classes of whole images"):
        _bring(open_project(), tmp_path / "a.png", labels=tmp_path / "labels.csv")


def test_a_series_that_was_brought_in_in_part_is_spoken_of(tmp_path: Path, open_project: Open) -> None:
    project, files = open_project(), write_series(tmp_path / "ct", patient(1, 5, 64), 1)
    assert _bring(project, *files[:3]).added[0].notes == ()
    (whole,) = _bring(project, tmp_path / "ct").added
    assert [note.text for note in whole.notes] == ["3 of its 5 slices are in the project already, in Phantom 01."]


def test_names_without_a_patient_are_spoken_of(tmp_path: Path, open_project: Open) -> None:
    for name in ("p1_a", "p2_a", "x"):
        _png(tmp_path / f"{name}.png")
    files = tuple(sorted(tmp_path.glob("*.png")))
    work = import_images(open_project(), ImportPlan(files, patient_from="^p[0-9]"))
    assert "In the name of 1 image no patient was found: x." in [e.text for e in work if isinstance(e, Notice)]


@pytest.mark.parametrize(("words", "said"), [(("0", "1"), True), (("normal", "1"), False), (("1", "2"), False)])
def test_that_numbers_were_counted_from_0_is_said(
    tmp_path: Path, open_project: Open, words: Sequence[str], said: bool
) -> None:
    rows = "".join(f"{name},{word}\n" for name, word in zip("ab", words, strict=True))
    (tmp_path / "labels.csv").write_text("item,class\n" + rows)
    for name in "ab":
        _png(tmp_path / f"{name}.png")
    project = open_project("normal,pneumonia", "classification")
    plan = ImportPlan((tmp_path / "a.png", tmp_path / "b.png"), labels=tmp_path / "labels.csv")
    texts = [event.text for event in import_images(project, plan) if isinstance(event, Notice)]
    assert any("0 = normal, 1 = pneumonia" in text for text in texts) == said


@pytest.mark.parametrize("depth", [1, 6])
def test_a_mask_without_a_place_on_a_volume_that_has_one_is_said(
    tmp_path: Path, open_project: Open, depth: int
) -> None:
    """An array of a cube may as well be the other way round."""
    nib.save(nib.Nifti1Image(np.zeros((6, 6, depth), np.int16), np.eye(4)), tmp_path / "a.nii.gz")
    labels = np.zeros((depth, 6, 6), np.uint8)
    labels[:, 1, 2:4] = 1
    (tmp_path / "masks").mkdir()
    np.save(tmp_path / "masks" / "a.npy", labels)
    (item,) = _bring(open_project(), tmp_path / "a.nii.gz", masks=tmp_path / "masks").added
    assert [note.text for note in item.notes] == [
        "The mask does not say where it lies: its slices, rows and columns were taken as those of the image, as stored."
    ]


def test_cells_that_programs_leave_empty_say_no_class(tmp_path: Path, open_project: Open) -> None:
    project = open_project("benign,None", "classification")
    words = ("NaN", "N/A", "?", "none", "benign", "-")
    for name in "abcdef":
        _png(tmp_path / "images" / f"{name}.png")
    rows = "".join(f"{name},{word}\n" for name, word in zip("abcdef", words, strict=True))
    (tmp_path / "labels.csv").write_text("item,class\n" + rows)
    done = _bring(project, tmp_path / "images", labels=tmp_path / "labels.csv")
    assert not done.refused, "a class that is called so is one"
    assert [item.label for item in done.added] == [None, None, None, 1, 0, None]


def _coco(file: Path, *shapes: tuple[str, str, list[list[float]]]) -> Path:
    names = sorted({name for name, _, _ in shapes})
    categories = sorted({category for _, category, _ in shapes})
    content = {
        "images": [{"id": n, "file_name": f"x/{name}", "height": 40, "width": 60} for n, name in enumerate(names)],
        "categories": [{"id": n, "name": name} for n, name in enumerate(categories)],
        "annotations": [
            {"id": n, "image_id": names.index(name), "category_id": categories.index(category), "segmentation": shape}
            for n, (name, category, shape) in enumerate(shapes)
        ],
    }
    file.write_text(json.dumps(content))
    return file


SQUARE = [[2.0, 3.0, 8.0, 3.0, 8.0, 9.0, 2.0, 9.0]]


def test_shapes_of_a_coco_file_become_masks(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "abcd":
        _png(tmp_path / "images" / f"{name}.png")
    _png(tmp_path / "masks" / "b.png", _mask(2))
    coco = _coco(tmp_path / "c.json", ("a.png", "Heart", SQUARE), ("b.png", "heart", SQUARE), ("c.png", "heart", []))
    plan = ImportPlan((tmp_path / "images",), tmp_path / "masks", coco=(coco,))
    notices = [event.text for event in import_images(project, plan) if isinstance(event, Notice)]
    assert project.items.count() == 4
    assert notices == [
        "1 annotation of c.json has no shape, only a box or points, and makes no mask.",
        "1 picture is not in c.json: d.",
        "2 images have no mask: c, d.",
    ]
    expected = np.zeros((40, 60), np.uint8)
    expected[3:9, 2:8] = 2
    assert np.array_equal(_labels(project, "a"), expected)
    assert (_labels(project, "b") == 2).all(), "a mask of its own goes first"
    assert len(project.layers.masked()) == 2


def test_that_files_of_one_class_each_were_laid_together_is_said(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "images" / "a.png")
    coco = tuple(_coco(tmp_path / f"{name}.json", ("a.png", name, SQUARE)) for name in ("lung", "heart"))
    _, said = result_and_said(import_images(project, ImportPlan((tmp_path / "images",), coco=coco)))
    text = "1 image is listed in several of the files lung.json, heart.json: their shapes were laid over each other."
    assert text in said and set(np.unique(_labels(project, "a"))) == {0, 2}


def test_category_without_a_class_refuses_its_image(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "a.png")
    coco = _coco(tmp_path / "c.json", ("a.png", "spine", SQUARE))
    done = _bring(project, tmp_path / "a.png", coco=coco)
    assert done.added == () and _reasons(done) == {"a.png": "The category spine has no class."}
    done = _bring(project, tmp_path / "a.png", coco=(coco,), others_background=True)
    assert not _labels(project, done.added[0].name).any()


def test_a_damaged_shape_of_a_coco_file_is_named_and_the_rest_comes_in(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in ("a.png", "b.png"):
        _png(tmp_path / "images" / name)
    file = _coco(tmp_path / "c.json", ("a.png", "lung", SQUARE), ("b.png", "lung", SQUARE))
    content = json.loads(file.read_text())
    content["annotations"].append({"id": 77, "image_id": 1, "category_id": 1, "segmentation": [[1, "x"]]})
    file.write_text(json.dumps(content))
    events = list(import_images(project, ImportPlan((tmp_path / "images",), coco=(file,))))
    said = [event.text for event in events if isinstance(event, Notice)]
    assert "1 shape of c.json is damaged and was left out (image/annotation): 1/77." in said
    notes = {item.name: [note.text for note in item.notes] for item in project.items.all()}
    assert notes == {"a": [], "b": ["A damaged shape of c.json was left out of its mask."]}
    assert len(project.layers.masked()) == 2


def test_damaged_coco_file_is_refused_at_once(tmp_path: Path, open_project: Open) -> None:
    (tmp_path / "c.json").write_text("{")
    with pytest.raises(NotReadable, match=r"c\.json is not a COCO file"):
        _bring(open_project(), tmp_path, coco=(tmp_path / "c.json",))


@pytest.mark.skipif(os.name != "posix", reason="file names are text there")
def test_file_names_that_are_no_text(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for folder, pixels in (("images", None), ("masks", _mask(0, 1))):
        _png(tmp_path / folder / os.fsdecode(b"caf\xe9.png"), pixels)
        _png(tmp_path / folder / "other.png", pixels)
    (tmp_path / "images" / os.fsdecode(b"bad\xe9.png")).write_bytes(b"\x89PNG\r\n\x1a\n")
    _png(tmp_path / "masks" / os.fsdecode(b"odd\xe9.png"), _mask(9))
    _png(tmp_path / "images" / os.fsdecode(b"odd\xe9.png"))
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks")
    assert [item.name for item in done.added] == ["caf\xe9", "other"]
    assert len(project.layers.masked()) == 2
    assert len(done.refused) == 2
    for one in done.refused:
        one.file.encode()
    (tmp_path / "images" / os.fsdecode(b"caf\xe9.png")).rename(tmp_path / os.fsdecode(b"caf\xe9.png"))
    assert result_of(project.items.find_moved(tmp_path)) == 1


def test_file_that_goes_away_meanwhile_is_said(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
    work = import_images(project, ImportPlan((tmp_path / "images",)))
    while project.items.count() == 0:
        next(work)
    (tmp_path / "images" / "b.png").unlink()
    done = result_of(work)
    assert len(done.added) == 1 and "No such file" in _reasons(done)["b.png"]


def test_import_that_is_cancelled_keeps_what_is_in(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "abc":
        _png(tmp_path / "images" / f"{name}.png")
    work = import_images(project, ImportPlan((tmp_path / "images",)))
    while project.items.count() < 2:
        next(work)
    work.close()
    assert project.items.count() == 2
    assert len(_bring(project, tmp_path / "images").added) == 1


def test_masks_are_surveyed(tmp_path: Path) -> None:
    for name in "abc":
        _png(tmp_path / "images" / f"{name}.png")
    _png(tmp_path / "masks" / "a.png", np.repeat(np.array([[0, 255]], np.uint8), 30, axis=1).repeat(40, axis=0))
    (tmp_path / "masks" / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    found = result_of(scan([tmp_path / "images"])).found
    survey = result_of(survey_masks(found, tmp_path / "masks"))
    assert survey.share == {0: 0.5, 255: 0.5}
    assert survey.matched == 1 and survey.without == ("c",)
    assert [one.file for one in survey.refused] == ["b.png"]


def test_survey_says_which_masks_are_not_clear(tmp_path: Path) -> None:
    _png(tmp_path / "images" / "a.png")
    for reader in ("1", "2"):
        _png(tmp_path / "masks" / reader / "a.png", _mask(1))
    found = result_of(scan([tmp_path / "images"])).found
    survey = result_of(survey_masks(found, tmp_path / "masks"))
    assert survey.matched == 0 and survey.share == {} and "2 masks" in survey.refused[0].reason


def _notices(project: Project, plan: ImportPlan) -> list[str]:
    return [event.text for event in import_images(project, plan) if isinstance(event, Notice)]


@pytest.mark.parametrize(
    ("origin", "made_up"),
    [((29, -25, -14), [1, 1, 1]), ((29, -25, -14), [-1, -1, 1.2]), ((0, 0, 0), [1, 1, 1])],
    ids=["identity", "spacing alone", "identity beside spacing alone"],
)
def test_label_volume_with_a_made_up_place_is_laid_on_by_voxels_and_said(
    tmp_path: Path, open_project: Open, origin: tuple[float, ...], made_up: list[float]
) -> None:
    project = open_project()
    affine = np.diag([-1.0, 1.0, 1.2, 1.0])
    affine[:3, 3] = origin
    values = rng.integers(0, 3, (7, 6, 5)).astype(np.uint8)
    nib.save(nib.Nifti1Image(values.astype(np.int16), affine), tmp_path / "ct.nii.gz")
    nib.save(nib.Nifti1Image(values, np.diag([*made_up, 1.0])), tmp_path / "drawn.nii.gz")
    (item,) = _bring(project, tmp_path / "ct.nii.gz", masks=tmp_path / "drawn.nii.gz").added
    layer = project.layers.mask(item.id)
    assert layer is not None and np.array_equal(project.layers.read(layer, item.shape), values.T)
    assert ["voxel by voxel" in note.text for note in item.notes] == [True]


def test_a_volume_and_its_mask_may_run_against_each_other(tmp_path: Path, open_project: Open) -> None:
    """The mask begins at 0 and is not turned; the image fills the same box from its other end."""
    project = open_project()
    values = rng.integers(0, 3, (7, 6, 5)).astype(np.uint8)
    affine = np.diag([1.0, -1.0, -1.0, 1.0])
    affine[:3, 3] = (0, 5, 4)
    nib.save(nib.Nifti1Image(values.astype(np.int16), affine), tmp_path / "mr.nii.gz")
    nib.save(nib.Nifti1Image(values, np.eye(4)), tmp_path / "drawn.nii.gz")
    (item,) = _bring(project, tmp_path / "mr.nii.gz", masks=tmp_path / "drawn.nii.gz").added
    layer = project.layers.mask(item.id)
    assert layer is not None and np.array_equal(project.layers.read(layer, item.shape), values[:, ::-1, ::-1].T)
    assert not item.notes


def test_a_folder_without_images_is_said_to_be_one(tmp_path: Path, open_project: Open) -> None:
    (tmp_path / "empty" / "below").mkdir(parents=True)
    (tmp_path / "empty" / "report.pdf").write_bytes(b"%PDF-1.4")
    assert _notices(open_project(), ImportPlan((tmp_path / "empty",))) == ["No image was found here."]


def test_label_volume_with_a_made_up_place_is_not_laid_on_a_series(tmp_path: Path, open_project: Open) -> None:
    write_series(tmp_path / "ct", patient(1, 3, 64), 1)
    nib.save(nib.Nifti1Image(np.ones((64, 64, 3), np.uint8), np.eye(4)), tmp_path / "drawn.nii.gz")
    done = _bring(open_project(), tmp_path / "ct", masks=tmp_path / "drawn.nii.gz")
    assert done.added == () and "does not say where it lies" in done.refused[0].reason


def test_mask_on_another_grid_is_said_and_what_it_changes(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    fine = np.zeros((16, 16, 16), np.uint8)
    fine[4:12, 4:12, 4:12], fine[13] = 1, 2
    nib.save(nib.Nifti1Image(fine, np.eye(4)), tmp_path / "drawn.nii.gz")
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = 0.5
    nib.save(nib.Nifti1Image(np.zeros((8, 8, 8), np.int16), affine), tmp_path / "ct.nii.gz")
    (item,) = _bring(project, tmp_path / "ct.nii.gz", masks=tmp_path / "drawn.nii.gz").added
    layer = project.layers.mask(item.id)
    assert layer is not None
    laid = project.layers.read(layer, item.shape)
    assert (laid == 1).sum() == 4**3 and (laid == 2).sum() == 64
    assert [note.text for note in item.notes] == [
        "The mask lies on another grid (16 × 16 × 16 voxels) than the image (8 × 8 × 8): it was laid on by millimetres.",
        "heart takes 0.512 mL on the image's grid; on the mask's own it took 0.256 mL.",
    ]


def _colours(file: Path, values: NDArray[np.uint8], *table: tuple[int, int, int]) -> None:
    _png(file, np.array(table, np.uint8)[values][..., ::-1])


def test_white_is_white_in_masks_with_and_without_colours(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
    _colours(tmp_path / "masks" / "a.png", _mask(0, 1), (0, 0, 0), (255, 255, 255))
    _colours(tmp_path / "masks" / "b.png", _mask(0, 1, 2), (0, 0, 0), (255, 255, 255), (255, 0, 0))
    for text in ("0=background,255=lung,#ff0000=heart", "#000000=background,#FFFFFF=lung,16711680=heart"):
        done = _bring(project, tmp_path / "images", masks=tmp_path / "masks", values=parse_values(text))
        assert done.refused == () and np.array_equal(_labels(project, "a"), _mask(0, 1))
        assert np.array_equal(_labels(project, "b"), _mask(0, 1, 2))
        project.items.remove([item.id for item in done.added])


def test_blue_is_not_taken_for_white(tmp_path: Path, open_project: Open) -> None:
    """0x0000FF is 255 too."""
    project = open_project()
    for name in "abc":
        _png(tmp_path / "images" / f"{name}.png")
    _colours(tmp_path / "masks" / "a.png", _mask(0, 1, 2), (0, 0, 0), (255, 255, 255), (0, 0, 255))
    _colours(tmp_path / "masks" / "b.png", _mask(0, 1), (0, 0, 0), (0, 0, 255))
    _colours(tmp_path / "masks" / "c.png", _mask(0, 1), (0, 0, 0), (255, 255, 255))
    found = result_of(scan([tmp_path / "images"])).found
    assert len(result_of(survey_masks(found, tmp_path / "masks")).share) == 4  # black, blue, and white in both ways
    done = _bring(project, tmp_path / "images", masks=tmp_path / "masks", values=parse_values("0=background,255=lung"))
    assert [item.name for item in done.added] == ["c"]
    assert "#0000ff" in _reasons(done)["a.png"] and "#0000ff" in _reasons(done)["b.png"]
    table = parse_values("0=background,255=lung,#0000FF=heart")
    assert _bring(project, tmp_path / "images", masks=tmp_path / "masks", values=table).refused[0].file == "c.png"
    assert np.array_equal(_labels(project, "a"), _mask(0, 1, 2)) and np.array_equal(_labels(project, "b"), _mask(0, 2))


def test_blue_is_not_guessed_to_be_the_only_class(tmp_path: Path, open_project: Open) -> None:
    project = open_project("lung", "binary")
    _png(tmp_path / "images" / "a.png")
    _colours(tmp_path / "masks" / "a.png", _mask(0, 1), (0, 0, 0), (0, 0, 255))
    assert "#0000ff" in _reasons(_bring(project, tmp_path / "images", masks=tmp_path / "masks"))["a.png"]


def test_many_values_are_taken(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(1, 255)]
    with Project.create(tmp_path / "p", "multiclass", parse_classes(",".join(names))) as project:
        values = np.resize(np.arange(256), (40, 60)).astype(np.uint8)
        _png(tmp_path / "images" / "a.png")
        _png(tmp_path / "masks" / "a.png", values)
        table = parse_values(",".join(["0=background", *(f"{n}=c{n}" for n in range(1, 255)), "255=unlabelled"]))
        done = _bring(project, tmp_path / "images", masks=tmp_path / "masks", values=table)
        assert done.refused == () and np.array_equal(_labels(project, "a"), values)


def test_folders_are_classes_however_they_are_written(tmp_path: Path, open_project: Open) -> None:
    project = open_project("no tumor,neumonía", "classification")
    files = {
        f"{unicodedata.normalize('NFD', 'Neumonía')}/a.png": 1,
        "no_tumor /series 1/b.png": 0,
        "No Tumor/c.png": 0,
        "tumor/d.png": None,
    }
    for name in files:
        _png(tmp_path / "in" / name)
    notices = _notices(project, ImportPlan((tmp_path / "in",)))
    assert {item.name: item.label for item in project.items.all()} == {Path(n).stem: p for n, p in files.items()}
    assert notices == ["1 image has no class: d."]


def test_folders_above_what_was_chosen_are_no_classes(tmp_path: Path, open_project: Open) -> None:
    project = open_project("cat,dog", "classification")
    _png(tmp_path / "cat" / "in" / "a.png")
    assert _bring(project, tmp_path / "cat" / "in").added[0].label is None


def test_folders_can_be_sets(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in ("Training/a.png", "validation/x/b.png", "test/c.png", "d.png"):
        _png(tmp_path / "in" / name)
    done = _bring(project, tmp_path / "in", split_from_folders=True)
    assert {item.name: item.split for item in done.added} == {"a": "train", "b": "val", "c": "test", "d": ""}


def test_table_with_other_headers(tmp_path: Path, open_project: Open) -> None:
    project = open_project("normal,pneumonia", "classification")
    _png(tmp_path / "a.png")
    (tmp_path / "t.csv").write_text("Image ID,dx\na,pneumonia\n")
    done = _bring(project, tmp_path / "a.png", labels=tmp_path / "t.csv", headers=Headers("image id", "DX"))
    assert done.added[0].label == 1


def test_names_of_classes_in_an_archive(tmp_path: Path, open_project: Open) -> None:
    project = open_project("cat,dog", "classification")
    np.savez(
        tmp_path / "x.npz", train_images=rng.integers(0, 9, (3, 28, 28), np.uint8), train_labels=["dog", "Cat", "cow"]
    )
    done = _bring(project, tmp_path / "x.npz")
    assert [item.label for item in done.added] == [1, 0]
    assert [one.reason for one in done.refused] == ["There is no class cow."]


def test_categories_can_be_mapped_or_made(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
    coco = _coco(tmp_path / "c.json", ("a.png", "spine", SQUARE), ("b.png", "rib", SQUARE))
    plan = ImportPlan((tmp_path / "images",), coco=(coco,), categories={"Spine": "heart"}, make_classes=True)
    assert _notices(project, plan) == ["Classes were made for the categories rib."]
    assert [c.name for c in project.classes] == ["lung", "heart", "rib"]
    assert (_labels(project, "a").max(), _labels(project, "b").max()) == (2, 3)
    with pytest.raises(EngineError, match="no class liver"):
        _bring(project, tmp_path / "images", coco=(coco,), categories={"spine": "liver"})


def test_categories_of_what_nobody_labelled_need_no_class(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
    coco = _coco(tmp_path / "c.json", ("a.png", "void", SQUARE), ("b.png", "Unlabelled", SQUARE))
    plan = ImportPlan((tmp_path / "images",), coco=(coco,), categories={"void": "Unlabelled"}, make_classes=True)
    assert not _notices(project, plan) and [c.name for c in project.classes] == ["lung", "heart"]
    assert _labels(project, "a").max() == _labels(project, "b").max() == 255


def test_tables_of_categories() -> None:
    assert parse_categories("nucleus = cell, a=b=Background,") == {"nucleus": "cell", "a=b": "Background"}
    for bad in ("cell", "=x", "x="):
        with pytest.raises(EngineError, match="does not say which class"):
            parse_categories(bad)


def test_what_of_a_coco_file_came_to_nothing_is_said(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png")
    file = _coco(tmp_path / "c.json", ("a.png", "heart", SQUARE), ("gone.png", "heart", SQUARE))
    content = json.loads(file.read_text())
    content["annotations"].append({"image_id": 77, "category_id": 0, "segmentation": SQUARE})
    file.write_text(json.dumps(content))
    assert _notices(project, ImportPlan((tmp_path / "images",), coco=(file,))) == [
        "1 annotation of c.json is about an image that it does not list, and was left out.",
        "1 image of c.json was not among the pictures: x/gone.png.",
        "1 picture is not in c.json: b.",
    ]


def test_equal_names_in_folders_of_a_coco_file(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _sets(tmp_path)
    large = [[2.0, 3.0, 22.0, 3.0, 22.0, 23.0, 2.0, 23.0]]
    file = _coco(tmp_path / "c.json", ("train/001.png", "heart", SQUARE), ("test/001.png", "heart", large))
    done = _bring(project, tmp_path / "images", coco=(file,))
    found = {Path(i.source.files[0]).parent.name: int((_labels(project, i.name) > 0).sum()) for i in done.added}
    assert found == {"train": 36, "test": 400}


def test_the_same_note_of_many_images_is_said_once(tmp_path: Path, open_project: Open) -> None:
    project = open_project("lung", "binary")
    for name in "abc":
        _png(tmp_path / "images" / f"{name}.png")
        seen = np.full((40, 60, 4), 255, np.uint8)
        seen[..., 3] = _mask(0, 255)
        _png(tmp_path / "masks" / f"{name}.png", seen)
    notices = _notices(project, ImportPlan((tmp_path / "images",), tmp_path / "masks"))
    assert "3 images: Transparent places of the mask were taken as background." in notices and len(notices) == 2


def test_masks_among_the_images_are_noticed(tmp_path: Path, open_project: Open) -> None:
    project = open_project()
    _png(tmp_path / "in" / "a.png")
    _png(tmp_path / "in" / "a_mask.png", _mask(0, 1, 2).repeat(1, 0))
    assert _notices(project, ImportPlan((tmp_path / "in",))) == ["a_mask: It looks like the mask of a."]


def test_a_patient_has_another_key_in_every_project_and_the_same_in_one(tmp_path: Path) -> None:
    first, second = tmp_path / "one" / "ct", tmp_path / "one" / "ct 2"
    write_series(first, patient(1, 3, 64), 1)
    write_series(second, patient(2, 3, 64), 1)
    keys: list[list[str]] = []
    for name in ("a", "b", "old"):
        with Project.create(tmp_path / name, "binary", parse_classes("lung")) as project:
            if name == "old":  # made by a version that had no salt
                with project._store.transaction() as store:
                    store.run("DELETE FROM meta WHERE key = 'patient salt'")
            keys.append([_bring(project, folder).added[0].patient for folder in (first, second)])
    assert all(key.startswith("P-") and key == again for key, again in keys)
    assert len({key for key, _ in keys}) == 3
    assert keys[2][0] == result_of(scan([first])).found[0].patient, "a project of before keeps its keys"


@pytest.mark.parametrize("how", ["folder", "file", "beside"])
def test_nrrd_volume_with_its_mask(tmp_path: Path, open_project: Open, how: str) -> None:
    folder, masks = tmp_path / "in", tmp_path / ("in" if how == "beside" else "masks")
    folder.mkdir()
    masks.mkdir(exist_ok=True)
    space = {"space": "LPS", "space directions": np.diag([0.5, 0.5, 2.0]), "space origin": np.array([1.0, 2.0, 3.0])}
    labels = np.zeros((6, 5, 4), np.uint8)
    labels[1:3, 2, 1], labels[4, 4, 3] = 1, 2
    nrrd.write(str(folder / "case.nrrd"), np.arange(120, dtype=np.int16).reshape(6, 5, 4), space)
    nrrd.write(str(masks / "case.seg.nrrd"), labels, space)
    project = open_project()
    plan = ImportPlan((folder,), masks / "case.seg.nrrd" if how == "file" else masks)
    done = result_of(import_images(project, plan))
    assert [item.name for item in done.added] == ["case"] and not done.refused
    assert done.added[0].spacing == (2.0, 0.5, 0.5) and done.added[0].calibrated
    layer = project.layers.mask(done.added[0].id)
    assert layer is not None and np.array_equal(project.layers.read(layer, (4, 5, 6)), labels.T)


def _segmentation(file: Path, names: dict[int, str]) -> None:
    """One row of each value, under the names that 3D Slicer keeps for them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    labels = np.zeros((6, 5, 4), np.uint8)
    for value in names:
        labels[value] = value
    fields = {f"Segment{n}_LabelValue": str(value) for n, value in enumerate(names)}
    nrrd.write(str(file), labels, fields | {f"Segment{n}_Name": name for n, name in enumerate(names.values())})


def test_values_that_a_mask_calls_like_classes_mean_these(tmp_path: Path, open_project: Open) -> None:
    named = {"a": {1: "Heart", 2: "lung"}, "b": {1: "lung", 2: "heart"}, "c": {1: "lung", 4: "spleen"}, "d": {1: "x"}}
    for name, names in named.items():
        nib.save(nib.Nifti1Image(np.zeros((6, 5, 4), np.int16), np.eye(4)), tmp_path / f"{name}.nii")
        _segmentation(tmp_path / "masks" / f"{name}.seg.nrrd", names)
    images = [tmp_path / f"{name}.nii" for name in named]
    survey = result_of(survey_masks(result_of(scan(images)).found, tmp_path / "masks"))
    assert {value: one.name for value, one in survey.names.items()} == {4: "spleen"}
    assert survey.disputed == {1: ("Heart", "lung", "x"), 2: ("lung", "heart")}
    project = open_project("lung,heart")
    done = result_of(import_images(project, ImportPlan(tuple(images), tmp_path / "masks")))
    told = ("4 (spleen), which has no class", "1 (x), which has no class")
    assert [said in one.reason for said, one in zip(told, done.refused, strict=True)] == [True, True]
    assert [item.name for item in done.added] == ["a", "b"]
    for name, first in (("a", 2), ("b", 1)):
        assert set(np.unique(_labels(project, name)[:, 1])) == {first}, "value 1 is in the second column"


def test_values_that_were_said_otherwise_than_a_mask_calls_them_are_noted(tmp_path: Path, open_project: Open) -> None:
    nib.save(nib.Nifti1Image(np.zeros((6, 5, 4), np.int16), np.eye(4)), tmp_path / "a.nii")
    _segmentation(tmp_path / "masks" / "a.seg.nrrd", {1: "heart", 2: "vessel"})
    plan = ImportPlan((tmp_path / "a.nii",), tmp_path / "masks", {0: "background", 1: "lung", 2: "heart"})
    (item,) = result_of(import_images(open_project("lung,heart"), plan)).added
    said = [note.text for note in item.notes if "calls the value" in note.text]
    assert said == ["The mask calls the value 1 heart; it was taken as lung."]


def test_parts_of_a_series_are_kept_with_a_key_of_the_project(tmp_path: Path, open_project: Open) -> None:
    part = SeriesPart("abcdef", 2, 3, "echo 2")
    _png(tmp_path / "a.png")
    found = [replace(one, part=part) for one in result_of(scan([tmp_path / "a.png"])).found]
    project = open_project()
    work, events = import_images(project, ImportPlan((tmp_path,), found=tuple(found))), list[object]()
    with contextlib.suppress(StopIteration):
        while True:
            events.append(next(work))
    kept = project.items.all()[0].part
    assert kept is not None and kept == replace(part, key=project.series_key("abcdef")) and "abcdef" not in kept.key
    assert any("1 series holds several volumes" in str(event) for event in events)


def test_what_came_in_is_divided_by_its_masks_and_twins(open_project: Open, tmp_path: Path) -> None:
    project = open_project()
    known = _png(tmp_path / "before" / "known.png")
    assert result_of(import_images(project, ImportPlan((tmp_path / "before",), split="test"))).added
    (tmp_path / "in").mkdir()
    _, stored = cv2.imencode(".png", known, [cv2.IMWRITE_PNG_COMPRESSION, 0])
    (tmp_path / "in" / "again.png").write_bytes(stored.tobytes())  # other bytes, the same pixels
    for at in range(9):
        _png(tmp_path / "in" / f"i{at}.png")
        mask = np.full((40, 60), 2 if at % 3 == 0 else 1, np.uint8)
        mask[:10] = 0
        _png(tmp_path / "masks" / f"i{at}.png", mask)
    plan = ImportPlan((tmp_path / "in",), masks=tmp_path / "masks", division=Division((34, 33, 33), 1))
    done = result_of(import_images(project, plan))
    assert not done.refused
    kept = {item.name: item.split for item in project.items.all()}
    assert {item.name: item.split for item in done.added} == {k: v for k, v in kept.items() if k != "known"}
    assert kept["again"] == kept["known"] == "test", "who shows what is there already joins its set"
    assert {kept[f"i{at}"] for at in (0, 3, 6)} == {"train", "val", "test"}, "the rare class stands in each set"


def test_what_a_look_found_unlikely_is_noted_and_not_looked_for_again(open_project: Open, tmp_path: Path) -> None:
    project = open_project()
    _png(tmp_path / "in" / "a.png")
    _png(tmp_path / "in" / "a_mask.png", np.zeros((40, 60), np.uint8))
    looked = result_of(look_through([tmp_path / "in"], False))
    assert set(looked.unlikely) == {"a_mask"}
    for unlikely in (looked.unlikely, {}):
        plan = ImportPlan((tmp_path / "in",), found=looked.scan.found, unlikely=unlikely)
        added = result_of(import_images(project, plan)).added
        assert {item.name for item in added if item.notes} == set(unlikely)
        project.items.remove([item.id for item in added])
