"""The divider of a picture: what lies left of it and right of it is compared by dragging it across."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from widgets import theme
from widgets.controls import named
from widgets.corners import BAND
from widgets.slice_view import SliceView
from widgets.text import tr

_REACH = 8  # px that the hand can miss the line by
_STEP = 0.02
_GAP, _PAD, _LINE = 8, 5, 20  # px


class Divider(QWidget):
    """An upright line over a slice view, at a share of its width, with a word for either side. The mouse drags it, the arrows
    move it, a double click brings it back to the middle."""

    def __init__(self, name: str, view: SliceView, left: str, right: str) -> None:
        super().__init__(view)
        named(self, name, tr("Divider between mask and prediction"))
        self.setToolTip(tr("Drag across the scan"))
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scan, self._words = view, (left, right)
        self._share = 0.5
        self._held = False
        view.installEventFilter(self)
        self.hide()
        self._place()

    @property
    def share(self) -> float:
        """Where it stands, from 0 (left) to 1."""
        return self._share

    def move_to(self, share: float) -> None:
        self._share = min(max(share, 0.0), 1.0)
        self._scan.divide(self._share)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.button() == Qt.MouseButton.LeftButton

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.move_to(self.mapToParent(event.position()).x() / max(self._scan.width(), 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.move_to(0.5)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -_STEP, Qt.Key.Key_Right: _STEP}
        if Qt.Key(event.key()) in steps:
            self.move_to(self._share + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle, grip = self.width() / 2, QRectF(0, 0, 9, 26)
            line = theme.color("accent") if self.hasFocus() else theme.scan_color("text")
            for color, width in ((theme.color("scan", 0.6), 4), (line, 1.5)):  # seen on any scan
                painter.setPen(QPen(color, width))
                painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
            grip.moveCenter(QPointF(middle, self.height() / 2))
            painter.setPen(QPen(theme.color("scan"), 1))
            painter.setBrush(line)
            painter.drawRoundedRect(grip, 4, 4)
            painter.setFont(theme.font(theme.SMALL_SIZE))
            for rect, word in zip(self._word_rects(), self._words, strict=True):
                painter.fillRect(rect, theme.color("scan", 0.6))
                painter.setPen(theme.scan_color("text"))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, word)

    def _word_rects(self) -> tuple[QRect, QRect]:
        """Beside the line, at its foot."""
        metrics = QFontMetrics(theme.font(theme.SMALL_SIZE))
        left, right = (metrics.horizontalAdvance(word) + 2 * _PAD for word in self._words)
        middle, top = self.width() // 2, self.height() - _LINE
        return QRect(middle - _GAP - left, top, left, _LINE), QRect(middle + _GAP, top, right, _LINE)

    def _place(self) -> None:
        """Stand at the share, between the words at the scan's head and foot; beside the line and its words the mouse reaches the scan."""
        height = max(self._scan.height() - 2 * int(BAND), 1)
        self.resize(2 * (_GAP + max(rect.width() for rect in self._word_rects())), height)
        self.move(round(self._share * self._scan.width()) - self.width() // 2, int(BAND))
        reach = QRegion(self.width() // 2 - _REACH, 0, 2 * _REACH + 1, self.height())
        for rect in self._word_rects():
            reach += rect
        self.setMask(reach)
