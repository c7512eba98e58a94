"""Parts of the recipe: what a run starts from, how long it may take and where, and which network it builds."""

from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from app.dialogs.answers import answered
from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from app.tabs.parts import training as words
from app.tabs.train.inside import USUAL_SIDE, InsideNetworkDialog, NetworkQuestion
from engine.catalog import ENCODERS, LOSSES, OPTIMIZERS, encoders_of, find, network_options, rows
from engine.config import AUTO, TrainConfig
from engine.errors import EngineError
from engine.network_options import NetworkOptions
from engine.progress import Progress, Work
from engine.project.runs import Run
from engine.titles import encoder_title
from widgets.controls import Button, Choice, Segmented, Text, named
from widgets.figures import duration, figure
from widgets.form import Form
from widgets.network_tables import FactDialog
from widgets.panels import Panel
from widgets.sliders import Slider
from widgets.text import tr
from widgets.word_combo import WordCombo

_MINUTES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 90, 120, 150, 180, 210, 240)
_OF_OBJECTS = "mask-rcnn-light"  # what Auto takes to tell objects apart
_EPOCHS = 30  # where a person turns from minutes to epochs


class StartPart(Panel):
    """From scratch, from ImageNet weights, or from the run in use. `changed(config)` when a person chose."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__(tr("Start from"))
        self._config = TrainConfig()
        self._choice = Segmented("start_from", tr("Start from"))
        self._help = Text("", "dim")
        self._help.setWordWrap(True)
        self.add(self._choice, self._help)
        self._choice.picked.connect(self._picked)

    def show_config(self, config: TrainConfig, run: str) -> None:
        """`run` is the name of the run in use, "" where there is none."""
        self._config = config
        current = (
            "run" if config.start_from and run else config.weights if config.weights in (AUTO, "imagenet") else "none"
        )
        choices = [
            Choice(
                AUTO,
                tr("Auto"),
                help=tr(
                    "The newest run that fits, where there is more to learn since; else the built-in ImageNet weights"
                ),
            ),
            Choice("none", tr("Scratch")),
            Choice("imagenet", "ImageNet", help=tr("Weights learnt on photographs")),
        ]
        choices.append(Choice("run", run or tr("Earlier")))
        self._choice.set_choices(choices, current)
        self._choice.button("run").setEnabled(bool(run))
        no_weights = config.arch != AUTO and not _starts_from_imagenet(config.arch)
        self._choice.button("imagenet").setEnabled(not no_weights)
        if not run:
            self._choice.button("run").setToolTip(tr("Nothing has been trained yet."))
        if no_weights:
            self._choice.button("imagenet").setToolTip(tr("There are no ImageNet weights for this network."))
        self._help.setText(self._words(current, config, run))

    def _words(self, current: str, config: TrainConfig, run: str) -> str:
        if current == "run":
            return tr("Goes on from {run} (fine-tuning); classes are matched by name.", run=run)
        own = config.arch != AUTO and not words.takes_encoder(config.arch)
        if current == "imagenet" and (own or config.encoder not in (AUTO, "timm-tf_efficientnet_lite0")):
            return tr(
                "These weights may have to be fetched from the internet. Those of EfficientNet-Lite0 are built in."
            )
        if current == AUTO:
            return tr(
                "From the newest run that fits, where the training set has changed since; else from ImageNet weights where they are built in, else from scratch."
            )
        if current == "imagenet":
            return tr("EfficientNet-Lite0, whose weights are built in: useful where masks are few.")
        return tr("Learns from your masks alone.")

    @Slot(str)
    def _picked(self, name: str) -> None:
        weights = name if name in (AUTO, "imagenet") else "none"
        start = self._choice.button("run").text() if name == "run" else ""
        self.changed.emit(replace(self._config, weights=weights, start_from=start))


class TimePart(Panel):
    """How long a run may take, in minutes or in epochs, and on which processor. `changed(config)` when a person chose."""

    changed = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("Time and computer"))
        self._context, self._config = context, TrainConfig()
        self._asked = False
        self._limit = Segmented(
            "limit",
            tr("What ends the training"),
            [
                Choice("minutes", tr("Minutes")),
                Choice("epochs", tr("Epochs"), help=tr("Rounds through the training set")),
            ],
        )
        self._slider = Slider("minutes", tr("Time budget"), 0, len(_MINUTES) - 1, 0, shows_value=False)
        self._minutes = Text()
        self._minutes.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._minutes.setMinimumWidth(self._minutes.fontMetrics().horizontalAdvance(duration(210)) + 2)
        self._epochs = Form(TrainConfig(epochs=_EPOCHS), only=("epochs",), name="epochs_form")
        self._device = WordCombo()
        named(self._device, "device", tr("Device"))
        self._device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._device.addItem(tr("Auto"), AUTO)
        self._device_label = Text(tr("Device"), "dim")
        self._time = Text(tr("Time budget"), "dim")
        self.add(self._limit)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._time, 0, 0)
        grid.addWidget(self._slider, 0, 1)
        grid.addWidget(self._minutes, 0, 2)
        grid.addWidget(self._epochs, 1, 0, 1, 3)
        grid.addWidget(self._device_label, 2, 0)
        grid.addWidget(self._device, 2, 1, 1, 2)
        self.body.addLayout(grid)
        self._limit.picked.connect(self._limited)
        self._slider.changed.connect(self._slid)
        self._epochs.changed.connect(self._counted)
        self._device.activated.connect(self._chose_device)

    def ask_devices(self) -> None:
        """Have the names of the processors looked up in the background, once: that loads torch."""
        if not self._asked:
            self._asked = True
            self._context.jobs.start(
                self,
                Lane.LEARNING,
                tr("Looking for devices"),
                _devices,
                done=self._have_devices,
                failed=self._no_devices,
                brief=True,
            )

    def show_config(self, config: TrainConfig) -> None:
        self._config = config
        by_epochs = bool(config.epochs) and not config.minutes
        self._limit.set_current("epochs" if by_epochs else "minutes")
        for widget in (self._time, self._slider, self._minutes):
            widget.setVisible(not by_epochs)
        self._epochs.setVisible(by_epochs)
        if by_epochs:
            self._epochs.set_value(config)
        place = min(range(len(_MINUTES)), key=lambda at: abs(_MINUTES[at] - config.minutes))
        self._slider.set_value(place)
        self._tell()
        if self._device.findData(config.device) < 0:
            self._device.addItem(config.device.upper(), config.device)
        self._device.setCurrentIndex(self._device.findData(config.device))

    def _tell(self) -> None:
        text = duration(self._config.minutes)
        self._minutes.setText(text)
        self._slider.setAccessibleDescription(text)

    @Slot(str)
    def _limited(self, name: str) -> None:
        minutes, epochs = (10.0, 0) if name == "minutes" else (0.0, _EPOCHS)
        self.changed.emit(replace(self._config, minutes=minutes, epochs=epochs))

    @Slot(float)
    def _slid(self, place: float) -> None:
        self._config = replace(self._config, minutes=float(_MINUTES[round(place)]), epochs=0)
        self._tell()
        self.changed.emit(self._config)

    @Slot(object)
    def _counted(self, config: TrainConfig) -> None:
        self.changed.emit(replace(self._config, minutes=0.0, epochs=max(config.epochs, 1)))

    @Slot()
    def _chose_device(self) -> None:
        self.changed.emit(replace(self._config, device=str(self._device.currentData())))

    @Slot(object)
    def _have_devices(self, found: list[tuple[str, str]]) -> None:
        self._device.clear()
        for id, name in found:
            best = name if id != AUTO else tr("Auto: {name}", name=name)
            self._device.addItem(best, id)
        self._device.setToolTip(self._device.itemText(0))
        self.show_config(self._config)

    @Slot(object)
    def _no_devices(self, fault: BaseException) -> None:
        self._asked = False  # the list keeps Auto, which a training can be started with
        self._context.session.failed.emit(fault)


def _devices() -> Work[list[tuple[str, str]]]:
    """(id, name) of what can train here, Auto first with the name of what it takes."""
    yield Progress(0, 0, "")
    from engine.learning import device

    facts = device.describe()
    cpu = tr("CPU · {cores} cores", cores=facts["cores"])
    found = [("cpu", cpu)]
    gpus = facts["gpus"]
    if isinstance(gpus, list) and gpus:
        found.append(("cuda", str(gpus[0]["name"])))
    if facts["mps"]:
        found.append(("mps", tr("Apple graphics processor")))
    best = dict(found)[str(facts["device"])] if facts["device"] != "cpu" else "CPU"
    return [(AUTO, best), *found]


def _starts_from_imagenet(arch: str) -> bool:
    return any(row.name == arch and row.starts_from_imagenet for row in rows())


class NetworkPart(QWidget):
    """Architecture and encoder, with what is known of them. `changed(config)` when a person chose."""

    changed = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._plan: _NetworkPlan | None = None  # what is shown
        self._counts: dict[
            _NetworkPlan, int | None
        ] = {}  # weights of the networks that were counted; None: it cannot be built
        self._counted_plan: _NetworkPlan | None = None  # that is being counted
        self._counting: JobHandle | None = None
        self._config = TrainConfig()
        offered = [*rows("segmentation"), *rows("instances")]
        self._networks = [row.name for row in offered]
        self._titles = {AUTO: tr("Auto"), **{row.name: tr(row.title) for row in offered}}
        self._arch = Form(
            self._config,
            only=("arch",),
            name="network",
            choices={"arch": (AUTO, *self._networks)},
            words={"arch": self._titles},
        )
        self._encoder: Form | None = None
        self._options: Form | None = None  # the network's own settings, where it has any
        self._facts = Text("", "dim")
        self._facts.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._arch)
        self._column.addWidget(self._facts)
        self._inside = Button("inside_button", "", "network", role="link")
        self._inside.clicked.connect(self._look_inside)
        self._column.addWidget(self._inside, 0, Qt.AlignmentFlag.AlignLeft)
        self._compare = Button("compare_networks", tr("Compare in detail"), role="link")
        self._compare.clicked.connect(self._compare_networks)
        self._column.addWidget(self._compare, 0, Qt.AlignmentFlag.AlignLeft)
        self._suggested: TrainConfig | None = None  # what Auto would take
        self._arch.changed.connect(self._chosen)

    def show_config(self, config: TrainConfig, start: Run | None) -> None:
        """`start` is the run that is fine-tuned: its network is then the only one possible."""
        if self._encoder is None or self._config.arch != config.arch:
            self._make_encoder(config)
            self._make_options(config)
        self._config = config
        self._arch.set_value(config)
        if self._options is not None:
            self._options.set_value(_options(config))
            self._options.setEnabled(not start)
        assert self._encoder is not None
        self._encoder.set_value(config)
        why = tr("Fine-tuning goes on with the network of {run}.", run=start.name) if start else ""
        self._arch.set_usable("arch", not start, why)
        fixed = config.arch != AUTO and not words.takes_encoder(config.arch)
        self._encoder.set_usable(
            "encoder", not start and not fixed, why or tr("This network has no exchangeable encoder.")
        )
        self._plan = self._planned(config, start)
        self._tell_facts()
        self._tell_inside()
        self._count()

    def _planned(self, config: TrainConfig, start: Run | None) -> "_NetworkPlan":
        """The network that will be built, as far as it is settled before the training begins."""
        session = self._context.session
        channels = 3 if any(item.color for item in session.items()) else 1
        arch, encoder, bundle = config.arch, config.encoder, None
        if start is not None:
            arch, encoder = start.summary.arch or start.config.arch, start.summary.encoder or start.config.encoder
            bundle = start.bundle
        own = () if bundle is not None else tuple(asdict(_options(config)).items())
        return _NetworkPlan(arch, encoder, channels, len(session.classes) + 1, own, bundle)

    def _tell_facts(self) -> None:
        if self._plan is not None:
            objects = self._context.session.task == "instance"
            self._facts.setText(_facts(self._plan, self._counts.get(self._plan), objects=objects))

    def _count(self) -> None:
        """Have the network's weights counted as it will be built; where that is not settled, or nobody looks, nothing is counted."""
        plan = self._plan
        if plan == self._counted_plan or plan is None or not self.isVisible():
            return
        if self._counting is not None:
            self._counting.drop()
        self._counting = self._counted_plan = None
        if not plan.settled or plan in self._counts:
            return
        self._counted_plan = plan
        work, title = partial(_counting, plan), tr("Counting weights")
        self._counting = self._context.jobs.start(
            self, Lane.LEARNING, title, work, done=self._counted, failed=self._not_counted, brief=True
        )

    def _counted(self, found: "tuple[_NetworkPlan, int]") -> None:
        self._counting = self._counted_plan = None
        self._counts[found[0]] = found[1]
        self._tell_facts()

    def _not_counted(self, fault: BaseException) -> None:
        """It cannot be built, as will be said when it is trained; here the words alone stand."""
        if self._counted_plan is not None:
            self._counts[self._counted_plan] = None
        self._counting = self._counted_plan = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._count()

    def suggest(self, config: TrainConfig | None) -> None:
        """What Auto would take, beside what is left to it."""
        self._suggested = config
        self._arch.suggest(config)
        if self._encoder is not None:
            self._encoder.suggest(config)
        self._tell_inside()

    def _tell_inside(self) -> None:
        network = words.network(self._question().arch) if self._plan is not None else ""
        self._inside.setText(tr("Inside {network}", network=network))
        self._inside.setAccessibleName(self._inside.text())

    def _question(self) -> NetworkQuestion:
        """The network as it stands; what is left to Auto as Auto would take it, or as is usual before that is known."""
        assert self._plan is not None
        ahead, plan = self._suggested or self._config, self._plan
        usual = _OF_OBJECTS if self._context.session.task == "instance" else "unet-smp"
        arch = next((each for each in (plan.arch, ahead.arch) if each != AUTO), usual)
        encoder = next((each for each in (plan.encoder, ahead.encoder) if each != AUTO), "")
        if not words.takes_encoder(arch):
            encoder = ""
        size = self._config.patch or self._config.size or ahead.patch or ahead.size or USUAL_SIDE
        options = asdict(_options(self._config)) if plan.arch == arch else {}
        beside = ahead.neighbours == "yes" and self._has_slices_beside()
        channels = 3 if beside else plan.channels
        return NetworkQuestion(
            arch, encoder, channels, plan.outputs, size, options, plan.bundle, seed=ahead.seed, neighbours=beside
        )

    def _has_slices_beside(self) -> bool:
        """Objects are learnt slice by slice, colours leave no channel for neighbours, and single pictures have none."""
        items = self._context.session.items()
        grey_volumes = any(item.shape[0] > 1 for item in items) and not any(item.color for item in items)
        return grey_volumes and self._context.session.task != "instance"

    @Slot()
    def _look_inside(self) -> None:
        InsideNetworkDialog(self._context, self._question(), self.window()).open()

    @Slot()
    def _compare_networks(self) -> None:
        """All that can be chosen here, beside each other."""
        networks = [*rows("segmentation"), *rows("instances")]
        times = words.times_here(self._context.trainings.runs.all())
        answered(FactDialog(self, networks, times))

    def _make_encoder(self, config: TrainConfig) -> None:
        """Another network takes other encoders."""
        if self._encoder is not None:
            self._encoder.hide()
            self._encoder.deleteLater()
        arch = "unet-smp" if config.arch == AUTO else config.arch
        known = encoders_of(arch)
        shown = {AUTO: tr("Auto"), **{name: encoder_title(name) for name in known}}
        self._encoder = Form(
            config,
            only=("encoder",),
            name="network_encoder",
            choices={"encoder": (AUTO, *known)},
            words={"encoder": shown},
        )
        self._encoder.changed.connect(self._chosen)
        self._column.insertWidget(1, self._encoder)

    def _make_options(self, config: TrainConfig) -> None:
        """Another network has other settings of its own, or none."""
        if self._options is not None:
            self._options.hide()
            self._options.deleteLater()
            self._options = None
        options = _options(config)
        if fields(options):
            self._options = Form(options, name="network_options")
            self._options.changed.connect(self._set_options)
            self._column.insertWidget(2, self._options)

    @Slot(object)
    def _set_options(self, options: NetworkOptions) -> None:
        self.changed.emit(replace(self._config, options=asdict(options)))

    @Slot(object)
    def _chosen(self, form: TrainConfig) -> None:
        changed = (
            replace(self._config, arch=form.arch)
            if self.sender() is self._arch
            else replace(self._config, encoder=form.encoder)
        )
        arch = "unet-smp" if changed.arch == AUTO else changed.arch
        if changed.encoder not in encoders_of(arch) and changed.arch != self._config.arch:
            changed = replace(changed, encoder=AUTO)
        if changed.arch != self._config.arch:
            changed = replace(changed, options={})
        if not _starts_from_imagenet(arch) and changed.weights == "imagenet":
            changed = replace(changed, weights=AUTO)
        self.changed.emit(changed)


def _options(config: TrainConfig) -> NetworkOptions:
    """The network's own settings as they stand; its defaults where a newer program kept others."""
    if config.arch == AUTO:
        return NetworkOptions()
    for kept in (config.options, {}):
        try:
            return network_options(config.arch, kept)
        except EngineError:
            continue
    return NetworkOptions()


@dataclass(frozen=True)
class _NetworkPlan:
    """A network as it will be built: for images of `channels`, with `outputs` classes, the background among them, and with `options` of its
    own. `bundle` is the model that a fine-tuning goes on with, whose channels and options count."""

    arch: str
    encoder: str
    channels: int
    outputs: int
    options: tuple[tuple[str, bool | int | float | str], ...] = ()
    bundle: Path | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing that its size depends on is left to Auto."""
        return self.arch != AUTO and (self.encoder != AUTO or not words.takes_encoder(self.arch))


def _counting(plan: _NetworkPlan) -> Work[tuple[_NetworkPlan, int]]:
    yield Progress(0, 0, plan.arch)
    from engine.learning import models
    from engine.learning.bundle import read_card

    channels, options = plan.channels, dict(plan.options)
    if plan.bundle is not None:
        card = read_card(plan.bundle)
        channels, options = card.channels, card.options
    encoder = plan.encoder if words.takes_encoder(plan.arch) else ""
    built = models.outline(plan.arch, encoder=encoder, channels=channels, classes=plan.outputs, options=options)
    return plan, models.count_parameters(built)


def _facts(plan: _NetworkPlan, weights: int | None, *, objects: bool) -> str:
    """`weights` as counted; None where they are not (yet). `objects`: the project's are told apart."""
    if plan.arch == AUTO and objects:
        return tr("Auto builds the light Mask R-CNN, which learns on any computer.")
    if plan.arch == AUTO:
        return tr("Auto builds a U-Net with an encoder that suits this computer.")
    try:
        row = find(plan.arch)
    except EngineError:  # a name of a newer program, kept with the project
        return ""
    head = str(row.year)
    if weights is not None:
        head = tr("{year} · {count} million weights", year=row.year, count=figure(weights / 1e6, 1))
    elif not plan.settled:
        head = tr("{year} · its size follows from the encoder, which Auto chooses", year=row.year)
    lines = [head, tr(row.unique), tr(row.drawbacks)]
    if plan.encoder in ENCODERS and words.takes_encoder(plan.arch):
        lines.append(tr(ENCODERS[plan.encoder]))
    return "\n".join(lines)


class LossPart(QWidget):
    """Loss, optimiser and rate, with what they are good for. `changed(config)` when a person chose."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._form = Form(
            TrainConfig(),
            only=("loss", "optimizer", "rate", "frozen", "encoder_rate"),
            name="loss_form",
            words={"loss": words.short_losses(), "optimizer": words.optimizers()},
            zero={"rate": tr("Auto"), "frozen": tr("none")},
        )
        self._help = Text("", "dim")
        self._help.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._form)
        column.addWidget(self._help)
        self._form.changed.connect(self.changed)

    def suggest(self, config: TrainConfig | None) -> None:
        """What Auto would take, beside what is left to it."""
        self._form.suggest(config)

    def show_config(self, config: TrainConfig) -> None:
        self._form.set_value(config)
        self._help.setText(f"{tr(LOSSES[config.loss])}\n{tr(OPTIMIZERS[config.optimizer])}")
