"""The left column of Train: the recipe of the next run in words and in forms, and the buttons that start, hold and stop one."""

from dataclasses import fields

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.services.plan_ahead import PlanAhead
from app.shell import settings
from app.shell.context import AppContext
from app.shell.i18n import translate_notice
from app.tabs.parts import training as words
from app.tabs.parts.beginning import beginning
from app.tabs.train.parts import LossPart, NetworkPart, StartPart, TimePart
from app.tabs.train.sets import SetsPart
from app.tabs.train.study import StudyDialog
from engine.config import AUTO, TrainConfig
from engine.titles import encoder_title
from engine.words import PART, translatable
from widgets import icons
from widgets.column_parts import SCROLL_BAR, ActionBinding, HeaderBar, scrolled, stacked
from widgets.controls import Button, PrimaryButton, Separator, Text
from widgets.figures import figure
from widgets.form import Form
from widgets.panels import PAD, CardFrame, CollapsibleRow, Panel
from widgets.signs import InlineMessages, StatusIcon
from widgets.text import counted, tr

_ROW_INSET = 20  # px: what a row opens stands to the right of its mark
_LINES = 3  # of text above the buttons
_ADVANCED = (
    "size",
    "first_size",
    "patch",
    "neighbours",
    "batch",
    "weight_decay",
    "precision",
    "threads",
    "channels_last",
    "with_rejected",
    "seed",
)


class RecipePanel(QFrame):
    """Reads and changes `trainings.recipe`. Locked while a run trains, until a person plans the next one. Where nobody sees it, it changes
    when it is next shown."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._context, self._recipe = context, context.trainings.recipe
        self._planning = False
        self._study: StudyDialog | None = None
        self._lock = StatusIcon("lock", "dim", 14)
        self._locked = Text("", "dim")
        self._locked.setObjectName("recipe_locked")
        self._start, self._sets, self._time = StartPart(), SetsPart(context), TimePart(context)
        self._network, self._loss = NetworkPart(context), LossPart()
        self._auto = self._make_auto()
        self._rows = self._make_rows()
        self._body = self._make_body()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(HeaderBar(tr("Recipe"), self._lock, self._locked))
        area = scrolled("recipe_scroll", self._body)
        area.setMinimumHeight(area.minimumSizeHint().height())
        # It takes what is left and wants no more: else a low window scrolls the whole column.
        area.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        column.addWidget(area, 1)
        column.addWidget(Separator())
        column.addWidget(self._make_foot())
        for part in (self._start, self._time, self._network, self._loss):
            part.changed.connect(self._recipe.change)
        self._ahead = PlanAhead(context.session, context.jobs, context.trainings, self)
        self._ahead.changed.connect(self.refresh)
        self._recipe.changed.connect(self.refresh)
        trainings = context.trainings
        trainings.training_changed.connect(self._training_changed)
        for signal in (trainings.paused_changed, trainings.waiting.changed, trainings.runs.changed, trainings.epoch):
            signal.connect(self._buttons_changed)
        trainings.noticed.connect(self.refresh)
        context.session.predictions.run_changed.connect(self.refresh)
        context.session.items_changed.connect(self._items_changed)
        context.session.project_changed.connect(self._items_changed)

    # Parts -------------------------------------------------------------------------------------------------------------

    def _make_auto(self) -> QWidget:
        card = CardFrame()
        chip, self._auto_ground = Text("Auto", "accent"), Text("", "dim")
        row = card.add_row(chip, self._auto_ground)
        row.setStretch(1, 1)
        self._auto_text = Text()
        self._auto_text.setObjectName("auto_text")
        self._auto_text.setWordWrap(True)
        self._auto_why = Text("", "dim")
        self._auto_why.setObjectName("auto_why")
        self._auto_why.setWordWrap(True)
        card.add(self._auto_text)
        card.add(self._auto_why)
        self._notices = InlineMessages("training_notices")
        inset = QWidget()
        column = QVBoxLayout(inset)
        column.setContentsMargins(14, 14, 14, 0)
        column.setSpacing(10)
        column.addWidget(card)
        column.addWidget(self._notices)
        return inset

    def _make_rows(self) -> dict[str, CollapsibleRow]:
        config = TrainConfig()
        self._amount = Form(config, only=words.AMOUNTS, name="amount_form", words=words.amounts())
        self._stopping = Form(config, only=("patience",), name="stopping_form", zero={"patience": tr("never")})
        zero = dict.fromkeys(("size", "first_size", "patch", "batch", "threads"), tr("Auto"))
        yes_no = {AUTO: tr("Auto"), "yes": tr("yes"), "no": tr("no")}
        shown = {"channels_last": yes_no, "neighbours": yes_no, "precision": {AUTO: tr("Auto")}}
        self._advanced = Form(config, only=_ADVANCED, name="advanced_form", zero=zero, words=shown)
        for form in (self._amount, self._stopping, self._advanced):
            form.changed.connect(self._recipe.change)
        augmentation = QWidget()
        column = QVBoxLayout(augmentation)
        column.setContentsMargins(0, 0, 0, 0)
        link = Button("to_augment", tr("Look at it in Augment"), role="link")
        ActionBinding(link, self._context.commands["tab_augment"])
        column.addWidget(self._amount)
        line = QHBoxLayout()
        line.addWidget(link)
        line.addStretch(1)
        column.addLayout(line)
        parts = {
            "network": (tr("Network"), self._network),
            "loss": (tr("Loss and optimiser"), self._loss),
            "augmentation": (tr("Augmentation"), augmentation),
            "stopping": (tr("Stopping"), self._stopping),
            "advanced": (tr("Advanced"), self._advanced),
        }
        rows = {}
        for name, (title, content) in parts.items():
            is_open = settings.ui_state(f"train.{name}") == "open"
            rows[name] = CollapsibleRow(f"recipe.{name}", title, content, is_open=is_open)
            rows[name].toggled.connect(self._remember_open)
        return rows

    def _make_body(self) -> QWidget:
        details = Panel()
        details.body.setSpacing(0)
        details.add(*self._rows.values())
        return stacked(self._auto, self._start, self._sets, self._time, Separator(), details)

    def _make_foot(self) -> QWidget:
        """Every button has its place, whether something trains or not: none comes under a pointer that aims at another."""
        foot = Panel()
        commands = self._context.commands
        self._best = Text("", "dim")
        self._best.setObjectName("best_so_far")
        self._best.setWordWrap(True)
        self._best.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self._best.setFixedHeight(_LINES * self._best.fontMetrics().lineSpacing() + 2)
        self._train = PrimaryButton("train_button", tr("Train"), "play")
        self._may_train = ActionBinding(self._train, commands["train"], self._why_not)
        self._pause = PrimaryButton("pause_button", tr("Pause"), "pause")
        ActionBinding(self._pause, commands["pause"])
        self._stop = Button("stop_button", tr("Stop, keep the best"), role="large")
        ActionBinding(self._stop, commands["stop"])
        self._plan = Button("plan_next", tr("Plan the next run"), role="large")
        self._plan.clicked.connect(self.plan_next)
        self._queue = Button("queue_button", tr("Train it afterwards"), "plus", "large")
        self._may_queue = ActionBinding(self._queue, commands["train_next"], self._why_not)
        self._next = QStackedWidget()  # what makes a run: one button at one place
        for button in (self._train, self._plan, self._queue):
            self._next.addWidget(button)
        self._next.setFixedHeight(self._train.sizeHint().height())
        foot.add(self._best, self._next)
        row = foot.add_row(self._pause, self._stop)
        row.setStretch(0, 1)
        row.setStretch(1, 1)
        for button in (self._pause, self._stop):
            button.installEventFilter(self)
        self._tune = Button("tune_button", tr("Tune settings…"), role="link")
        self._tune.setToolTip(tr("Compares networks and values of their settings under one budget of minutes."))
        self._tune.clicked.connect(self._open_study)
        foot.body.addWidget(self._tune, 0, Qt.AlignmentFlag.AlignLeft)
        return foot

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A button that dims under the keys hands them to the one that makes the next run: Qt would take whatever follows."""
        next = self._next.currentWidget()
        dims = event.type() == QEvent.Type.FocusOut and isinstance(watched, QWidget) and not watched.isEnabled()
        if dims and next is not None:
            next.setFocus()
        return super().eventFilter(watched, event)

    @Slot()
    def _open_study(self) -> None:
        if self._study is None:
            self._study = StudyDialog(self._context, self._why_not, self.window())
        self._study.show()
        self._study.activateWindow()

    def needed_width(self) -> int:
        """Pixels in which no part is cut, whichever rows are open."""
        parts = (self._network, self._loss, self._amount, self._stopping, self._advanced)
        rows = max(part.minimumSizeHint().width() for part in parts) + _ROW_INSET + 2 * PAD
        return max(rows, self._body.minimumSizeHint().width()) + SCROLL_BAR

    # What is shown -----------------------------------------------------------------------------------------------------

    def shown(self) -> None:
        """Somebody sees it now, or another project in it."""
        self._time.ask_devices()
        self._sets.refresh()
        self._ahead.want(True)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown()

    def hideEvent(self, event: QHideEvent) -> None:
        self._ahead.want(False)
        super().hideEvent(event)

    @Slot()
    def refresh(self) -> None:
        """Show the recipe as it stands."""
        if not self.isVisible():
            return
        config, session = self._recipe.config, self._context.session
        run = session.predictions.run.name if session.predictions.run is not None else ""
        start = run if config.start_from else ""
        self._start.show_config(config, run)
        self._time.show_config(config)
        self._network.show_config(config, session.predictions.run if start else None)
        self._loss.show_config(config)
        for form in (self._amount, self._stopping, self._advanced):
            form.set_value(config)
        self._tell_auto(config, start)
        self._tell_notices()
        self._tell_summaries(config, start)
        self._show_buttons()

    def _tell_auto(self, config: TrainConfig, start: str) -> None:
        trainings = self._context.trainings
        chosen = words.auto_values(trainings.notices)
        if trainings.training and not self._planning and chosen:
            self._auto_ground.setText(tr("chosen for this data"))
            choice, why = words.chosen(chosen), ""
        else:
            self._auto_ground.setText(tr("measuring…") if self._ahead.asking else tr("for the next run"))
            choice, why = words.ahead(self._ahead.said)
        self._auto_text.setText(choice or words.planned(config, start))
        self._auto_why.setText(why)
        self._auto_why.setVisible(bool(why))
        for part in (self._amount, self._advanced, self._network, self._loss):
            part.suggest(self._ahead.config)

    def _tell_notices(self) -> None:
        """What the training under way has to say, above all of what it does not learn; before it, what is known already."""
        trainings, under_way = self._context.trainings, self._context.trainings.training and not self._planning
        said = (
            [each for each in trainings.notices if not words.auto_values([each])]
            if under_way
            else [*self._ahead.not_learnt, *self._recipe.notices]
        )
        self._notices.say([(translate_notice(notice), "dim") for notice in said])

    def _tell_summaries(self, config: TrainConfig, start: str) -> None:
        network = words.network(config.arch)
        if config.encoder != AUTO:
            network += f" · {encoder_title(config.encoder)}"
        self._rows["network"].set_summary(tr("as {run}", run=start) if start else network)
        loss = words.short_losses().get(config.loss, config.loss)
        optimizer = words.optimizers().get(config.optimizer, config.optimizer)
        self._rows["loss"].set_summary(PART.join((*beginning(config).held, loss, optimizer)))  # what is unusual first
        self._rows["augmentation"].set_summary(
            f"{words.preset(self._context.trainings.recipe.preset)} · 1 : {config.per_image}"
        )
        late = (
            counted(config.patience, translatable("1 epoch without gain"), translatable("{count} epochs without gain"))
            if config.patience
            else tr("at the limit")
        )
        self._rows["stopping"].set_summary(late)
        plain = TrainConfig()
        changed = sum(
            getattr(config, item.name) != getattr(plain, item.name) for item in fields(config) if item.name in _ADVANCED
        )
        self._rows["advanced"].set_summary(tr("{count} changed", count=changed) if changed else "Auto")

    def _show_buttons(self) -> None:
        trainings = self._context.trainings
        training, run = trainings.training, trainings.run
        locked = training and not self._planning
        self._lock.setVisible(locked)
        name = run.name if run is not None else ""
        self._locked.setText(
            tr("{run}, locked while it trains", run=name) if locked else tr("of the next run") if training else ""
        )
        for part in (self._start, self._time, self._network, self._loss, self._amount, self._stopping, self._advanced):
            part.setEnabled(not locked)
        self._next.setCurrentWidget(self._plan if locked else self._queue if training else self._train)
        self._pause.setText(tr("Go on") if trainings.paused else tr("Pause"))
        icons.set_icon(self._pause, "play" if trainings.paused else "pause", "on_accent" if training else "faint")
        self._may_train.refresh()
        self._may_queue.refresh()
        self._tell_best()

    def _tell_best(self) -> None:
        best = next((e for e in reversed(self._context.trainings.epochs) if e.best), None)
        if not self._context.trainings.training:
            self._best.setText("")
        elif best is None:
            self._best.setText(tr("No epoch has ended yet; stopping now keeps the network as it is."))
        elif best.score is None:
            self._best.setText(tr("Epoch {epoch} is saved.", epoch=best.epoch))
        else:
            values = {"epoch": best.epoch, "dice": figure(best.score, 2)}
            self._best.setText(
                tr("Best so far: epoch {epoch}, mean Dice {dice}, saved", **values)
                if best.ap50 is None
                else tr("Best so far: epoch {epoch}, AP50 {dice}, saved", **values)
            )
        if count := len(self._context.trainings.waiting.all):
            waiting = tr("Waiting runs: {count}", count=count)
            self._best.setText("\n".join(filter(None, (self._best.text(), waiting))))

    def _why_not(self) -> str:
        return self._sets.why

    @Slot()
    def _buttons_changed(self) -> None:
        if self.isVisible():
            self._show_buttons()

    @Slot()
    def _training_changed(self) -> None:
        if not self._context.trainings.training:
            self._planning = False
        self.refresh()

    @Slot()
    def _items_changed(self) -> None:
        if self.isVisible():
            self._sets.refresh()
            self._show_buttons()

    @Slot()
    def plan_next(self) -> None:
        """Open the recipe for the run after the one that trains."""
        self._planning = self._context.trainings.training
        self.refresh()

    @Slot(bool)
    def _remember_open(self, is_open: bool) -> None:
        row = self.sender()
        name = next((key for key, each in self._rows.items() if each is row), "")
        settings.set_ui_state(f"train.{name}", "open" if is_open else "")
