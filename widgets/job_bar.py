"""The running job as a pill: a ring, what it is, how far. Nothing there when nothing runs."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetrics, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets import theme
from widgets.controls import named
from widgets.elided import elide
from widgets.text import tip, tr

_HEIGHT, _RING, _MOST = 28, 16, 640
_GAP, _LEAST = 9, 28  # px between title and detail; a narrower title says nothing
_JOINT = " · "


class JobBar(QAbstractButton):
    """`clicked()` asks to open the job. Hidden until set_job, and after clear()."""

    def __init__(self, name: str = "job_bar", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, tr("Running job"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._title, self._short, self._share = "", "", 0.0
        self._parts: tuple[str, ...] = ()
        self._waiting = ""
        self._unknown = False
        self._turn = QTimer(self)
        self._turn.setInterval(100)
        self._turn.timeout.connect(self._step)
        self.hide()

    def set_job(self, title: str, *details: str, short: str = "", share: float | None = None, queued: int = 0) -> None:
        """Show a job: "Training run 4", "epoch 12 / 40", "6 min left", `share` done (0..1, None: unknown), `queued` more waiting.

        Where it is narrow the title gives way to `short`, then who waits goes, then the details but the last, then the title is cut.
        """
        before = self.sizeHint()
        self._waiting = tr("{count} waiting", count=queued) if queued else ""
        self._title, self._short, self._parts = title, short or title, tuple(part for part in details if part)
        self._unknown = share is None
        if share is not None:
            self._share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(f"{title} {self._detail()}")
        self.setToolTip(tip(f"{title}\n{self._detail()}".strip()))
        self.setVisible(True)
        self._let_turn()
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Nothing runs any more."""
        self._title, self._short, self._parts, self._waiting = "", "", (), ""
        self.hide()

    def title(self) -> str:
        return self._title

    def fitting(self, room: int) -> tuple[str, str]:
        """Title and detail as they fit into so many pixels of words."""
        small, strong = QFontMetrics(theme.font()), QFontMetrics(theme.font(bold=True))
        parts = [*self._parts, *([self._waiting] if self._waiting else [])]
        wanted = strong.horizontalAdvance(self._short)
        while parts and (len(parts) > 1 or self._waiting) and self._left(room, parts, small) < wanted:
            parts.pop(-1 if self._waiting in parts else 0)
            if parts == list(self._parts[-1:]):
                break  # the last one stays longest
        left = self._left(room, parts, small)
        title = self._title if strong.horizontalAdvance(self._title) <= left else self._short
        return (elide(title, strong, left) if left >= _LEAST else ""), elide(_JOINT.join(parts), small, room)

    def _left(self, room: int, parts: list[str], small: QFontMetrics) -> int:
        """What the detail leaves to the title, in px."""
        return room - (min(small.horizontalAdvance(_JOINT.join(parts)), room) + _GAP if parts else 0)

    def sizeHint(self) -> QSize:
        words = self._words_width()
        return QSize(min(12 + _RING + _GAP + words + 14, _MOST), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(12 + _RING + 12, _HEIGHT)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._let_turn()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._turn.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(self.rect())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("raised_more" if self.underMouse() else "raised"))
            painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
            self._paint_ring(
                painter, QRectF(12, (area.height() - _RING) / 2, _RING, _RING).adjusted(1.5, 1.5, -1.5, -1.5)
            )
            left = 12 + _RING + _GAP
            room = QRectF(left, 0, area.width() - left - 14, area.height())
            title, detail = self.fitting(int(room.width()) + 1)
            painter.setFont(theme.font(bold=True))
            painter.setPen(theme.color("text"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, title)
            if title:
                room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(title) + _GAP)
            painter.setFont(theme.font())
            painter.setPen(theme.color("dim"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, detail)
            if self.hasFocus():
                theme.focus_ring(painter, area, area.height() / 2)

    def _paint_ring(self, painter: QPainter, ring: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("faint", 0.6), 3))
        painter.drawEllipse(ring)
        painter.setPen(QPen(theme.color("accent"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        if self._unknown:
            painter.drawArc(ring, round((90 - 360 * self._share) * 16), -90 * 16)
        else:
            painter.drawArc(ring, 90 * 16, -round(360 * self._share * 16))

    def _words_width(self) -> int:
        strong = QFontMetrics(theme.font(bold=True)).horizontalAdvance(self._title)
        detail = QFontMetrics(theme.font()).horizontalAdvance(self._detail())
        return strong + (detail + _GAP if detail else 0) + 2

    def _detail(self) -> str:
        return _JOINT.join([*self._parts, *([self._waiting] if self._waiting else [])])

    def _let_turn(self) -> None:
        """The ring turns only while nobody knows how far the job is."""
        if self._unknown and self.isVisible():
            self._turn.start()
        else:
            self._turn.stop()

    @Slot()
    def _step(self) -> None:
        self._share = (self._share + 0.04) % 1.0
        self.update()
