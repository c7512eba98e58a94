"""The rule by which a training set would be fed, known without a training: the one that the training chooses."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from engine.config import TrainConfig
from engine.imaging.intensity import Intensity, grey_of
from engine.imaging.read import read_image
from engine.labels.classes import parse_classes
from engine.learning.segmentation import planned
from engine.progress import result_of
from engine.project.greys import learnt_from, survey
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project

SHAPE = (2, 40, 48)
CONFIG = TrainConfig(arch="unet", encoder="mobilenet_v2", size=32, minutes=0, epochs=1, preset="none", device="cpu")


def write_scans(folder: Path) -> Path:
    """Five CT volumes of air with a body that is brighter from one to the next; the first four are learnt from, one of them rejected."""
    for number, name in enumerate("abcde"):
        values = np.full(SHAPE, -1000, np.int16)
        values[:, 10:30, 10:30] = 100 * number + np.arange(20, dtype=np.int16)
        nib.save(nib.Nifti1Image(values.transpose(2, 1, 0), np.eye(4)), folder / f"{name}.nii")
    with Project.create(folder / "scans", "binary", parse_classes("liver")) as project:
        result_of(import_images(project, ImportPlan((folder,))))
        items = project.items.all()
        project.items.set_modality([item.id for item in items], "CT")
        mask = np.zeros(SHAPE, np.uint8)
        mask[:, 12:20, 12:20] = 1
        for item, split in zip(items, ("train", "train", "train", "train", "test"), strict=True):
            project.items.set_splits({item.id: split})  # type: ignore[dict-item]
            project.layers.replace(project.layers.make(item.id), pack(mask), [0, 1])
        project.items.set_state(items[3].id, "rejected")
        return project.path


def rule_of(project: Project, *, with_rejected: bool = False) -> Intensity:
    items = project.items.all()
    chosen = learnt_from(items, project.layers.labelled_slices(), with_rejected=with_rejected)
    return result_of(survey(chosen, classes=False, otherwise=read_image(items[-1].present())))


@pytest.mark.parametrize("with_rejected", [False, True])
def test_it_is_the_rule_of_the_training(tmp_path: Path, with_rejected: bool) -> None:
    with Project.open(write_scans(tmp_path)) as project:
        found = rule_of(project, with_rejected=with_rejected)
        plan = result_of(planned(project, TrainConfig(**{**vars(CONFIG), "with_rejected": with_rejected})))
        assert found == plan.intensity and found.rule == "range" and found.low < -900


def test_without_a_training_set_it_is_that_of_the_image(tmp_path: Path) -> None:
    with Project.open(write_scans(tmp_path)) as project:
        items = project.items.all()
        project.items.set_splits({item.id: "" for item in items})
        ends = grey_of(read_image(items[-1].present())).ends
        found = rule_of(project)
        assert ends is not None and (found.low, found.high) == ends


def test_a_file_that_is_gone_is_left_to_the_training_to_say(tmp_path: Path) -> None:
    with Project.open(write_scans(tmp_path)) as project:
        whole = rule_of(project)
        (tmp_path / "a.nii").unlink()
        assert rule_of(project) != whole
