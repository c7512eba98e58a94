"""What lies over the window while files are dragged above it: where they may be dropped, and what would become of them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from widgets.controls import Text, named
from widgets.text import tr

_INSET = 14


class DropVeil(QFrame):
    """Covers `over` while it is shown; takes no event."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over.parentWidget())
        named(self, "drop_veil", tr("Drop images here"))
        self.setProperty("role", "veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._over = over
        self._words = Text("", "title")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(self).addWidget(self._words)
        self.hide()

    def lift(self, text: str) -> None:
        """Show it with these words."""
        self._words.setText(text)
        self.setGeometry(self._over.geometry().adjusted(_INSET, _INSET, -_INSET, -_INSET))
        self.show()
        self.raise_()
