"""Grey values on their way into a network: the range is that of the image, and the same scan gives the same greys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Source
from engine.imaging.intensity import Intensity, grey_of, rule_for, to_unit
from engine.imaging.read import read_image
from engine.imaging.windows import auto_window
from engine.labels.classes import parse_classes
from engine.phantom.scanner import patient
from engine.progress import Work
from engine.project.checks import check
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

Heard: TypeAlias = Callable[[Work[Any]], tuple[Any, list[str]]]


def _ramps(depth: int, height: int, width: int) -> Image:
    """Calibrated slices with air in the first column, and grey steps of 100 beside it."""
    pixels = np.empty((depth, height, width), np.uint16)
    pixels[:] = np.arange(width, dtype=np.uint16) * 100
    return Image(pixels, uncalibrated(height, width, depth), auto_window(pixels), modality="CT", unit="HU")


@pytest.mark.parametrize(
    "shape",
    [
        (200, 1000, 16),
        (250, 800, 8),
        (391, 512, 4),
    ],  # narrow, with the steps of 200x1000x1000, 250x800x800, 391x512x512
    ids=str,
)
def test_range_is_that_of_all_voxels(shape: tuple[int, int, int]) -> None:
    image = _ramps(*shape)
    ends = grey_of(image).ends
    assert ends is not None
    assert list(ends) == pytest.approx(np.percentile(image.pixels.astype(float), [0.5, 99.5]).tolist(), abs=50)


def test_network_is_fed_all_greys() -> None:
    fed = to_unit(_ramps(200, 1000, 16), Intensity("image", 0, 1), 1)
    assert len(np.unique(fed)) >= 10  # of 16


def test_ct_as_nifti_has_the_fixed_range_of_ct(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(40, 300, (64, 64, 8)).clip(-1024, 3071).astype(np.int16)
    values[:20] = -1024  # air
    nib.save(nib.Nifti1Image(values, np.eye(4)), tmp_path / "ct.nii.gz")
    image = read_image(Source((str(tmp_path / "ct.nii.gz"),), "nifti"))
    assert rule_for([grey_of(image)]).rule == "range"


def _scan_and_mask(folder: Path, name: str, values: NDArray[Any]) -> None:
    """A NIfTI of HU, or a PNG of 8 bits, with a mask of one class."""
    for kind in ("images", "masks"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    mask = np.zeros(values.shape, np.uint8)
    mask[..., 20:40, 20:40] = 1
    if values.dtype == np.uint8:
        for kind, picture in (("images", values[0]), ("masks", mask[0])):
            (folder / kind / f"{name}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    else:
        nib.save(nib.Nifti1Image(values.T, np.eye(4)), folder / "images" / f"{name}.nii")
        nib.save(nib.Nifti1Image(mask.T, np.eye(4)), folder / "masks" / f"{name}.nii")


@pytest.fixture
def make_ct(tmp_path: Path, heard: Heard) -> Callable[..., tuple[Project, list[str]]]:
    """A project of patients in HU and of pictures of such a patient, all said to be CT, all to be learnt from."""

    def make(scans: int, pictures: int) -> tuple[Project, list[str]]:
        for k in range(scans):
            _scan_and_mask(tmp_path, f"scan{k}", np.asarray(patient(k, 2, 64).pixels, np.int16))
        for k in range(pictures):
            hu = patient(9 + k, 1, 64).pixels.astype(np.float32)
            _scan_and_mask(tmp_path, f"picture{k}", np.asarray(np.clip((hu + 150) * 255 / 400, 0, 255), np.uint8))
        project = Project.create(tmp_path / "ct.contorno", "multiclass", parse_classes("organ"))
        plan = ImportPlan((tmp_path / "images",), tmp_path / "masks", split="train", modality="CT")
        done, said = heard(import_images(project, plan))
        assert not done.refused
        return project, said

    return make


def test_a_picture_among_ct_is_said_at_the_import_and_the_training(
    make_ct: Callable[..., tuple[Project, list[str]]], prepare: Callable[..., tuple[Any, list[str]]], heard: Heard
) -> None:
    project, said = make_ct(2, 1)
    with project:
        assert [text for text in said if "not in HU" in text] == [
            "picture0: It is called CT, and its values, 0 to 255, are not in HU, where air lies at -1000 and fat below 0."
        ]
        assert not [note for item in project.items.all() if item.name != "picture0" for note in item.notes]
        found, _ = heard(check(project))
        assert [(one.kind, one.values["count"]) for one in found if "HU" in one.text] == [("pictures_of_ct", 1)]
        learner, said = prepare(project)
        assert learner.card.intensity.rule == "image", "no range of HU for what is not in HU"
        assert sum("not in HU as the others are" in text and "picture0" in text for text in said) == 1


def test_a_picture_that_the_sample_passed_over_keeps_its_own_range(
    make_ct: Callable[..., tuple[Project, list[str]]], tmp_path: Path
) -> None:
    project, _ = make_ct(1, 1)
    with project:
        picture, scan = (read_image(project.items.named(name).present()) for name in ("picture0", "scan0"))
    ranged = Intensity("range", -1000, 1500)
    assert np.ptp(to_unit(picture, ranged, 1)) > 0.9, "as HU it would fill a tenth of the range"
    assert (
        to_unit(scan, ranged, 1).min()
        < 0.01
        < 0.4
        < np.median(to_unit(scan, ranged, 1)[np.asarray(scan.pixels, np.int16) > -200])
    )


def test_pictures_of_ct_alone_are_pictures(
    make_ct: Callable[..., tuple[Project, list[str]]], prepare: Callable[..., tuple[Any, list[str]]]
) -> None:
    project, _ = make_ct(0, 2)
    with project:
        learner, said = prepare(project)
        assert learner.card.intensity.rule == "bytes" and not [text for text in said if "HU" in text]


def test_scans_alone_are_learnt_in_hu_without_a_word(
    make_ct: Callable[..., tuple[Project, list[str]]], prepare: Callable[..., tuple[Any, list[str]]]
) -> None:
    project, said = make_ct(2, 0)
    with project:
        learner, more = prepare(project)
        assert learner.card.intensity.rule == "range" and not [text for text in said + more if "HU" in text]
