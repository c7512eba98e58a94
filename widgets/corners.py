"""The words around a scan: corner texts, orientation letters, scale bar and legend, light on any scan in both themes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.imaging.geometry import Geometry, Plane, axes, orientation_labels
from engine.imaging.image import Image, Window
from engine.imaging.windows import CT_PRESETS, FULL
from widgets import theme
from widgets.elided import elide
from widgets.figures import NARROW, decimal, figure
from widgets.text import tr
from widgets.view import View

MARGIN = 14.0
BAND = 46.0  # logical pixels above and below a fitted slice, so that words do not cover it
_CORNER = 130.0  # what the texts of a corner take
_SHARE = 0.42  # of the width, that they take at most
_LETTER = 18.0  # px of an orientation letter
_GAP = 20.0  # px between the words of the legend
SIDE = 20.0  # px beside words on the scan, for the slice bar
_APART = 5.0  # px between words, with their grounds
_BAR = 90.0  # a scale bar is about this long
_PLATE = 0.6  # opacity
_SHADOW = QColor(0, 0, 0, 170)
_AROUND = ((-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass(frozen=True)
class CornerAnnotations:
    """What is written around the scan. Numbers that the canvas knows (window, slice, scale) it writes by itself.

    `window_name` "" is found among the usual windows of CT. `legend` holds (colour, word) pairs for the lower edge. `reading` says, in
    the slice's place, how much is there of an image that is still being read.
    """

    title: str = ""
    subtitle: str = ""
    window_name: str = ""
    active: bool = False  # of several views the one that keys act on
    legend: tuple[tuple[str, str], ...] = ()
    reading: tuple[str, ...] = ()
    window: bool = True
    slice: bool = True
    scale: bool = True
    letters: bool = True


@dataclass(frozen=True)
class _Word:
    text: str
    rect: QRectF
    align: Qt.AlignmentFlag
    color: QColor
    font: QFont

    @cached_property  # asked at each dab
    def plate(self) -> QRectF:
        """The dark ground that keeps the word readable over bright tissue."""
        return QFontMetricsF(self.font).boundingRect(self.rect, self.align, self.text).adjusted(-4, 0, 4, 0)


class CornerAnnotationPainter:
    """Lays the words out when something changed, and paints those that a repainted rectangle touches."""

    def __init__(self) -> None:
        self._words: list[_Word] = []
        self._swatches: list[tuple[QRectF, QColor]] = []
        self._bar: tuple[QPointF, float] | None = None
        self.title_area = QRectF()
        self.window_area = QRectF()  # where the window's numbers stand: a click there asks to type them

    def lay_out(
        self,
        corners: CornerAnnotations,
        image: Image,
        plane: Plane,
        index: int,
        view: View,
        window: Window,
        inverted: bool = False,
        table: str = "",
    ) -> None:
        self._words, self._swatches, self._bar = [], [], None
        self._size = view.window[1] / view.device_pixel_ratio, view.window[0] / view.device_pixel_ratio
        self._room = self._of_corner(corners.letters)
        geometry = image.geometry
        self._corner(0, 0, [corners.title, corners.subtitle], theme.scan_color("accent") if corners.active else None)
        self.title_area = self._words[0].plate if corners.title else QRectF()
        self.window_area = QRectF()
        if corners.window:
            before = len(self._words)
            numbers = {window_numbers(window): (f"{_number(window.width)} · {_number(window.center)}", "")}
            self._corner(1, 0, window_words(image, window, corners.window_name, inverted, table), shorter=numbers)
            for word in self._words[before:]:
                self.window_area = self.window_area.united(word.plate)
        if corners.reading:
            self._corner(0, 1, list(corners.reading), theme.scan_color("accent"))
        elif corners.slice:
            words = slice_words(geometry, plane, index)
            number = str(index + 1)
            bare = dict(zip(words, ((f"{number} / {geometry.shape[axes(plane)[0]]}", number), ("",)), strict=False))
            self._corner(0, 1, words, shorter=bare)
        if corners.scale:
            self._scale(geometry, plane, view)
        if corners.letters:
            left, right, top, bottom = orientation_labels(geometry, plane)
            if view.flips[0]:
                top, bottom = bottom, top
            if view.flips[1]:
                left, right = right, left
            self._letters((left, right, top, "" if corners.legend else bottom))
        self._legend(corners.legend)

    def paint(self, painter: QPainter, dirty: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for rect, color in self._swatches:
            if rect.intersects(dirty):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color)
                painter.drawRoundedRect(rect, 2, 2)
        for word in self._words:
            if word.plate.intersects(dirty):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("scan", _PLATE))
                painter.drawRoundedRect(word.plate, 3, 3)
                painter.setFont(word.font)
                painter.setPen(_SHADOW)
                for across, down in _AROUND:
                    painter.drawText(word.rect.translated(across, down), word.align, word.text)
                painter.setPen(word.color)
                painter.drawText(word.rect, word.align, word.text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self._bar is not None and _bar_plate(*self._bar).intersects(dirty):
            self._paint_bar(painter, *self._bar)

    def _paint_bar(self, painter: QPainter, start: QPointF, length: float) -> None:
        x, y = round(start.x()), round(start.y())
        end = round(start.x() + length)
        painter.fillRect(_bar_plate(start, length), theme.color("scan", _PLATE))
        for shift, color in ((1, _SHADOW), (0, theme.scan_color("text"))):
            painter.setPen(QPen(color, 1))
            painter.drawLine(x + shift, y + shift, end + shift, y + shift)
            painter.drawLine(x + shift, y - 4 + shift, x + shift, y + shift)
            painter.drawLine(end + shift, y - 4 + shift, end + shift, y + shift)

    def _of_corner(self, letters: bool) -> float:
        """The width that a corner has for its words: each keeps to its half, and leaves the orientation letter in the middle free."""
        width = self._size[0]
        return min(width * _SHARE, width / 2 - MARGIN - _APART - (_LETTER / 2 + _APART if letters else 0.0))

    def _corner(
        self,
        right: int,
        bottom: int,
        lines: list[str],
        first: QColor | None = None,
        shorter: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        """Two lines in a corner, the one farther from the scan's middle in the brighter colour, or in that of `first`. Where one has no
        room, the first of what is `shorter` that has it stands in its place, else it is cut: a number must not be."""
        width, height = self._size
        line = 17.0
        top = height - MARGIN + 3 - line * 2 if bottom else MARGIN - 3
        align = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        metrics = QFontMetricsF(theme.font(theme.SMALL_SIZE))
        for row, text in enumerate(lines):
            forms = text, *shorter.get(text, ())
            text = next((form for form in forms if metrics.horizontalAdvance(form) + 2 <= self._room), forms[-1])
            if text:
                room = min(metrics.horizontalAdvance(text) + 2, self._room)
                x = width - MARGIN - room if right else MARGIN
                shown = elide(text, metrics, room, Qt.TextElideMode.ElideMiddle)
                place = QRectF(x, top + row * line, room, line)
                self._words.append(_Word(shown, place, align, (first or _bright()) if row == 0 else _dim(), _font()))

    def _scale(self, geometry: Geometry, plane: Plane, view: View) -> None:
        percent = tr("{percent} %", percent=round(view.zoom / view.device_pixel_ratio * 100)).replace(
            " %", NARROW + "%"
        )
        length, text = scale_bar(geometry, plane, view, self._room)
        width, height = self._size
        whole = f"{text} · {percent}"
        if QFontMetricsF(_font()).horizontalAdvance(whole) + 2 <= self._room:
            text = whole
        rect = QRectF(width - MARGIN - 160, height - MARGIN + 3 - 17, 160, 17)
        self._words.append(_Word(text, rect, Qt.AlignmentFlag.AlignRight, _bright(), _font()))
        self._bar = QPointF(width - MARGIN - length - 1, height - MARGIN - 20), length

    def _letters(self, found: tuple[str, str, str, str]) -> None:
        width, height = self._size
        left, right, top, bottom = found
        middle = Qt.AlignmentFlag.AlignCenter
        rects = (
            (left, QRectF(MARGIN - 4, height / 2 - 9, _LETTER, _LETTER)),
            (right, QRectF(width - 40, height / 2 - 9, _LETTER, _LETTER)),
            (top, QRectF(width / 2 - 9, MARGIN - 4, _LETTER, _LETTER)),
            (bottom, QRectF(width / 2 - 9, height - MARGIN - 15, _LETTER, _LETTER)),
        )
        self._words += [_Word(text, rect, middle, _bright(), _font(bold=True)) for text, rect in rects if text]

    def _legend(self, legend: tuple[tuple[str, str], ...]) -> None:
        """In one row between the corners' words, else above them, in as many rows as it takes."""
        metrics = QFontMetricsF(_font())
        width, height = self._size
        parts = [(color, tr(word), metrics.horizontalAdvance(tr(word)) + 16 + _GAP) for color, word in legend]
        narrow = sum(room for _, _, room in parts) > width - 2 * _CORNER
        rows: list[list[tuple[str, str, float]]] = [[]]
        for part in parts:
            if rows[-1] and sum(room for _, _, room in (*rows[-1], part)) - _GAP > width - 2 * SIDE:
                rows.append([])
            rows[-1].append(part)
        y = height - BAND + (-20 if narrow else 8) - 20 * (len(rows) - 1)
        for row in rows:
            x = (width - sum(room for _, _, room in row) + _GAP) / 2
            for color, word, room in row:
                self._swatches.append((QRectF(x, y + 4, 10, 10), theme.data_color(color)))
                rect = QRectF(x + 16, y, room, 18)
                self._words.append(
                    _Word(word, rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _bright(), _font())
                )
                x += room
            y += 20


def _bar_plate(start: QPointF, length: float) -> QRectF:
    return QRectF(start.x() - 4, start.y() - 8, length + 9, 12)


def window_words(image: Image, window: Window, name: str = "", inverted: bool = False, table: str = "") -> list[str]:
    """The window's name, where it has one, and its numbers, or the table that stands in its place; nothing for a picture shown as it
    is. That it was inverted is said."""
    if table:
        return [table, tr("inverted")] if inverted else [table]
    if image.pixels.dtype == np.uint8 and window == FULL:
        return [tr("Inverted")] if inverted else []
    if not name and image.unit == "HU":
        name = next((tr(preset) for preset, usual in CT_PRESETS.items() if usual == window), "")
    words = [window_numbers(window), *([tr("inverted")] if inverted else [])]
    return [name, " · ".join(words)] if name else words


def window_numbers(window: Window) -> str:
    """ "W 400 · L 50"."""
    return tr("W {width} · L {level}", width=_number(window.width), level=_number(window.center))


def slice_words(geometry: Geometry, plane: Plane, index: int) -> list[str]:
    """Which slice of how many, and where it lies in the patient."""
    through = axes(plane)[0]
    count = geometry.shape[through]
    if count == 1:
        return []
    words = [tr("Slice {number} / {count}", number=index + 1, count=count)]
    if geometry.patient_based:
        middle = [(n - 1) / 2 for n in geometry.shape]
        middle[through] = index
        axis = int(np.argmax(np.abs(geometry.affine[:3, through])))
        place = figure((geometry.affine @ [*middle, 1.0])[axis], 1)
        words.append(tr("{axis} {place} mm", axis="xyz"[axis], place=place).replace(" mm", NARROW + "mm"))
    return words


def scale_bar(geometry: Geometry, plane: Plane, view: View, most: float = _BAR * 1.2) -> tuple[float, str]:
    """A round length near 90 logical pixels, of `most` where that is less: how long it is drawn, and its text; in pixels where no size
    is known."""
    pixel = min(geometry.spacing[axis] for axis in axes(plane)[1:]) if geometry.calibrated else 1.0
    per_unit = view.zoom / view.device_pixel_ratio / pixel
    length = max((n for n in _round_lengths() if n * per_unit <= min(most, _BAR * 1.2)), default=1e-3)
    return length * per_unit, _length(length) if geometry.calibrated else f"{length:g}{NARROW}px"


def _round_lengths() -> Iterator[float]:
    for power in range(-3, 6):
        for step in (1, 2, 5):
            yield float(f"{step}e{power}")


def _length(mm: float) -> str:
    for unit, size in (("cm", 10.0), ("mm", 1.0)):
        if mm >= size:
            return decimal(f"{mm / size:g}{NARROW}{unit}")
    return decimal(f"{mm * 1000:g}{NARROW}µm")


def _number(value: float) -> str:
    text = f"{value:.0f}" if abs(value) >= 20 or float(value).is_integer() else f"{value:.3g}"
    return decimal(text).replace("-", "\N{MINUS SIGN}")


def _bright() -> QColor:
    return theme.scan_color("text")


def _dim() -> QColor:
    return theme.scan_color("dim")


def _font(bold: bool = False) -> QFont:
    return theme.font(theme.SMALL_SIZE, bold)
