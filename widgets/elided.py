"""Text that is cut with an ellipsis where its room is too small: as a function, a label and a button."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from widgets.controls import Button, Text


def elide(
    text: str, metrics: QFontMetrics | QFontMetricsF, room: float, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> str:
    """The text as it fits into `room` px."""
    return metrics.elidedText(text, mode, max(int(room), 0))


class ElidedText(Text):
    """A label that takes the room left in its row."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__("", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.say(text)

    def say(self, text: str) -> None:
        """Show this; aloud it is never cut."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(elide(self._whole, self.fontMetrics(), self.width()))


class ElidedButton(Button):
    """A button that takes the room left in its row."""

    _FRAME = 28  # px of padding and border

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, text)
        self._whole = text
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        """Show this; aloud it is never cut."""
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(elide(self._whole, self.fontMetrics(), self.width() - self._FRAME))
