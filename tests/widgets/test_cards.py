"""Cases, regions, networks and brushes as they are drawn, without a project."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFontMetricsF, QImage, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Window
from engine.labels.classes import make_classes
from engine.learning.explaining import Explained
from engine.learning.stages import NetworkStage
from engine.progress import CaseSeen
from widgets import theme
from widgets.case_card import CaseCard
from widgets.case_strip import CaseStrip
from widgets.class_grid import ClassGrid
from widgets.column_parts import EmptyState
from widgets.controls import Text
from widgets.elided import ElidedButton, ElidedText
from widgets.heat_legend import HeatLegend
from widgets.network_drawing import NetworkDrawing
from widgets.qimages import to_qimage
from widgets.radius_slider import RadiusSlider
from widgets.ratio_grid import RatioGrid
from widgets.thumbnail_grid import ThumbnailGrid

_LEFT = Qt.MouseButton.LeftButton


def shown(qtbot: QtBot, widget: QWidget, width: int, height: int) -> None:
    widget.resize(width, height)
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)


def explained(said: int, truth: int | None) -> Explained:
    heat = np.zeros((32, 32), np.float32)
    heat[:16] = 1.0
    grey = np.full((32, 32), 90, np.uint8)
    return Explained(7, "film", heat, grey, np.stack([grey] * 3, -1), said, 0.9, truth)


@pytest.mark.parametrize(("truth", "verdict"), [(0, "right"), (1, "truly sick"), (None, "class unknown")])
def test_a_card_says_what_was_said_and_whether_it_is_right(qtbot: QtBot, truth: int | None, verdict: str) -> None:
    card = CaseCard("card", 0)
    shown(qtbot, card, 220, 240)
    assert card.picture() is None
    card.show_case(explained(0, truth), ("well", "sick"), 0.5)
    assert card.accessibleDescription().endswith(verdict) and "well 0.90" in card.accessibleDescription()
    warm = card.picture()
    card.show_heat(0.0)
    plain = card.picture()
    assert warm is not None and plain is not None
    assert warm.pixelColor(16, 4) != plain.pixelColor(16, 4) and plain.pixelColor(16, 4).red() == 90
    card.show_case(None, ("well", "sick"), 0.5)
    assert not card.isEnabled() and card.picture() is None


def test_the_legend_has_room_for_its_words(qtbot: QtBot) -> None:
    legend = HeatLegend()
    shown(qtbot, legend, legend.sizeHint().width(), 20)
    bar = legend.grab().toImage()
    assert len({bar.pixelColor(x, 10).name() for x in range(bar.width())}) > 5, "a ramp of colours"


def test_a_case_of_the_strip_is_picked_by_its_item(qtbot: QtBot) -> None:
    strip = CaseStrip()
    shown(qtbot, strip, 500, 220)
    picture, mask = np.zeros((20, 20, 3), np.uint8), np.ones((20, 20), np.uint8)
    cases = [CaseSeen(item, f"case {item}", picture, mask, mask, {"liver": 0.5}, 0.5) for item in (4, 9)]
    strip.set_cases(cases, make_classes([("liver", "#FF0000")]))
    second = strip.findChild(QAbstractButton, "case.1")
    assert second is not None and second.accessibleName() == "case 9, mean Dice 0.50"
    with qtbot.waitSignal(strip.picked) as heard:
        QTest.mouseClick(second, _LEFT)
    assert heard.args == [9]


def test_cases_of_the_strip_are_told_apart_by_the_end_of_a_long_name(qtbot: QtBot) -> None:
    blank = np.zeros((8, 8, 3), np.uint8), np.zeros((8, 8), np.uint8), np.zeros((8, 8), np.uint8)
    strip = CaseStrip()
    shown(qtbot, strip, 160, 220)
    seen = list[QImage]()
    for name in ("hippocampus_of_the_study_001", "hippocampus_of_the_study_002"):
        strip.set_cases([CaseSeen(1, name, *blank, {"disc": 0.5}, 0.5)], make_classes([("disc", "#FF0000")]))
        seen.append(strip.grab().toImage())
    assert seen[0] != seen[1]


def test_the_stages_of_a_network_are_gone_through(qtbot: QtBot) -> None:
    drawing = NetworkDrawing("drawing")
    shown(qtbot, drawing, 260, 300)
    stages = (
        NetworkStage("image", (1, 28, 28)),
        NetworkStage("filter", (6, 28, 28), 156, 28, 5, padding=2),
        NetworkStage("dense", (10,), 850),
    )
    drawing.show_stages(stages)
    assert drawing.current == 1, "the first that has a kernel"
    with qtbot.waitSignal(drawing.picked) as heard:
        QTest.keyClick(drawing, Qt.Key.Key_Down)
    assert heard.args == [2] and "850 weights" in drawing.accessibleDescription()
    with qtbot.waitSignal(drawing.picked) as heard:
        QTest.mouseClick(drawing, _LEFT, pos=QPoint(20, 10))
    assert heard.args == [0]


def test_a_pooling_is_whole_in_a_narrow_drawing(qtbot: QtBot) -> None:
    drawing = NetworkDrawing("drawing")
    shown(qtbot, drawing, 240, 300)
    drawing.show_stages((NetworkStage("image", (1, 56, 56)), NetworkStage("max", (64, 28, 28), 0, 56, 3, 2, 1)))
    assert drawing.drawn_name(1) == "Max 3×3, stride 2"
    assert QFontMetricsF(theme.font(theme.SMALL_SIZE)).horizontalAdvance(drawing.drawn_name(1)) < 0.56 * 240 - 14
    drawing.resize(400, 300)
    assert drawing.drawn_name(1) == drawing.names[1] == "Max pool 3×3, stride 2"


def test_each_step_of_the_radius_is_the_same_factor(qtbot: QtBot) -> None:
    radius = RadiusSlider("radius")
    shown(qtbot, radius, 260, 30)
    radius.fit(Image(np.zeros((1, 400, 300), np.uint8), uncalibrated(400, 300), Window(128, 256)), None)
    assert (radius.radius, radius.unit) == (7.5, "px")
    slider = radius.findChild(QSlider, "radius.slider")
    assert slider is not None
    heard: list[float] = []
    radius.changed.connect(heard.append)
    for step in (50, 100, 150):
        slider.setValue(step)
    assert heard[1] / heard[0] == pytest.approx(heard[2] / heard[1])
    radius.set_radius(1e6)
    assert radius.radius == 75 and len(heard) == 3, "a quarter of the smaller side at most; what is set sends nothing"


def test_shares_always_sum_to_a_hundred(qtbot: QtBot) -> None:
    grid = RatioGrid("ratios", (70, 15, 15))
    shown(qtbot, grid, 300, 100)
    with qtbot.waitSignal(grid.changed):
        grid._spins[0].setValue(50)
    assert grid.values()[0] == 50 and sum(grid.values()) == 100


def test_thumbnails_are_drawn_with_their_word(qtbot: QtBot) -> None:
    grid, model = ThumbnailGrid("grid", "Images"), QStandardItemModel()
    item = QStandardItem()
    picture = QImage(96, 96, QImage.Format.Format_RGB32)
    picture.fill(0xFF0000)
    item.setData(picture, Qt.ItemDataRole.DecorationRole)
    item.setData("one", Qt.ItemDataRole.UserRole)
    model.appendRow(item)
    grid.setModel(model)
    shown(qtbot, grid, 240, 200)
    image = grid.viewport().grab().toImage()
    assert image.pixelColor(54, 54).red() == 255


def test_an_empty_place_offers_its_commands(qtbot: QtBot) -> None:
    opens, imports = QAction("Open"), QAction("Add")
    opens.setObjectName("open")
    imports.setObjectName("import")
    page = EmptyState("empty", "Nothing is here.", [opens, imports], {"import": "Add images"})
    shown(qtbot, page, 600, 400)
    first, second = page.findChild(QPushButton, "empty.open"), page.findChild(QPushButton, "empty.import")
    assert first is not None and second is not None
    assert (first.text(), second.text()) == ("Open", "Add images") and page.accessibleName() == "Nothing is here."
    with qtbot.waitSignal(imports.triggered):
        QTest.mouseClick(second, _LEFT)
    imports.setEnabled(False)
    assert first.isEnabled() and not second.isEnabled()


def test_an_empty_place_in_a_narrow_column_breaks_its_sentence(qtbot: QtBot) -> None:
    page = EmptyState("empty", "Nothing has been trained yet. The curves of a run grow here, epoch after epoch.")
    page.resize(700, 400)
    assert page.minimumSizeHint().width() <= 280
    shown(qtbot, page, 280, 400)
    text = page.findChild(Text)
    assert text is not None
    assert page.rect().contains(text.geometry()) and text.height() >= text.heightForWidth(text.width())
    page.resize(700, 400)
    qtbot.waitUntil(lambda: text.width() == 420)


def test_a_long_text_is_cut_to_its_room_and_read_aloud_whole(qtbot: QtBot) -> None:
    whole = "Only the left atrial appendage"
    for widget in (ElidedButton("only", "Only"), ElidedText()):
        shown(qtbot, widget, 90, 28)
        widget.say(whole)
        assert widget.text().startswith("Only") and widget.text().endswith("…")
        assert widget.accessibleName() == whole
        widget.resize(400, 28)
        assert widget.text() == whole


def test_pictures_of_the_engine_have_memory_of_their_own() -> None:
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)[:, ::-1]
    image = to_qimage(grey)
    assert (image.width(), image.height(), image.pixelColor(0, 2).red()) == (4, 3, 11)
    assert to_qimage(np.full((2, 2, 3), (9, 8, 7), np.uint8)).pixelColor(1, 1).rgb() == 0xFF090807


def test_the_legend_of_the_cases_gives_way_and_is_never_cut(qtbot: QtBot) -> None:
    strip = CaseStrip()
    qtbot.addWidget(strip)
    tiny = np.zeros((8, 8), np.uint8)
    case = CaseSeen(1, "a", np.zeros((8, 8, 3), np.uint8), tiny, tiny, {"disc": 0.5}, 0.5)
    strip.set_cases([case], make_classes([("disc", ""), ("square", "")]))
    strip.legend.setParent(None)
    qtbot.addWidget(strip.legend)
    strip.legend.show()
    counts = []
    for width in (600, 200, 40, 20):
        strip.legend.resize(width, 30)
        shown = [part for part in strip.legend._all if part.isVisible()]
        counts.append(len(shown))
        layout = strip.legend.layout()
        assert layout is not None
        layout.activate()
        assert all(part.geometry().left() >= 0 and part.geometry().right() < width for part in shown)
        keys, words = strip.legend._all[0:4:2], strip.legend._all[1:4:2]
        assert [key.isVisible() for key in keys] == [word.isVisible() for word in words], "no colour without its word"
    assert counts[0] == 5 and counts[0] > counts[1] > counts[2] == 0


def test_the_cell_with_the_keyboard_is_told_from_one_of_the_rings_colour(qtbot: QtBot) -> None:
    grid = ClassGrid("grid", "Truth")
    shown(qtbot, grid, 140, 140)
    grid.show_values(np.ones((3, 3), np.uint8), [theme.color("accent").name()])

    def gap() -> str:
        area = grid.area_of(0, 0)
        picture = grid.grab().toImage()
        ratio = picture.devicePixelRatio()
        return picture.pixelColor(round((area.left() + 2) * ratio), round(area.center().y() * ratio)).name()

    ring = theme.color("accent").name()
    assert gap() == ring, "the class's colour, up to the edge"
    with qtbot.waitActive(grid):
        grid.activateWindow()
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus)
    assert gap() != ring
