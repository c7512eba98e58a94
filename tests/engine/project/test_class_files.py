"""Masks that come as several files of one image, each of one class."""

from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.scan import scan
from engine.labels.classes import parse_classes
from engine.progress import Notice, result_of
from engine.project.importing import ImportPlan, import_images, parse_values, survey_masks
from engine.project.mask_import import MaskPlan, import_masks
from engine.project.mask_preview import look_at_mask
from engine.project.project import Project
from engine.project.proposals import suggest_masks
from tests.said import result_and_said

SHAPE = (40, 60)
LIVER, KIDNEY = (slice(5, 20), slice(5, 30)), (slice(15, 30), slice(20, 50))  # which meet


def _png(file: Path, *places: tuple[slice, slice], value: int = 255) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.zeros(SHAPE, np.uint8)
    for place in places:
        pixels[place] = value
    file.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())


def _scan(file: Path, seed: int = 0) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(1, 255, SHAPE).astype(np.uint8)
    file.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())


def _expected() -> NDArray[np.uint8]:
    labels = np.zeros((1, *SHAPE), np.uint8)  # laid on by name: the kidney first
    labels[0][KIDNEY] = 2
    labels[0][LIVER] = 1
    return labels


def _bring(
    folder: Path, classes: str = "liver,kidney", **plan: object
) -> tuple[list[str], dict[str, NDArray[np.uint8]], list[str]]:
    """What is said, the labels of each item, and what is refused."""
    with Project.create(folder / "p", "multiclass", parse_classes(classes)) as project:
        work = import_images(project, ImportPlan((folder / "images",), folder / "masks", **plan))  # type: ignore[arg-type]
        done, said = result_and_said(work)
        layers = project.layers.masks()
        labels = {i.name: project.layers.read(layers[i.id], i.shape) for i in project.items.all() if i.id in layers}
    return said, labels, [one.reason for one in done.refused]


@pytest.mark.parametrize(
    "layout",
    [
        "masks/{case}_{name}.png",
        "masks/{name}_{case}.png",
        "masks/{case}-{name}_mask.png",
        "masks/{name}/{case}.png",
        "masks/{case}/{name}.png",
        "masks/train/{name}/{case}_seg.png",
        "masks/{case}/masks/{name}.png",
    ],
)
def test_names_of_files_or_folders_tell_the_classes(tmp_path: Path, layout: str) -> None:
    for seed, case in enumerate(("case1", "case10")):
        _scan(tmp_path / "images" / f"{case}.png", seed)
        _png(tmp_path / layout.format(case=case, name="Liver"), LIVER)
        _png(tmp_path / layout.format(case=case, name="kidney"), KIDNEY)
    said, labels, refused = _bring(tmp_path)
    assert refused == [] and set(labels) == {"case1", "case10"}
    for found in labels.values():
        assert np.array_equal(found, _expected())
    assert "Each mask file holds one class: they were laid over each other in this order: kidney, Liver." in said
    under = int(np.count_nonzero(_expected()[0][LIVER])) - 15 * 25 + 5 * 10
    assert f"2 images: {under} voxels of other classes lie under Liver, whose file comes later." in said


def test_files_of_the_background_and_of_what_is_unlabelled_are_no_classes(tmp_path: Path) -> None:
    _scan(tmp_path / "images" / "a.png")
    _png(tmp_path / "masks" / "background" / "a.png", (slice(0, 40), slice(0, 20)))
    _png(tmp_path / "masks" / "liver" / "a.png", LIVER)
    _png(tmp_path / "masks" / "unlabelled" / "a.png", KIDNEY)
    said, labels, refused = _bring(tmp_path)
    assert not refused and set(np.unique(labels["a"])) == {0, 1, 255}
    assert any("voxels of other classes lie under unlabelled" in text for text in said)


def test_the_only_image_has_the_files_that_name_no_image(tmp_path: Path) -> None:
    _scan(tmp_path / "images" / "ct.png")
    for name, place in (("liver", LIVER), ("kidney", KIDNEY)):
        _png(tmp_path / "masks" / f"{name}.png", place)
    assert np.array_equal(_bring(tmp_path)[1]["ct"], _expected())


def test_an_image_that_has_one_of_the_classes_alone_is_not_taken_by_its_value(tmp_path: Path) -> None:
    for seed, case in enumerate("abc"):
        _scan(tmp_path / "images" / f"{case}.png", seed)
        _png(tmp_path / "masks" / "liver" / f"{case}.png", LIVER)
    _png(tmp_path / "masks" / "kidney" / "a.png", KIDNEY, value=1)
    _, labels, refused = _bring(tmp_path, "kidney,liver")
    assert refused == [] and [set(np.unique(labels[case])) for case in "abc"] == [{0, 1, 2}, {0, 2}, {0, 2}]


def test_a_class_that_the_project_does_not_have_is_asked_about_by_its_name(tmp_path: Path) -> None:
    _scan(tmp_path / "images" / "a.png")
    for name in ("liver", "spleen"):
        _png(tmp_path / "masks" / f"a_{name}.png", LIVER)
    _, labels, refused = _bring(tmp_path)
    assert labels == {} and refused == [
        "masks/a_spleen.png looks like the mask of spleen alone, and there is no such class."
    ]
    (tmp_path / "p.contorno").rename(tmp_path / "old.contorno")
    said, labels, refused = _bring(tmp_path, values=parse_values("spleen=kidney,gut=liver"))
    assert refused == [] and set(np.unique(labels["a"])) == {0, 2}
    assert "No mask file is called so: gut." in said


def test_a_file_of_several_values_is_no_mask_of_one_class(tmp_path: Path) -> None:
    _scan(tmp_path / "images" / "a.png")
    _png(tmp_path / "masks" / "a_liver.png", LIVER)
    pixels = np.zeros(SHAPE, np.uint8)
    pixels[LIVER], pixels[KIDNEY] = 1, 2
    (tmp_path / "masks" / "a_kidney.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    _, labels, refused = _bring(tmp_path)
    assert labels == {}
    assert refused == ["a_kidney.png holds several values: it is not the mask of kidney alone."]


def _nifti(file: Path, values: NDArray[np.generic], affine: NDArray[np.float64]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    nib.save(nib.Nifti1Image(values, affine), file)


def test_segmentations_beside_each_scan_on_grids_of_their_own(tmp_path: Path) -> None:
    """As TotalSegmentator writes them: s1/ct.nii.gz, s1/segmentations/liver.nii.gz, ..."""
    affine, draw = np.diag([1.0, 1.0, 2.0, 1.0]), np.random.default_rng(0)
    affine[:3, 3] = (10, 20, 30)
    cropped = affine.copy()
    cropped[:3, 3] = (12, 22, 32)  # two voxels in x and y, one slice
    for case in ("s1", "s2"):
        _nifti(tmp_path / "images" / case / "ct.nii.gz", draw.integers(-900, 900, (12, 14, 6)).astype(np.int16), affine)
        whole, part = np.zeros((12, 14, 6), np.uint8), np.zeros((6, 6, 5), np.uint8)
        whole[1:4, 1:4, 1:3], part[2:5, 2:5, 1:3] = 1, 1
        _nifti(tmp_path / "images" / case / "segmentations" / "liver.nii.gz", whole, affine)
        _nifti(tmp_path / "images" / case / "segmentations" / "kidney_left.nii.gz", part, cropped)
        _nifti(tmp_path / "images" / case / "segmentations" / "spleen.nii.gz", np.zeros_like(whole), affine)
    found = result_of(scan([tmp_path / "images"])).found
    assert suggest_masks([tmp_path / "images"], found) == (tmp_path / "images",)
    with Project.create(tmp_path / "p", "multiclass", parse_classes("liver,kidney left,spleen")) as project:
        done = result_of(import_images(project, ImportPlan((tmp_path / "images",), tmp_path / "images")))
        assert not done.refused and len(done.added) == 2
        for item in done.added:
            layer = project.layers.mask(item.id)
            assert layer is not None
            labels = project.layers.read(layer, item.shape)
            assert [int((labels == value).sum()) for value in (1, 2, 3)] == [18, 18, 0]
            assert project.layers.labelled(item.id) == {1, 2, 3, 4, 5}, "of the first slice one file says nothing"


def test_masks_of_classes_that_lie_beside_their_scans(tmp_path: Path) -> None:
    for seed, case in enumerate(("a", "b")):
        _scan(tmp_path / "images" / f"{case}.png", seed)
        _scan(tmp_path / "images" / f"{case}_t2.png", seed + 5)
        _png(tmp_path / "images" / f"{case}_liver.png", LIVER)
        _png(tmp_path / "images" / f"{case}_kidney.png", KIDNEY)
    found = result_of(scan([tmp_path / "images"])).found
    assert suggest_masks([tmp_path / "images"], found) == (tmp_path / "images",)
    with Project.create(tmp_path / "p", "multiclass", parse_classes("liver,kidney")) as project:
        done = result_of(import_images(project, ImportPlan((tmp_path / "images",), tmp_path / "images")))
        assert not done.refused and [item.name for item in done.added] == ["a", "a_t2", "b", "b_t2"]
        layers = project.layers.masks()
        assert set(layers) == {item.id for item in done.added if "_" not in item.name}
        for item in done.added[::2]:
            assert np.array_equal(project.layers.read(layers[item.id], item.shape), _expected())


def test_what_is_no_class_is_not_joined(tmp_path: Path) -> None:
    _scan(tmp_path / "images" / "a.png")
    for number in range(3):
        _png(tmp_path / "masks" / f"a_{number}.png", LIVER)
    _, labels, refused = _bring(tmp_path)
    assert labels == {} and len(refused) == 3, "numbers are no names"


def test_numbers_of_objects_are_no_classes(tmp_path: Path) -> None:
    for case in range(3):
        _scan(tmp_path / "images" / f"{case}.png", case)
        for number in range(6):
            _png(tmp_path / "masks" / str(case) / f"n{case}x{number}.png", LIVER)
    assert _bring(tmp_path)[1] == {}


def test_a_whole_mask_goes_before_those_of_its_classes(tmp_path: Path) -> None:
    _scan(tmp_path / "images" / "a.png")
    _png(tmp_path / "masks" / "a.png", KIDNEY, value=2)
    for name in ("liver", "kidney"):
        _png(tmp_path / "masks" / f"a_{name}.png", LIVER)
    said, labels, _ = _bring(tmp_path)
    assert set(np.unique(labels["a"])) == {0, 2}
    assert "2 masks belong to no image: a_kidney.png, a_liver.png." in said


def test_they_come_to_items_that_are_there(tmp_path: Path) -> None:
    _scan(tmp_path / "images" / "a.png")
    for name, place in (("liver", LIVER), ("kidney", KIDNEY)):
        _png(tmp_path / "masks" / name / "a.png", place)
    with Project.create(tmp_path / "p", "multiclass", parse_classes("liver,kidney")) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "images",))))
        (item,) = result_of(import_masks(project, MaskPlan(tmp_path / "masks"))).changed
        layer = project.layers.mask(item.id)
        assert layer is not None and np.array_equal(project.layers.read(layer, item.shape), _expected())


def test_the_survey_and_the_preview_show_them_as_one_mask(tmp_path: Path) -> None:
    _scan(tmp_path / "images" / "a.png")
    _png(tmp_path / "masks" / "a_liver.png", LIVER)
    _png(tmp_path / "masks" / "a_kidney.png", KIDNEY)
    found = result_of(scan([tmp_path / "images"])).found
    survey = result_of(survey_masks(found, tmp_path / "masks"))
    assert survey.by_files and {value: one.name for value, one in survey.names.items()} == {1: "kidney", 2: "liver"}
    assert survey.matched == 1 and not survey.left_over
    preview = result_of(look_at_mask(found[0], found, tmp_path / "masks", tuple(survey.share)))
    assert preview is not None and np.array_equal(preview.labels, np.array([0, 2, 1], np.uint8)[_expected()])


def test_a_name_of_a_file_begins_with_a_letter() -> None:
    assert parse_values("3=a,kidney_left=b") == {3: "a", "kidney_left": "b"}
    with pytest.raises(EngineError, match="does not say what a mask value means"):
        parse_values("1e3=a")


@pytest.mark.parametrize("layout", ["masks/{case}_lesion.png", "images/{case}_lesion.png"])
def test_one_word_more_that_all_masks_have_says_nothing_else(tmp_path: Path, layout: str) -> None:
    for seed, case in enumerate(("a", "a_2", "b")):
        _scan(tmp_path / "images" / f"{case}.png", seed)
        _png(tmp_path / layout.format(case=case), LIVER if case == "b" else KIDNEY, value=2)
    found = result_of(scan([tmp_path / "images"])).found
    masks = tmp_path / layout.split("/")[0]
    assert suggest_masks([tmp_path / "images"], found) == (masks,)
    with Project.create(tmp_path / "p", "multiclass", parse_classes("liver,kidney")) as project:
        events = list(import_images(project, ImportPlan((tmp_path / "images",), masks)))
        text = "Masks were found by their images' names and the word lesion after it."
        assert text in [event.text for event in events if isinstance(event, Notice)]
        items = project.items.all()
        assert [item.name for item in items] == ["a", "a_2", "b"]
        layers = project.layers.masks()
        for item in items:
            labels = project.layers.read(layers[item.id], item.shape)[0]
            assert set(np.unique(labels)) == {0, 2} and bool(labels[6, 6]) == (item.name == "b")
