"""Maps and filters of a network as small tiles, in grey or with their sign."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets import theme
from widgets.controls import named
from widgets.figures import figure
from widgets.qimages import to_qimage
from widgets.rows import paint_text
from widgets.text import tip, tr

_GAP, _HEAD = 5.0, 22.0
_LARGEST = 2  # times its usual side, that a tile grows to
ABOVE, BELOW = (230, 159, 0), (86, 180, 233)
"""Okabe and Ito's orange and sky blue, for values above and below 0."""


@dataclass(frozen=True, eq=False)
class MapSection:
    """Tiles under a heading ("": none): `values` (n, h, w), or (n, h, w, 3) of coloured filters, which are drawn in their colours."""

    title: str
    values: NDArray[np.float32]


class MapGrid(QWidget):
    """Shows sections of tiles of `side` px, more where they are few, beneath each other; as high as it must be for its width."""

    def __init__(self, name: str, side: int = 76) -> None:
        super().__init__()
        named(self, name, tr("Maps"))
        self._side = side
        self._sections: tuple[MapSection, ...] = ()
        self._images: list[list[QImage]] = []
        self._one_row = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_sections(self, sections: Sequence[MapSection], *, signed: bool = False, together: bool = False) -> None:
        """Grey tiles reach from a map's lowest value to its highest. `signed` ones are black at 0, orange above and blue below.
        `together`: all on one scale and a row each, so that tiles above each other are one map."""
        self._sections, self._one_row = tuple(sections), together
        most = _strongest(np.concatenate([np.abs(each.values).ravel() for each in sections])) if together else 0.0
        self._images = [
            [_tile(values, signed, most if together else None) for values in section.values] for section in sections
        ]
        self.setAccessibleDescription(", ".join(f"{each.title} {len(each.values)}".strip() for each in sections))
        self._fit()
        self.update()

    def images(self) -> list[list[QImage]]:
        """The tiles of each section, as they are drawn."""
        return self._images

    def sizeHint(self) -> QSize:
        return QSize(560, self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._help(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for number, section in enumerate(self._sections):
                if section.title:
                    head = QRectF(0, self._top(number), self.width(), _HEAD - 4)
                    paint_text(painter, head, section.title, "dim", theme.font(theme.SMALL_SIZE))
                for place, image in enumerate(self._shown(number)):
                    area = self._area(number, place)
                    size = image.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
                    inner = QRectF(0, 0, size.width(), size.height())
                    inner.moveCenter(area.center())
                    painter.drawImage(inner, image)

    def _across(self) -> int:
        return max(1, int((self.width() + _GAP) // (self._tile() + _GAP)))

    def _tile(self) -> float:
        """Side of a tile, in px: larger where all have room in one row."""
        most = max((len(images) for images in self._images), default=1)
        row = float((self.width() + _GAP) // max(most, 1) - _GAP)
        return min(max(row, self._side), _LARGEST * self._side)

    def _shown(self, number: int) -> list[QImage]:
        return self._images[number][: self._across()] if self._one_row else self._images[number]

    def _high(self, number: int) -> float:
        rows = -(-len(self._shown(number)) // self._across())
        return (_HEAD if self._sections[number].title else 0.0) + rows * (self._tile() + _GAP)

    def _top(self, number: int) -> float:
        return sum(self._high(before) for before in range(number))

    def _area(self, number: int, place: int) -> QRectF:
        row, column = divmod(place, self._across())
        side = self._tile()
        step = side + _GAP
        top = self._top(number) + (_HEAD if self._sections[number].title else 0.0)
        return QRectF(column * step, top + row * step, side, side)

    def _help(self, at: QPointF) -> str:
        for number, section in enumerate(self._sections):
            for place in range(len(self._shown(number))):
                if self._area(number, place).contains(at):
                    values = section.values[place]
                    low, high = figure(float(values.min()), 3), figure(float(values.max()), 3)
                    return tip(tr("{number}: from {low} to {high}", number=place + 1, low=low, high=high))
        return ""

    def _fit(self) -> None:
        high = round(sum(self._high(number) for number in range(len(self._sections))))
        if high != self.minimumHeight():
            self.setMinimumHeight(high)
            self.updateGeometry()


def _strongest(values: NDArray[np.float32]) -> float:
    """What is drawn at full strength: the highest value but for the few that would leave the rest in the dark."""
    if not values.size:
        return 0.0
    return float(np.percentile(values, 99)) or float(values.max())


def _tile(values: NDArray[np.float32], signed: bool, most: float | None) -> QImage:
    if values.ndim == 3:
        picture = _stretched(values)
    elif signed:
        scale = most or float(np.abs(values).max()) or 1.0
        share = np.clip(np.abs(values) / scale, 0, 1)[..., None]
        picture = np.where(values[..., None] >= 0, share * ABOVE, share * BELOW)
    else:
        picture = np.repeat(_stretched(values)[..., None], 3, axis=2)
    return to_qimage(np.ascontiguousarray(np.rint(picture).astype(np.uint8)))


def _stretched(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """0 to 255 from the lowest value to the highest; the middle where they are one."""
    low, high = float(values.min()), float(values.max())
    if not high > low:
        return np.full(values.shape, 128, np.float32)
    done: NDArray[np.float32] = (values - low) * np.float32(255 / (high - low))
    return done
