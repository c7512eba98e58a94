"""A small project of real files, and a session with its neighbours around it, for the tests of the window's parts."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.services import item_loader
from app.services.jobs import JobQueue
from app.services.project_session import ProjectSession
from app.services.thumbnails import Thumbnails
from app.services.training_runner import TrainingRunner
from app.shell.actions import Commands
from app.shell.context import AppContext
from app.shell.window import MainWindow
from app.tabs.tab import Tab
from engine.config import Split
from engine.imaging.glimpse import Glimpse, SliceWish
from engine.imaging.image import Image, Source
from engine.imaging.read import opening
from engine.labels.classes import parse_classes
from engine.progress import Work, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from widgets.status_line import StatusLine

SIZE = (48, 64)  # down, across
SPLITS: tuple[Split, ...] = ("train", "train", "train", "train", "val", "test")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A closed multiclass project: six pictures a to f of a bright disc and a grey square, with their masks, in three sets."""
    rng = np.random.default_rng(7)
    images, masks = tmp_path / "images", tmp_path / "masks"
    images.mkdir()
    masks.mkdir()
    for at, name in enumerate("abcdef"):
        mask = np.zeros(SIZE, np.uint8)
        cv2.circle(mask, (18 + at, 22), 10, 1, -1)
        cv2.rectangle(mask, (40, 10 + at), (55, 25 + at), 2, -1)
        picture = np.array([40, 220, 130], np.uint8)[mask] + rng.integers(0, 20, SIZE).astype(np.uint8)
        for folder, pixels in ((images, picture), (masks, mask)):
            (folder / f"{name}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    path = tmp_path / "shapes.contorno"
    with Project.create(path, "multiclass", parse_classes("disc,square")) as made:
        for _ in import_images(made, ImportPlan((images,), masks)):
            pass
        made.items.set_splits({item.id: split for item, split in zip(made.items.all(), SPLITS, strict=True)})
    return path


@pytest.fixture
def shades(tmp_path: Path) -> Path:
    """A classification project of dark and bright pictures in three sets."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(24):
        picture = rng.normal(90 + 70 * (number % 2), 20, (28, 28)).clip(0, 255).astype(np.uint8)
        (folder / f"{number:02}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    with Project.create(tmp_path / "shades", "classification", parse_classes("dark,bright")) as project:
        result_of(import_images(project, ImportPlan((folder,))))
        items = project.items.all()
        project.items.set_labels({item.id: number % 2 for number, item in enumerate(items)})
        splits = ["train"] * 12 + ["val"] * 6 + ["test"] * 6
        project.items.set_splits(dict(zip([i.id for i in items], splits, strict=True)))  # type: ignore[arg-type]
        return project.path


PHASES, SLICES = 4, 3


@pytest.fixture
def cine(tmp_path: Path) -> Path:
    """A folder with a cine MR of 4 phases over 3 slices, 40 ms apart; phase p (from 1) lacks slice 0 where p is 3, and holds 100 p + slice. Beside it,
    two echoes of another patient."""
    for phase in range(1, PHASES + 1):
        for z in range(SLICES):
            if (phase, z) != (3, 0):
                write_slice(
                    tmp_path / "cine" / f"c{phase}{z}",
                    np.full(SIZE, 100 * phase + z, np.uint16),
                    z,
                    PatientID="CANARY-1",
                    SeriesInstanceUID="1.2.3",
                    SeriesDescription="cine sax",
                    InstanceNumber=phase + PHASES * z,
                    TemporalPositionIdentifier=phase,
                    TriggerTime=40 * (phase - 1),
                )
    for echo in (1, 2):
        for z in range(SLICES):
            write_slice(
                tmp_path / "cine" / f"e{echo}{z}",
                np.full(SIZE, echo, np.uint16),
                z,
                PatientID="CANARY-2",
                SeriesInstanceUID="1.2.4",
                SeriesDescription="dual echo",
                InstanceNumber=echo + 2 * z,
                EchoNumbers=echo,
            )
    return tmp_path / "cine"


def write_slice(path: Path, pixels: NDArray[np.uint16], height: float, **more: object) -> None:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = MRImageStorage, generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset("", {}, None, meta)
    facts = {
        "SOPClassUID": MRImageStorage,
        "SOPInstanceUID": meta.MediaStorageSOPInstanceUID,
        "Modality": "MR",
        "ImagePositionPatient": [0, 0, 8.0 * height],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [1.5, 1.5],
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": pixels.shape[0],
        "Columns": pixels.shape[1],
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 0,
        **more,
    }
    for keyword, value in facts.items():
        setattr(ds, keyword, value)
    ds.PixelData = pixels.tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    ds.save_as(path, enforce_file_format=True)


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    """A session without a project, with its jobs and commands on a window of their own."""
    jobs = JobQueue()
    session = ProjectSession(jobs)
    trainings = TrainingRunner(session, jobs)
    window = QMainWindow()
    qtbot.addWidget(window)
    yield AppContext(
        session, trainings, jobs, Commands(window, session, trainings), Thumbnails(session, jobs), StatusLine(window)
    )
    session.close_project()
    assert jobs.close(20)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """A window on the screen, without a project."""
    jobs = JobQueue()
    session = ProjectSession(jobs)
    trainings = TrainingRunner(session, jobs)
    made = MainWindow()
    made.fill(session, trainings, jobs, Thumbnails(session, jobs))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    session.close_project()
    assert jobs.close(30)


@pytest.fixture
def show_tab(qtbot: QtBot, context: AppContext) -> Callable[[str, Tab], None]:
    """Put a tab into the context's window and bring it to the front."""

    def show(name: str, tab: Tab) -> None:
        window = context.commands.parent()
        assert isinstance(window, QMainWindow)
        window.setCentralWidget(tab)
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        context.commands.show_tab(name)
        tab.shown()

    return show


DEPTH = 24  # slices of the volumes


@pytest.fixture
def volumes(tmp_path: Path) -> Path:
    """A closed project of three packed NIfTI volumes a, b, c of 24 slices; slice z holds 10 z and more to the right, and 1000 in a, 2000 in b ..."""
    folder = tmp_path / "volumes"
    folder.mkdir()
    for number, name in enumerate("abc", start=1):
        values = np.add.outer(np.arange(DEPTH) * 10, np.arange(SIZE[1]))[:, None, :] + np.zeros((1, SIZE[0], 1))
        values = (values + 1000 * number).astype(np.int16)
        nib.save(nib.Nifti1Image(values.T, np.diag([-1.0, -1, 3, 1])), folder / f"{name}.nii.gz")
    with Project.create(tmp_path / "volumes.contorno", "multiclass", parse_classes("disc,square")) as made:
        result_of(import_images(made, ImportPlan((folder,))))
        return made.path


class HeldReader:
    """Every image that items are opened with is read as always, and waits after each Glimpse until the test lets it go on."""

    def __init__(self) -> None:
        self.began: list[str] = []  # names of files, in the order in which they were begun
        self._steps = threading.Semaphore(0)
        self._free = False

    def opening(self, source: Source, wanted: SliceWish | None = None) -> Work[Image]:
        self.began.append(Path(source.files[0]).name.partition(".")[0])
        with closing(opening(source, wanted)) as work:
            while True:
                try:
                    event = next(work)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]
                yield event
                if isinstance(event, Glimpse) and not self._free:
                    self._steps.acquire()

    def step(self) -> None:
        """One reader goes on."""
        self._steps.release()

    def let_go(self) -> None:
        """Nothing waits any more."""
        self._free = True
        self._steps.release(100)

    def hold(self) -> None:
        """From now on readers wait again."""
        self._free, self._steps = False, threading.Semaphore(0)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldReader]:
    reader = HeldReader()
    monkeypatch.setattr(item_loader, "opening", reader.opening)
    yield reader
    reader.let_go()
