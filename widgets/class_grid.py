"""A few pixels as large cells: the number and colour of each one's class, changed by clicks or keys."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.controls import named
from widgets.text import tr

_CELL = 44
_STEPS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class ClassGrid(QWidget):
    """Cells of classes 0 (background) to `most`. A click or Space goes to a cell's next class, the right button to the one before, a digit
    sets it; arrows go from cell to cell. `changed()` when a person changed one. `marked` cells have a ring: what both grids share."""

    changed = Signal()

    def __init__(self, name: str, text: str, side: int = 3) -> None:
        super().__init__()
        named(self, name, text)
        self.values: NDArray[np.uint8] = np.zeros((side, side), np.uint8)
        self._most, self._colors = 1, [""]
        self._marked: NDArray[np.bool_] = np.zeros((side, side), bool)
        self._at = (0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("Click a cell for its next class; with the keys: arrows, then a digit or Space"))

    def show_values(self, values: NDArray[np.uint8], colors: Sequence[str]) -> None:
        """Show these classes; `colors` are those of 1, 2, ... Sends nothing."""
        self.values, self._colors, self._most = values.copy(), list(colors), len(colors)
        self._say()
        self.update()

    def mark(self, marked: NDArray[np.bool_]) -> None:
        self._marked = marked
        self.update()

    def sizeHint(self) -> QSize:
        side = len(self.values) * _CELL + 4
        return QSize(side, side)

    def area_of(self, row: int, column: int) -> QRectF:
        """Where a cell stands."""
        return QRectF(2 + column * _CELL, 2 + row * _CELL, _CELL - 3, _CELL - 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cells = np.ndindex(self.values.shape)
        at = next((cell for cell in cells if self.area_of(*cell).contains(event.position())), None)
        if at is not None:
            self._at = at
            self._set(int(self.values[at]) + (-1 if event.button() == Qt.MouseButton.RightButton else 1))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick clicks are two

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, side = Qt.Key(event.key()), len(self.values)
        if key in _STEPS:
            down, across = _STEPS[key]
            self._at = (self._at[0] + down) % side, (self._at[1] + across) % side
            self._say()
            self.update()
        elif key == Qt.Key.Key_Space:
            self._set(int(self.values[self._at]) + 1)
        elif event.text().isdigit() and int(event.text()) <= self._most:
            self._set(int(event.text()))
        else:
            super().keyPressEvent(event)

    def _set(self, value: int) -> None:
        self.values[self._at] = value % (self._most + 1)
        self._say()
        self.update()
        self.changed.emit()

    def _say(self) -> None:
        row, column = self._at
        text = tr(
            "Row {row}, column {column}: class {value}", row=row + 1, column=column + 1, value=self.values[self._at]
        )
        self.setAccessibleDescription(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font(16, bold=True))
            for cell in np.ndindex(self.values.shape):
                value, area = int(self.values[cell]), self.area_of(*cell)
                if self.hasFocus() and cell == self._at:  # with a gap, since a class may have the ring's colour
                    theme.focus_ring(painter, area.adjusted(-1, -1, 1, 1))
                    area = area.adjusted(3, 3, -3, -3)
                painter.setPen(Qt.PenStyle.NoPen)
                ground = theme.data_color(self._colors[value - 1]) if value else theme.color("raised_more")
                painter.setBrush(ground)
                painter.drawRoundedRect(area, 4, 4)
                if self._marked[cell]:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(QPen(theme.color("text"), 3))
                    painter.drawRoundedRect(area.adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
                dark = value and ground.lightnessF() > 0.4
                painter.setPen(Qt.GlobalColor.black if dark else Qt.GlobalColor.white if value else theme.color("dim"))
                painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(value))
