"""How large a difference must be to be asked about: smaller ones are folded into one line."""

import math
from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout

from app.shell import settings
from engine.imaging.geometry import Geometry
from engine.scoring.differences import AnyDifference
from engine.scoring.voxels import Unit
from engine.words import NARROW, translatable
from widgets.controls import named
from widgets.elided import ElidedButton
from widgets.text import counted, tr

_PIXELS = 10  # a region that is smaller is an edge of either mask, not a finding
_MOST = 1e5


class SmallOnes(QFrame):
    """Says how many small ones there are and shows them on a press; beside it the least size of the others, in mm² where the image
    knows its pixels. `changed()` when a person chose otherwise; the size is remembered, for mm² and px apart."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._geometry: Geometry | None = None
        self._button = ElidedButton("small_ones", "")
        self._button.setProperty("role", "link")
        self._button.setCheckable(True)
        self._least = QDoubleSpinBox()
        named(self._least, "least_size", tr("Least size"))
        self._least.setToolTip(tr("Differences that are smaller are folded away and need no answer"))
        self._least.setRange(0, _MOST)
        self._least.setKeyboardTracking(False)
        self._least.setFixedWidth(self._least.fontMetrics().horizontalAdvance(f"1000.0{NARROW}mm²") + 36)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 8)
        row.setSpacing(8)
        row.addWidget(self._button, 1)
        row.addWidget(self._least)
        self._button.toggled.connect(self.changed)
        self._least.valueChanged.connect(self._chosen)

    @property
    def shown(self) -> bool:
        """Whether the small ones are listed too."""
        return self._button.isChecked()

    def fold(self) -> None:
        """Another case: small ones are folded again."""
        with QSignalBlocker(self._button):
            self._button.setChecked(False)

    def measure(self, geometry: Geometry) -> None:
        """The image whose differences they are."""
        self._geometry = geometry
        unit = _unit(geometry)
        usual = _PIXELS if unit == "px" else _rounded(_PIXELS * geometry.pixel_mm2)
        with QSignalBlocker(self._least):
            self._least.setDecimals(0 if unit == "px" else 1)
            self._least.setSuffix(f"{NARROW}{unit}")
            self._least.setValue(float(settings.ui_state(f"review least {unit}", str(usual))))

    def large(self, regions: Iterable[AnyDifference]) -> tuple[AnyDifference, ...]:
        """Those of the regions that are not small."""
        if self._geometry is None:
            return tuple(regions)
        pixel = 1.0 if _unit(self._geometry) == "px" else self._geometry.pixel_mm2
        least = self._least.value()
        return tuple(region for region in regions if region.pixels * pixel >= least)

    def say(self, count: int) -> None:
        """How many small ones there are."""
        one, many = translatable("1 small one"), translatable("{count} small ones")
        self._button.say(counted(count, one, many))
        self._button.setEnabled(bool(count))
        self._button.setToolTip(tr("Hide the small ones") if self.shown else tr("Show the small ones"))

    @Slot(float)
    def _chosen(self, value: float) -> None:
        if self._geometry is not None:
            settings.set_ui_state(f"review least {_unit(self._geometry)}", str(value))
        self.changed.emit()


def _unit(geometry: Geometry) -> Unit:
    """Pixels of a microscope are counted: their size in mm² is nothing to write."""
    return "mm²" if geometry.calibrated and _PIXELS * geometry.pixel_mm2 >= 0.1 else "px"


def _rounded(value: float) -> float:
    """To one figure."""
    step = 10.0 ** math.floor(math.log10(value))
    return round(value / step) * step
