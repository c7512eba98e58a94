"""Width and level of the scan's window as numbers to type: a small card at the corner where they are written."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from engine.imaging.image import Window
from widgets.controls import Text, named
from widgets.figures import decimals_of
from widgets.number_box import NumberBox
from widgets.text import tr

_MOST = 1e7
_FINE = 20.0  # windows narrower than this need decimals


class WindowEditor(QFrame):
    """`chosen(Window)` while numbers are typed. Return and Escape put it away; the keyboard goes back to `over`."""

    chosen = Signal(object)

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        named(self, "window_editor", tr("Window"))
        self.setProperty("role", "sheet")
        self._over = over
        self.width_box = self._box("window_editor.width", tr("Window width"))
        self.level_box = self._box("window_editor.level", tr("Window level"))
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 8, 10, 8)
        grid.setSpacing(6)
        for row, (text, box) in enumerate(((tr("Width"), self.width_box), (tr("Level"), self.level_box))):
            label = Text(text, "dim")
            label.setBuddy(box)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
        self.hide()

    def edit(self, window: Window, unit: str, corner: QPoint) -> None:
        """Show it with its upper right at `corner` of the widget that it lies over, the width ready to be typed over."""
        fine = min(abs(window.width), _MOST) < _FINE
        for box, value in ((self.width_box, window.width), (self.level_box, window.center)):
            was = box.blockSignals(True)
            few = 0 if float(value).is_integer() else 1
            box.setDecimals(max(decimals_of(abs(window.width), 4), 4) if fine else few)
            box.setSingleStep(window.width / 20 if fine else 10)
            box.setSuffix(f" {unit}" if unit else "")
            box.setRange(10.0 ** -box.decimals() if box is self.width_box else -_MOST, _MOST)
            box.setValue(value)
            box.blockSignals(was)
        self.adjustSize()
        self.move(max(corner.x() - self.width(), 0), corner.y())
        self.show()
        self.raise_()
        self.width_box.setFocus(Qt.FocusReason.MouseFocusReason)
        self.width_box.selectAll()

    def _box(self, name: str, text: str) -> NumberBox:
        box = NumberBox()
        named(box, name, text)
        box.setMinimumWidth(110)
        box.valueChanged.connect(self._typed)
        return box

    @Slot()
    def _typed(self) -> None:
        self.chosen.emit(Window(self.level_box.value(), self.width_box.value()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.hide()
            self._over.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)
