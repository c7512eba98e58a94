"""A form made from a config dataclass: each field with an Option becomes an editor within its range."""

import math
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from functools import partial
from typing import Any, Literal, get_args, get_origin, get_type_hints

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from engine.config import AUTO, Option, option_of
from widgets.controls import Switch, Text, named
from widgets.figures import NARROW, decimal
from widgets.sliders import Slider
from widgets.text import tip, tr
from widgets.word_combo import WordCombo

_EDGES = 6  # px beside the text of a field
_MOST_STEPS = 100  # a range of more steps is typed, not dragged


class Form(QWidget):
    """Editors of `config`, all fields or `only` these in this order. `changed(config)` when a person changed one.

    `words` gives shown texts of choices, {"loss": {"ce": "Cross-entropy"}}; `zero` what a 0 means, {"rate": "Auto"};
    `choices` the choices of text fields that are known only at run time, {"arch": ("unet", ...)}.
    Fields marked advanced are shown with `advanced` or where `only` names them.
    """

    changed = Signal(object)

    def __init__(
        self,
        config: Any,
        only: Collection[str] = (),
        advanced: bool = False,
        *,
        name: str = "form",
        words: Mapping[str, Mapping[str, str]] | None = None,
        zero: Mapping[str, str] | None = None,
        choices: Mapping[str, Collection[str]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._config = config
        self._editors: dict[str, QWidget] = {}
        self._labels: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        kinds, known = get_type_hints(type(config)), {item.name: option_of(item) for item in fields(config)}
        for field in only or known:
            rule = known[field]
            if rule is None or (rule.advanced and not advanced and field not in only):
                continue
            written = get_args(kinds[field]) if get_origin(kinds[field]) is Literal else ()
            listed = tuple((choices or {}).get(field, rule.choices or written))
            shown = (words or {}).get(field, {})
            editor = _make(kinds[field], rule, getattr(config, field), listed, shown, (zero or {}).get(field, ""))
            self._add(field, rule, editor)

    def value(self) -> Any:
        """The config as it stands in the form."""
        return replace(self._config, **{name: editor.get() for name, editor in self._editors.items()})  # type: ignore[attr-defined]

    def set_value(self, config: Any) -> None:
        """Show this config. Sends nothing."""
        self._config = config
        was = self.blockSignals(True)
        for name, editor in self._editors.items():
            editor.put(getattr(config, name))  # type: ignore[attr-defined]
        self.blockSignals(was)

    def suggest(self, config: Any) -> None:
        """Say beside each "Auto" what it would take: the value in this config; None takes the words back."""
        for name, editor in self._editors.items():
            if isinstance(editor, _ChoiceEditor | _IntEditor | _FloatEditor):
                editor.suggest(None if config is None else getattr(config, name))

    def editor(self, field: str) -> QWidget:
        return self._editors[field]

    def label_width(self) -> int:
        """How wide the column of labels is, in px, so that what stands beneath can be in line."""
        return max((label.sizeHint().width() for label in self._labels.values()), default=0)

    def set_usable(self, field: str, usable: bool, why: str = "") -> None:
        """Dim a field that cannot be used now; its tool tip says why."""
        self._editors[field].setEnabled(usable)
        self._labels[field].setEnabled(usable)
        rule = next(option_of(item) for item in fields(self._config) if item.name == field)
        for widget in (self._editors[field], self._labels[field]):
            widget.setToolTip(tip(_help(field, rule) if usable or rule is None else why))

    def _add(self, field: str, rule: Option, editor: QWidget) -> None:
        label = Text(tr(rule.label), "dim", self)
        label.setBuddy(editor)
        call = editor.call if isinstance(editor, Slider) else partial(named, editor)
        call(f"{self.objectName()}.{field}", tr(rule.label))
        for widget in (label, editor):
            widget.setToolTip(_help(field, rule))
        if isinstance(editor, QComboBox | QAbstractSpinBox):
            editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        editor.setMinimumWidth(editor.minimumWidth() if isinstance(editor, Switch) else 88)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0)
        side = Qt.AlignmentFlag.AlignRight if isinstance(editor, Switch) else Qt.AlignmentFlag(0)
        self._grid.addWidget(editor, row, 1, side)
        self._editors[field], self._labels[field] = editor, label
        editor.edited.connect(self._tell)  # type: ignore[attr-defined]

    @Slot()
    def _tell(self) -> None:
        self.changed.emit(self.value())


def _help(field: str, rule: Option | None) -> str:
    """The help in words, the technical name beneath it."""
    words = tr(rule.help) if rule is not None and rule.help else ""
    return f"{words}\n{field}".strip()


def _make(
    kind: Any, rule: Option, value: Any, choices: tuple[str, ...], words: Mapping[str, str], zero: str
) -> QWidget:
    editor: QWidget
    if kind is bool:
        editor = _SwitchEditor()
    elif kind in (int, float):
        editor = _number(kind, rule, zero)
    elif choices:
        editor = _ChoiceEditor(choices if value in choices else (*choices, value), words)
    else:
        editor = _TextEditor()
    editor.put(value)  # type: ignore[attr-defined]
    return editor


def _number(kind: type, rule: Option, zero: str) -> QWidget:
    step = rule.step or (1 if kind is int else 0.1)
    bounded = rule.low is not None and rule.high is not None
    if bounded and not zero and (rule.high - rule.low) / step <= _MOST_STEPS:  # type: ignore[operator]
        return _SliderEditor(kind, rule, step)
    return _IntEditor(rule, int(step), zero) if kind is int else _FloatEditor(rule, step, zero)


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))


class _SwitchEditor(Switch):
    edited = Signal()

    def __init__(self) -> None:
        super().__init__("", "")
        self.clicked.connect(self.edited)

    def get(self) -> bool:
        return self.isChecked()

    def put(self, value: Any) -> None:
        self.setChecked(value)


class _ChoiceEditor(WordCombo):
    edited = Signal()

    def __init__(self, choices: Collection[str], words: Mapping[str, str]) -> None:
        super().__init__()
        for choice in choices:
            self.addItem(words.get(choice, tr(choice)), choice)
            self.setItemData(self.count() - 1, tip(choice), Qt.ItemDataRole.ToolTipRole)
        self._auto = words.get(AUTO, AUTO)
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.currentIndexChanged.connect(self.edited)

    def get(self) -> str:
        return str(self.currentData())

    def suggest(self, value: Any) -> None:
        """What the choice "auto" would come to, in its own words; None where that is not known."""
        place, taken = self.findData(AUTO), self.findData(value)
        if place >= 0:
            shown = "" if value in (None, AUTO) else self.itemText(taken) if taken >= 0 else str(value)
            self.setItemText(place, f"{self._auto} · {shown}" if shown else self._auto)

    def put(self, value: Any) -> None:
        if self.findData(value) < 0:
            self.addItem(str(value), value)
        self.setCurrentIndex(self.findData(value))


class _TextEditor(QLineEdit):
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.textEdited.connect(self.edited)

    def get(self) -> str:
        return self.text().strip()

    def put(self, value: Any) -> None:
        if value != self.get():
            self.setText(str(value))


class _IntEditor(QSpinBox):
    edited = Signal()

    def __init__(self, rule: Option, step: int, zero: str) -> None:
        super().__init__()
        self.setRange(
            int(rule.low if rule.low is not None else -(2**31)), int(rule.high if rule.high is not None else 2**31 - 1)
        )
        self.setSingleStep(max(step, 1))
        _dress(self, rule, zero)
        self._zero, self._suggested = self.specialValueText(), ""
        self.setSuffix(f"{NARROW}{tr(rule.unit)}" if rule.unit else "")
        self.valueChanged.connect(self.edited)

    def suggest(self, value: Any) -> None:
        """What a 0 would come to; None or 0 where that is not known or nothing."""
        self._suggested = f" · {value}" if value else ""
        self._say_suggested()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._say_suggested()

    def _say_suggested(self) -> None:
        """With its unit where that has room."""
        if not self._zero:
            return
        text = f"{self._zero}{self._suggested}"
        whole = text + self.suffix() if self._suggested else text
        fits = self.fontMetrics().horizontalAdvance(whole) + _EDGES <= self.lineEdit().width()
        self.setSpecialValueText(whole if fits else text)

    def get(self) -> int:
        return self.value()

    def put(self, value: Any) -> None:
        self.setValue(value)


class _FloatEditor(QDoubleSpinBox):
    edited = Signal()

    def __init__(self, rule: Option, step: float, zero: str) -> None:
        super().__init__()
        self.setDecimals(max(_decimals(step), 1) if step != int(step) else 1)
        self.setRange(rule.low if rule.low is not None else -1e9, rule.high if rule.high is not None else 1e9)
        self.setSingleStep(step)
        _dress(self, rule, zero)
        self.setSuffix(f"{NARROW}{tr(rule.unit)}" if rule.unit else "")
        self._zero = self.specialValueText()
        self._exact: float | None = None
        self.valueChanged.connect(self._forget)
        self.valueChanged.connect(self.edited)

    def textFromValue(self, value: float) -> str:
        """Without noughts at the end: 30 min."""
        whole, point, rest = super().textFromValue(value).partition(self.locale().decimalPoint())
        return f"{whole}{point}{rest.rstrip('0')}".removesuffix(point)

    def suggest(self, value: Any) -> None:
        """As of an integer."""
        if self._zero:
            self.setSpecialValueText(f"{self._zero} · {decimal(f'{value:g}')}{self.suffix()}" if value else self._zero)

    def get(self) -> float:
        return self.value() if self._exact is None else self._exact

    def put(self, value: Any) -> None:
        self.setValue(value)
        # What a finer hand set (a file, the command line) is not rounded by merely being shown.
        self._exact = value

    @Slot()
    def _forget(self) -> None:
        self._exact = None


def _dress(spin: QAbstractSpinBox, rule: Option, zero: str) -> None:
    if zero and rule.low == 0:
        spin.setSpecialValueText(zero)
    spin.setKeyboardTracking(False)


class _SliderEditor(Slider):
    edited = Signal()

    def __init__(self, kind: type, rule: Option, step: float) -> None:
        low, high = float(rule.low or 0.0), float(rule.high or 0.0)
        super().__init__(
            "", "", low, high, low, step=step, decimals=_decimals(step), unit=tr(rule.unit) if rule.unit else ""
        )
        self._kind = kind
        self.changed.connect(self.edited)

    def get(self) -> object:
        return self._kind(self.value())

    def put(self, value: Any) -> None:
        self.set_value(value)
