"""An item that is opened: what is seen before all of it is read, what is given up on the way, and what is read ahead within the budget."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.services import item_loader
from app.services.jobs import JobQueue, Lane
from app.services.project_session import ProjectSession
from engine.errors import EngineError
from engine.imaging.glimpse import Glimpse
from engine.imaging.image import Window
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.items import Item, _parts
from engine.project.project import Project
from tests.app.conftest import DEPTH, SIZE, HeldReader

PATIENCE = 20_000
MB = 1 << 20


@pytest.fixture
def session(qtbot: QtBot, held: HeldReader) -> Iterator[ProjectSession]:
    jobs = JobQueue()
    made = ProjectSession(jobs)
    yield made
    held.let_go()
    made.close_project()
    assert jobs.close(20)


@pytest.fixture
def arrived(qtbot: QtBot, session: ProjectSession, held: HeldReader, volumes: Path) -> ProjectSession:
    """The first volume is there; the second one is being read ahead, and held."""
    session.open_project(volumes)
    held.step()
    qtbot.waitUntil(lambda: session.current.image is not None and held.began == ["a", "b"], timeout=PATIENCE)
    return session


def number(session: ProjectSession, name: str) -> int:
    return next(item.id for item in session.items() if item.name == name)


def shown(session: ProjectSession, name: str) -> bool:
    current = session.current
    return current.item is not None and current.item.name == name and current.image is not None


def test_a_slice_is_there_before_the_rest(
    qtbot: QtBot, session: ProjectSession, held: HeldReader, volumes: Path
) -> None:
    current, told = session.current, list[str]()
    current.glimpse_changed.connect(lambda: told.append("glimpse" if current.glimpse else "progress"))
    current.image_changed.connect(lambda: told.append("image" if current.image else "none"))
    session.open_project(volumes)
    qtbot.waitUntil(lambda: current.glimpse is not None, timeout=PATIENCE)
    glimpse = current.glimpse
    assert glimpse is not None and current.loading and current.image is None and current.mask is None
    assert (glimpse.index, glimpse.count) == (DEPTH // 2, DEPTH) and glimpse.image.shape == (1, *SIZE)
    assert glimpse.image.pixels[0, 0, 0] == 1000 + 10 * (DEPTH // 2) and current.percent == 100
    held.step()
    qtbot.waitUntil(lambda: current.image is not None, timeout=PATIENCE)
    assert current.glimpse is None and current.percent is None and current.mask is not None
    assert told.index("glimpse") < told.index("image") and told[-1] == "image"


def test_the_slice_that_is_wished_for_comes_first(
    qtbot: QtBot, session: ProjectSession, held: HeldReader, volumes: Path
) -> None:
    current = session.current
    current.item_about_to_open.connect(lambda: setattr(current, "wanted", 3))
    session.open_project(volumes)
    qtbot.waitUntil(lambda: current.glimpse is not None, timeout=PATIENCE)
    assert current.glimpse is not None and current.glimpse.index == 3


def test_another_item_in_the_midst_takes_the_place(qtbot: QtBot, arrived: ProjectSession, held: HeldReader) -> None:
    current, seen = arrived.current, list[tuple[str, int]]()
    arrived.current.open(number(arrived, "b"))  # is being read ahead: goes on as the open one
    qtbot.waitUntil(lambda: current.glimpse is not None, timeout=PATIENCE)
    images, faults = list[object](), list[object]()
    current.image_changed.connect(lambda: images.append(current.item and current.item.name))
    arrived.failed.connect(faults.append)
    current.open(number(arrived, "c"))
    assert current.glimpse is None and current.loading

    def look() -> None:
        if current.glimpse is not None:
            seen.append((current.item.name if current.item else "", int(current.glimpse.image.pixels.max()) // 1000))

    current.glimpse_changed.connect(look)
    held.let_go()
    qtbot.waitUntil(lambda: shown(arrived, "c"), timeout=PATIENCE)
    assert images == ["c"] and not faults and set(seen) == {("c", 3)}


def test_a_stream_that_breaks_in_the_midst_is_said(
    qtbot: QtBot, session: ProjectSession, held: HeldReader, tmp_path: Path
) -> None:
    noise = np.random.default_rng(0).integers(-2000, 2000, (60, 512, 512)).astype(np.int16)
    file = tmp_path / "long.nii.gz"
    file.write_bytes(gzip.compress(nib.Nifti1Image(noise.T, np.eye(4)).to_bytes(), 1))
    with Project.create(tmp_path / "long.contorno", "multiclass", parse_classes("a")) as made:
        result_of(import_images(made, ImportPlan((file,))))
        (item,) = made.items.all()
    packed = bytearray(file.read_bytes())
    start, length = _parts(len(packed))[45]  # what lies behind it is not looked at to know the file again
    end = _parts(len(packed))[46][0]
    packed[start + length : end] = bytes(end - start - length)
    file.write_bytes(packed)
    assert item.files()
    faults = list[EngineError]()
    session.failed.connect(faults.append)
    session.open_project(made.path)
    qtbot.waitUntil(lambda: session.current.glimpse is not None, timeout=PATIENCE)
    assert not faults
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        held.let_go()
    assert [fault.text for fault in faults] == ["long.nii.gz is damaged or cut short: its pixels cannot be decoded."]
    assert not session.current.loading
    assert session.current.glimpse is None and session.current.image is None


def test_a_slice_of_a_series_is_seen_before_its_files_are_known_again(
    qtbot: QtBot, session: ProjectSession, held: HeldReader, cine: Path, tmp_path: Path
) -> None:
    with Project.create(tmp_path / "heart.contorno", "multiclass", parse_classes("a")) as made:
        result_of(import_images(made, ImportPlan((cine,))))
    other = cine / "c10"  # the first slice of the first phase
    data = bytearray(other.read_bytes())
    data[-1] ^= 1
    other.write_bytes(data)
    held.let_go()
    current, seen = session.current, list[int]()
    current.glimpse_changed.connect(
        lambda: seen.append(int(current.glimpse.image.pixels.max()) if current.glimpse else 0)
    )
    with qtbot.waitSignal(session.failed, timeout=PATIENCE) as said:
        session.open_project(made.path)
    assert (
        said.args is not None and said.args[0].text == "cine sax phase 1 of 4 is another image than the one imported."
    )
    assert seen[-1] == 101 and current.glimpse is None and current.image is None


def test_the_next_item_is_read_ahead_and_once(qtbot: QtBot, arrived: ProjectSession, held: HeldReader) -> None:
    held.let_go()
    qtbot.waitUntil(lambda: not arrived.jobs.busy, timeout=PATIENCE)
    arrived.walk.step(1)
    qtbot.waitUntil(lambda: shown(arrived, "b") and not arrived.jobs.busy, timeout=PATIENCE)
    assert held.began == ["a", "b", "c"]
    arrived.walk.step(1)
    qtbot.waitUntil(lambda: shown(arrived, "c") and not arrived.jobs.busy, timeout=PATIENCE)
    assert held.began == ["a", "b", "c"]  # and a, which comes next again, was kept


def test_what_is_read_ahead_is_shown_at_once_when_it_is_opened(
    qtbot: QtBot, arrived: ProjectSession, held: HeldReader
) -> None:
    ahead = arrived.jobs.running(Lane.AHEAD)
    current = arrived.current
    qtbot.waitUntil(lambda: current._loader._ahead is not None and current._loader._ahead.glimpse is not None)
    current.open(number(arrived, "b"))
    assert isinstance(current.glimpse, Glimpse) and current.loading and current.glimpse.image.pixels.max() > 2000
    held.let_go()
    qtbot.waitUntil(lambda: shown(arrived, "b") and not arrived.jobs.busy, timeout=PATIENCE)
    assert held.began == ["a", "b", "c"] and ahead is not None


def test_what_was_read_ahead_and_changed_is_not_shown(
    qtbot: QtBot, arrived: ProjectSession, held: HeldReader, tmp_path: Path
) -> None:
    held.let_go()
    qtbot.waitUntil(lambda: not arrived.jobs.busy, timeout=PATIENCE)
    other = np.full((DEPTH, *SIZE), 7, np.int16)
    nib.save(nib.Nifti1Image(other.T, np.diag([-1.0, -1, 3, 1])), tmp_path / "volumes" / "b.nii.gz")
    with qtbot.waitSignal(arrived.failed, timeout=PATIENCE) as said:
        arrived.current.open(number(arrived, "b"))
    assert said.args is not None and said.args[0].text == "b is another image than the one imported."
    assert arrived.current.image is None


def test_a_budget_that_is_spent_forbids_reading_ahead(
    qtbot: QtBot, session: ProjectSession, held: HeldReader, volumes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.let_go()
    bytes = DEPTH * SIZE[0] * SIZE[1]  # of one image: 2 a voxel, and the next may have 4
    monkeypatch.setattr(item_loader, "budget", lambda: 6 * bytes - 1)
    session.open_project(volumes)
    qtbot.waitUntil(lambda: shown(session, "a") and not session.jobs.busy, timeout=PATIENCE)
    assert held.began == ["a"]
    monkeypatch.setattr(item_loader, "budget", lambda: 6 * bytes)
    session.walk.step(1)
    qtbot.waitUntil(lambda: shown(session, "b") and not session.jobs.busy, timeout=PATIENCE)
    assert held.began == ["a", "b", "c"]
    kept = session.current._loader._images
    assert sum(image.pixels.nbytes for image in kept.values()) <= 6 * bytes


def test_images_beyond_the_budget_are_let_go_of(
    qtbot: QtBot, session: ProjectSession, held: HeldReader, volumes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held.let_go()
    monkeypatch.setattr(item_loader, "budget", lambda: 1)
    session.open_project(volumes)
    for name in "abc":
        session.current.open(number(session, name))
        qtbot.waitUntil(lambda name=name: shown(session, name), timeout=PATIENCE)  # type: ignore[misc]
        assert list(session.current._loader._images) == [number(session, name)]


def test_another_way_through_the_items_gives_up_what_was_read_ahead(
    qtbot: QtBot, arrived: ProjectSession, held: HeldReader
) -> None:
    held.let_go()
    arrived.walk.step(-1, among=[number(arrived, name) for name in "cba"])
    qtbot.waitUntil(lambda: shown(arrived, "b") and not arrived.jobs.busy, timeout=PATIENCE)
    assert held.began == ["a", "b", "c"]  # from a back to b, which was under way; then c


def test_an_item_that_goes_is_not_read_ahead_any_more(qtbot: QtBot, arrived: ProjectSession, held: HeldReader) -> None:
    arrived.remove_items([number(arrived, "b")])
    ahead = arrived.current._loader
    qtbot.waitUntil(lambda: ahead._ahead is not None and ahead._ahead.item == number(arrived, "c"), timeout=PATIENCE)
    held.let_go()
    qtbot.waitUntil(lambda: not arrived.jobs.busy, timeout=PATIENCE)
    assert held.began == ["a", "b", "c"] and shown(arrived, "a")


def test_another_project_gives_up_what_was_read_ahead(
    qtbot: QtBot, arrived: ProjectSession, held: HeldReader, project: Path
) -> None:
    arrived.open_project(project)
    assert arrived.current._loader._ahead is None
    held.let_go()
    qtbot.waitUntil(lambda: shown(arrived, "a") and not arrived.jobs.busy, timeout=PATIENCE)
    assert arrived.current.image is not None and arrived.current.image.shape == (1, *SIZE)
    assert set(held.began[2:]) == {"a", "b"}


def test_a_fault_ahead_is_said_when_the_item_is_opened(
    qtbot: QtBot, session: ProjectSession, held: HeldReader, volumes: Path, tmp_path: Path
) -> None:
    (tmp_path / "volumes" / "b.nii.gz").write_bytes(b"\x1f\x8b no volume")
    held.let_go()
    faults = list[EngineError]()
    session.failed.connect(faults.append)
    session.open_project(volumes)
    qtbot.waitUntil(lambda: shown(session, "a") and not session.jobs.busy, timeout=PATIENCE)
    assert not faults
    session.current.open(number(session, "b"))
    qtbot.waitUntil(lambda: len(faults) == 1, timeout=PATIENCE)
    assert faults[0].text == "b is another image than the one imported."


def test_the_grey_range_of_the_whole_is_known_the_next_time(
    qtbot: QtBot, session: ProjectSession, held: HeldReader, volumes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "engine.imaging.nifti._PIECE", SIZE[0] * SIZE[1] * 2
    )  # a slice: the first says little of the range
    glimpses, wholes = list[Window](), list[Window]()
    for _ in range(2):
        held.hold()
        session.open_project(volumes)
        qtbot.waitUntil(lambda: session.current.glimpse is not None, timeout=PATIENCE)
        assert session.current.glimpse is not None
        glimpses.append(session.current.glimpse.image.window)
        held.let_go()
        qtbot.waitUntil(lambda: shown(session, "a") and not session.jobs.busy, timeout=PATIENCE)
        assert session.current.image is not None
        wholes.append(session.current.image.window)
        session.close_project()
    assert wholes[0] == wholes[1] == glimpses[1] != glimpses[0]


class Vanishing(Item):
    """Its files go away just after they were known again."""

    def files(self) -> tuple[str, ...]:
        found = super().files()
        Path(found[0]).unlink()
        return found


def test_an_image_that_goes_away_while_it_is_read_is_named(volumes: Path) -> None:
    with Project.open(volumes, write=False) as project:
        item = project.items.all()[0]
    with pytest.raises(EngineError, match=f"image of {item.name} is not where it was"):
        item_loader._stamp(Vanishing(**vars(item)))
