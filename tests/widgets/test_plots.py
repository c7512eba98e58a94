"""Curves, ROC, confusion matrix, scores, samples: what is drawn and what a click says."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from widgets import theme
from widgets.augment_grid import AugmentGrid, SampleTile
from widgets.bars import ChangeBars, DotStrip, Share, ShareBar, ShareChange
from widgets.confusion import ConfusionMatrix
from widgets.plot import PictureAsked, Plot, PlotPicture
from widgets.plots import (
    MOST_POINTS,
    CurvePlot,
    DicePlot,
    LossPlot,
    power_of_ten,
    robust_top,
    spread,
    thinned,
)
from widgets.score_table import Column, Score, ScoreBars, ScoreTable
from widgets.small_plots import RocPlot, paint_sparkline


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")


@given(st.lists(st.floats(0, 200), min_size=1, max_size=9))
def test_labels_never_cover_each_other(wanted: list[float]) -> None:
    places = spread(sorted(wanted), 18.0, 0.0, 200.0)
    gaps = np.diff(places)
    assert (gaps >= 18.0 - 1e-6).all()
    assert min(places) >= -1e-6 and max(places) <= 200 + 1e-6


def test_labels_stay_where_there_is_room() -> None:
    assert spread([10.0, 60.0, 150.0], 18.0, 0.0, 200.0) == [10.0, 60.0, 150.0]
    assert spread([100.0, 100.0], 18.0, 0.0, 200.0) == [91.0, 109.0]


@pytest.mark.parametrize(
    ("exponent", "words"), [(-3.0, "10⁻³"), (0.0, "10⁰"), (-9.495, "3.2·10⁻¹⁰"), (1.999, "10²"), (12.3, "2.0·10¹²")]
)
def test_a_logarithm_is_written_as_its_number(exponent: float, words: str) -> None:
    assert power_of_ten(exponent) == words


def test_curves_of_logarithms_over_layers_say_so(qtbot: QtBot) -> None:
    plot = CurvePlot("norms", "Gradient", across=("layer", "Layer {epoch}"), powers=True)
    qtbot.addWidget(plot)
    plot.resize(500, 200)
    plot.set_line("a", "accent", "sigmoid")
    plot.set_points("a", [1, 2, 3], [-12.0, -6.0, -1.0])
    qtbot.waitUntil(lambda: plot.accessibleDescription() == "sigmoid 10⁻¹")
    assert plot._words_at(2) == "Layer 2\nsigmoid  10⁻⁶"
    assert plot.table()[0] == ("Layer", "sigmoid") and plot.table()[1] == (1, -12.0), "the numbers as they are"
    assert plot.grab().toImage() != CurvePlot("other", "Gradient").grab().toImage()
    for low, high in ((0.0, 0.0), (-0.4, 0.3), (-9.5, 2.1)):
        plot.set_points("a", [1, 2], [low, high])
        ticks = plot._ticks()
        assert len(ticks) > 1 and ticks[0] <= low and ticks[-1] >= high
        assert all(tick == int(tick) for tick in ticks), "whole powers: what stands between them has no room"


def test_long_names_of_curves_are_whole_in_a_wide_plot(qtbot: QtBot) -> None:
    plot = CurvePlot("norms", "Gradient", across=("layer", "Layer {epoch}"), powers=True)
    qtbot.addWidget(plot)
    name = "simple, ReLU, norm. por lotes"
    plot.set_line("norm", "#56B4E9", name)
    plot.set_points("norm", [1.0, 2.0], [-1.0, -9.49])
    small = QFontMetricsF(theme.font(theme.SMALL_SIZE))
    needed = 34 + small.horizontalAdvance(name) + 6 + small.horizontalAdvance(power_of_ten(-9.49))
    plot.resize(912, 160)
    assert plot.width() - plot._area().right() >= needed
    plot.resize(355, 160)
    assert plot._area().width() > 60, "in a narrow one they leave room for the curves"


def test_thinning_keeps_peaks() -> None:
    ys = np.zeros(10_000)
    ys[5_123], ys[7_001] = 9.0, -4.0
    xs, kept = thinned(list(range(10_000)), ys.tolist(), 300)
    assert len(kept) <= 602 and max(kept) == 9.0 and min(kept) == -4.0
    assert (np.diff(xs) > 0).all() and xs[0] == 0 and xs[-1] == 9_999


def test_a_line_of_very_many_points_is_thinned(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    for at in range(2 * MOST_POINTS):
        plot.add_point("train", at / 100, 9.0 if at == 123 else 1.0)
    line = plot._lines["train"]
    assert len(line.xs) == len(line.ys) <= MOST_POINTS and max(line.ys) == 9.0
    assert line.xs[0] == 0.0 and line.xs[-1] == (2 * MOST_POINTS - 1) / 100


def test_curves_redraw_together(qtbot: QtBot) -> None:
    plot = DicePlot()
    plot.set_classes([("Liver", "#E69F00"), ("Spleen", "#56B4E9")])
    plot.resize(700, 360)
    qtbot.addWidget(plot)
    plot.show()
    qtbot.waitExposed(plot)
    empty = plot.grab().toImage()
    for epoch in range(1, 9):
        plot.add_epoch(epoch, {"Liver": 0.9 + epoch / 100, "Spleen": None, "unknown": 0.5}, 0.9)
    plot.set_best(5)
    plot.set_epochs(40)
    assert plot.last() == {"class:Liver": pytest.approx(0.98), "mean": 0.9}
    qtbot.waitUntil(lambda: "Liver 0.98" in plot.accessibleDescription())
    assert plot.grab().toImage() != empty
    plot.clear()
    assert plot.last() == {}


def test_a_burst_of_points_is_one_redraw(qtbot: QtBot) -> None:
    class Counting(CurvePlot):
        redraws = 0

        def _redraw(self) -> None:
            self.redraws += 1
            super()._redraw()

    plot = Counting("p", "Loss")
    qtbot.addWidget(plot)
    plot.set_line("a", "accent")
    for step in range(500):
        plot.add_point("a", step / 10, 1.0 / (step + 1))
    qtbot.waitUntil(lambda: plot.redraws > 0)
    assert plot.redraws == 1


def test_loss_plot_has_its_lines_and_shares_width(qtbot: QtBot) -> None:
    loss, dice = LossPlot(), DicePlot()
    for plot in (loss, dice):
        qtbot.addWidget(plot)
        plot.resize(700, 300)
    dice.set_classes([("A very long name of a class", "#E69F00")])
    loss.stand_above(dice)
    assert loss._area().width() == dice._area().width()
    loss.add_point("train", 1.5, 0.4)
    loss.add_point("val", 1, float("nan"))
    loss.set_points("val", [1, 2], [0.5, None])
    assert loss.last() == {"train": 0.4, "val": 0.5}
    assert "0.4" in loss._words_at(2) or "0.4" in loss._words_at(1)


def test_roc_is_drawn(qtbot: QtBot) -> None:
    roc = RocPlot()
    qtbot.addWidget(roc)
    empty = roc.grab().toImage()
    roc.set_curve([0, 0.1, 1], [0, 0.9, 1], 0.95, (0.9, 0.98))
    drawn = roc.grab().toImage()
    assert drawn != empty and "0.950" in roc.accessibleDescription()
    roc.set_threshold(0.1, 0.9)
    assert roc.grab().toImage() != drawn
    roc.set_threshold(None, None)
    assert roc.grab().toImage() == drawn


@pytest.mark.parametrize("values", [[], [0.8], [0.5, 0.7, 0.8]])
def test_a_sparkline_is_drawn_where_there_is_a_line(values: list[float]) -> None:
    picture = QImage(110, 20, QImage.Format.Format_RGB32)
    picture.fill(0)
    blank = picture.copy()
    painter = QPainter(picture)
    paint_sparkline(painter, QRectF(picture.rect()), values, "accent", 0.5)
    painter.end()
    assert (picture != blank) == bool(values)


def test_confusion_matrix_cells(qtbot: QtBot) -> None:
    matrix = ConfusionMatrix()
    matrix.set_matrix(["normal", "pneumonia"], [[121, 14], [11, 378]])
    matrix.resize(matrix.sizeHint())
    qtbot.addWidget(matrix)
    matrix.show()
    qtbot.waitExposed(matrix)
    with qtbot.waitSignal(matrix.cell_clicked) as heard:
        QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix._area(0, 1).center().toPoint())
    assert heard.args == [0, 1]
    QTest.keyClick(matrix, Qt.Key.Key_Down)
    QTest.keyClick(matrix, Qt.Key.Key_Left)
    QTest.keyClick(matrix, Qt.Key.Key_Left)
    with qtbot.waitSignal(matrix.cell_clicked) as heard:
        QTest.keyClick(matrix, Qt.Key.Key_Return)
    assert heard.args == [1, 0] and "11" in matrix.accessibleDescription()
    with qtbot.assertNotEmitted(matrix.cell_clicked):
        QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


def test_confusion_matrix_without_cases_and_with_many_classes(qtbot: QtBot) -> None:
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.set_matrix(["a", "b"], [[0, 0], [0, 0]])
    assert not matrix.grab().isNull()
    matrix.set_matrix([f"class {at}" for at in range(14)], (np.eye(14, dtype=np.int64) * 1234).tolist())
    assert not matrix.grab().isNull()
    with pytest.raises(ValueError):
        matrix.set_matrix(["a"], [[1, 2], [3, 4]])


def test_a_confusion_matrix_of_ten_classes_fits_a_narrow_column(qtbot: QtBot) -> None:
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.set_matrix([f"a long name {at}" for at in range(10)], (np.eye(10, dtype=np.int64) * 123).tolist())
    matrix.resize(matrix.minimumSizeHint())
    last = matrix._area(9, 9)
    assert matrix.width() <= 280 and last.right() <= matrix.width() and last.bottom() <= matrix.height()
    digits = QFontMetricsF(theme.font(theme.SMALL_SIZE, bold=True))
    assert last.height() >= digits.height(), "the numbers have room"
    matrix.resize(matrix.sizeHint())
    assert matrix._left() > 100, "and where there is room the names too"


ROWS = [
    Score("Liver", (0.96, 4.1, 1.2), "#E69F00"),
    Score("Aorta", (None, None, None), "#D55E00", "absent from both masks"),
    Score("Mean", (0.91, 4.2, 4.5), strong=True),
]


def test_score_bars(qtbot: QtBot) -> None:
    bars = ScoreBars("bars", "Dice")
    bars.set_scores(ROWS)
    bars.resize(280, bars.sizeHint().height())
    qtbot.addWidget(bars)
    bars.show()
    assert "Aorta –" in bars.accessibleDescription()
    with qtbot.waitSignal(bars.picked) as heard:
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    assert heard.args == ["Aorta"]
    QTest.keyClick(bars, Qt.Key.Key_Up)
    with qtbot.waitSignal(bars.picked) as heard:
        QTest.keyClick(bars, Qt.Key.Key_Return)
    assert heard.args == ["Liver"]
    image = bars.grab().toImage()
    colors = {image.pixelColor(x, 12).name().upper() for x in range(image.width())}
    assert "#E69F00" in colors


def test_score_table(qtbot: QtBot) -> None:
    table = ScoreTable("t", "Scores", [Column("Dice"), Column("HD95 mm", 1), Column("Vol. error %", 1, signed=True)])
    table.set_scores(ROWS)
    table.resize(280, 200)
    qtbot.addWidget(table)
    table.show()
    qtbot.waitExposed(table)
    model = table.model()
    shown = [[model.data(model.index(row, column)) for column in range(4)] for row in range(3)]
    assert shown == [["Liver", "0.96", "4.1", "+1.2"], ["Aorta", "–", "–", "–"], ["Mean", "0.91", "4.2", "4.5"]]
    assert model.data(model.index(1, 1), Qt.ItemDataRole.ToolTipRole) == "absent from both masks"
    assert model.data(model.index(0, 1), Qt.ItemDataRole.ToolTipRole) is None
    with qtbot.waitSignal(table.picked) as heard:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(40, 36))
    assert heard.args == ["Aorta"]
    table.set_scores([Score("Liver", (0.5, 1.0, 2.0), "#E69F00"), *ROWS[1:]])
    assert model.data(model.index(0, 1)) == "0.50" and table.currentIndex().row() == 1
    table.set_scores([Score("Mean", (0.5, 1.0, 2.0)), *ROWS])
    with qtbot.assertNotEmitted(table.picked):
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 3, "the mean is no class"
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(table, key)
    with qtbot.waitSignal(table.picked) as heard:
        QTest.keyClick(table, Qt.Key.Key_Up)
    assert heard.args == ["Mean"], "the class that is called so"


def samples(count: int) -> list[SampleTile]:
    made = []
    for at in range(count):
        picture = np.zeros((60, 90, 3), np.uint8)
        picture[:, :, at % 3] = 200
        made.append(SampleTile(picture, f"Sample {at + 1}", "rotate", "Vena cava lost" if at == 2 else ""))
    return made


def test_augment_grid(qtbot: QtBot) -> None:
    grid = AugmentGrid()
    grid.set_samples(SampleTile(np.full((60, 90, 3), 255, np.uint8), "Original"), samples(6))
    grid.resize(600, grid.heightForWidth(600))
    qtbot.addWidget(grid)
    grid.show()
    qtbot.waitExposed(grid)
    second = grid._areas(600.0)[3].center().toPoint()
    with qtbot.waitSignal(grid.hovered) as heard:
        QTest.mouseMove(grid, second)
    assert heard.args == [1]
    large = grid._areas(600.0)[1].center().toPoint()
    assert grid.grab().toImage().pixelColor(large) == QColor(0, 200, 0), "the sample under the mouse is shown large"
    with qtbot.waitSignal(grid.clicked) as heard:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=second)
    assert heard.args == [1] and grid.current() == 1
    QTest.keyClick(grid, Qt.Key.Key_Right)
    with qtbot.waitSignal(grid.clicked) as heard:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert heard.args == [2] and "Vena cava lost" in grid.accessibleDescription()
    with qtbot.waitSignal(grid.hovered) as heard:
        QTest.mouseMove(grid, large)
    assert heard.args == [-1]


def test_augment_grid_scales_with_the_width(qtbot: QtBot) -> None:
    grid = AugmentGrid()
    qtbot.addWidget(grid)
    assert grid.heightForWidth(500) <= 2
    grid.set_samples(None, samples(4))
    assert grid.heightForWidth(1000) > grid.heightForWidth(500) > 20
    source = samples(1)[0].picture
    grid.set_samples(None, [SampleTile(source, "A")])
    before = grid.grab().toImage()
    source[:] = 255
    assert grid.grab().toImage() == before, "the arrays are copied"


def test_share_bar_is_in_proportion(qtbot: QtBot) -> None:
    bar = ShareBar("split", "Split")
    qtbot.addWidget(bar)
    bar.resize(204, 8)
    bar.set_shares([Share("Train", 50, "#FF0000"), Share("Validation", 0, "#00FF00"), Share("Test", 50, "#0000FF")])
    image = bar.grab().toImage()
    row = [image.pixelColor(x, 4).name() for x in range(204)]
    assert row.count("#ff0000") == pytest.approx(101, abs=2) and row.count("#0000ff") == pytest.approx(101, abs=2)
    assert "Train 50" in bar.accessibleDescription()
    bar.set_shares([])
    assert bar.grab().toImage() != image


def test_change_bars(qtbot: QtBot) -> None:
    bars = ChangeBars("change", "Pixels per class")
    qtbot.addWidget(bars)
    bars.set_changes(
        [ShareChange("Vena cava", 247, 221, "#0072B2", notable=True), ShareChange("Liver", 0, 5, "#E69F00")]
    )
    bars.resize(bars.sizeHint())
    assert bars.accessibleDescription() == "Vena cava −11\u202f%, Liver –"
    image = bars.grab().toImage()
    after = [image.pixelColor(x, 34).name() for x in range(image.width())]
    assert after.count("#0072b2") == pytest.approx(image.width() * 221 / 247, abs=3)


def test_dot_strip(qtbot: QtBot) -> None:
    strip = DotStrip("dots", "Test set")
    qtbot.addWidget(strip)
    strip.resize(208, 36)
    strip.set_values([])
    blank = strip.grab().toImage()
    strip.set_values([0.86, 0.9, 0.94], 0.91, (0.894, 0.927), 0.9)
    image = strip.grab().toImage()
    assert image != blank and "0.910" in strip.accessibleDescription()
    assert image.pixelColor(104, 9).name() == theme.color("accent").name(), "0.90 is the middle of 0.85 to 0.95"


def test_an_epoch_is_at_the_same_place_in_plots_above_each_other(qtbot: QtBot) -> None:
    loss, dice = LossPlot(), DicePlot()
    for plot in (loss, dice):
        qtbot.addWidget(plot)
    loss.stand_above(dice)
    dice.set_classes([("liver", "#E69F00")])
    loss.add_point("train", 0.1, 1.0)
    dice.add_epoch(1, {"liver": 0.5}, 0.5)
    dice.set_epochs(40)
    for plot in (loss, dice):
        plot.show()
    assert loss._x_range() == dice._x_range() == (0.0, 40.0)
    dice.hide()
    assert loss._x_range() == (0.0, 2.0)


_menus = pytest.mark.qt_log_ignore("does not support", extend=True)  # menus, on a screen that is not there


@pytest.mark.parametrize("height", [120, 165, 300])
def test_no_label_meets_another_or_the_name_of_the_axis(qtbot: QtBot, height: int) -> None:
    """Nine labels of 18 px have no room in a low plot."""
    plot = DicePlot()
    qtbot.addWidget(plot)
    plot.resize(593, height)
    plot.show()
    plot.set_classes([(f"class {number}", "#ff0000") for number in range(8)])
    plot.add_epoch(1, {f"class {number}": 0.9 - 0.1 * number for number in range(8)}, 0.5)
    area, ticks = plot._area(), plot._ticks()
    labels = plot._labels(area, ticks)
    high = QFontMetricsF(theme.font(theme.SMALL_SIZE)).height()
    assert all(second.y - first.y >= high for first, second in itertools.pairwise(labels))
    assert labels[-1].y + high / 2 <= area.bottom() + 8, "where the name of the axis begins"
    assert "Mean" in {label.line.label for label in labels}
    assert (len(labels) == 9) == (height > 200)
    assert labels[-1].line.label == "class 7", "the lowest is the last to have no label"
    plot.grab()


def _plots() -> list[tuple[Plot, str]]:
    """Each kind of plot with numbers in it, and the CSV that they are."""
    dice = DicePlot()
    dice.set_classes([("Liver", "#E69F00"), ("Spleen", "#56B4E9")])
    dice.add_epoch(1, {"Liver": 0.5, "Spleen": None}, 0.5)
    dice.add_epoch(2, {"Liver": 0.8125, "Spleen": 0.25}, 0.53125)
    roc, matrix = RocPlot(), ConfusionMatrix()
    roc.set_curve([0, 0.1, 1], [0, 0.9, 1], 0.95)
    matrix.set_matrix(["yes, sure", "no"], [[8, 2], [1, 9]])
    shares, changes, dots = ShareBar("s", "Sets", 8), ChangeBars("c", "Pixels"), DotStrip("d", "Dice of the cases")
    shares.set_shares([Share("Train", 30, "accent"), Share("Test", 10, "dim")])
    changes.set_changes([ShareChange("Liver", 0.25, 0.125, "#E69F00"), ShareChange("=1+1", 0.0, 0.5, "#56B4E9")])
    dots.set_values([0.9, 0.75], 0.825, (0.8, 0.85))
    bars = ScoreBars("b", "Dice")
    bars.set_scores([Score("Liver", (0.5,)), Score("Spleen", (None,))])
    return [
        (dice, "Epoch,Liver,Spleen,Mean\n1,0.5,,0.5\n2,0.8125,0.25,0.53125\n"),
        (roc, "false alarms,found\n0,0\n0.1,0.9\n1,1\n"),
        (matrix, 'truly / predicted,"yes, sure",no\n"yes, sure",8,2\nno,1,9\n'),
        (shares, "Name,Sets\nTrain,30\nTest,10\n"),
        (changes, "Class,Before,After\nLiver,0.25,0.125\n'=1+1,0.0,0.5\n"),
        (dots, "Dice of the cases\n0.9\n0.75\n"),
        (bars, "Class,Dice\nLiver,0.5\nSpleen,\n"),
    ]


class _Keeper(QWidget):
    """Takes the pictures of the plots that are in it, as the window does."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[PlotPicture] = []

    def customEvent(self, event: QEvent) -> None:
        if isinstance(event, PictureAsked):
            event.accept()
            self.asked.append(event.picture)


def _apart(one: QImage, other: QImage) -> float:
    """Share of the pixels that differ by more than the edges of letters do."""
    first, second = (np.asarray(_pixels(image), np.int16) for image in (one, other))
    return float((np.abs(first - second).max(-1) > 60).mean())


def _pixels(image: QImage) -> NDArray[np.uint8]:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.width(), 4)[..., :3]


def _item(plot: Plot, part: str) -> QAction:
    """That item of the plot's open menu."""
    (menu,) = [menu for menu in plot.findChildren(QMenu) if menu.isVisible()]
    (action,) = [action for action in menu.actions() if action.objectName() == f"{plot.objectName()}.{part}"]
    return action


@_menus
def test_every_plot_hands_out_its_numbers_and_its_picture(qtbot: QtBot) -> None:
    for plot, numbers in _plots():
        qtbot.addWidget(plot)
        plot.resize(320, max(plot.sizeHint().height(), plot.minimumHeight()))
        with qtbot.waitExposed(plot):
            plot.show()
        middle = plot.rect().center()
        QApplication.sendEvent(
            plot, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, plot.mapToGlobal(middle))
        )
        _item(plot, "csv").trigger()
        assert QGuiApplication.clipboard().text() == numbers
        keeper = _Keeper()
        qtbot.addWidget(keeper)
        box = QDialog(keeper)  # a dialog over the window, as most are
        plot.setParent(box)
        plot.ask_picture()
        (asked,) = keeper.asked
        picture = asked.image
        assert (
            asked.name == plot.accessibleName()
            and picture.width() >= 2 * plot.width()
            and picture.height() >= 2 * plot.height()
        )
        drawing = QSvgRenderer(asked.svg)
        assert drawing.isValid() and drawing.viewBox().size() == picture.size() / 2
        again = QImage(picture.size(), QImage.Format.Format_RGB32)
        painter = QPainter(again)
        drawing.render(painter)
        painter.end()
        assert _apart(again, picture) < 0.04, "the same drawing"
        assert b"<image" not in asked.svg, "letters and lines, no pixels"
        assert isinstance(plot, ShareBar) or b"<text" in asked.svg
        plot.setParent(None)
        seen = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 3) for y in range(picture.height())}
        assert len(seen) > 2, "more than the ground is drawn"
        for menu in plot.findChildren(QMenu):
            menu.close()


@_menus
def test_the_keyboard_reaches_the_menu_of_a_plot_and_leaves_no_mark_in_its_picture(qtbot: QtBot) -> None:
    for plot, _ in _plots():
        qtbot.addWidget(plot)
        with qtbot.waitExposed(plot):
            plot.show()
        plot.clearFocus()  # it may have come with the window
        calm, seen = plot.picture().image, plot.grab().toImage()
        assert plot.focusPolicy() & Qt.FocusPolicy.TabFocus
        plot.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(plot.hasFocus)
        assert plot.grab().toImage() != seen and plot.picture().image == calm
        QTest.keyClick(plot, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
        assert _item(plot, "csv").isEnabled() and _item(plot, "picture").isEnabled()
        for menu in plot.findChildren(QMenu):
            menu.close()


@_menus
def test_an_empty_plot_has_nothing_to_hand_out(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    QTest.keyClick(plot, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert not _item(plot, "csv").isEnabled() and not _item(plot, "picture").isEnabled()


@_menus
def test_a_right_click_picks_nothing(qtbot: QtBot) -> None:
    bars, matrix = ScoreBars("b", "Dice"), ConfusionMatrix()
    bars.set_scores([Score("Liver", (0.5,))])
    matrix.set_matrix(["a", "b"], [[1, 0], [0, 1]])
    for plot, picked, place in (
        (bars, bars.picked, QPoint(10, 10)),
        (matrix, matrix.cell_clicked, matrix._area(0, 0).center().toPoint()),
    ):
        qtbot.addWidget(plot)
        with qtbot.assertNotEmitted(picked):
            QTest.mouseClick(plot, Qt.MouseButton.RightButton, pos=place)


def test_one_early_loss_far_above_the_rest_does_not_flatten_the_plot(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 200)
    plot.set_points("train", range(40), [144.9, *(1.2 - at / 50 for at in range(39))])
    assert plot._ticks()[-1] < 2.0
    plain = plot.grab().toImage()
    plot.set_points("train", range(1, 40), [1.2 - at / 50 for at in range(39)])
    assert plot.grab().toImage() != plain, "what lies above is said"
    assert robust_top([144.9, *[1.0] * 39]) == 1.0
    assert robust_top([3.0, 1.5, *[1.0] * 38]) == 3.0, "a first loss as it usually is stays in sight"
    for count in (
        4,
        8,
        10,
        19,
        20,
    ):  # epochs of a short training: the first validation is often of a network that knows nothing
        assert robust_top([21.1, *[0.4] * (count - 1)]) == 0.4, count
        assert robust_top([1.8, *[0.4] * (count - 1)]) == 1.8, count
    assert robust_top([144.9, 1.0]) == 144.9 and robust_top([]) is None, "of few values none is far off"


def test_words_at_the_kept_network_stand_beside_its_line(qtbot: QtBot) -> None:
    plot = LossPlot()
    qtbot.addWidget(plot)
    plot.resize(700, 200)
    plot.set_points("val", range(1, 41), [1.0] * 40)
    for epoch in (1, 2, 20, 40):
        plot.set_best(epoch, "the network that is kept")
        x = plot._place(epoch, 0.0, plot._area(), [0.0, 1.0]).x()
        title = QFontMetricsF(theme.heading_font()).horizontalAdvance(plot._title)
        assert plot._best_words_left(x) == max(x + 7, title + 10) or plot._best_words_left(x) < x - 7
        assert plot._best_words_left(x) >= 0
    plot.resize(300, 200)
    for epoch in (1, 20, 40):
        x = plot._place(epoch, 0.0, plot._area(), [0.0, 1.0]).x()
        assert plot._best_words_left(x) >= title + 10, "they stand on no title"
