"""The legend of a case's objects: the colour and the number of each fate. A press shows that one alone."""

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QVBoxLayout

from engine.scoring.instances import FATES, FOUND, Fate
from engine.scoring.object_differences import ComparedCase
from engine.scoring.render import FATE_COLORS, FATE_NAMES
from widgets.controls import Choice, FilterChips, Text
from widgets.rows import paint_swatch
from widgets.text import tr

_WRONG = "wrong"  # the chip of all that were not simply found
_SWATCH = 10  # px


class FateLegend(QFrame):
    """Not there where no objects are told apart. `picked(fate)` when a person chooses; "" for all that were not simply found."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._chips = FilterChips("fates", tr("What became of the objects"))
        self._note = Text(tr("Strong areas are the prediction's objects, pale ones yours."), "dim")
        self._note.setObjectName("fates_note")
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(6)
        column.addWidget(self._chips)
        column.addWidget(self._note)
        self._chips.picked.connect(self._pick)
        self.hide()

    @property
    def current(self) -> Fate | None:
        """The fate that is shown alone; None where all are."""
        chosen = self._chips.current()
        return next((fate for fate in FATES if fate and fate == chosen), None)

    def show_all(self) -> None:
        """No fate alone any more. Sends nothing."""
        if self._chips.current():
            self._chips.set_current(_WRONG)

    def show_counts(self, objects: ComparedCase | None) -> None:
        self.setVisible(objects is not None)
        if objects is None:
            return
        counts: dict[str, int] = {fate: objects.count(fate) for fate in FATES if fate}
        wrong = sum(counts.values()) - counts[FATES[FOUND]]
        help = tr("All objects that were not simply found; on the scan all are shown")
        choices = [Choice(_WRONG, tr("Not found as they are"), count=wrong, help=help)]
        for fate, name in zip(FATES[1:], FATE_NAMES, strict=True):
            choices.append(Choice(fate, tr(name), count=counts[fate], help=_HELP[fate]()))
        self._chips.set_choices(choices, self._chips.current() or _WRONG)
        ratio = self.devicePixelRatioF()
        for fate, color in zip(FATES[1:], FATE_COLORS, strict=True):
            self._chips.button(fate).setIcon(_swatch(color, ratio))

    @Slot(str)
    def _pick(self, name: str) -> None:
        self.picked.emit(self.current or "")


_HELP = {
    "found": lambda: tr("The prediction has it: at least half of what both cover is shared (IoU 0.5)"),
    "missed": lambda: tr("In your mask alone"),
    "extra": lambda: tr("In the prediction alone"),
    "split": lambda: tr("The prediction makes several of it, none of which is it"),
    "merged": lambda: tr("The prediction makes one of it and another"),
}


def _swatch(color: str, ratio: float) -> QIcon:
    drawn = QPixmap(round(_SWATCH * ratio), round(_SWATCH * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        paint_swatch(painter, QRectF(0, 0, _SWATCH, _SWATCH), color)
    return QIcon(drawn)
