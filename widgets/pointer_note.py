"""Words at the pointer for a moment: why a key or a gesture did nothing."""

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCursor, QHideEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from widgets.controls import Text

_SHOWN = 3500  # ms
_DONE = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress, QEvent.Type.Wheel)
_HELD = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta)


class PointerNote(Text):
    """Lies over a part of the window: a strip would move the picture under the hand, and a tool tip goes with the button's release.
    It goes when its time is over, when the pointer comes to what it hides, or with what is done next: that says its own words."""

    def __init__(self, name: str, over: QWidget) -> None:
        super().__init__("", "note", over)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._over, self._ends = over, QTimer(self)
        self._ends.setSingleShot(True)
        self._ends.setInterval(_SHOWN)
        self._ends.timeout.connect(self.hide)

    @Slot(str)
    def say(self, text: str) -> None:
        most = max(self._over.width() - 16, 1)
        self.setWordWrap(False)
        self.setText(text)
        size = self.sizeHint()
        if size.width() > most:
            self.setWordWrap(True)
            size = QSize(most, self.heightForWidth(most))
        self.resize(size)
        pointer = self._over.mapFromGlobal(QCursor.pos())
        at, room = (
            pointer + QPoint(14, 18),
            self._over.rect().bottomRight() - QPoint(self.width() + 8, self.height() + 8),
        )
        if at.y() > room.y():
            at.setY(pointer.y() - 18 - self.height())  # not under the pointer
        self.move(max(min(at.x(), room.x()), 8), max(min(at.y(), room.y()), 8))
        self.show()
        self.raise_()  # views are made when they are asked for
        self._ends.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _DONE or (isinstance(event, QKeyEvent) and _is_new(event)):
            self.hide()
            return False
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove and isinstance(watched, QWidget):
            self.setVisible(not self.geometry().contains(self._over.mapFromGlobal(event.globalPosition().toPoint())))
        return False


def _is_new(event: QKeyEvent) -> bool:
    """Whether a key goes down. Its ShortcutOverride comes before all that it does, so that what it says stays."""
    return event.type() == QEvent.Type.ShortcutOverride and event.key() not in _HELD
