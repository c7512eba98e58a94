"""Review in a project of objects: what became of each, seen, filtered and answered by keys and clicks."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.services.item_session import ItemSession
from app.shell.window import MainWindow
from app.tabs.review.tab import ReviewTab
from engine.config import Split, TrainConfig
from engine.formats import nifti
from engine.imaging.geometry import Geometry
from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.labels.edit import Edit, Ids, Labels
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.items import Item, content_hash
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Run
from engine.scoring.render import FATE_COLORS, FATE_NAMES
from widgets.controls import Segmented, Text
from widgets.region_list import RegionList
from widgets.text import tr

SHAPE = (1, 60, 80)
PATIENCE = 60_000
FOUND, MISSED, EXTRA, SPLIT, MERGED = range(1, 6)


def mine() -> Ids:
    ids = np.zeros(SHAPE, np.uint16)
    ids[0, 5:15, 5:15] = 1  # found
    ids[0, 5:15, 25:35] = 2  # missed
    ids[0, 25:35, 5:30] = 3  # split
    ids[0, 45:55, 5:17], ids[0, 45:55, 18:30] = 4, 5  # merged
    return ids


def model() -> Ids:
    ids = np.zeros(SHAPE, np.uint16)
    ids[0, 5:15, 5:15] = 9
    ids[0, 25:35, 5:16], ids[0, 25:35, 19:30] = 4, 3
    ids[0, 45:55, 5:30] = 2
    ids[0, 5:20, 60:75] = 6  # extra
    return ids


def write(folder: Path, *, tells_apart: bool = True, split: Split = "val") -> tuple[Path, Run]:
    with Project.create(folder / "cells", "instance", parse_classes("cell")) as project:
        run = project.runs.update(project.runs.add(TrainConfig(arch="unet")), "finished")
        run.bundle.write_bytes(b"stands for the weights")
        project.runs.keep_test_reading(run, 2, None)
        for number, name in enumerate(("a", "b")):
            file = folder / f"{name}.png"
            file.write_bytes(cv2.imencode(".png", np.full(SHAPE[1:], 40 * (number + 1), np.uint8))[1].tobytes())
            source, digest = Source((str(file),), "raster"), content_hash((str(file),))
            item = project.items.add(Item(0, name, source, digest, SHAPE, (1.0, 1.0, 1.0), False, "", "", split))
            project.layers.replace(project.layers.make(item.id), pack(_labels(mine()), mine()))
            said = model() if name == "a" else mine()
            layer = project.layers.make(item.id, "prediction", run.id)
            project.layers.replace(layer, pack(_labels(said), said) if tells_apart else pack(_labels(said)))
        return project.path, run


def write_touching(folder: Path) -> tuple[Path, Run]:
    """Three discs that touch in both cases; the prediction is a class map of exactly their pixels."""
    ids = np.zeros(SHAPE, np.uint16)
    for id, across in ((1, 22), (2, 39), (3, 56)):
        disc = cv2.circle(np.zeros(SHAPE[1:], np.uint8), (across, 30), 9, 1, -1) > 0
        ids[0][disc & (ids[0] == 0)] = id
    path, run = write(folder, tells_apart=False)
    with Project.open(path) as project:
        for item in project.items.all():
            project.layers.replace(project.layers.make(item.id), pack(_labels(ids), ids))
            layer = project.layers.make(item.id, "prediction", run.id)
            project.layers.replace(layer, pack(_labels(ids)))
    return path, run


def _labels(ids: Ids) -> Labels:
    return (ids > 0).astype(np.uint8)


class Review:
    """The window with case "a" in Review."""

    def __init__(self, qtbot: QtBot, window: MainWindow, path: Path) -> None:
        self.qtbot, self.window, self.session = qtbot, window, window.context.session
        window.resize(1440, 900)
        window.open_paths([path])
        qtbot.waitUntil(lambda: self.session.current.image is not None, timeout=PATIENCE)
        self.session.predictions.may_help = True
        window.show_tab("review")
        tab = window.tab("review")
        assert isinstance(tab, ReviewTab)
        self.tab = tab
        assert self.session.project is not None
        tab.cases._list.picked.emit(self.session.project.items.named("a").id)
        self.settle()
        with qtbot.waitActive(window):  # keys of commands go to the active window
            window.activateWindow()

    @property
    def current(self) -> ItemSession:
        return self.session.current

    def settle(self) -> None:
        """All that was asked for is there, and the set is scored."""
        self.qtbot.waitUntil(
            lambda: (
                self.current.item is not None
                and self.current.item.name == "a"
                and self.current.image is not None
                and self.tab.study.known
                and self.tab.study.objects is not None
                and not self.session.jobs.busy
                and bool(self.text("set_objects"))
            ),
            timeout=PATIENCE,
        )

    def text(self, name: str) -> str:
        found = self.tab.findChild(Text, name)
        assert found is not None
        return found.text()

    def rows(self) -> list[tuple[str, str]]:
        found = self.tab.findChild(RegionList, "regions")
        assert found is not None
        rows, role = found.model(), Qt.ItemDataRole.AccessibleTextRole
        titles = [str(rows.index(place, 0).data()) for place in range(rows.rowCount())]
        whole = [str(rows.index(place, 0).data(role)) for place in range(rows.rowCount())]
        return [
            (title, text.removeprefix(f"{title}, ").replace("\u202f", " "))
            for title, text in zip(titles, whole, strict=True)
        ]

    def chip(self, name: str) -> QPushButton:
        found = self.tab.findChild(QPushButton, f"fates.{name}")
        assert found is not None
        return found

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.tab.scan.canvas, key)

    def ids(self) -> Ids:
        mask = self.current.mask
        assert mask is not None
        assert mask.ids is not None
        return mask.ids

    def code(self, layer: str, y: int, x: int) -> int:
        """The fate that a layer of the view of errors draws there."""
        return next(int(one.labels[0, y, x]) for one in self.tab.scan.overlay.layers if one.name == layer)


@pytest.fixture
def review(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> Review:
    path, _ = write(tmp_path)
    return Review(qtbot, window, path)


def test_every_object_that_was_not_simply_found_is_listed_with_what_is_known_of_it(review: Review) -> None:
    assert review.rows() == [
        ("cell · split", "250 px · IoU 0.44"),
        ("cell · extra", "225 px · IoU 0.00"),
        ("cell · merged", "120 px · IoU 0.48"),
        ("cell · merged", "120 px · IoU 0.48"),
        ("cell · missed", "100 px · IoU 0.00"),
    ]
    words = [review.chip(name).text() for name in ("wrong", "found", "missed", "extra", "split", "merged")]
    assert [int(word.split()[-1]) for word in words] == [5, 1, 1, 1, 1, 2]
    assert not review.chip("missed").icon().isNull() and review.chip("wrong").icon().isNull()
    assert "6 found, 1 missed, 1 extra, 1 split, 2 merged" in review.text("set_objects"), "of both cases"


def test_each_object_is_drawn_in_the_colour_of_its_fate(review: Review) -> None:
    review.tab._views.button("errors").click()
    drawn = review.tab.scan.overlay.layers[-2:]
    assert [layer.name for layer in drawn] == ["fates", "my fates"]
    assert tuple(drawn[0].colors) == FATE_COLORS and not drawn[0].varied
    assert [review.code("fates", *at) for at in ((10, 10), (30, 10), (50, 10), (10, 65), (10, 30))] == [
        FOUND,
        SPLIT,
        MERGED,
        EXTRA,
        0,
    ]
    assert [review.code("my fates", *at) for at in ((10, 10), (10, 30), (30, 10), (50, 10), (10, 65))] == [
        FOUND,
        MISSED,
        SPLIT,
        MERGED,
        0,
    ]
    legend = review.tab.scan.overlay.legend()
    assert legend == tuple(zip(FATE_COLORS, FATE_NAMES, strict=True))


def test_a_press_in_the_legend_shows_one_fate_alone(review: Review) -> None:
    review.tab._views.button("errors").click()
    QTest.mouseClick(review.chip("missed"), Qt.MouseButton.LeftButton)
    assert [title for title, _ in review.rows()] == ["cell · missed"]
    assert review.code("my fates", 10, 30) == MISSED and review.code("my fates", 10, 10) == 0
    assert not any(review.code("fates", *at) for at in ((10, 10), (30, 10), (50, 10), (10, 65)))
    current = review.tab.differences.current
    assert current is not None and current.box.low == (0, 5, 25)
    QTest.mouseClick(review.chip("found"), Qt.MouseButton.LeftButton)
    assert review.rows() == [("cell · found", "100 px · IoU 1.00")]
    QTest.mouseClick(review.chip("wrong"), Qt.MouseButton.LeftButton)
    assert len(review.rows()) == 5 and review.code("fates", 10, 10) == FOUND


def test_keys_go_from_one_to_the_next_and_answer_each(review: Review) -> None:
    panel, canvas = review.tab.differences, review.tab.scan.canvas
    assert panel.title == f"cell · {tr('split')}"
    review.press(Qt.Key.Key_Period)
    assert panel.title == "cell · extra" and canvas._highlight is not None
    review.press(Qt.Key.Key_2)
    review.settle()
    assert (review.ids()[0, 5:20, 60:75] == 6).all(), "a new object, with the model's shape"
    assert [title for title, _ in review.rows()].count("cell · extra") == 0
    assert review.chip("found").text().endswith("2")
    assert "7 found, 1 missed, 0 extra" in review.text("set_objects"), "the summary counts the case as it is now"
    review.press(Qt.Key.Key_1)  # mine is right: on to the next
    kept = [row for row in panel.regions if row in panel._kept]
    assert len(kept) == 1 and "1 of" not in review.text("answered") and "2 of 5" in review.text("answered")
    review.current.undo()
    review.settle()
    assert not review.ids()[0, 5:20, 60:75].any() and review.chip("extra").text().endswith("1")


def test_merged_ones_become_the_model_s_one_object_as_one_step(review: Review) -> None:
    steps = len(review.current.history())
    QTest.mouseClick(review.chip("merged"), Qt.MouseButton.LeftButton)
    review.press(Qt.Key.Key_2)
    review.settle()
    assert len(review.current.history()) == steps + 1 and review.current.history()[-1].by_model
    assert len(np.unique(review.ids()[0, 45:55, 5:30])) == 1 and review.ids()[0, 50, 17]
    assert review.chip("merged").text().endswith("0") and review.chip("found").text().endswith("2")


def test_a_test_case_that_was_changed_with_the_model_s_help_counts_as_it_was_before(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path, _ = write(tmp_path, split="test")
    review = Review(qtbot, window, path)
    before = review.text("set_objects")
    review.press(Qt.Key.Key_2)
    review.settle()
    assert review.chip("split").text().endswith("0") and review.text("set_objects") == before


def test_a_locked_class_stays_and_that_is_said(review: Review, qtbot: QtBot) -> None:
    mask = review.current.mask
    assert mask is not None
    mask.locked = frozenset({1})
    with qtbot.waitSignal(review.session.notification):
        review.press(Qt.Key.Key_2)
    assert np.array_equal(review.ids(), mine())


def test_a_prediction_that_tells_no_objects_apart_is_compared_by_its_connected_parts(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path, _ = write(tmp_path, tells_apart=False)
    review = Review(qtbot, window, path)
    assert [int(review.chip(name).text().split()[-1]) for name in ("found", "missed", "extra", "split", "merged")] == [
        1, 1, 1, 1, 2,
    ]  # fmt: skip
    review.press(Qt.Key.Key_2)
    review.settle()
    assert len(np.unique(review.ids()[0, 25:35, 5:30])) == 3, "two pieces and what lies between them"


def test_a_large_object_is_taken_as_it_was_shown_whatever_comes_meanwhile(
    review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.tabs.review.differences.AT_ONCE", 0)
    monkeypatch.setattr("app.services.item_session.AT_ONCE", 0)
    QTest.mouseClick(review.chip("merged"), Qt.MouseButton.LeftButton)
    review.press(Qt.Key.Key_2)
    review.tab.study.start()  # as where a prediction arrives: what was compared is forgotten
    review.settle()
    assert len(np.unique(review.ids()[0, 45:55, 5:30])) == 1


def test_a_class_that_is_renamed_is_counted_under_its_new_name(review: Review) -> None:
    before = review.text("set_objects")
    review.session.set_classes(parse_classes("nucleus"))
    review.window.show_tab("label")
    review.window.show_tab("review")
    review.settle()
    assert review.text("set_objects") == before and "6 found" in before
    assert review.rows()[0][0] == "nucleus · split"
    review.press(Qt.Key.Key_2)
    review.settle()
    assert "8 found" in review.text("set_objects"), "two of the model in the place of one"


def test_what_goes_with_an_object_that_was_taken_is_not_asked_about_again(review: Review) -> None:
    told: list[str] = []
    review.session.notification.connect(lambda text, _: told.append(text))
    QTest.mouseClick(review.chip("merged"), Qt.MouseButton.LeftButton)
    review.press(Qt.Key.Key_2)
    assert review.tab.differences.current is None, "both are one object of the model now"
    review.press(Qt.Key.Key_2)  # faster than they are compared anew
    assert not told
    review.settle()


def test_a_slice_that_is_labelled_as_empty_is_compared_from_then_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path, run = write(tmp_path)
    nothing, others = np.zeros(SHAPE, np.uint16), np.where(mine() > 0, mine() + 10, 0).astype(np.uint16)
    with Project.open(path) as project:
        file = tmp_path / "two.tif"
        assert cv2.imwritemulti(str(file), [np.full(SHAPE[1:], 9, np.uint8)] * 2)
        source, digest = Source((str(file),), "raster"), content_hash((str(file),))
        shape = (2, *SHAPE[1:])
        item = project.items.add(Item(0, "two", source, digest, shape, (1.0, 1.0, 1.0), False, "", "", "val"))
        pair = np.concatenate([mine(), nothing]), np.concatenate([mine(), others])
        for ids, layer in zip(
            pair, (project.layers.make(item.id), project.layers.make(item.id, "prediction", run.id)), strict=True
        ):
            project.layers.replace(layer, pack(_labels(ids), ids))
    review = Review(qtbot, window, path)
    review.current.open(item.id)
    qtbot.waitUntil(lambda: review.current.image is not None and review.tab.study.known, timeout=PATIENCE)
    assert review.current.labelled == {0} and review.chip("extra").text().endswith("0")
    review.current.record_edit(Edit("labelled as empty", ()), looked_at=[1])
    qtbot.waitUntil(lambda: review.chip("extra").text().endswith("5"), timeout=PATIENCE)


def write_volume(folder: Path) -> Path:
    """Case "a": four slices, the first and the last labelled. The model has the object there wider, and on the slices between too."""
    ids, said = np.zeros((4, 60, 80), np.uint16), np.zeros((4, 60, 80), np.uint16)
    ids[[0, 3], 5:15, 5:11], said[:, 5:15, 5:15] = 1, 4
    grid = Geometry(ids.shape, np.eye(4)[[2, 1, 0, 3]], patient_based=True, calibrated=True)
    nifti.write(folder / "a.nii", np.full(ids.shape, 40, np.uint8), grid)
    with Project.create(folder / "cells", "instance", parse_classes("cell")) as project:
        result_of(import_images(project, ImportPlan((folder / "a.nii",))))
        (item,) = project.items.all()
        project.items.set_splits({item.id: "val"})
        run = project.runs.update(project.runs.add(TrainConfig(arch="unet")), "finished")
        run.bundle.write_bytes(b"stands for the weights")
        project.layers.replace(project.layers.make(item.id), pack(_labels(ids), ids), [0, 3])
        project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(_labels(said), said))
        return project.path


def test_slices_that_nobody_labelled_stay_so_and_it_is_said(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    review = Review(qtbot, window, write_volume(tmp_path))
    assert review.text("slices_compared").startswith("2 of 4 slices are labelled")
    review.chip("found").click()
    review.press(Qt.Key.Key_2)
    mask = review.current.mask
    qtbot.waitUntil(lambda: mask is not None and mask.labels[0, 10, 12] == 1, timeout=PATIENCE)
    assert mask is not None and review.current.labelled == {0, 3}
    assert mask.labels[3, 10, 12] == 1 and not mask.labels[1:3].any()


# Objects of class maps -------------------------------------------------------------------------------------------------


def ways(review: Review) -> Segmented:
    found = review.tab.findChild(Segmented, "review_objects_by")
    assert found is not None
    return found


def by_watershed(review: Review) -> None:
    """Asked for by a click, shown and scored."""
    QTest.mouseClick(ways(review).button("watershed"), Qt.MouseButton.LeftButton)
    review.qtbot.waitUntil(lambda: "6 found" in review.text("set_objects"), timeout=PATIENCE)
    review.settle()


def test_objects_of_a_class_map_are_told_apart_as_chosen_shown_scored_and_reported(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path, run = write_touching(tmp_path)
    review = Review(qtbot, window, path)
    predictions = review.session.predictions
    assert ways(review).isVisible() and ways(review).current() == "parts"
    assert "0 found" in review.text("set_objects") and "6 merged" in review.text("set_objects")
    assert predictions.ids is not None and len(np.unique(predictions.ids)) == 2, "one object, and what is none"
    assert not review.text("ways_compared")
    by_watershed(review)
    assert ways(review).current() == "watershed"
    assert predictions.ids is not None and len(np.unique(predictions.ids)) == 4
    layer = next(one for one in review.tab.scan.overlay.layers if one.name == "prediction")
    assert layer.ids is predictions.ids, "each is drawn in its hue"
    assert review.chip("found").text().endswith("3"), "and judged"
    assert review.text("ways_compared").startswith(
        "F1 of the objects: 0.000 by connected parts, 1.000 by the watershed"
    )
    report = (run.folder / "report-val.json").read_text()
    assert '"found": 6' in report


def test_the_choice_is_kept_with_the_run_and_taken_over_as_mask(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path, run = write_touching(tmp_path)
    review = Review(qtbot, window, path)
    by_watershed(review)
    assert review.session.project is not None
    assert review.session.project.runs.get(run.id).summary.objects_by == "watershed"
    review.session.predictions.copy_to_mask()
    assert len(np.unique(review.ids())) == 4, "three objects"
    QTest.keyClick(ways(review).button("watershed"), Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: "6 merged" in review.text("set_objects"), timeout=PATIENCE)
    review.session.predictions.copy_to_mask()
    assert len(np.unique(review.ids())) == 2, "one object of all"


def test_a_project_that_is_read_only_shows_the_choice_and_says_why_it_stays(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path, run = write_touching(tmp_path)
    with Project.open(path) as project:
        project.runs.keep_objects_by(run, "watershed")
    with Project.open(path):  # another program has it
        review = Review(qtbot, window, path)
    assert "6 found" in review.text("set_objects"), "as it was chosen before"
    assert not ways(review).isEnabled() and "read only" in ways(review).button("parts").toolTip()


def test_a_network_that_finds_objects_has_nothing_to_choose(review: Review) -> None:
    project = review.session.project
    assert project is not None
    run = project.runs.all()[0]
    project.runs.update(run, "finished", config=TrainConfig(arch="mask-rcnn-light"))
    review.tab.cases.refresh()
    review.session.predictions.use_run(project.runs.get(run.id))
    assert not ways(review).isVisible()
