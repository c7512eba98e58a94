"""The left column of Classify: which networks are compared, what is the same for all of them, and the button that runs the study."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QWidget

from app.dialogs.answers import answered
from app.services.jobs import Lane
from app.services.recipe import FILE
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.classify.training import LEARNING, TRANSFER, TrainingPanel
from app.tabs.parts.training import times_here
from engine.augment.presets import PRESETS, load_preset, preset_for
from engine.augment.transforms import AugmentConfig
from engine.catalog import all_options
from engine.config import AUTO, Settings, TrainConfig
from engine.errors import EngineError
from engine.progress import Progress, Work
from engine.project.runs import Run, free_name
from widgets import network_names
from widgets.column_parts import ActionBinding, HeaderBar, scrolled, stacked
from widgets.controls import Button, IconButton, PrimaryButton, Separator, Switch, Text, named
from widgets.figures import duration
from widgets.network_tables import FactDialog, NetworkList
from widgets.panels import Panel
from widgets.text import tr
from widgets.word_combo import WordCombo

_TRIAL = 2  # epochs: enough to see that everything works before an hour is spent
_MINUTES = (1, 2, 5, 10, 15, 20, 30, 60, 120)
_LEFT_OPEN = ("rate", "batch", "size", "sides")  # 0 or "auto": Auto chooses
_FIRST = ("mlp", "lenet5", "resnet18")  # what a computer without a graphics card trains in a few minutes


@dataclass(frozen=True)
class SharedSettings:
    """What is the same for all networks of a study."""

    minutes: float = 10.0  # 0: a trial of two epochs
    imagenet: bool = False
    balance: bool = True

    def config(self, arch: str, stored: frozenset[str], learning: TrainConfig | None = None) -> TrainConfig:
        """The settings of one network, which learns as `learning` says; those whose ImageNet weights are not `stored` here start from
        scratch."""
        return replace(
            learning or TrainConfig(),
            arch=arch,
            minutes=self.minutes,
            epochs=0 if self.minutes else _TRIAL,
            weights="imagenet" if self.imagenet and arch in stored else "none",
            balance=self.balance,
        )


def alike(one: TrainConfig, other: TrainConfig) -> bool:
    """Whether a training that is wanted and `other` compare the same thing, whatever Auto filled in where nothing is asked for."""

    def key(config: TrainConfig) -> tuple[object, ...]:
        limit = config.minutes or config.epochs
        augmentation = _augmentation(config.preset), config.per_image
        learning = tuple(getattr(config, name) for name in (*LEARNING, *TRANSFER) if name not in _LEFT_OPEN)
        same = config.arch, limit, bool(config.minutes), config.weights, config.balance, augmentation, config.start_from
        return *same, learning, _all_options(config)

    if one.preset == AUTO:
        one = replace(one, preset=other.preset)
    chosen = all(getattr(one, name) in (0, AUTO, getattr(other, name)) for name in _LEFT_OPEN)
    return chosen and key(one) == key(other)


def _all_options(config: TrainConfig) -> Settings:
    try:
        return all_options(config.arch, config.options)
    except EngineError:  # "auto", or of a newer program
        return config.options


def _augmentation(preset: str) -> AugmentConfig | str:
    """What the preset does: a run keeps a copy of a file under another name."""
    try:
        return load_preset(preset)
    except EngineError:
        return preset


class StudyPanel(QFrame):
    """Ticks and settings, remembered. `picked(arch)` when a person goes to a network of the list, `settings_changed()` when one changes
    how networks learn."""

    picked = Signal(str)
    settings_changed = Signal()
    wanted_changed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._stored: frozenset[str] = frozenset()
        self._why = ""
        self._stale = True
        self.networks = NetworkList()
        kept = settings.ui_state("classify.ticked", ",".join(_FIRST))
        self.networks.set_ticked(tuple(kept.split(",")))
        note = Text(
            tr("Top-5 error on ImageNet, of one network or of several together: the comparison says which"), "dim"
        )
        note.setObjectName("classify.note_on_errors")
        note.setWordWrap(True)
        detail = Button("classify.compare_in_detail", tr("Compare in detail"), role="link")
        detail.clicked.connect(self._show_facts)
        choice = Panel()
        choice.body.setContentsMargins(8, 6, 8, 6)
        choice.add(self.networks)
        notes = QGridLayout()
        notes.setContentsMargins(6, 0, 6, 0)
        notes.addWidget(note, 0, 0)
        notes.addWidget(detail, 1, 0, Qt.AlignmentFlag.AlignLeft)
        choice.body.addLayout(notes)
        self._same, self._training = _SamePanel(), TrainingPanel()
        content = stacked(choice, self._same, self._training)
        frame = stacked(
            HeaderBar(tr("Compare architectures")),
            area := scrolled("classify.study", content),
            foot := self._foot(),
            grows=area,
        )
        self.foot = foot  # what trains each network once
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(frame)
        self.networks.ticks_changed.connect(self._ticked)
        self.networks.picked.connect(self._picked)
        for part in (self._same, self._training):
            part.changed.connect(self.refresh)
        self._training.changed.connect(self.settings_changed)
        self._same.preset_chosen.connect(context.trainings.recipe.use_preset)
        context.trainings.recipe.changed.connect(self._recipe_changed)
        context.session.items_changed.connect(self._items_changed)
        context.session.project_changed.connect(self._items_changed)
        context.trainings.runs.changed.connect(self.refresh)
        context.trainings.waiting.changed.connect(self.refresh)
        context.commands.connect_to("classify", run_study=self.run)
        self._recipe_changed()

    def _foot(self) -> QWidget:
        commands = self._context.commands
        foot = Panel()
        self._summary = Text("", "dim")
        self._summary.setObjectName("classify.summary")
        self._summary.setWordWrap(True)
        self._run = PrimaryButton("classify.run_study", tr("Run the study"), "play")
        self._single = Button("classify.train_one", "")
        self._pause = IconButton("classify.pause", "pause", tr("Pause or go on"), side=28)
        self._stop = IconButton("classify.stop", "stop", tr("Stop, keep the best"), side=28)
        self._pause.show_action(commands["pause"])
        self._stop.show_action(commands["stop"])
        self._withdraw = Button("classify.withdraw", tr("Empty the queue"), role="link")
        self._withdraw.clicked.connect(self._context.trainings.waiting.clear)
        foot.add(self._summary)
        foot.body.addWidget(self._withdraw, 0, Qt.AlignmentFlag.AlignLeft)
        foot.add(self._run)
        row = foot.add_row(self._single, self._pause, self._stop)
        row.setStretch(0, 1)
        row.addStretch(0)
        self._may_run = ActionBinding(self._run, commands["run_study"], self._why_not)
        self._single.clicked.connect(self._train_one)
        return stacked(Separator(), foot)

    # What would be trained ---------------------------------------------------------------------------------------------

    def wanted(self) -> list[str]:
        """The ticked networks that no run has been trained for with these settings, or is being."""
        return [arch for arch in self.networks.ticked() if not self._done(arch)]

    def _done(self, arch: str) -> bool:
        trainings, config = self._context.trainings, self._config(arch)
        kept = [run.config for run in trainings.runs.all() if run.state != "failed" and _counts(run)]
        return any(alike(config, other) for other in (*kept, *(each.config for each in trainings.waiting.all)))

    def _config(self, arch: str) -> TrainConfig:
        return self._augmented(self._same.value().config(arch, self._stored, self._training.config(arch)))

    def _augmented(self, config: TrainConfig) -> TrainConfig:
        recipe = self._context.trainings.recipe
        return replace(config, preset=recipe.preset, per_image=recipe.config.per_image, sides=recipe.config.sides)

    def learning(self, arch: str) -> TrainConfig:
        """How that network would learn: its own settings among them, but not its time nor its start."""
        return self._training.config(arch)

    @property
    def base(self) -> TrainConfig:
        """What all trials of a study share: ImageNet weights only where every ticked network has them here."""
        same = self._same.value()
        all_stored = self._stored.issuperset(self.networks.ticked())
        weights = "imagenet" if same.imagenet and all_stored else "none"
        return self._augmented(replace(self._training.base, weights=weights, balance=same.balance))

    def why_no_training(self) -> str:
        """What keeps any training from starting, "" where nothing does."""
        self._look_at_items()
        return self._why

    def _why_not(self) -> str:
        if self._why:
            return self._why
        if not self.networks.ticked():
            return tr("Tick the networks to compare.")
        return "" if self.wanted() else tr("Every ticked network is trained with these settings, or is being.")

    def _look_at_items(self) -> None:
        """What keeps any training from starting."""
        items = [item for item in self._context.session.items() if item.label is not None]
        learnt = {item.label for item in items if item.split == "train"}
        if not items:
            self._why = tr("No image has a class yet. Label the images, or import them from a folder for each class.")
        elif not any(item.split for item in items):
            self._why = tr("The images are in no sets yet. Divide them in the Data tab.")
        elif len(learnt) < 2:
            self._why = tr("The training set holds images of fewer than two classes.")
        elif not any(item.split == "val" for item in items):
            self._why = tr("There is no validation set to compare on. Divide the images in the Data tab.")
        else:
            self._why = ""

    @Slot()
    def refresh(self) -> None:
        """Say what the study would do now."""
        self.wanted_changed.emit()
        if not self.isVisible():
            self._stale = True
            return
        if self._stale:
            self._stale = False
            self._look_at_items()
        trainings, ticked, wanted = self._context.trainings, self.networks.ticked(), self.wanted()
        minutes = self._same.value().minutes
        values = {"done": len(ticked) - len(wanted), "add": len(wanted)}
        text = tr("{done} done or running · {add} to add", **values)
        if minutes and wanted:
            text += " · " + tr("about {time}", time=duration(minutes * len(wanted)))
        self._summary.setText(self._why or text)
        self._summary.set_role("warn" if self._why else "dim")
        self._withdraw.setVisible(bool(trainings.waiting.all))
        for button in (self._pause, self._stop):
            button.setVisible(trainings.training)
        arch = self.networks.current()
        self._single.setVisible(bool(arch))
        self._single.setText(tr("Train {network} alone", network=network_names.short(arch)) if arch else "")
        self._single.setAccessibleName(self._single.text())
        self._single.setEnabled(not self._why and self._context.commands["run_study"].isEnabled())
        self._single.setToolTip(self._why or tr("Train this network once more, ticked or not."))
        self._may_run.refresh()
        self._same.say_weights(
            [network_names.short(each) for each in ticked if each not in self._stored], bool(self._stored)
        )

    # What a person does ------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Train what is ticked and not trained yet; behind the training under way, where there is one."""
        self._look_at_items()
        why = self._why_not()
        if why:
            self._context.session.notification.emit(why, "warn")
            return
        self._start(self.wanted())

    @Slot()
    def _train_one(self) -> None:
        self._start([self.networks.current()])

    def _start(self, archs: list[str]) -> None:
        trainings = self._context.trainings
        for arch in archs:
            taken = {run.name for run in trainings.runs.all()} | {each.name for each in trainings.waiting.all}
            trainings.start(self._config(arch), free_name(network_names.short(arch), taken))

    @Slot()
    def _ticked(self) -> None:
        settings.set_ui_state("classify.ticked", ",".join(self.networks.ticked()))
        self.refresh()

    @Slot(str)
    def _picked(self, arch: str) -> None:
        self._training.show_network(arch)
        self.refresh()
        self.picked.emit(arch)

    @Slot()
    def _show_facts(self) -> None:
        answered(FactDialog(self, times=times_here(self._context.trainings.runs.all())))

    @Slot()
    def _items_changed(self) -> None:
        self._stale = True
        self.refresh()

    @Slot()
    def _recipe_changed(self) -> None:
        project = self._context.session.project
        own = project is not None and (project.path / FILE).exists()
        recipe = self._context.trainings.recipe
        self._same.show_preset(FILE if recipe.config.preset == FILE else recipe.preset, own)
        self.refresh()

    # Weights -----------------------------------------------------------------------------------------------------------

    def look_for_weights(self) -> None:
        """Have it looked up whose ImageNet weights lie on this machine: that loads torch, so in the background."""
        if not self._stored:
            title = tr("Looking for weights")
            self._context.jobs.start(self, Lane.LEARNING, title, _weights, done=self._found_weights, brief=True)

    def _found_weights(self, found: frozenset[str]) -> None:
        self._stored = found
        self.refresh()


class _SamePanel(Panel):
    """Time, start, augmentation and balance. `changed()` and `preset_chosen(name)` when a person chose."""

    changed = Signal()
    preset_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("The same for all"))
        first = SharedSettings()
        times = [(tr("Trial: {count} epochs", count=_TRIAL), "0"), *((duration(m), str(m)) for m in _MINUTES)]
        self._minutes = _combo("minutes", tr("Time for each"), times, str(round(first.minutes)))
        starts = [(tr("Scratch"), "none"), (tr("ImageNet weights"), "imagenet")]
        self._start = _combo("start", tr("Start from"), starts, "none")
        presets = [(tr(preset.label), preset.name) for preset in PRESETS]
        self._preset = _combo("preset", tr("Augmentation"), presets, preset_for("classification", AUTO))
        for place, preset in enumerate(PRESETS):
            self._preset.setItemData(place, tr(preset.help), Qt.ItemDataRole.ToolTipRole)
        self._balance = Switch(
            "classify.balance", tr("Balance rare classes"), settings.ui_state("classify.balance") != "no"
        )
        self._balance.setToolTip(tr("Rare classes weigh more, so that they are learnt too."))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, combo in enumerate((self._minutes, self._start, self._preset)):
            grid.addWidget(Text(combo.accessibleName(), "dim"), row, 0)
            grid.addWidget(combo, row, 1)
        for combo in (self._minutes, self._start):
            combo.activated.connect(self._chose)
        self._preset.activated.connect(self._chose_preset)
        self.body.addLayout(grid)
        self.add_row(Text(tr("Balance rare classes"), "dim"), self._balance).setStretch(0, 1)
        self._weights = Text("", "dim")
        self._weights.setObjectName("classify.weights_note")
        self._weights.setWordWrap(True)
        self.add(self._weights)
        self._balance.toggled.connect(self._chose)

    def value(self) -> SharedSettings:
        return SharedSettings(
            minutes=float(self._minutes.currentData()),
            imagenet=self._start.currentData() == "imagenet",
            balance=self._balance.isChecked(),
        )

    def show_preset(self, name: str, own: bool) -> None:
        """Show the augmentation of the next run; `own`: the project holds one from the Augment tab."""
        at = self._preset.findData(FILE)
        if own and at < 0:
            self._preset.addItem(tr("As set in Augment"), FILE)
        elif not own and at >= 0:
            self._preset.removeItem(at)
        self._preset.setCurrentIndex(self._preset.findData(name))

    def say_weights(self, without: list[str], any_stored: bool) -> None:
        """Say which networks start from scratch all the same."""
        self._weights.setVisible(self.value().imagenet and bool(without))
        if not any_stored:
            self._weights.setText(
                tr("No ImageNet weights of these networks lie on this machine, so all of them start from scratch.")
            )
        else:
            names = ", ".join(without)
            self._weights.setText(
                tr("From scratch all the same, since there are no weights here: {names}", names=names)
            )

    @Slot()
    def _chose_preset(self) -> None:
        self.preset_chosen.emit(self._preset.currentData())

    @Slot()
    def _chose(self) -> None:
        for combo in (self._minutes, self._start):
            settings.set_ui_state(combo.objectName(), str(combo.currentData()))
        settings.set_ui_state("classify.balance", "yes" if self._balance.isChecked() else "no")
        self.changed.emit()


def _combo(name: str, text: str, choices: list[tuple[str, str]], first: str) -> QComboBox:
    """A list of (shown, value) at the value that is remembered, else at `first`."""
    combo = WordCombo()
    named(combo, f"classify.{name}", text)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for shown, value in choices:
        combo.addItem(shown, value)
    for wanted in (first, settings.ui_state(combo.objectName(), first)):
        if combo.findData(wanted) >= 0:
            combo.setCurrentIndex(combo.findData(wanted))
    return combo


def _counts(run: Run) -> bool:
    """A run that trains, waits to go on, or left a network."""
    return run.state == "training" or run.bundle.exists()


def _weights() -> Work[frozenset[str]]:
    yield Progress(0, 0, "")
    from engine.learning.weights import on_this_machine

    return frozenset(row.name for row in network_names.networks() if on_this_machine(row.name))
