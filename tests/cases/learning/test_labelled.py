"""What counts as labelled: a training takes what somebody meant, and says what it leaves out or lacks."""

import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from engine.labels.classes import make_classes, parse_classes
from engine.labels.mask import Brush, Mask
from engine.learning.learner import Learner
from engine.progress import result_of
from engine.project.checks import check
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project

Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]
MakeProject = Callable[..., Project]
MakeClassified = Callable[..., tuple[Project, list[str]]]
Prepare = Callable[..., tuple[Learner, list[str]]]


def _findings(project: Project) -> list[str]:
    return [finding.text for finding in result_of(check(project))]


def test_image_whose_only_stroke_was_undone_is_unlabelled(
    draw: Draw, make_project: MakeProject, prepare: Prepare
) -> None:
    project = make_project([(*draw(0), "train"), (draw(1)[0], None, "train")])
    item = project.items.named("i1")
    layer = project.layers.make(item.id)
    mask = Mask(project.layers.read(layer, item.shape))
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (30, 30), (30, 40), Brush.round(5), 1)
    project.layers.record(layer, mask, stroke.end())
    project.layers.undo(layer, mask)
    learner, _ = prepare(project)
    assert learner.steps == 1  # one slice a step: that of the other image


def test_unpainted_slices_are_left_out_or_spoken_of(tmp_path: Path, draw: Draw, prepare: Prepare) -> None:
    painted = (2, 5, 9)
    volume = np.stack([draw(z)[0] for z in range(12)]).astype(np.int16)
    nib.save(nib.Nifti1Image(volume.transpose(2, 1, 0), np.eye(4)), tmp_path / "v.nii.gz")
    with Project.create(tmp_path / "v.contorno", "binary", parse_classes("a")) as project:
        (item,) = result_of(import_images(project, ImportPlan((tmp_path / "v.nii.gz",), split="train"))).added
        labels = np.zeros(item.shape, np.uint8)
        for z in painted:
            labels[z] = draw(z)[1]
        project.layers.replace(project.layers.make(item.id), pack(labels))
        learner, said = prepare(project)
        said += _findings(project)
    assert learner.steps == len(painted) or any("slice" in text for text in said), said


def test_rejected_items_are_not_trained_on_in_silence(draw: Draw, make_project: MakeProject, prepare: Prepare) -> None:
    project = make_project([(*draw(k), "train") for k in range(3)])
    project.items.set_state(project.items.named("i0").id, "rejected", "wrong patient")
    learner, said = prepare(project)
    assert learner.steps == 2 or any("reject" in text for text in said), said


def test_class_without_example_in_the_training_set_is_named(
    draw: Draw, make_project: MakeProject, prepare: Prepare
) -> None:
    images = [(*draw(0), "train"), (*draw(1), "train"), (draw(2)[0], 2 * draw(2)[1], "test")]
    project = make_project(images, "lung,heart")
    _, said = prepare(project)
    said += _findings(project)
    assert any("heart" in text for text in said), said


def test_class_that_no_mask_holds_can_be_removed(draw: Draw, make_project: MakeProject) -> None:
    project = make_project([(*draw(0), "train")])
    project.set_classes(make_classes([("a", ""), ("slip", "")]))
    project.set_classes(make_classes([("a", "")]))
    assert [one.name for one in project.classes] == ["a"]


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        (unicodedata.normalize("NFD", "neumonía"), "neumonía"),
        pytest.param("cat ", "cat", marks=pytest.mark.skipif(sys.platform == "win32", reason="no such folder there")),
        ("cat/series 1", "cat"),
    ],
    ids=["accents in two parts", "a space at the end", "a folder below"],
)
def test_folder_is_the_class_it_is_called_after(
    draw: Draw, make_classified: MakeClassified, folder: str, name: str
) -> None:
    project, _ = make_classified({f"{folder}/x.png": draw(0)[0]}, "cat,neumonía")
    (item,) = project.items.all()
    assert item.label is not None
    assert project.classes[item.label].name == name


def test_images_without_a_class_are_spoken_of(draw: Draw, make_classified: MakeClassified) -> None:
    _, said = make_classified({"cat/x.png": draw(0)[0], "cats/y.png": draw(1)[0]}, "cat,dog")
    assert said
