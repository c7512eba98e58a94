"""The radius of the brush, by a slider whose steps are shares of the radius."""

import math

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from engine.imaging.image import Image
from widgets.controls import Text, named
from widgets.figures import figure
from widgets.text import tr

_STEPS = 200  # each is the same factor, as a hand sees sizes
_SLIDER = 130  # px where there is room
_LEAST_PX = 0.5
_FIRST_SHARE = 40  # the first brush is a fortieth of the picture's smaller side


class RadiusSlider(QWidget):
    """The brush's radius in mm, or in pixels where no size is known or a person wants them. `changed(radius)` when a person moves it."""

    changed = Signal(float)

    def __init__(self, name: str) -> None:
        super().__init__()
        named(self, name, tr("Radius"))
        self._low, self._high, self._unit = _LEAST_PX, 100.0, "px"
        self._radius = 8.0
        self._slider = QSlider(Qt.Orientation.Horizontal)
        named(self._slider, f"{name}.slider", tr("Radius"))
        self._slider.setRange(0, _STEPS)
        self._slider.setPageStep(_STEPS // 10)
        self._slider.setMinimumWidth(56)
        self._slider.setMaximumWidth(_SLIDER)
        self._text = Text()
        self._text.setMinimumWidth(self._text.fontMetrics().horizontalAdvance(figure(888.8, 1, "mm")))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        title = self._title = Text(tr("Radius"), "dim")
        row.addWidget(title)
        row.addWidget(self._slider, 1)
        row.addWidget(self._text)
        self.setMaximumWidth(title.sizeHint().width() + _SLIDER + self._text.minimumWidth() + 16)
        self._slider.valueChanged.connect(self._moved)

    @property
    def radius(self) -> float:
        return self._radius

    @property
    def unit(self) -> str:
        """ "mm" or "px"."""
        return self._unit

    def show_title(self, on: bool) -> None:
        """Whether the word stands before the slider."""
        if on is self._title.isHidden():
            self._title.setVisible(on)
            self.updateGeometry()  # at once: the bar asks how much room is left

    def fit(self, image: Image, wanted: float | None, *, pixels: bool = False) -> None:
        """Range and unit for this image; `wanted` None takes a brush that suits its size. `pixels`: not in mm though they are known."""
        _, height, width = image.shape
        _, down, across = image.geometry.spacing
        in_mm = image.geometry.calibrated and not pixels
        least = min(down, across)
        pixel, side = (least, min(height * down, width * across)) if in_mm else (1.0, float(min(height, width)))
        if image.geometry.calibrated and not in_mm:  # pixels of the smaller side
            side = min(height * down, width * across) / least
        self._low, self._high = _LEAST_PX * pixel, max(side / 4, 4 * pixel)
        self._unit = "mm" if in_mm else "px"
        self.set_radius(wanted or max(side / _FIRST_SHARE, 2 * pixel))

    def set_radius(self, radius: float) -> None:
        """Show this radius, brought into the range. Sends nothing."""
        self._radius = min(max(radius, self._low), self._high)
        was = self._slider.blockSignals(True)
        self._slider.setValue(round(_STEPS * math.log(self._radius / self._low) / math.log(self._high / self._low)))
        self._slider.blockSignals(was)
        self._tell()

    @Slot(int)
    def _moved(self, step: int) -> None:
        self._radius = self._low * (self._high / self._low) ** (step / _STEPS)
        self._tell()
        self.changed.emit(self._radius)

    def _tell(self) -> None:
        text = figure(self._radius, 1, self._unit)
        self._text.setText(text)
        self._slider.setAccessibleDescription(text)
