"""How the networks of Classify learn: optimiser, rate, batch, what an ImageNet start keeps, and each network's own settings."""

import json
import logging
from dataclasses import asdict, fields, replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.shell import settings
from app.tabs.parts import training as words
from app.tabs.parts.beginning import beginning
from engine.catalog import network_options
from engine.config import Settings, TrainConfig, from_json, to_json
from engine.errors import EngineError
from engine.network_options import NetworkOptions
from engine.words import PART
from widgets import network_names
from widgets.controls import Text
from widgets.form import Form
from widgets.panels import CollapsibleRow, Panel
from widgets.text import tr

_log = logging.getLogger(__name__)

_STEPS = ("optimizer", "rate", "batch", "size", "loss")
_REST = ("weight_decay", "label_smoothing", "patience", "seed")
LEARNING = (*_STEPS, *_REST)
TRANSFER = ("frozen", "encoder_rate")
_LOSSES = ("ce+dice", "focal")  # the first means cross-entropy alone where whole images are classified
_BASE, _OPTIONS = "classify.training", "classify.options"


class TrainingPanel(Panel):
    """Remembered between starts. `changed()` when a person chose."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body.setSpacing(0)
        self._config, self._own = _kept_config(), _kept_options()
        self._arch = ""
        losses = {"ce+dice": tr("Cross-entropy"), "focal": words.short_losses()["focal"]}
        self._learning = Form(
            self._config,
            only=_STEPS,
            name="classify.learning_form",
            words={"optimizer": words.optimizers(), "loss": losses},
            zero={"rate": tr("Auto"), "batch": tr("Auto"), "size": tr("Auto")},
            choices={"loss": _LOSSES},
        )
        self._rest = Form(self._config, only=_REST, name="classify.rest_form", zero={"patience": tr("never")})
        self._transfer = Form(self._config, only=TRANSFER, name="classify.transfer_form", zero={"frozen": tr("none")})
        for form in (self._learning, self._rest, self._transfer):
            form.changed.connect(self._chosen)
        learning = QWidget()  # two forms: the longer labels leave the choices their room
        column = QVBoxLayout(learning)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._learning)
        column.addWidget(self._rest)
        self._own_form: Form | None = None
        self._nothing = Text("", "dim")
        self._nothing.setWordWrap(True)
        holder = QWidget()
        self._holder = QVBoxLayout(holder)
        self._holder.setContentsMargins(0, 0, 0, 0)
        self._holder.addWidget(self._nothing)
        self._rows = {
            name: CollapsibleRow(
                f"classify.{name}", title, content, is_open=settings.ui_state(f"classify.{name}") == "open"
            )
            for name, title, content in (
                ("learning", tr("Optimiser and rate"), learning),
                ("transfer", tr("Transfer learning"), self._transfer),
                ("own", tr("The network's own"), holder),
            )
        }
        for row in self._rows.values():
            row.toggled.connect(self._remember_open)
        self.add(*self._rows.values())
        self.show_network("")

    def config(self, arch: str) -> TrainConfig:
        """The settings of a training of that network; its time and its start are not decided here."""
        return replace(self._config, arch=arch, options=dict(self._own.get(arch, {})))

    @property
    def base(self) -> TrainConfig:
        """What all networks share."""
        return self._config

    def show_network(self, arch: str) -> None:
        """Show the own settings of that network, "" for none."""
        self._arch = arch
        if self._own_form is not None:
            self._own_form.hide()
            self._own_form.deleteLater()
            self._own_form = None
        options = _options(arch, self._own.get(arch, {}))
        if fields(options):
            self._own_form = Form(options, name="classify.own_form")
            self._own_form.changed.connect(self._own_chosen)
            self._holder.addWidget(self._own_form)
        self._nothing.setVisible(self._own_form is None)
        short = network_names.short(arch) if arch else ""
        self._nothing.setText(
            tr("{network} has no settings of its own.", network=short)
            if arch
            else tr("Pick a network of the list to see its own settings.")
        )
        self._tell()

    def _tell(self) -> None:
        """What the closed rows hold."""
        config = self._config
        optimizer = words.optimizers().get(config.optimizer, config.optimizer)
        self._rows["learning"].set_summary(f"{optimizer} · {words.rate(config.rate)}")
        self._rows["transfer"].set_summary(PART.join(beginning(config, self._arch).held) or tr("all learns alike"))
        self._rows["own"].set_summary(network_names.short(self._arch) if self._arch else "")

    @Slot(object)
    def _chosen(self, config: TrainConfig) -> None:
        names = {self._learning: _STEPS, self._rest: _REST}.get(self.sender(), TRANSFER)  # type: ignore[call-overload]
        self._config = replace(self._config, **{name: getattr(config, name) for name in names})
        settings.set_ui_state(_BASE, to_json(self._config).decode())
        self._tell()
        self.changed.emit()

    @Slot(object)
    def _own_chosen(self, options: NetworkOptions) -> None:
        self._own[self._arch] = asdict(options)
        settings.set_ui_state(_OPTIONS, json.dumps(self._own))
        self.changed.emit()

    @Slot(bool)
    def _remember_open(self, is_open: bool) -> None:
        name = next((key for key, row in self._rows.items() if row is self.sender()), "")
        settings.set_ui_state(f"classify.{name}", "open" if is_open else "")


def _kept_config() -> TrainConfig:
    kept = settings.ui_state(_BASE)
    try:
        return from_json(kept, TrainConfig) if kept else TrainConfig()
    except EngineError as fault:  # of a newer program, or damaged
        _log.warning("the kept settings of classifiers are not used: %s", fault)
        return TrainConfig()


def _kept_options() -> dict[str, Settings]:
    try:
        found = json.loads(settings.ui_state(_OPTIONS) or "{}")
        return {str(arch): asdict(_options(str(arch), own)) for arch, own in found.items()}
    except (ValueError, TypeError, AttributeError) as fault:
        _log.warning("the kept options of networks are not used: %s", fault)
        return {}


def _options(arch: str, kept: Settings) -> NetworkOptions:
    """The network's own settings as they stand; its defaults where a newer program kept others."""
    for values in (kept, {}) if arch else ():
        try:
            return network_options(arch, values)
        except EngineError:
            continue
    return NetworkOptions()
