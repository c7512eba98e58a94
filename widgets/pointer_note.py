"""Words at the pointer for a moment: why a key or a gesture did nothing."""

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from widgets.controls import Text

_SHOWN = 3500  # ms


class PointerNote(Text):
    """Lies over a part of the window: a strip would move the picture under the hand, and a tool tip goes with the button's release."""

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
        self.setText(text)
        self.setMaximumWidth(max(self._over.width() - 16, 1))
        self.adjustSize()
        at = self._over.mapFromGlobal(QCursor.pos()) + QPoint(14, 18)
        room = self._over.rect().bottomRight() - QPoint(self.width() + 8, self.height() + 8)
        self.move(max(min(at.x(), room.x()), 8), max(min(at.y(), room.y()), 8))
        self.show()
        self.raise_()  # views are made when they are asked for
        self._ends.start()
