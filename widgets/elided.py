"""Text that is cut with an ellipsis where its room is too small: as a function, a label and a button."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from widgets.controls import Button, Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    class _Base(QWidget):
        def setText(self, text: str) -> None: ...

else:

    class _Base:
        """What is mixed in before a widget has no Qt class of its own."""


def elide(
    text: str, metrics: QFontMetrics | QFontMetricsF, room: float, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> str:
    """The text as it fits into `room` px."""
    return metrics.elidedText(text, mode, max(int(room), 0))


def elide_words(text: str, metrics: QFontMetrics | QFontMetricsF, room: float) -> str:
    """The text as it fits into `room` px, cut between words; in a word where not even the first one has room, or where so much would go
    that little is left of it."""
    whole, words = text, text.split(" ")
    while len(words) > 1 and metrics.horizontalAdvance(whole) > room:
        words.pop()
        whole = " ".join(words).rstrip(",:; ") + "…"
    cut = elide(text, metrics, room)
    return whole if metrics.horizontalAdvance(whole) <= room and 2 * len(whole) >= len(cut) else cut


class _Elided(_Base):
    """Says all of a text aloud and shows what of it has room."""

    _frame = 0  # px of padding and border
    _whole = ""

    def say(self, text: str) -> None:
        """Show this; aloud it is never cut."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(elide(self._whole, self.fontMetrics(), self.width() - self._frame))


class ElidedText(_Elided, Text):
    """A label that takes the room left in its row."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__("", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.say(text)


class ElidedButton(_Elided, Button):
    """A button that takes the room left in its row."""

    _frame = 28

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, text)
        self._whole = text
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
