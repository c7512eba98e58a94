"""A slice three times: cut to what is labelled, in the colours of what each pixel is."""

import numpy as np
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.scoring.render import ERROR_COLORS, MISSED, OTHER_CLASS, RIGHT, TOO_MUCH, overlay
from widgets.overlap_pictures import OverlapPictures
from widgets.qimages import to_qimage

_COLORS = ("#FF0000", "#00FF00")


def shown(qtbot: QtBot, truth: np.ndarray, predicted: np.ndarray, **more: tuple[float, float]) -> OverlapPictures:
    pictures = OverlapPictures("pictures")
    qtbot.addWidget(pictures)
    pictures.resize(620, 100)
    ground = np.zeros(truth.shape, np.uint8)
    pictures.show_slice(ground, truth, predicted, _COLORS, more.get("pixel", (1.0, 1.0)))
    return pictures


def color(image: QImage, row: int, column: int) -> str:
    return image.pixelColor(column, row).name().upper()


def test_what_is_shared_is_told_from_what_is_alone(qtbot: QtBot) -> None:
    truth, predicted = np.zeros((100, 120), np.uint8), np.zeros((100, 120), np.uint8)
    truth[40:44, 50:58], predicted[40:44, 54:62] = 1, 1
    predicted[40, 57] = 2
    truth[0, 0] = predicted[99, 119] = 255  # not labelled: nothing of it is counted
    pictures = shown(qtbot, truth, predicted)
    assert pictures.accessibleDescription() == "A∩B: 15, A alone: 16, B alone: 16, two classes: 1"
    mine, said, both = pictures.images()
    assert both.height() == 4 + 2 * 8 and both.width() == 12 + 2 * 8, "cut to where either is, with some around"
    assert color(mine, 8, 8) == "#FF0000" and color(said, 8, 8) == "#000000" and color(said, 8, 15) == "#00FF00"
    drawn = [color(both, 8, column) for column in (8, 12, 15, 19)]
    assert drawn == [ERROR_COLORS[code - 1].upper() for code in (MISSED, RIGHT, OTHER_CLASS, TOO_MUCH)]


def test_an_empty_slice_is_shown_whole(qtbot: QtBot) -> None:
    empty = np.zeros((30, 40), np.uint8)
    pictures = shown(qtbot, empty, empty)
    assert pictures.accessibleDescription() == "A∩B: 0, A alone: 0, B alone: 0"
    assert pictures.images()[0] == to_qimage(overlay(empty, empty, _COLORS))


def test_thick_slices_are_as_high_as_they_are(qtbot: QtBot) -> None:
    empty = np.zeros((20, 40), np.uint8)
    flat, tall = shown(qtbot, empty, empty), shown(qtbot, empty, empty, pixel=(2.0, 1.0))
    assert flat.minimumHeight() == 22 + 100 + 26 and tall.minimumHeight() == 22 + 200 + 26
