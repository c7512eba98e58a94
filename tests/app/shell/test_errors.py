"""When something goes wrong: the guard keeps the program alive, says it once, and writes no name into the log."""

import contextlib
import faulthandler
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QObject, QTimer, Signal, Slot, qInstallMessageHandler, qWarning
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.shell import errors, i18n
from app.shell.errors import CrashGuard, expected, safe_traceback, user_message
from engine.errors import EngineError, NotReadable
from engine.imaging.image import Source
from engine.imaging.read import read_image

CANARY = "Canaria^Maria"


@pytest.fixture
def guard(qtbot: QtBot) -> Iterator[CrashGuard]:
    made = CrashGuard()
    made.install()
    made.open_log()
    yield made
    made.remove()


@pytest.fixture
def seen(guard: CrashGuard) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    guard.unexpected.connect(lambda text, report: found.append((text, report)))
    return found


def log() -> str:
    """Every byte of the log's folder."""
    return "\n".join(file.read_bytes().decode() for file in sorted(errors.log_folder().iterdir()))


class Breaking(QObject):
    """A slot that fails."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self.asked.connect(self.fail)

    @Slot()
    def fail(self) -> None:
        self.calls += 1
        raise ValueError(f"cannot read /scans/{CANARY}/1.dcm")


class Unpaintable(QWidget):
    """A widget that fails at every frame."""

    def __init__(self) -> None:
        super().__init__()
        self.frames = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.frames += 1
        raise KeyError(CANARY)


def test_all_hooks_are_put_in_and_taken_out(qtbot: QtBot) -> None:
    def hooks() -> list[object]:
        handler = qInstallMessageHandler(None)
        qInstallMessageHandler(handler)
        root = logging.getLogger()
        return [sys.excepthook, threading.excepthook, handler, list(root.handlers), root.level]

    before = hooks()
    guard = CrashGuard()
    guard.install()
    guard.open_log()
    inside = hooks()
    assert all(now != then for now, then in zip(inside, before, strict=True)) and faulthandler.is_enabled()
    assert (errors.log_folder() / "crash.log").is_file()
    guard.remove()
    assert hooks() == before and not faulthandler.is_enabled()
    guard.remove()  # twice does no harm
    guard.install()
    guard.open_log()
    guard.remove()
    assert hooks() == before


def test_a_slot_that_fails_is_said_and_the_program_goes_on(qtbot: QtBot, seen: list[tuple[str, str]]) -> None:
    breaking = Breaking()
    QTimer.singleShot(0, breaking.asked.emit)
    qtbot.waitUntil(lambda: bool(seen))
    text, report = seen[0]
    assert "Your work is saved" in text
    assert report.startswith("ValueError") and "app/shell/test_errors.py" in report and " fail" in report
    assert CANARY not in report
    with qtbot.waitSignal(breaking.asked):  # the event loop still turns
        QTimer.singleShot(0, breaking.asked.emit)


def test_the_same_fault_is_shown_once_in_ten_seconds_and_always_logged(
    guard: CrashGuard, seen: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "_QUIET", 1e9)  # however slow the machine is
    breaking = Breaking()
    for _ in range(5):
        breaking.asked.emit()
    assert breaking.calls == 5 and len(seen) == 1
    assert log().count("unexpected: ValueError") == 5
    guard.report(TypeError("another one"))
    assert len(seen) == 2, "another fault is news"
    monkeypatch.setattr(errors, "_QUIET", 0.0)
    breaking.asked.emit()
    assert len(seen) == 3, "after a while it is said again"


def test_a_widget_that_cannot_be_painted_does_not_end_the_program(qtbot: QtBot, seen: list[tuple[str, str]]) -> None:
    widget = Unpaintable()
    qtbot.addWidget(widget)
    widget.resize(50, 50)
    widget.show()
    qtbot.waitUntil(lambda: widget.frames >= 1)
    for frames in (2, 3, 4):
        widget.update()
        qtbot.waitUntil(lambda wanted=frames: widget.frames >= wanted)  # type: ignore[misc]
    assert len(seen) == 1 and seen[0][1].startswith("KeyError")


def test_a_thread_that_fails_is_said(qtbot: QtBot, seen: list[tuple[str, str]]) -> None:
    def work() -> None:
        raise RuntimeError(CANARY)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][1].startswith("RuntimeError")


def test_ctrl_c_is_no_fault(guard: CrashGuard, seen: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not seen and "KeyboardInterrupt" in capsys.readouterr().err


def test_no_name_reaches_the_log(qtbot: QtBot, guard: CrashGuard, seen: list[tuple[str, str]], tmp_path: Path) -> None:
    """A patient's name in messages, in file names, in causes, in a DICOM file and in what Qt says."""
    breaking = Breaking()
    breaking.asked.emit()
    try:
        try:
            (tmp_path / CANARY / "1.dcm").read_bytes()
        except OSError as fault:
            raise NotReadable("{file} cannot be read.", file=f"{CANARY}.dcm") from fault
    except NotReadable as fault:
        guard.report(fault)
        errors.log_unexpected(fault)
    damaged = _dicom(tmp_path / f"{CANARY}.dcm")
    for cut in (len(damaged) // 2, len(damaged) - 3, 400, 200):
        (tmp_path / f"{CANARY}.dcm").write_bytes(damaged[:cut])
        with contextlib.suppress(EngineError):
            read_image(Source((str(tmp_path / f"{CANARY}.dcm"),), "dicom"))
    picture = tmp_path / f"{CANARY}.png"
    picture.write_bytes(cv2.imencode(".png", np.zeros((9, 9), np.uint8))[1].tobytes()[:50])
    with pytest.raises(EngineError):
        read_image(Source((str(picture),), "raster"))
    qWarning(f"QFileSystemWatcher: failed to add paths: {tmp_path}/{CANARY}")
    found = log()
    assert found.count("unexpected:") == 3 and "NotReadable" in found and "because of FileNotFoundError" in found
    assert "QFileSystemWatcher: failed to add paths: …" in found
    for part in (CANARY, *CANARY.split("^"), str(tmp_path)):
        assert part not in found
    assert all(CANARY not in text + report for text, report in seen)


def _dicom(path: Path) -> bytes:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = Dataset()
    data.file_meta = meta
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = CTImageStorage, generate_uid(), "CT"
    data.PatientName, data.PatientID = CANARY, CANARY
    data.Rows = data.Columns = 8
    data.BitsAllocated = data.BitsStored = 16
    data.HighBit, data.PixelRepresentation, data.SamplesPerPixel = 15, 0, 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.PixelData = bytes(128)
    data.save_as(path, enforce_file_format=True)
    return path.read_bytes()


def test_a_home_that_cannot_be_written_costs_only_the_log(
    qtbot: QtBot, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "state").write_text("a file where the folder should be")
    guard = CrashGuard()
    guard.install()
    guard.open_log()
    breaking = Breaking()
    breaking.asked.emit()
    guard.remove()
    said = capsys.readouterr().err
    assert "unexpected: ValueError" in said and CANARY not in said


def test_a_crash_of_the_processor_leaves_its_trace(home: Path) -> None:
    """A segmentation fault, in a process of its own."""
    code = (
        "import faulthandler\n"
        "from app.shell.errors import CrashGuard\n"
        "guard = CrashGuard()\n"
        "guard.install()\n"
        "guard.open_log()\n"
        "faulthandler._sigsegv()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False)
    assert done.returncode != 0
    assert "Segmentation fault" in (errors.log_folder() / "crash.log").read_text()


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        (MemoryError(), "memory is full"),
        (OSError(28, "No space left on device", CANARY), "The disk refused: No space left on device."),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (OSError("no number"), "The disk refused: OSError."),
        (ValueError(CANARY), "should not have"),
    ],
)
def test_every_fault_has_a_sentence_in_both_languages(qtbot: QtBot, fault: BaseException, part: str) -> None:
    what, advice = user_message(fault)
    assert part in what and CANARY not in what + advice
    assert bool(advice) == expected(fault), "what can be mended says how; the rest brings a report"
    try:
        assert i18n.install("es") == "es"
        spanish, _ = user_message(fault)
        assert spanish != what and spanish.endswith((".", "…"))
    finally:
        i18n.install("en")


def test_the_engine_s_words_are_said_in_the_user_s_language(qtbot: QtBot) -> None:
    fault = NotReadable("Every class needs a name.", "Name the classes to tell apart.")
    assert user_message(fault) == ("Every class needs a name.", "Name the classes to tell apart.") and expected(fault)
    full = EngineError(
        "The project could not be saved: {reason}.",
        "Make room on the disk or mend the access, then go on: what was saved before is unharmed.",
        reason="disk full",
    )
    try:
        i18n.install("es")
        what, advice = user_message(full)
    finally:
        i18n.install("en")
    assert "disk full" in what and what != full.text and advice != full.advice


def test_where_says_places_and_causes_but_no_words() -> None:
    def inner() -> None:
        raise KeyError(CANARY)

    try:
        try:
            inner()
        except KeyError as fault:
            raise RuntimeError(CANARY) from fault
    except RuntimeError as fault:
        found = safe_traceback(fault)
    assert found.startswith("RuntimeError\n") and "because of KeyError\n" in found
    assert "test_where_says" in found and "inner" in found and CANARY not in found
