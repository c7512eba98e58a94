"""The tools of the Label tab: the strip beside the scan, and the bar above it with what the tool in hand can be set to."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.shell.actions import TABLE, Commands
from app.tabs.parts.frame import HEADER_HEIGHT
from engine.imaging.image import Image
from engine.labels.classes import LabelClass
from engine.labels.mask import EVERYTHING
from widgets.controls import IconButton, Separator, Text, named
from widgets.figures import figure
from widgets.text import tr
from widgets.tools import TOOLS, Tool

STRIP = 44  # px
_ICONS = {command.id: command.icon for command in TABLE}
_STEPS = 200  # of the radius slider; each is the same factor, as a hand sees sizes
_SLIDER = 130  # px where there is room
_LEAST_PX = 0.5
_FIRST_SHARE = 40  # the first brush is a fortieth of the picture's smaller side


class ToolStrip(QFrame):
    """One button a tool; they follow the commands."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setFixedWidth(STRIP)
        column = QVBoxLayout()
        column.setContentsMargins(5, 10, 5, 10)
        column.setSpacing(4)
        for before, tool in zip((None, *TOOLS), TOOLS, strict=False):
            if before is not None and tool.paints and not before.paints:
                column.addSpacing(6)
                column.addWidget(Separator())
                column.addSpacing(6)
            action = commands[tool.name]
            button = IconButton(f"label.tool.{tool.name}", _ICONS[tool.name], action.text(), checkable=True, side=34)
            button.show_action(action)
            column.addWidget(button)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(column)
        row.addWidget(Separator(vertical=True))


class RadiusSlider(QWidget):
    """The brush's radius in mm, or in pixels where no size is known. `changed(radius)` when a person moves it."""

    changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        named(self, "label.radius", tr("Radius"))
        self._low, self._high, self._unit = _LEAST_PX, 100.0, "px"
        self._radius = 8.0
        self._slider = QSlider(Qt.Orientation.Horizontal)
        named(self._slider, "label.radius.slider", tr("Radius"))
        self._slider.setRange(0, _STEPS)
        self._slider.setPageStep(_STEPS // 10)
        self._slider.setMinimumWidth(56)
        self._slider.setMaximumWidth(_SLIDER)
        self._text = Text()
        self._text.setMinimumWidth(self._text.fontMetrics().horizontalAdvance(figure(888.8, 1, "mm")))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        title = Text(tr("Radius"), "dim")
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

    def fit(self, image: Image, wanted: float | None) -> None:
        """Range and unit for this image; `wanted` None takes a brush that suits its size."""
        _, height, width = image.shape
        _, down, across = image.geometry.spacing
        calibrated = image.geometry.calibrated
        pixel, side = (min(down, across), min(height * down, width * across)) if calibrated else (1, min(height, width))
        self._low, self._high = _LEAST_PX * pixel, max(side / 4, 4 * pixel)
        self._unit = "mm" if calibrated else "px"
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


class OptionsBar(QFrame):
    """The name of the tool in hand and its settings; windows, undo and redo at the right.

    `paint_over_changed(rule)`: EVERYTHING, or the value that alone may be painted over.
    """

    paint_over_changed = Signal(int)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setFixedHeight(HEADER_HEIGHT + 1)
        self._title = Text("", "strong")
        self._title.setObjectName("label.tool_name")
        self.radius = RadiusSlider()
        self._over_text = Text(tr("Paint over"), "dim")
        self.over = QComboBox()
        named(self.over, "label.paint_over", tr("Paint over"))
        self.over.setToolTip(tr("What a stroke may change. Locked classes stay as they are in any case."))
        self.over.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.over.setMaximumWidth(170)
        self.over.currentIndexChanged.connect(self._over_picked)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(14, 0, 10, 0)
        line.setSpacing(14)
        line.addWidget(self._title)
        line.addWidget(self.radius, 20)
        pair = QHBoxLayout()
        pair.setSpacing(8)
        pair.addWidget(self._over_text)
        pair.addWidget(self.over)
        line.addLayout(pair)
        line.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(_window_button(commands))
        for id in ("undo", "redo"):
            button = IconButton(f"label.{id}", id, commands[id].text(), side=32)
            button.show_action(commands[id])
            buttons.addWidget(button)
        line.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(holder, 1)
        column.addWidget(Separator())

    def minimumSizeHint(self) -> QSize:
        return QSize(300, HEADER_HEIGHT + 1)  # the columns may take the room of what a tool can be set to

    def show_tool(self, tool: Tool, title: str) -> None:
        """Show what that tool can be set to."""
        self._title.setText(title)
        self.radius.setVisible(tool.sized)
        for part in (self._over_text, self.over):
            part.setVisible(tool.paints_over)

    def show_classes(self, classes: Sequence[LabelClass]) -> None:
        """Offer these to paint over; what was chosen stays chosen while it exists."""
        wanted = self.over.currentData()
        was = self.over.blockSignals(True)
        self.over.clear()
        self.over.addItem(tr("Everything"), EVERYTHING)
        self.over.addItem(tr("Only background"), 0)
        for value, each in enumerate(classes, start=1):
            self.over.addItem(tr("Only {name}", name=each.name), value)
        self.over.setCurrentIndex(max(self.over.findData(wanted), 0))
        self.over.blockSignals(was)

    @property
    def rule(self) -> int:
        """EVERYTHING, or the value that alone may be painted over."""
        found = self.over.currentData()
        return EVERYTHING if found is None else int(found)

    @Slot(int)
    def _over_picked(self, index: int) -> None:
        self.paint_over_changed.emit(self.rule)


def _window_button(commands: Commands) -> QToolButton:
    """Windows by name: the file's own, by the values, and the usual ones of CT."""
    button = IconButton("label.windows", "contrast", tr("Window"), side=32)
    button.setToolTip(tr("Brightness and contrast. Hold W and drag to change them by hand."))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    for id in ("reset_window", "auto_window"):
        menu.addAction(commands[id])
    menu.addSeparator()
    for number in range(1, 7):
        menu.addAction(commands[f"window_{number}"])
    button.setMenu(menu)
    return button
