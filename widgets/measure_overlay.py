"""Measures over a scan: their lines, what stands beside them, and which of them is under the pointer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen

from engine.imaging.geometry import Plane
from engine.labels.measuring import Measure, Size, Values
from widgets import theme
from widgets.brush_ring import two_tone
from widgets.figures import NARROW, decimals_of, figure
from widgets.text import tr
from widgets.view import Point

REACH = 6.0  # logical pixels within which a line is hit
_TICK = 4.0  # half of the line across the end of a distance
_AWAY = 8.0  # of the words
_PAD = 4.0
_LEADING = 16.0
_BAR = 18.0  # at the right edge of a view is the bar of its slices

ToScreen = Callable[[Point], QPointF]


@dataclass(frozen=True)
class MeasureMark:
    """A measure as it is drawn; `lines` are the words beside it. `id` is 0 while the hand draws it."""

    id: int
    measure: Measure
    lines: tuple[str, ...]


def size_words(size: Size) -> str:
    """ "12.3 mm", "45.0°": as many decimals as a hand on a screen can mean."""
    decimals = 2 if size.amount < 10 else 1 if size.amount < 1000 else 0
    if size.unit == "°":
        return f"{figure(size.amount, 1)}°"
    return figure(size.amount, decimals, size.unit)


def value_words(values: Values) -> str:
    """ "43.2 ± 5.1 HU": mean and standard deviation."""
    if not values.count:
        return tr("no values here")
    largest = max(abs(values.mean), values.spread)
    decimals = 1 if largest >= 10 else 2 if largest >= 1 else max(decimals_of(largest), 4)
    words = f"{figure(values.mean, decimals)} ± {figure(values.spread, decimals)}"
    return f"{words}{NARROW}{values.unit}" if values.unit else words


class MeasureOverlay:
    """The measures of an image, of which a view draws those of its slice. Plain to be shared by several views."""

    def __init__(self, marks: Sequence[MeasureMark] = (), picked: int = 0) -> None:
        self.marks, self.picked = tuple(marks), picked

    def on(self, plane: Plane, index: int) -> list[MeasureMark]:
        return [mark for mark in self.marks if (mark.measure.plane, mark.measure.index) == (plane, index)]

    def at(self, plane: Plane, index: int, position: QPointF, to_screen: ToScreen) -> int:
        """The measure whose line is under the position, the last made of several; 0 for none."""
        for mark in reversed(self.on(plane, index)):
            stroker = QPainterPathStroker()
            stroker.setWidth(2 * REACH)
            if stroker.createStroke(path_of(mark.measure, to_screen)).contains(position):
                return mark.id
        return 0

    def paint(self, painter: QPainter, plane: Plane, index: int, to_screen: ToScreen, view: QRect) -> None:
        for mark in self.on(plane, index):
            paint_mark(painter, mark, to_screen, view, picked=mark.id == self.picked)


def path_of(measure: Measure, to_screen: ToScreen) -> QPainterPath:
    """The lines of a measure in logical pixels."""
    points = [to_screen(point) for point in measure.points]
    path = QPainterPath()
    if measure.kind == "rectangle":
        path.addRect(QRectF(points[0], points[1]).normalized())
    elif measure.kind == "ellipse":
        path.addEllipse(QRectF(points[0], points[1]).normalized())
    else:
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
    if measure.kind == "distance":
        along = points[1] - points[0]
        length = _length(along) or 1.0
        across = QPointF(-along.y(), along.x()) * (_TICK / length)
        for end in points:
            path.moveTo(end - across)
            path.lineTo(end + across)
    return path


def covers(mark: MeasureMark, to_screen: ToScreen, view: QRect) -> QRectF:
    """What `paint_mark` may draw on."""
    around = path_of(mark.measure, to_screen).boundingRect().adjusted(-REACH, -REACH, REACH, REACH)
    return around.united(words_area(mark, to_screen, view)).adjusted(-1, -1, 1, 1)


def paint_mark(painter: QPainter, mark: MeasureMark, to_screen: ToScreen, view: QRect, *, picked: bool = False) -> None:
    """Draw it light on dark, as the brush is, the picked one in the accent with its points; the words stay in the view."""
    path = path_of(mark.measure, to_screen)
    two_tone(painter, lambda: painter.drawPath(path))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if picked:
        painter.setPen(QPen(theme.scan_color("accent"), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        painter.setBrush(theme.scan_color("accent"))
        for point in mark.measure.points:
            painter.drawRect(QRectF(to_screen(point) - QPointF(3, 3), QSizeF(6, 6)))
    area = words_area(mark, to_screen, view)
    painter.fillRect(area, theme.color("scan", 0.6))
    painter.setPen(theme.scan_color("accent" if picked else "text"))
    painter.setFont(theme.font(theme.SMALL_SIZE))
    for number, line in enumerate(mark.lines):
        row = QRectF(area.left() + _PAD, area.top() + 1 + number * _LEADING, area.width(), _LEADING)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
    painter.restore()


def words_area(mark: MeasureMark, to_screen: ToScreen, view: QRect) -> QRectF:
    """Right of the measure's lower right end, of an angle outside its corner; moved into the view where they would be cut."""
    if not mark.lines:
        return QRectF()
    metrics = QFontMetricsF(theme.font(theme.SMALL_SIZE))
    width = max(metrics.horizontalAdvance(line) for line in mark.lines) + 2 * _PAD
    size = QSizeF(width, len(mark.lines) * _LEADING + 2)
    points = [to_screen(point) for point in mark.measure.points]
    if mark.measure.kind == "angle":
        area = _outside_corner(points, size)
    elif mark.measure.kind == "distance":
        area = QRectF(max(points, key=lambda point: point.x()) + QPointF(_AWAY, _AWAY / 2), size)
    else:
        corner = QPointF(max(point.x() for point in points), max(point.y() for point in points))
        area = QRectF(corner + QPointF(_AWAY, _AWAY / 2), size)
    room = QRectF(view).adjusted(_PAD, _PAD, -_BAR, -_PAD)
    area.moveRight(min(area.right(), room.right()))
    area.moveBottom(min(area.bottom(), room.bottom()))
    area.moveLeft(max(area.left(), room.left()))
    area.moveTop(max(area.top(), room.top()))
    return area


def _outside_corner(points: Sequence[QPointF], size: QSizeF) -> QRectF:
    """Where neither leg of an angle runs."""
    corner, legs = points[1], QPointF()
    for end in (points[0], points[2]):
        leg = end - corner
        legs += leg / (_length(leg) or 1.0)
    away = -legs / _length(legs) if _length(legs) > 0.1 else QPointF(0.0, 1.0)  # hardly bent
    half = QPointF(away.x() * (size.width() / 2 + _AWAY), away.y() * (size.height() / 2 + _AWAY))
    area = QRectF(QPointF(), size)
    area.moveCenter(corner + half)
    return area


def _length(along: QPointF) -> float:
    return float((along.x() ** 2 + along.y() ** 2) ** 0.5)
