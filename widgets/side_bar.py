"""The second item under the scan: its name, beside or over, how opaque, how it is linked, its window, and away with it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton

from widgets.controls import Choice, IconButton, Segmented, named
from widgets.elided import ElidedText
from widgets.sliders import Slider
from widgets.text import tip, tr

HEIGHT = 34
_SLIDER = 120  # px


class SideBar(QFrame):
    """What a person chooses comes as signals; what is shown is set."""

    over_chosen = Signal(bool)
    opacity_chosen = Signal(float)
    closed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        named(self, name, tr("Second item"))
        self.setFixedHeight(HEIGHT)
        self._text = ElidedText()
        self._text.setObjectName(f"{name}.text")
        choices = (Choice("beside", tr("Beside")), Choice("over", tr("Over")))
        self._way = Segmented(f"{name}.way", tr("How the second item is shown"), choices, "beside")
        self._way.picked.connect(self._picked)
        self.opacity = Slider(f"{name}.opacity", tr("How opaque the second item is"), 0, 100, 50, unit="%")
        self.opacity.setFixedWidth(_SLIDER)
        self.opacity.changed.connect(self._moved)
        windows = IconButton(f"{name}.windows", "contrast", tr("Window of the second item"), side=26)
        windows.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.windows = QMenu(windows)  # what it offers belongs to the item that is shown
        windows.setMenu(self.windows)
        close = IconButton(f"{name}.close", "x", tr("Look at one item alone"), side=26)
        close.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self._text, 1)
        row.addWidget(self.opacity)
        row.addWidget(self._way)
        row.addWidget(windows)
        row.addWidget(close)

    def show_item(self, name: str, words: str) -> None:
        """The second item's name and what is said of it."""
        text = f"{name} · {words}" if words else name
        if text != self.words:
            self._text.say(text)
            self._text.setToolTip(tip(text))

    def show_way(self, over: bool, opacity: float) -> None:
        self._way.set_current("over" if over else "beside")
        self.opacity.set_value(100 * opacity)
        self.opacity.setVisible(over)

    @property
    def words(self) -> str:
        return self._text.accessibleName()

    @Slot(str)
    def _picked(self, way: str) -> None:
        self.over_chosen.emit(way == "over")

    @Slot(float)
    def _moved(self, percent: float) -> None:
        self.opacity_chosen.emit(percent / 100)
