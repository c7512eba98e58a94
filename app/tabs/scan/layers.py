"""Mask and prediction over the scan: shown or hidden, as areas, outlines or both, and how strong. What is chosen is remembered."""

from typing import get_args

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.context import AppContext
from app.tabs.scan.overlay import LayerName, Overlay, OverlayOptions, strength_of
from widgets import icons
from widgets.controls import Choice, IconButton, Segmented
from widgets.elided import ElidedText
from widgets.layers import Style
from widgets.sliders import Slider
from widgets.text import tip, tr

_LAYERS: tuple[LayerName, ...] = get_args(LayerName)
_INDENT = 30  # px: under the name, beside the eye


class LayerRows(QWidget):
    """The controls of both layers of a scan. `tab` is what choices are remembered under."""

    def __init__(self, context: AppContext, overlay: Overlay, tab: str) -> None:
        super().__init__()
        self._session, self._overlay, self._tab = context.session, overlay, tab
        overlay.set(**_remembered(tab))
        self._known = _choices(overlay.options)
        self.rows = {
            layer: _LayerRow(f"{tab}.layer.{layer}", context.commands[f"show_{layer}"], layer) for layer in _LAYERS
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for row in self.rows.values():
            column.addWidget(row)
            row.style_picked.connect(self._restyle)
            row.strength_changed.connect(self._fade)
        overlay.changed.connect(self._overlay_changed)
        context.session.predictions.run_changed.connect(self._show)
        context.session.project_changed.connect(self._show)
        self._show()

    @Slot(str, str)
    def _restyle(self, layer: LayerName, style: Style) -> None:
        self._overlay.set(**{f"{layer}_style": style})

    @Slot(str, float)
    def _fade(self, layer: LayerName, strength: float) -> None:
        self._overlay.set(**{strength_of(layer, self._overlay.options.style(layer)): strength})

    @Slot()
    def _overlay_changed(self) -> None:
        choices = _choices(self._overlay.options)
        for field, value in choices.items():
            if self._known[field] != value:
                settings.set_ui_state(f"{self._tab} {field}", value)
        self._known = choices
        self._show()

    @Slot()
    def _show(self) -> None:
        options, run = self._overlay.options, self._session.predictions.run
        self.rows["mask"].show_layer(tr("My mask"), options)
        name = tr("Prediction · {run}", run=run.name) if run is not None else tr("Prediction")
        self.rows["prediction"].show_layer(name, options)


def _choices(options: OverlayOptions) -> dict[str, str]:
    """What is remembered of the options, by field, as text."""
    fields = [f"{layer}_{part}" for layer in _LAYERS for part in ("style", "opacity", "line")]
    return {field: str(getattr(options, field)) for field in fields}


def _remembered(tab: str) -> dict[str, str | float]:
    found: dict[str, str | float] = {}
    for field in _choices(OverlayOptions()):
        note = settings.ui_state(f"{tab} {field}")
        if field.endswith("style"):
            found |= {field: note} if note in get_args(Style) else {}
        elif note:
            found[field] = min(max(float(note), 0.0), 1.0)
    return found


class _LayerRow(QWidget):
    """Eye and name of a layer; its style and strength beneath. They can be used while its command can be given."""

    style_picked = Signal(str, str)  # layer, style
    strength_changed = Signal(str, float)  # layer, share

    def __init__(self, name: str, action: QAction, layer: LayerName) -> None:
        super().__init__()
        self._layer, self._text, self._wanted = layer, "", True
        self._eye = IconButton(f"{name}.eye", "eye", action.text(), side=24)
        self._eye.clicked.connect(action.trigger)
        self._action = action
        action.changed.connect(self._follow)
        self._name = ElidedText()
        choices = [
            Choice("fill", "", "area", help=tr("Fill")),
            Choice("outline", "", "outline", help=tr("Outline")),
            Choice("both", "", "fill-style", help=tr("Fill and outline")),
        ]
        self.styles = Segmented(f"{name}.style", tr("How it is drawn"), choices)
        for choice in choices:
            self.styles.button(choice.id).setAccessibleName(choice.help)
        self.slider = Slider(f"{name}.opacity", tr("Strength"), 0, 1, 0.35, step=0.05, decimals=2, shows_value=False)
        self.styles.picked.connect(self._pick)
        self.slider.changed.connect(self._fade)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._eye)
        head.addWidget(self._name, 1)
        foot.setContentsMargins(_INDENT, 0, 0, 0)
        foot.setSpacing(12)
        foot.addWidget(self.styles)
        foot.addWidget(self.slider, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addLayout(foot)
        self._follow()

    def show_layer(self, text: str, options: OverlayOptions) -> None:
        self._wanted = options.mask if self._layer == "mask" else options.prediction
        self._text = text
        self._name.say(text)
        self.styles.set_current(options.style(self._layer))
        self.slider.set_value(options.strength(self._layer))
        self._follow()

    @Slot(str)
    def _pick(self, style: str) -> None:
        self.style_picked.emit(self._layer, style)

    @Slot(float)
    def _fade(self, strength: float) -> None:
        self.strength_changed.emit(self._layer, strength)

    @Slot()
    def _follow(self) -> None:
        """The command, which says why where there is no such layer."""
        there, about = self._action.isEnabled(), self._action.toolTip()
        seen = there and self._wanted
        for part in (self._eye, self.styles, self.slider):
            part.setEnabled(there)
        self._eye.setToolTip(about)
        self._name.setToolTip(tip(self._text) if there else about)
        self._name.set_role("" if seen else "dim")
        icons.set_icon(self._eye, "eye" if seen else "eye-off", "dim" if seen else "faint")
        self.slider.setToolTip(tr("Strength") if there else about)
