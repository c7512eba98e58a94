"""The left column of Augment: presets, and every transform as a row with switch, range and chance."""

import math
import re
from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from engine.augment.presets import PRESETS, load_preset
from engine.augment.row import TransformRow, TransformSetting
from engine.augment.transforms import ROWS, TRANSFORMS, AugmentConfig
from widgets.controls import Button, Choice, FilterChips, IconButton, Switch, Text, named
from widgets.figures import NARROW, decimal
from widgets.form import Form
from widgets.panels import Panel
from widgets.signs import InlineMessage
from widgets.sliders import RangeSlider
from widgets.text import tr

OWN = "own"
_UNCOVERS = ("rotation", "zoom", "shift", "shear", "elastic")  # they bring what lies beyond the border into the sample
_CHANCE = 54  # px
_STEPS = 200  # places of a handle from the middle to an end
_ALONE = 350  # ms that the pointer rests on a row before the samples show it alone
_NUMBER = re.compile(r"(^\s*[+\-−]\s*|(?<![\w°%])[+\-−])?(\d+(?:[.,]\d+)?)")
"""A minus right behind a number stands between two of them: "-15-15" goes from -15 to 15."""


def position(row: TransformRow, value: float) -> float:
    """Where a strength stands on its slider, -1 to 1: its root (of a factor: of its logarithm), so that small ones have room."""
    share = math.log(value) / math.log(row.limits[1]) if row.ratio else value / row.limits[1]
    return math.copysign(math.sqrt(min(abs(share), 1.0)), share)


def strength(row: TransformRow, place: float) -> float:
    """The strength at a place of the slider, in the row's steps and limits: the inverse of `position`."""
    share = math.copysign(place * place, place)
    value = math.pow(row.limits[1], share) if row.ratio else share * row.limits[1]
    stepped = round(round(value / row.step) * row.step, 10)
    return min(max(stepped, row.limits[0]), row.limits[1])


def read_range(row: TransformRow, text: str, now: TransformSetting) -> tuple[float, float] | None:
    """The range that was typed ("±15", "-5 – 20", "0,8-1,2", "14"), in the row's steps and limits; None where there is no number.

    One number alone is the reach of a symmetric row, else the upper end.
    """
    found = [
        float(number.replace(",", ".")) * (-1 if sign.strip() in ("-", "−") else 1)
        for sign, number in _NUMBER.findall(text)
    ]
    if not found:
        return None
    if row.limits[0] >= 0:  # "5-10" has no minus in it
        found = [abs(number) for number in found]
    if len(found) == 1:
        reach = abs(found[0])
        found = [-reach, reach] if row.symmetric else [min(now.low, found[0]), found[0]]
    low, high = (min(max(round(round(n / row.step) * row.step, 10), row.limits[0]), row.limits[1]) for n in found[:2])
    return min(low, high), max(low, high)


class _RangeEdit(QLineEdit):
    """The range in words, which can be typed over. Escape brings back what stood there."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        named(self, name, text)
        self.setProperty("role", "bare")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._shown = ""

    def show_range(self, text: str) -> None:
        self._shown = text
        self.setText(text)
        self.setFixedWidth(max(self.fontMetrics().horizontalAdvance(text) + 14, 46))

    @property
    def edited(self) -> bool:
        return self.text() != self._shown

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._shown)
            self.clearFocus()
        else:
            super().keyPressEvent(event)


class _Row(QWidget):
    """One transform. `changed(setting)` when a person turned, moved or typed; `pointed(on)`: the pointer rests on it, or has gone."""

    changed = Signal(object)
    pointed = Signal(bool)

    def __init__(self, row: TransformRow, setting: TransformSetting) -> None:
        super().__init__()
        named(self, f"transform.{row.key}", tr(row.label))
        self.row, self._setting = row, setting
        self._why = ""
        self._switch = Switch(f"{row.key}.on", tr(row.label))
        self._name = Text(tr(row.label))
        self._range = _RangeEdit(f"{row.key}.typed", tr("Range of {name}", name=tr(row.label)))
        self._grey = Text(tr("grey image"), "dim")
        self._grey.hide()
        self._rests = QTimer(self)
        self._rests.setSingleShot(True)
        self._rests.setInterval(_ALONE)
        self._rests.timeout.connect(self._rested)
        self._alone = False
        self._chance = QSpinBox()
        named(self._chance, f"{row.key}.chance", tr("Chance of {name}", name=tr(row.label)))
        self._chance.setRange(0, 100)
        self._chance.setSingleStep(5)
        self._chance.setSuffix(f"{NARROW}%")
        self._chance.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._chance.setProperty("role", "bare")
        self._chance.setFixedWidth(_CHANCE)
        self._chance.setKeyboardTracking(False)
        self._slider: RangeSlider | None = None
        self._places = (0.0, 0.0)  # of the handles, as they were last
        self._lay_out()
        self._switch.clicked.connect(self._turned)
        self._chance.valueChanged.connect(self._typed)
        self.show_setting(setting)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._switch, 0, 0)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._grey, 0, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._range, 0, 2)
        self._range.editingFinished.connect(self._range_typed)
        grid.addWidget(self._chance, 0, 3)
        if self.row.ranged:
            low = -_STEPS if self.row.limits[0] < 0 or self.row.ratio else 0
            name = tr("Range of {name}", name=tr(self.row.label))
            self._slider = RangeSlider(f"{self.row.key}.range", name, low, _STEPS, (low, _STEPS))
            self._slider.changed.connect(self._moved)
            grid.addWidget(self._slider, 1, 1, 1, 3)

    def show_setting(self, setting: TransformSetting) -> None:
        """Show this. Sends nothing."""
        self._setting = setting
        if self._slider is not None:
            low, high = (position(self.row, value) * _STEPS for value in (setting.low, setting.high))
            self._slider.set_values((low, high))
            self._places = self._slider.values()
        was = self._chance.blockSignals(True)
        self._chance.setValue(round(setting.chance * 100))
        self._chance.blockSignals(was)
        self._switch.setChecked(setting.on)
        self._tell()

    def set_usable(self, why: str) -> None:
        """Dim the row because it changes nothing here, and say why; "" makes it usable again."""
        self._why = why
        self._tell()

    def _tell(self) -> None:
        usable = not self._why
        active = usable and self._setting.on
        self._switch.setEnabled(usable)
        for part in (self._name, self._range, self._chance):
            part.setEnabled(active)
        text = decimal(self.row.range_text(self._setting))
        if self._slider is not None:
            self._slider.setEnabled(active)
            self._slider.setVisible(usable)
            self._slider.setAccessibleDescription(text)
        self._range.show_range(text)
        self._range.setVisible(usable and self.row.ranged)
        self._grey.setVisible(not usable)
        words = f"{tr(self.row.help)}\n{self._why}".strip()
        for widget in (self, self._name, self._switch):
            widget.setToolTip(words)
        self._range.setToolTip(tr("Type another range, for example {range}", range=text))
        self._chance.setToolTip(tr("How many of 100 samples it changes"))

    def _change_to(self, setting: TransformSetting) -> None:
        self._setting = setting
        self._tell()
        self.changed.emit(setting)

    @Slot()
    def _turned(self) -> None:
        self._change_to(replace(self._setting, on=self._switch.isChecked()))

    def enterEvent(self, event: QEnterEvent) -> None:
        if not self._why:
            self._rests.start()

    def leaveEvent(self, event: QEvent) -> None:
        self._rests.stop()
        if self._alone:
            self._alone = False
            self.pointed.emit(False)

    @Slot()
    def _rested(self) -> None:
        self._alone = True
        self.pointed.emit(True)

    @Slot()
    def _range_typed(self) -> None:
        """What is no range is put back; what was not edited stays as it is, however it is rounded in words."""
        typed = read_range(self.row, self._range.text(), self._setting) if self._range.edited else None
        if typed is None or typed == (self._setting.low, self._setting.high):
            self._tell()
            return
        setting = replace(self._setting, low=typed[0], high=typed[1])
        self.show_setting(setting)
        self.changed.emit(setting)

    @Slot()
    def _typed(self) -> None:
        self._change_to(replace(self._setting, chance=self._chance.value() / 100))

    @Slot(float, float)
    def _moved(self, first: float, second: float) -> None:
        if self.row.symmetric and self._slider is not None:  # one handle moves both
            reach = abs(first if first != self._places[0] else second)
            first, second = -reach, reach
            self._slider.set_values((first, second))
        self._places = (first, second)
        low, high = strength(self.row, first / _STEPS), strength(self.row, second / _STEPS)
        self._change_to(replace(self._setting, low=low, high=high))


class AugmentationForm(QWidget):
    """Presets, rows and fill of one augmentation. `changed(config)` while a person works on it; `alone(key)`: the pointer rests on
    that row, or ("") on none."""

    changed = Signal(object)
    alone = Signal(str)
    load_wanted = Signal()
    save_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._config = AugmentConfig()
        self._presets = {preset.name: load_preset(preset.name) for preset in PRESETS}
        self._preset = "none"  # the one that was chosen last
        self._chips = FilterChips("presets", tr("Presets"))
        self._back = Button("back_to_preset", tr("Back to the preset"), "undo", role="link")
        self._load = IconButton("load_preset", "folder-open", tr("Load a recipe from a file"), side=28)
        self._save = IconButton("save_preset", "export", tr("Save this recipe as a file"), side=28)
        self._rows = {row.key: _Row(row, row.default) for row in TRANSFORMS}
        fills = {"reflect": tr("mirror image"), "nearest": tr("outermost pixels"), "constant": tr("black")}
        self._fill = Form(self._config, only=("fill",), name="fill_form", words={"fill": fills})
        self._lay_out()
        self._chips.picked.connect(self._picked)
        self._back.clicked.connect(self._go_back)
        self._load.clicked.connect(self.load_wanted)
        self._save.clicked.connect(self.save_wanted)
        self._fill.changed.connect(self._filled)
        for row in self._rows.values():
            row.changed.connect(self._row_changed)
            row.pointed.connect(self._row_pointed)

    def _lay_out(self) -> None:
        panel = Panel()
        panel.add(self._chips)
        files = QHBoxLayout()
        files.setSpacing(2)
        files.addWidget(self._back)
        files.addStretch(1)
        files.addWidget(self._load)
        files.addWidget(self._save)
        panel.body.addLayout(files)
        titles = QHBoxLayout()
        titles.addStretch(1)
        titles.addWidget(Text(tr("range"), "dim"))
        chance = Text(tr("chance"), "dim")
        chance.setFixedWidth(_CHANCE)
        chance.setAlignment(Qt.AlignmentFlag.AlignRight)
        titles.addWidget(chance)
        panel.body.addLayout(titles)
        panel.add(*self._rows.values())
        panel.body.addSpacing(4)
        panel.add(self._fill)
        self._ghosts = InlineMessage("fill_ghosts")
        panel.add(self._ghosts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def config(self) -> AugmentConfig:
        return self._config

    def show_config(self, config: AugmentConfig) -> None:
        """Show this augmentation. Sends nothing."""
        self._config = config
        for key, row in self._rows.items():
            row.show_setting(config[key])
        self._fill.set_value(config)
        self._tell()

    def set_color(self, color: bool) -> None:
        """Whether the image at hand has colours: on a grey one what changes colours does nothing."""
        why = "" if color else tr("This image is grey: there are no colours to change.")
        for row in self._rows.values():
            row.set_usable(why if row.row.needs_color else "")

    def counts(self) -> tuple[int, int]:
        """(how many changes there are, how many are on)."""
        return len(TRANSFORMS), sum(setting.on for setting in self._config.settings.values())

    def preset(self) -> str:
        """The preset that this is, or `OWN`."""
        return next((name for name, config in self._presets.items() if config == self._config), OWN)

    def _tell(self) -> None:
        now = self.preset()
        self._preset = now if now != OWN else self._preset
        choices = [Choice(p.name, tr(p.label), help=tr(p.help)) for p in PRESETS]
        if now == OWN:
            choices.append(Choice(OWN, tr("Own"), help=tr("Changed by hand or read from a file")))
        self._chips.set_choices(choices, now)
        self._back.setVisible(now == OWN)
        name = next(tr(p.label) for p in PRESETS if p.name == self._preset)
        self._back.setText(tr("Back to {preset}", preset=name))
        moved = any(self._config[key].on for key in ROWS if key in _UNCOVERS)
        ghosts = tr(
            "A mirrored border repeats what lies there, organs with their labels: the network learns ghosts of them."
        )
        self._ghosts.say(ghosts if moved and self._config.fill == "reflect" else "", "warn")

    def _change_to(self, config: AugmentConfig) -> None:
        self._config = config
        self._tell()
        self.changed.emit(config)

    @Slot(str)
    def _picked(self, name: str) -> None:
        if name != OWN:
            self._preset = name
            self.show_config(self._presets[name])
            self.changed.emit(self._config)

    @Slot()
    def _go_back(self) -> None:
        self._picked(self._preset)

    @Slot(object)
    def _filled(self, config: AugmentConfig) -> None:
        self._change_to(replace(self._config, fill=config.fill))

    @Slot(bool)
    def _row_pointed(self, on: bool) -> None:
        row = self.sender()
        if isinstance(row, _Row):
            self.alone.emit(row.row.key if on else "")

    @Slot(object)
    def _row_changed(self, setting: TransformSetting) -> None:
        row = self.sender()
        if isinstance(row, _Row):
            self._change_to(self._config.with_setting(row.row.key, setting))
