"""The tools of the Label tab: the strip beside the scan, and the bar above it with what the tool in hand can be set to."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.shell import settings
from app.shell.actions import TABLE, Commands
from app.tabs.label.measures import MeasureButton
from app.tabs.label.smart import MethodBox
from app.tabs.label.windows import WindowButton
from app.tabs.scan.view import ScanView
from engine.labels.classes import BACKGROUND, LabelClass
from engine.labels.mask import EVERYTHING
from widgets.column_parts import HEADER_HEIGHT
from widgets.controls import IconButton, Separator, Text, named
from widgets.radius_slider import RadiusSlider
from widgets.text import tr
from widgets.tool import Tool
from widgets.toolbox import TOOLBOX
from widgets.word_combo import WordCombo

STRIP = 44  # px
_ICONS = {command.id: command.icon for command in TABLE}
_MASK_MENU = (
    "copy_to_next",
    "copy_to_previous",
    "copy_slice",
    "paste_slice",
    "carry_next",
    "carry_previous",
    "fill_between",
    "grow_seeds",
    "carry_outline",
    "clean_up",
)


class MaskButton(IconButton):
    """The menu of what is done with the mask as a whole."""

    def __init__(self, commands: Commands) -> None:
        super().__init__("label.mask_menu", "layers", tr("Mask"), side=34)
        self.setToolTip(tr("Copy and carry slices, fill between them, clean up"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        for id in _MASK_MENU:
            if id == "carry_next":
                menu.addSeparator()
            menu.addAction(commands[id])
        self.setMenu(menu)


class BrushButton(IconButton):
    """The menu of what the brush can be. `changed()`: by_pressure or in_pixels is another now."""

    changed = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__("label.brush_menu", "sliders", tr("Brush"), side=32)
        self.setToolTip(tr("Brush: ball, pen pressure, unit of the radius"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.addAction(commands["ball_brush"])
        self._pressure = menu.addAction(tr("A pen's pressure changes the radius"))
        self._pixels = menu.addAction(tr("Radius in pixels"))
        for action, key in ((self._pressure, "brush pressure"), (self._pixels, "brush pixels")):
            action.setObjectName(key.replace(" ", "_"))
            action.setCheckable(True)
            action.setChecked(settings.ui_state(key) == "1")
            action.toggled.connect(self._keep)
        self.setMenu(menu)

    @property
    def by_pressure(self) -> bool:
        return self._pressure.isChecked()

    @property
    def in_pixels(self) -> bool:
        return self._pixels.isChecked()

    @Slot()
    def _keep(self) -> None:
        settings.set_ui_state("brush pressure", "1" if self.by_pressure else "0")
        settings.set_ui_state("brush pixels", "1" if self.in_pixels else "0")
        self.changed.emit()


class ToolStrip(QFrame):
    """One button a tool; they follow the commands."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setFixedWidth(STRIP)
        column = QVBoxLayout()
        column.setContentsMargins(5, 10, 5, 10)
        column.setSpacing(4)
        self._painting: list[QWidget] = []  # of no use where nothing is painted
        for before, tool in zip((None, *TOOLBOX), TOOLBOX, strict=False):
            if before is not None and tool.paints and not before.paints:
                self.measures = MeasureButton(commands)
                column.addWidget(self.measures)
                column.addSpacing(6)
                self._painting.append(Separator())
                column.addWidget(self._painting[-1])
                column.addSpacing(6)
            action = commands[tool.name]
            button = IconButton(f"label.tool.{tool.name}", _ICONS[tool.name], action.text(), checkable=True, side=34)
            button.show_action(action)
            column.addWidget(button)
            if tool.paints:
                self._painting.append(button)
        column.addSpacing(6)
        self._painting += [Separator(), MaskButton(commands)]
        column.addWidget(self._painting[-2])
        column.addSpacing(6)
        column.addWidget(self._painting[-1])
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(column)
        row.addWidget(Separator(vertical=True))

    def show_painting(self, on: bool) -> None:
        """Show the tools that paint, or, where images have classes as a whole, those alone that look."""
        for part in self._painting:
            part.setVisible(on)


class OptionsBar(QFrame):
    """The name of the tool in hand and its settings; windows, undo and redo at the right.

    `paint_over_changed(rule)`: EVERYTHING, or the value that alone may be painted over.
    """

    paint_over_changed = Signal(int)

    def __init__(self, commands: Commands, scan: ScanView) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setFixedHeight(HEADER_HEIGHT + 1)
        self._tool: Tool | None = None
        self._classes: Sequence[LabelClass] = ()
        self._title = Text("", "strong")
        self._title.setObjectName("label.tool_name")
        self.radius = RadiusSlider("label.radius")
        self.brush = BrushButton(commands)
        self.gate = IconButton("label.gate", _ICONS["gate"], commands["gate"].text(), checkable=True, side=32)
        self.gate.show_action(commands["gate"])
        self.method = MethodBox()
        self._over_text = Text(tr("Paint over"), "dim")
        self.over = WordCombo()
        named(self.over, "label.paint_over", tr("Paint over"))
        self.over.setToolTip(tr("What a stroke may change. Locked classes stay as they are in any case."))
        self.over.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.over.setMaximumWidth(190)
        self.over.currentIndexChanged.connect(self._over_picked)
        holder = QWidget()
        line = self._line = QHBoxLayout(holder)
        line.setContentsMargins(14, 0, 10, 0)
        line.setSpacing(14)
        line.addWidget(self._title)
        line.addWidget(self.radius, 20)
        line.addWidget(self.brush)
        line.addWidget(self.gate)
        line.addWidget(self.method)
        pair = self._pair = QHBoxLayout()
        pair.setSpacing(8)
        pair.addWidget(self._over_text)
        pair.addWidget(self.over)
        line.addLayout(pair)
        line.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        self.views = IconButton("label.views", _ICONS["views"], commands["views"].text(), side=32)
        self.views.show_action(commands["views"])
        buttons.addWidget(self.views)
        buttons.addWidget(WindowButton(commands, scan))
        for id in ("undo", "redo", "flag", "approve"):
            button = IconButton(f"label.{id}", _ICONS[id], commands[id].text(), side=32)
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
        self._tool = tool
        self.radius.setVisible(tool.sized)
        self.method.show_tool(tool)
        self._fit_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        """A narrow bar leaves words out, then what is set least often, rather than cut what is chosen or lay one over the other."""
        sized, gated, over = (
            (self._tool.sized, self._tool.gated, self._tool.paints_over) if self._tool else (False, False, False)
        )
        lesser: tuple[tuple[Callable[[bool], None], bool], ...] = (
            (self._space_out, True),
            (self._over_text.setVisible, over),
            (self.radius.show_title, True),
            (self._title.setVisible, True),
            (self.over.setVisible, over),
            (self.brush.setVisible, sized),
            (self.gate.setVisible, gated),
            (self.method.show_whole, True),
        )
        for show, on in lesser:
            show(on)
        left_out = list[tuple[Callable[[bool], None], bool]]()
        for show, on in lesser:
            if self._fits():
                break
            show(False)
            left_out.append((show, on))
        for show, on in reversed(left_out[:-1]):  # a large part may have made room for a small one
            show(on)
            if not self._fits():
                show(False)

    def _fits(self) -> bool:
        self._pair.invalidate()
        self._line.invalidate()
        return self._line.minimumSize().width() <= self.width()

    def _space_out(self, on: bool) -> None:
        self._line.setSpacing(14 if on else 8)

    def show_classes(self, classes: Sequence[LabelClass]) -> None:
        """Offer these to paint over; the class that was chosen stays chosen while it exists, wherever it stands."""
        wanted, before, self._classes = self.over.currentData(), self._classes, classes
        if wanted not in (None, EVERYTHING, BACKGROUND):
            chosen, identities = before[wanted - 1].identity, [each.identity for each in classes]
            wanted = identities.index(chosen) + 1 if chosen in identities else EVERYTHING
        was = self.over.blockSignals(True)
        self.over.clear()
        self.over.addItem(tr("Everything"), EVERYTHING)
        self.over.addItem(tr("Only background"), BACKGROUND)
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
