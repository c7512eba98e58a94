"""The confusion matrix: what each class was taken for. Its cells are buttons."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets import theme
from widgets.csv_text import Row
from widgets.elided import elide
from widgets.figures import figure, percent
from widgets.plot import Plot
from widgets.rows import paint_text
from widgets.text import tip, tr

_GAP, _HEAD, _WIDEST = 4.0, 44.0, 132.0
_NARROW = 24  # px of a column with three digits
_NAMES = 60.0  # px that names keep at least
_ROW = 20  # px of a row in which a number has room
_LEAST = QSize(280, 190)  # as wide, there is room for any count of classes: the middle of a small window has no more
_STEP = 15.0  # px that every second name of a column stands lower, where they have no room side by side


class ConfusionMatrix(Plot):
    """Rows are the truth, columns the prediction. `cell_clicked(truth, predicted)` on a click, Return or Space."""

    cell_clicked = Signal(int, int)

    def __init__(self, name: str = "confusion_matrix", parent: QWidget | None = None) -> None:
        super().__init__(name, tr("Confusion matrix"), parent)
        self._names: tuple[str, ...] = ()
        self._counts: list[list[int]] = []
        self._current = (0, 0)
        self._under = (-1, -1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_matrix(self, names: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """`counts[truth][predicted]`, as many rows and columns as names."""
        table = [[int(count) for count in row] for row in counts]
        if any(len(row) != len(names) for row in table) or len(table) != len(names):
            raise ValueError("a confusion matrix has a row and a column for each class")
        if len(names) != len(self._names):
            self._current = (0, 0)
        self._names, self._counts = tuple(names), table
        self._say()
        self.updateGeometry()
        self.update()

    def current(self) -> tuple[int, int]:
        return self._current

    def sizeHint(self) -> QSize:
        count = max(len(self._names), 2)
        cell = 104 if count <= 3 else 56
        return QSize(
            round(self._names_width() + count * cell), round(_HEAD + count * (cell * 0.7 if count <= 3 else 40))
        )

    def minimumSizeHint(self) -> QSize:
        count = max(len(self._names), 2)
        wide = min(round(self._names_width() + count * 34), _LEAST.width())
        return QSize(wide, max(round(_HEAD + _STEP + count * _ROW), _LEAST.height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(event.position().x(), event.position().y())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(cell)
            self.cell_clicked.emit(*cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._under = self._cell_at(event.position().x(), event.position().y()) or (-1, -1)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._under[0] >= 0 else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._under = (-1, -1)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
        if self._names and event.key() in moves:
            down, across = moves[Qt.Key(event.key())]
            last = len(self._names) - 1
            self._go((min(max(self._current[0] + down, 0), last), min(max(self._current[1] + across, 0), last)))
        elif self._names and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.cell_clicked.emit(*self._current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), tip(self._words(*cell)) if cell else "", self)
            return True
        return super().event(event)

    def table(self) -> Sequence[Row]:
        """A row for each true class, a column for each predicted one."""
        rows: list[Row] = [(name, *counts) for name, counts in zip(self._names, self._counts, strict=True)]
        return [(f"{tr('truly')} / {tr('predicted')}", *self._names), *rows]

    def paint(self, painter: QPainter) -> None:
        if not self._names:
            return
        self._paint_names(painter)
        totals = [sum(row) for row in self._counts]
        for truth in range(len(self._names)):
            for predicted in range(len(self._names)):
                share = self._counts[truth][predicted] / totals[truth] if totals[truth] else None
                self._paint_cell(painter, truth, predicted, share)

    def paint_marks(self, painter: QPainter) -> None:
        """The cell under the mouse, and the one where the keyboard is."""
        if not self._names:
            return
        if self._under[0] >= 0:
            painter.setPen(QPen(theme.color("text"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._area(*self._under).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
        if self.hasFocus():
            theme.focus_ring(painter, self._area(*self._current).adjusted(-1, -1, 1, 1))

    def _left(self) -> float:
        """Where the cells begin: names are shortened before numbers are."""
        return min(self._names_width(), max(self.width() - len(self._names) * _NARROW, _NAMES))

    def _names_width(self) -> float:
        metrics = self.fontMetrics()
        return (
            min(max((metrics.horizontalAdvance(name) for name in (*self._names, tr("truly"))), default=40), 130) + 20.0
        )

    def _area(self, truth: int, predicted: int) -> QRectF:
        wide, head = self._wide(), self._head()
        high = min(max((self.height() - head) / len(self._names), 12.0), wide)
        return QRectF(self._left() + predicted * wide, head + truth * high, wide - _GAP, high - _GAP)

    def _wide(self) -> float:
        return min(max((self.width() - self._left()) / len(self._names), 12.0), _WIDEST)

    def _head(self) -> float:
        return _HEAD + (_STEP if self._staggers() else 0.0)

    def _staggers(self) -> bool:
        """Whether a name is wider than its column, so that the names stand on two lines."""
        metrics, room = QFontMetricsF(theme.font(theme.SMALL_SIZE)), self._wide() - _GAP
        return any(metrics.horizontalAdvance(name) > room for name in self._names)

    def _cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        cells = ((truth, predicted) for truth in range(len(self._names)) for predicted in range(len(self._names)))
        return next((cell for cell in cells if self._area(*cell).contains(x, y)), None)

    def _go(self, cell: tuple[int, int]) -> None:
        self._current = cell
        self._say()
        self.update()

    def _say(self) -> None:
        if self._names:
            self.setAccessibleDescription(self._words(*self._current))

    def _words(self, truth: int, predicted: int) -> str:
        count, total = self._counts[truth][predicted], sum(self._counts[truth])
        return tr(
            "{count} of {total} that are truly {truth} were taken for {predicted}",
            count=count,
            total=total,
            truth=self._names[truth],
            predicted=self._names[predicted],
        )

    def _paint_names(self, painter: QPainter) -> None:
        first, last = self._area(0, 0), self._area(0, len(self._names) - 1)
        painter.setFont(theme.font(theme.SMALL_SIZE))
        painter.setPen(theme.color("dim"))
        painter.drawText(
            QRectF(first.left(), 0, last.right() - first.left(), 18), Qt.AlignmentFlag.AlignCenter, tr("predicted")
        )
        small, staggers, roomy = theme.font(theme.SMALL_SIZE), self._staggers(), first.height() >= 40
        if not roomy:
            paint_text(painter, QRectF(0, self._head() - 22, self._left() - 14, 18), tr("truly"), "dim", small)
        for place, name in enumerate(self._names):
            column, row = self._area(0, place), self._area(place, 0)
            painter.setFont(small)
            painter.setPen(theme.color("text"))
            shown = elide(name, painter.fontMetrics(), column.width() * (2 if staggers else 1))
            taken = painter.fontMetrics().horizontalAdvance(shown) + 1
            left = max(0.0, min(column.center().x() - taken / 2, self.width() - taken))
            top = 22 + (_STEP if staggers and place % 2 else 0.0)
            painter.drawText(QRectF(left, top, taken, 18), Qt.AlignmentFlag.AlignCenter, shown)
            middle, room = row.center().y(), self._left() - 14
            if roomy:
                paint_text(painter, QRectF(0, middle - 17, room, 17), tr("truly"), "dim", small)
                paint_text(painter, QRectF(0, middle, room, 17), name, "text", small)
            else:
                paint_text(painter, QRectF(0, middle - 9, room, 18), name, "text", small)

    def _paint_cell(self, painter: QPainter, truth: int, predicted: int, share: float | None) -> None:
        area, right = self._area(truth, predicted), truth == predicted
        painter.setPen(Qt.PenStyle.NoPen)
        if right:
            painter.setBrush(theme.color("accent", 0.12 + 0.46 * (share or 0.0)))
            painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
        else:
            painter.setBrush(theme.color("accent_ground", 0.35))
            painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
            if self._counts[truth][predicted]:
                _paint_hatch(painter, area, theme.color("accent", 0.22 + 0.5 * (share or 0.0)))
        self._paint_numbers(painter, area, self._counts[truth][predicted], share)

    def _paint_numbers(self, painter: QPainter, area: QRectF, count: int, share: float | None) -> None:
        roomy = area.height() >= 44 and area.width() >= 52
        painter.setPen(theme.color("text"))
        painter.setFont(theme.font(20 if roomy else theme.SMALL_SIZE, bold=True))
        number, text = area.adjusted(0, -9, 0, -9) if roomy else area, figure(count)
        if painter.fontMetrics().horizontalAdvance(text) > area.width() + _GAP:
            return  # the colour tells it, and the pointer
        painter.drawText(number, Qt.AlignmentFlag.AlignCenter, text)
        if roomy:
            painter.setFont(theme.font(theme.SMALL_SIZE))
            painter.drawText(area.adjusted(0, 14, 0, 14), Qt.AlignmentFlag.AlignCenter, percent(share, 1))


def _paint_hatch(painter: QPainter, area: QRectF, color: QColor) -> None:
    """Diagonal lines 7 px apart within round corners: a wrong answer, also for who sees no colours."""
    outline = QPainterPath()
    outline.addRoundedRect(area, theme.RADIUS, theme.RADIUS)
    painter.save()
    painter.setClipPath(outline, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(color, 1.2))
    for step in range(0, int(area.width() + area.height()), 7):
        foot = QPointF(area.left() + step, area.top())
        painter.drawLine(foot, foot + QPointF(-area.height(), area.height()))
    painter.restore()
