"""What the cases share: images opened as the import opens them, masks brought into a project, single DICOM files.

A case is a situation that people met elsewhere, made here by code at its smallest. Each test says what is right; one that
is marked as a strict xfail is not right yet, and whoever mends it takes the mark off.
"""

import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

from app.cli import main
from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.imaging.scan import scan
from engine.labels.classes import parse_classes
from engine.progress import Work, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.said import result_and_said

ReadAll: TypeAlias = Callable[[Path], list[Image]]
Masks: TypeAlias = dict[str, NDArray[np.uint8] | None]
Heard: TypeAlias = Callable[[Work[Any]], tuple[Any, list[str]]]
BringIn: TypeAlias = Callable[..., tuple[Masks, list[str]]]
MakeSlice: TypeAlias = Callable[..., Path]
WritePng: TypeAlias = Callable[[Path, NDArray[Any]], Path]
Bytes: TypeAlias = NDArray[np.uint8]
Drawn: TypeAlias = tuple[Bytes, Bytes]
Draw: TypeAlias = Callable[[int], Drawn]
Images: TypeAlias = list[tuple[Bytes, Bytes | None, str]]
Say: TypeAlias = Callable[..., tuple[int, str, str]]

SIDE = 64  # px of a drawn picture

_STORAGE = {"CT": "2", "MR": "4", "PT": "128", "DX": "1.1.1", "NM": "20"}  # the end of each modality's SOP class


@pytest.fixture
def read_all() -> ReadAll:
    """Every image that a folder or a file gives; what is refused is left out."""
    return lambda path: [read_image(one.source) for one in result_of(scan([path])).found]


@pytest.fixture
def heard() -> Heard:
    """Run work to its end: its result, and the notices that it gave."""
    return result_and_said


@pytest.fixture
def bring_in(tmp_path: Path, heard: Heard) -> BringIn:
    """Import a folder into a new multiclass project: the mask of each item by its name, and every sentence that was said."""

    def bring(images: Path, masks: Path | None = None, *, classes: str = "a", **plan: Any) -> tuple[Masks, list[str]]:
        number = len(list(tmp_path.glob("project*.contorno")))
        with Project.create(tmp_path / f"project{number}.contorno", "multiclass", parse_classes(classes)) as project:
            done, said = heard(import_images(project, ImportPlan((images,), masks, **plan)))
            said += [f"{one.file}: {one.reason}" for one in done.refused]
            said += [note.text for item in done.added for note in item.notes]
            layers = {item: project.layers.mask(item.id) for item in done.added}
            return {
                item.name: None if layer is None else project.layers.read(layer, item.shape)
                for item, layer in layers.items()
            }, said

    return bring


@pytest.fixture
def write_png() -> WritePng:
    def write(file: Path, pixels: NDArray[Any]) -> Path:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
        return file

    return write


@pytest.fixture
def make_slice() -> MakeSlice:
    """Writes one DICOM file of one or many frames; keywords are DICOM's own, None leaves the element out. `encoded` stands for the
    pixels in a compressed `syntax`."""

    def make(
        file: Path,
        pixels: NDArray[Any],
        place: Sequence[float] | None = (0, 0, 0),
        syntax: str = ExplicitVRLittleEndian,
        encoded: bytes | None = None,
        **more: Any,
    ) -> Path:
        modality, bits = more.get("Modality", "CT"), 8 * pixels.dtype.itemsize
        facts = {
            "SOPClassUID": f"1.2.840.10008.5.1.4.1.1.{_STORAGE[modality]}",
            "SOPInstanceUID": generate_uid(),
            "SeriesInstanceUID": "1.2.3.4",
            "StudyInstanceUID": "1.2.3",
            "FrameOfReferenceUID": "1.2.9",
            "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
            "Modality": modality,
            "PatientID": "P1",
            "PatientName": "P1",
            "SeriesDescription": "S",
            "SeriesNumber": 1,
            "InstanceNumber": 1,
            "ImagePositionPatient": None if place is None else list(place),
            "ImageOrientationPatient": None if place is None else [1, 0, 0, 0, 1, 0],
            "PixelSpacing": [1, 1],
            "NumberOfFrames": len(pixels) if pixels.ndim == 3 else None,
            "SamplesPerPixel": 1,
            "PhotometricInterpretation": "MONOCHROME2",
            "Rows": pixels.shape[-2],
            "Columns": pixels.shape[-1],
            "BitsAllocated": bits,
            "BitsStored": bits,
            "HighBit": bits - 1,
            "PixelRepresentation": int(pixels.dtype.kind == "i"),
            **more,
        }
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = UID(facts["SOPClassUID"])
        meta.MediaStorageSOPInstanceUID = UID(facts["SOPInstanceUID"])
        meta.TransferSyntaxUID = UID(syntax)
        ds = FileDataset("", {}, None, meta)
        for keyword, value in facts.items():
            if value is not None:
                setattr(ds, keyword, value)
        ds.PixelData = pixels.tobytes() if encoded is None else encapsulate([encoded])
        ds["PixelData"].VR = "OB" if bits == 8 or encoded else "OW"
        file.parent.mkdir(parents=True, exist_ok=True)
        ds.save_as(file, enforce_file_format=True)
        return file

    return make


@pytest.fixture
def draw() -> Draw:
    """A grey picture of a bright disc on noise, and its labels (0, 1)."""

    def disc(seed: int) -> Drawn:
        down, across = np.mgrid[:SIDE, :SIDE] - SIDE / 2
        labels = (down**2 + across**2 <= SIDE * SIDE / 16).astype(np.uint8)
        grey = 40 + 160 * labels + np.random.default_rng(seed).normal(0, 8, labels.shape)
        return grey.clip(0, 255).astype(np.uint8), labels

    return disc


@pytest.fixture
def make_project(
    tmp_path: Path, write_png: WritePng, request: pytest.FixtureRequest
) -> Callable[[Images, str], Project]:
    """A multiclass project of pictures (picture, labels or None, set), imported from files as a person does."""

    def make(images: Images, classes: str = "a") -> Project:
        project = Project.create(tmp_path / "discs.contorno", "multiclass", parse_classes(classes))
        request.addfinalizer(project.close)
        for number, (picture, labels, split) in enumerate(images):
            write_png(tmp_path / "images" / split / f"i{number}.png", picture)
            if labels is not None:
                write_png(tmp_path / "masks" / split / f"i{number}.png", labels)
        for folder in sorted((tmp_path / "images").iterdir()):
            masks = tmp_path / "masks" / folder.name
            plan = ImportPlan((folder,), masks if masks.exists() else None, split=folder.name)  # type: ignore[arg-type]
            assert not result_of(import_images(project, plan)).refused
        return project

    return make


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Iterator[Say]:
    """One command: its exit status, what it wrote to stdout, and to stderr."""
    handler, root = signal.getsignal(signal.SIGTERM), logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def said(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return code, *capsys.readouterr()

    yield said
    signal.signal(signal.SIGTERM, handler)
    root.handlers[:], root.level = handlers, level
