"""Masks for items that are in the project already: one edit each, which can be undone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.config import Task
from engine.errors import EngineError
from engine.labels.classes import UNLABELLED, parse_classes
from engine.labels.edit import Edit
from engine.labels.mask import Mask
from engine.progress import Notice, result_of
from engine.project.folders import scan_named
from engine.project.importing import ImportPlan, import_images, parse_values
from engine.project.mask_edits import as_found
from engine.project.mask_import import MaskPlan, import_masks
from engine.project.project import Project
from tests.said import result_and_said

LABELS = np.zeros((1, 20, 30), np.uint8)
LABELS[0, 4:12, 5:20], LABELS[0, 14:18, 8:11] = 1, 2


def _png(file: Path, pixels: NDArray[np.uint8]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Three items without masks."""
    for n, name in enumerate("abc"):
        _png(tmp_path / "images" / f"{name}.png", np.full((20, 30), 60 + n, np.uint8))
    with Project.create(tmp_path / "p", "multiclass", parse_classes("lung,heart")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "images",))))
        yield made


def _labels(project: Project, name: str) -> NDArray[np.uint8] | None:
    item = project.items.named(name)
    layer = project.layers.mask(item.id)
    return None if layer is None else project.layers.read(layer, item.shape)


def test_masks_find_items_that_are_there_and_can_be_undone(tmp_path: Path, project: Project) -> None:
    for name in ("a_mask", "b", "stranger"):
        _png(tmp_path / "masks" / f"{name}.png", LABELS[0])
    done, said = result_and_said(import_masks(project, MaskPlan(tmp_path / "masks")))
    assert [item.name for item in done.changed] == ["a", "b"] and done.refused == ()
    assert said == ["1 mask belongs to no image: stranger.png."]
    for name in "ab":
        np.testing.assert_array_equal(_labels(project, name), LABELS)
    assert _labels(project, "c") is None
    layer = project.layers.mask(project.items.named("a").id)
    assert layer is not None and [entry.name for entry in project.layers.history(layer)] == ["Imported mask"]
    mask = Mask(project.layers.read(layer, LABELS.shape))
    project.layers.undo(layer, mask)
    assert not mask.labels.any() and not project.layers.read(layer, LABELS.shape).any()
    project.layers.redo(layer, mask)
    np.testing.assert_array_equal(_labels(project, "a"), LABELS)


def test_a_mask_that_is_there_is_kept_unless_replaced(tmp_path: Path, project: Project) -> None:
    _png(tmp_path / "masks" / "a.png", LABELS[0])
    result_of(import_masks(project, MaskPlan(tmp_path / "masks")))
    assert result_of(import_masks(project, MaskPlan(tmp_path / "masks"))).refused == ()  # the same again is no change
    _png(tmp_path / "masks" / "a.png", LABELS[0][::-1].copy())
    done = result_of(import_masks(project, MaskPlan(tmp_path / "masks")))
    assert done.changed == () and [one.reason for one in done.refused] == ["It has a mask already."]
    np.testing.assert_array_equal(_labels(project, "a"), LABELS)
    done = result_of(import_masks(project, MaskPlan(tmp_path / "masks", replace=True)))
    assert [item.name for item in done.changed] == ["a"]
    np.testing.assert_array_equal(_labels(project, "a"), LABELS[:, ::-1])
    layer = project.layers.mask(project.items.named("a").id)
    assert layer is not None
    mask = Mask(project.layers.read(layer, LABELS.shape))
    project.layers.undo(layer, mask)
    np.testing.assert_array_equal(mask.labels, LABELS)


def test_what_was_marked_as_empty_is_kept_unless_replaced(tmp_path: Path, project: Project) -> None:
    item = project.items.named("a")
    layer = project.layers.make(item.id)
    project.layers.record(layer, Mask(np.zeros_like(LABELS)), Edit("Nothing here", ()), [0])
    _png(tmp_path / "masks" / "a.png", LABELS[0])
    done = result_of(import_masks(project, MaskPlan(tmp_path / "masks")))
    assert done.changed == () and [one.reason for one in done.refused] == ["It has a mask already."]
    done = result_of(import_masks(project, MaskPlan(tmp_path / "masks", replace=True)))
    assert [one.name for one in done.changed] == ["a"]
    np.testing.assert_array_equal(_labels(project, "a"), LABELS)


def test_an_empty_mask_is_a_mask(tmp_path: Path, project: Project) -> None:
    _png(tmp_path / "masks" / "a.png", LABELS[0] * 0)
    done = result_of(import_masks(project, MaskPlan(tmp_path / "masks")))
    assert len(done.changed) == 1
    assert (labels := _labels(project, "a")) is not None and not labels.any()


def test_items_can_be_chosen_and_faults_are_named(tmp_path: Path, project: Project) -> None:
    _png(tmp_path / "masks" / "a.png", LABELS[0])
    _png(tmp_path / "masks" / "b.png", LABELS[0] * 9)
    _png(tmp_path / "masks" / "c.png", LABELS[0, :5].copy())
    chosen = [project.items.named(name) for name in "bc"]
    done = result_of(import_masks(project, MaskPlan(tmp_path / "masks"), chosen))
    assert done.changed == () and {one.file for one in done.refused} == {"b", "c"}
    assert project.layers.masked() == set()


def test_unlabelled_pixels_keep_their_own_value(tmp_path: Path, project: Project) -> None:
    _png(tmp_path / "masks" / "a.png", np.where(LABELS[0] == 2, 250, LABELS[0]).astype(np.uint8))
    values = parse_values("0=background,1=lung,250=unlabelled")
    result_of(import_masks(project, MaskPlan(tmp_path / "masks", values)))
    np.testing.assert_array_equal(_labels(project, "a"), np.where(LABELS == 2, UNLABELLED, LABELS))


def test_whole_images_have_no_masks(tmp_path: Path) -> None:
    with (
        Project.create(tmp_path / "q", "classification", parse_classes("a,b")) as project,
        pytest.raises(EngineError, match="has no masks"),
    ):
        result_of(import_masks(project, MaskPlan(tmp_path)))


@pytest.mark.parametrize("task", ["multiclass", "instance"])
def test_slices_of_which_a_file_says_nothing_keep_what_is_painted(tmp_path: Path, task: Task) -> None:
    whole = np.zeros((6, 8, 10), np.uint8)
    whole[:, 2:5, 2:5] = 1
    affine = np.diag([1.0, 1.0, 2.0, 1.0])
    affine[2, 3] = 7
    nib.save(nib.Nifti1Image(np.zeros((10, 8, 6), np.int16), affine), tmp_path / "v.nii.gz")
    for name, first, last in (("one", 0, 3), ("two", 2, 5), ("three", 3, 5)):
        part = affine.copy()
        part[2, 3] = 7 + 2 * first
        (tmp_path / name).mkdir()
        nib.save(nib.Nifti1Image(whole[first:last].T.copy(), part), tmp_path / name / "v.nii.gz")
    with Project.create(tmp_path / "p", task, parse_classes("lung")) as project:
        (item,) = result_of(import_images(project, ImportPlan((tmp_path / "v.nii.gz",), tmp_path / "one"))).added
        layer = project.layers.mask(item.id)
        assert layer is not None
        assert result_of(import_masks(project, MaskPlan(tmp_path / "two"))).changed == (), "slice 2 is in both"
        result_of(import_masks(project, MaskPlan(tmp_path / "three")))  # nothing of which it speaks is labelled
        labels = project.layers.read(layer, item.shape)
        assert labels.any(axis=(1, 2)).tolist() == [True] * 5 + [False]
        assert project.layers.labelled(item.id) == {0, 1, 2, 3, 4}
        result_of(import_masks(project, MaskPlan(tmp_path / "two", replace=True)))
        assert np.array_equal(project.layers.read(layer, item.shape), labels)
        if task == "instance":
            ids = project.layers.read_instances(layer, item.shape).ids
            assert len(np.unique(ids)) == 6, "an object a slice, none of them with the number of another"


def test_masks_that_are_the_wrong_way_round_are_noticed(tmp_path: Path) -> None:
    inside = LABELS[0] > 0
    for name in "ab":
        _png(tmp_path / "images" / f"{name}.png", np.full((20, 30), 60 + ord(name), np.uint8))
        for folder, there in (("right", inside), ("wrong", ~inside)):
            _png(tmp_path / folder / f"{name}.png", np.where(there, 255, 0).astype(np.uint8))
    with Project.create(tmp_path / "p", "binary", parse_classes("lung")) as project:
        text = f"lung covers {100 * (~inside).mean():.0f} % of the masks: they may be the wrong way round."
        work = import_images(project, ImportPlan((tmp_path / "images",), tmp_path / "right"))
        assert text not in [event.text for event in work if isinstance(event, Notice)]
        work = import_masks(project, MaskPlan(tmp_path / "wrong", replace=True))  # type: ignore[assignment]
        assert text in [event.text for event in work if isinstance(event, Notice)]


def test_a_mask_that_replaces_all_ends_the_help_of_before(tmp_path: Path, project: Project) -> None:
    item = project.items.named("a")
    layer, mask = project.layers.make(item.id), Mask(np.zeros(item.shape, np.uint8))
    edit = mask.replace_with("Prediction taken", LABELS[:, ::-1].copy(), None)
    project.layers.record(layer, mask, replace(edit, by_model=True), [0])
    assert project.layers.helped() == {item.id}
    _png(tmp_path / "masks" / "a.png", LABELS[0])
    result_of(import_masks(project, MaskPlan(tmp_path / "masks", replace=True)))
    truth = project.layers.read(layer, item.shape)
    assert not project.layers.helped() and not any(entry.by_model for entry in project.layers.history(layer))
    assert project.layers.before_help(layer, truth) == {0}
    np.testing.assert_array_equal(truth, LABELS)
    project.layers.undo(layer, Mask(truth))
    assert project.layers.helped() == {item.id}, "what ended it was taken back"


@pytest.mark.parametrize("again", [False, True], ids=["with the images", "to items that are there"])
def test_a_file_beside_the_masks_says_what_their_values_are(tmp_path: Path, again: bool) -> None:
    """nnU-Net numbers classes in an order of its own: taken by number, they would change places."""
    for name in "ab":
        _png(tmp_path / "imagesTr" / f"{name}.png", np.full((20, 30), ord(name), np.uint8))
    _png(tmp_path / "labelsTr" / "a.png", LABELS[0])
    other = np.where(LABELS[0] == 2, 3, LABELS[0]).astype(np.uint8)
    _png(tmp_path / "labelsTr" / "b.png", other)
    labels = {"background": 0, "heart": 1, "lung": 2, "rib": 3}
    (tmp_path / "labelsTr" / "dataset.json").write_text(json.dumps({"labels": labels}))
    with Project.create(tmp_path / "q", "multiclass", parse_classes("lung,heart")) as project:
        if again:
            result_of(import_images(project, ImportPlan((tmp_path / "imagesTr",))))
            brought, said = result_and_said(import_masks(project, MaskPlan(tmp_path / "labelsTr")))
            (refused,) = brought.refused
        else:
            plan = ImportPlan((tmp_path / "imagesTr",), tmp_path / "labelsTr")
            imported, said = result_and_said(import_images(project, plan))
            (refused,) = imported.refused
        assert "The values of the masks are what dataset.json says: 1 = heart, 2 = lung, 3 = rib." in said
        assert "3" in refused.reason, "which is called rib, and no class"
        np.testing.assert_array_equal(_labels(project, "a"), np.array([0, 2, 1], np.uint8)[LABELS])


def test_what_nnunet_ignores_comes_in_unlabelled_and_regions_alone_are_spoken_of(tmp_path: Path) -> None:
    _png(tmp_path / "imagesTr" / "a.png", np.full((20, 30), 7, np.uint8))
    _png(tmp_path / "labelsTr" / "a.png", LABELS[0])
    about, plan = tmp_path / "labelsTr" / "dataset.json", ImportPlan((tmp_path / "imagesTr",), tmp_path / "labelsTr")
    about.write_text('{"labels": {"background": 0, "heart": 1, "ignore": 2}}')
    with Project.create(tmp_path / "q", "multiclass", parse_classes("lung,heart")) as project:
        result_of(import_images(project, plan))
        np.testing.assert_array_equal(_labels(project, "a"), np.array([0, 2, UNLABELLED], np.uint8)[LABELS])
    about.write_text('{"labels": {"background": 0, "whole": [1, 2], "core": [2, 3]}}')
    with Project.create(tmp_path / "r", "multiclass", parse_classes("lung,heart")) as project:
        _, said = result_and_said(import_images(project, plan))
        np.testing.assert_array_equal(_labels(project, "a"), LABELS)
    assert "dataset.json beside the masks does not say what each value means: they go by their numbers." in said


def test_the_mask_of_an_image_that_is_left_out_is_no_other_ones(tmp_path: Path) -> None:
    """Patients whose files have one name, a mask of the first alone, and the second alone asked about."""
    for number in (1, 2):
        _png(tmp_path / "images" / f"p{number}" / "scan.png", np.full((20, 30), 60 + number, np.uint8))
    _png(tmp_path / "masks" / "p1" / "scan.png", LABELS[0])
    first, second = result_of(scan_named([tmp_path / "images"])).found
    plan = ImportPlan((tmp_path / "images",), tmp_path / "masks", found=(second,), left_out=(first,))
    with Project.create(tmp_path / "some", "multiclass", parse_classes("lung,heart")) as some:
        assert [item.name for item in result_of(import_images(some, plan)).added] == ["p2/scan"]
        assert some.layers.masks() == {}
    with Project.create(tmp_path / "all", "multiclass", parse_classes("lung,heart")) as all:
        result_of(import_images(all, ImportPlan((tmp_path / "images",))))
        one, other = all.items.all()
        assert result_of(import_masks(all, MaskPlan(tmp_path / "masks"), [other])).changed == ()
        assert [item.id for item in result_of(import_masks(all, MaskPlan(tmp_path / "masks"), [one])).changed] == [1]


def test_the_class_of_an_image_that_is_left_out_is_no_other_ones(tmp_path: Path) -> None:
    for number in (1, 2):
        _png(tmp_path / "images" / f"p{number}" / "scan.png", np.full((20, 30), 60 + number, np.uint8))
    (tmp_path / "table.csv").write_text("item,class\nscan.png,lung\n")
    first, second = result_of(scan_named([tmp_path / "images"])).found
    plan = ImportPlan((tmp_path / "images",), labels=tmp_path / "table.csv", found=(second,), left_out=(first,))
    with Project.create(tmp_path / "p", "classification", parse_classes("lung,heart")) as project:
        done = result_of(import_images(project, plan))
        assert done.added == () and "does not say which of several images" in done.refused[0].reason


def test_the_shapes_of_an_image_that_is_left_out_are_no_other_ones(tmp_path: Path) -> None:
    for number in (1, 2):
        _png(tmp_path / "images" / f"p{number}" / "scan.png", np.full((20, 30), 60 + number, np.uint8))
    shape = {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[2, 2, 9, 2, 9, 9]], "area": 24, "iscrowd": 0}
    image = {"id": 1, "file_name": "scan.png", "width": 30, "height": 20}
    coco = {"images": [image], "annotations": [shape], "categories": [{"id": 1, "name": "lung"}]}
    (tmp_path / "coco.json").write_text(json.dumps(coco))
    first, second = result_of(scan_named([tmp_path / "images"])).found
    plan = ImportPlan((tmp_path / "images",), coco=tmp_path / "coco.json", found=(second,), left_out=(first,))
    with Project.create(tmp_path / "p", "multiclass", parse_classes("lung,heart")) as project:
        done = result_of(import_images(project, plan))
        assert project.layers.masks() == {} and [one.file for one in done.refused] == ["scan.png"]


def test_an_image_that_was_exchanged_comes_in_no_second_time(tmp_path: Path, project: Project) -> None:
    """Masks are asked for items that are there: a file that holds another image now is none of them, and no new one."""
    for name in "abc":
        _png(tmp_path / "masks" / f"{name}.png", LABELS[0])
    _png(tmp_path / "images" / "a.png", np.full((20, 30), 99, np.uint8))
    (tmp_path / "images" / "b.png").unlink()
    found = tuple(as_found(item) for item in project.items.all())
    done = result_of(import_images(project, ImportPlan((), tmp_path / "masks", found=found, unlikely={}, bring=True)))
    assert done.added == () and [item.name for item in done.brought] == ["c"]
    assert [item.name for item in project.items.all()] == ["a", "b", "c"] and project.layers.masks().keys() == {3}
    assert [one.reason.partition(":")[0] for one in done.refused] == [
        "a is another image than the one imported.",
        "The image of b is not where it was",
    ]
