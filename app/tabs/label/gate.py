"""The card over the scan that sets the intensity gate: the range on the histogram, or a tolerance around where a stroke begins."""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.shell import settings
from engine.imaging.image import Image
from engine.labels.gate import CT_RANGES, Gate, sampled_values
from widgets.controls import Choice, IconButton, Segmented, Text, named
from widgets.figures import decimals_of, figure
from widgets.number_box import NumberBox
from widgets.range_histogram import RangeHistogram
from widgets.slice_view import SliceView
from widgets.text import tr
from widgets.word_combo import WordCombo

_SAMPLE = 1 << 18
_PLACE = QPoint(8, 40)  # under the words in the scan's corner
_WIDTH = 340  # px
_MOST = 1e7
_FIRST_TOLERANCE = 0.1  # of the window's width


class GatePanel(QFrame):
    """`changed()`: `gate` is another now, or None; `closed()`: the card was put away, what it says holds on."""

    changed = Signal()
    closed = Signal()

    def __init__(self, over: SliceView, room: QWidget) -> None:
        """Stands where `over` begins, in the room of all views: one of several may be smaller than the card."""
        super().__init__(room)
        named(self, "gate_panel", tr("Paint only in a range of values"))
        self.setProperty("role", "sheet")
        self.setFixedWidth(_WIDTH)
        self._over, self._room = over, room
        self._image: Image | None = None
        self._on = False
        self.gate: Gate | None = None
        self.kind = Segmented(
            "gate.kind",
            tr("Which values"),
            [Choice("range", tr("Range")), Choice("start", tr("By the stroke's start"))],
        )
        self.kind.set_current(settings.ui_state("gate kind", "range"))
        self.histogram = RangeHistogram("gate.histogram", tr("Range of values"))
        self.low, self.high = self._box("gate.low", tr("From")), self._box("gate.high", tr("To"))
        self.tolerance = self._box("gate.tolerance", tr("Plus and minus"))
        self.preset = WordCombo()
        named(self.preset, "gate.preset", tr("Usual ranges"))
        self.connected = QCheckBox(tr("Only what hangs together with the pointer"))
        self.connected.setObjectName("gate.connected")
        self.connected.setChecked(settings.ui_state("gate connected") == "1")
        self._lay_out()
        self._show_kind()
        self.hide()
        self.kind.picked.connect(self._kind_picked)
        self.histogram.changed.connect(self._dragged)
        self.low.valueChanged.connect(self._typed)
        self.high.valueChanged.connect(self._typed)
        self.tolerance.valueChanged.connect(self._tell)
        self.preset.activated.connect(self._preset_picked)
        self.connected.toggled.connect(self._tell)

    def _lay_out(self) -> None:
        close = IconButton("gate.close", "x", tr("Put this card away"), side=24)
        close.clicked.connect(self._put_away)
        head = QHBoxLayout()
        head.addWidget(Text(tr("Paint only in a range of values"), "strong"), 1)
        head.addWidget(close)
        self._range = QWidget()
        grid = QGridLayout(self._range)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        grid.addWidget(self.histogram, 0, 0, 1, 4)
        for place, (text, box) in enumerate(((tr("From"), self.low), (tr("To"), self.high))):
            label = Text(text, "dim")
            label.setBuddy(box)
            grid.addWidget(label, 1, 2 * place)
            grid.addWidget(box, 1, 2 * place + 1)
            grid.setColumnStretch(2 * place + 1, 1)
        grid.addWidget(self.preset, 2, 0, 1, 4)
        self._around = QWidget()
        row = QHBoxLayout(self._around)
        row.setContentsMargins(0, 0, 0, 0)
        label = Text(tr("Plus and minus"), "dim")
        label.setBuddy(self.tolerance)
        row.addWidget(label)
        row.addWidget(self.tolerance)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.kind)
        column.addWidget(self._range)
        column.addWidget(self._around)
        column.addWidget(self.connected)

    def _box(self, name: str, text: str) -> NumberBox:
        box = NumberBox()
        named(box, name, text)
        box.setRange(-_MOST, _MOST)
        box.setMinimumWidth(90)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # its widest number is no guide
        return box

    @property
    def on(self) -> bool:
        return self._on

    def switch(self, on: bool) -> None:
        """Let strokes paint in the range alone, or everywhere; the card stands there when it is switched on."""
        self._on = on
        if on and self._image is not None:
            self.adjustSize()
            place = self._over.mapTo(self._room, _PLACE)
            self.move(max(min(place.x(), self._room.width() - self.width()), 0), place.y())
            self.show()
            self.raise_()
        else:
            self.hide()
        self._tell()

    def show_image(self, image: Image | None) -> None:
        """The gate is of this image now. A range in the same unit stays; else it is the image's own window."""
        same = image is not None and self._image is not None and image.unit == self._image.unit != ""
        chosen = self.histogram.values()
        self._image = image
        if image is None:
            self.hide()
            self.gate = None
            self.changed.emit()
            return
        kept = settings.ui_state(f"gate range {image.unit}") if image.unit else ""
        if not same:
            chosen = image.window.low, image.window.high
            if kept:
                low, high = map(float, kept.split())
                chosen = low, high
        self.histogram.show_values(sampled_values(image, _SAMPLE), chosen)
        fine = image.pixels.dtype.kind == "f" and image.window.width < 20
        for box in (self.low, self.high, self.tolerance):
            box.blockSignals(True)
            box.setDecimals(max(decimals_of(image.window.width), 3) if fine else 0)
            box.setSingleStep(max(image.window.width / 50, 10.0 ** -box.decimals()))
            box.setSuffix(f" {image.unit}" if image.unit else "")
        self.tolerance.setMinimum(0.0)
        self.tolerance.setValue(image.window.width * _FIRST_TOLERANCE)
        for box in (self.low, self.high, self.tolerance):
            box.blockSignals(False)
        self._fill_presets(image)
        self._show_range()
        self._tell()

    def _fill_presets(self, image: Image) -> None:
        self.preset.clear()
        self.preset.addItem(tr("Usual ranges"), None)
        if image.modality == "CT" and image.unit == "HU":
            for name, (low, high) in CT_RANGES.items():
                self.preset.addItem(f"{tr(name)}   {figure(low)} … {figure(high)}", (low, high))
        self.preset.addItem(tr("The window on the screen"), "window")

    def set_range(self, low: float, high: float) -> None:
        """Let these values through, both in."""
        self.histogram.set_values((low, high))
        self._show_range()
        self._tell()

    def _show_range(self) -> None:
        for box, value in zip((self.low, self.high), self.histogram.values(), strict=True):
            was = box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(was)

    def _show_kind(self) -> None:
        self._range.setVisible(self.kind.current() == "range")
        self._around.setVisible(self.kind.current() == "start")
        self.adjustSize()

    @Slot()
    def _kind_picked(self) -> None:
        self._show_kind()
        self._tell()

    @Slot()
    def _dragged(self) -> None:
        self._show_range()
        self._tell()

    @Slot()
    def _typed(self) -> None:
        self.histogram.set_values((self.low.value(), self.high.value()))
        self._tell()

    @Slot(int)
    def _preset_picked(self, index: int) -> None:
        found = self.preset.itemData(index)
        self.preset.setCurrentIndex(0)
        if found == "window":
            window = self._over.window_level
            self.set_range(window.low, window.high)
        elif found is not None:
            self.set_range(*found)

    @Slot()
    def _tell(self) -> None:
        """Make the gate anew."""
        if self._image is None:
            return
        low, high = self.histogram.values()
        settings.set_ui_state("gate kind", self.kind.current())
        settings.set_ui_state("gate connected", "1" if self.connected.isChecked() else "0")
        if self._image.unit:
            settings.set_ui_state(f"gate range {self._image.unit}", f"{low:.6g} {high:.6g}")
        tolerance = self.tolerance.value() if self.kind.current() == "start" else None
        self.gate = Gate(self._image, low, high, tolerance, self.connected.isChecked()) if self._on else None
        self.changed.emit()

    @Slot()
    def _put_away(self) -> None:
        self.hide()
        self.closed.emit()
        self._over.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self._put_away()
        else:
            super().keyPressEvent(event)
