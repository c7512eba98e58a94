"""The run that is picked in the list: its scores, on the test set once that was read with it, and what can be done with it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout

from app.dialogs.remove_run import ask_remove_run
from app.dialogs.run_report import ask_run_report
from app.dialogs.save_file import SaveFileDialog
from app.services.run_queries import Scores
from app.shell.context import AppContext
from app.tabs.parts.beginning import beginning
from app.tabs.parts.test_set import ReadTestSet
from app.tabs.train.inside import USUAL_SIDE, InsideNetworkDialog, NetworkQuestion
from engine.errors import NotReadable
from engine.formats.names import safe_name
from engine.project.runs import Run
from engine.scoring.metrics import SetClassScores, SetScores
from engine.words import translatable
from widgets.column_parts import ActionBinding, scrolled
from widgets.controls import Button, IconButton, Text, named
from widgets.panels import PAD
from widgets.score_table import Score, ScoreBars
from widgets.signs import StatusIcon
from widgets.text import counted, tip, tr

_MOST_SCORES = 232  # px: more classes scroll


class RunCard(QFrame):
    """One run's card; empty without one. Whoever shows a run in it shows it again when runs have changed."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        named(self, "run_card", tr("Run"))
        self.setProperty("role", "panel")
        self._context = context
        self.run: Run | None = None
        self._asked = False  # for its scores on the test set
        self._name, self._used = QLineEdit(), Text(tr("in use"), "accent")
        self._star = StatusIcon("star-filled", "accent", 14)
        named(self._name, "run_name", tr("Name of the run"))
        self._name.setToolTip(tr("Click to rename"))
        self._name.installEventFilter(self)
        self._name.editingFinished.connect(self._renamed)
        self._ground = Text("", "dim")
        self._ground.setObjectName("score_ground")
        self._ground.setWordWrap(True)
        self._began = Text("", "dim")
        self._began.setObjectName("run_began")
        self._began.setWordWrap(True)
        self._bars = ScoreBars("test_scores", tr("Scores by class"))
        self._test = ReadTestSet(context, "read_test_set")
        self._all = Button("predict_all_button", tr("Predict all"), role="large")
        self._resume = Button("resume_run", tr("Resume"), "play", "large")
        self._use = Button("use_run", tr("Use this run"))
        self._export = Button("export_model", tr("Export model"))
        self._remove = IconButton("remove_run", "trash", tr("Remove this run"), side=28)
        self._inside = IconButton("run_inside", "network", tr("Inside the network of this run"), side=28)
        self._report = IconButton("run_report", "file", tr("Report of this run…"), side=28)
        for button, slot in (
            (self._inside, self._look_inside),
            (self._report, self._ask_report),
            (self._all, self._predict_all),
            (self._remove, self._ask_remove),
        ):
            button.clicked.connect(slot)
        commands = context.commands
        self._followers = (
            ActionBinding(self._resume, commands["resume_run"]),
            ActionBinding(self._use, commands["use_run"], self._why_not_use),
            ActionBinding(self._export, commands["export_model"], self._why_not_export),
        )
        commands.connect_to("train", resume_run=self._go_on, use_run=self._use_it, export_model=self._ask_export)
        self._lay_out()
        context.trainings.runs.scored.connect(self._scored)
        context.trainings.runs.scores_outdated.connect(self._ask_anew)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        for widget in (self._name, self._star, self._used, self._inside, self._report, self._remove):
            head.addWidget(widget, 1 if widget is self._name else 0)
        scores = QFrame()
        inner = QVBoxLayout(scores)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._bars)
        inner.addStretch(1)
        self._area = scrolled("test_scores_scroll", scores)
        buttons = QGridLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._resume, 0, 0, 1, 2)
        buttons.addWidget(self._all, 1, 0, 1, 2)
        buttons.addWidget(self._use, 2, 0)
        buttons.addWidget(self._export, 2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, 10, PAD, PAD)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._began)
        column.addWidget(self._ground)
        column.addWidget(self._area, 1)
        column.addWidget(self._test)
        column.addSpacing(4)
        column.addLayout(buttons)

    @Slot()
    def _look_inside(self) -> None:
        if self.run is not None:
            arch = self.run.summary.arch or self.run.config.arch
            question = NetworkQuestion(arch, "", 0, 0, USUAL_SIDE, bundle=self.run.bundle, run=self.run.id)
            InsideNetworkDialog(self._context, question, self.window()).open()

    @Slot()
    def _ask_report(self) -> None:
        if self.run is not None:
            ask_run_report(self._context, self.run, self)

    # What is shown -----------------------------------------------------------------------------------------------------

    def show_run(self, run: Run | None) -> None:
        """Show this run, and have its scores computed where nobody did yet."""
        # by their folders: projects number theirs alike
        another = run is not None and (self.run is None or self.run.folder != run.folder)
        self._asked = self._asked and not another
        self.run = run
        self.setVisible(run is not None)
        trainings = self._context.trainings
        read = run is not None and run.test_reading is not None
        if run is not None and read and not self._asked and trainings.runs.scores(run, "test") is None:
            self._asked = True
            trainings.runs.show_scores(run, "test")
        if run is not None and another:  # a name that is being typed was meant for the run before
            self._show_name(run)
        self.refresh()

    @Slot()
    def _ask_anew(self) -> None:
        """The scores are gone: the runs are about to be shown again."""
        self._asked = False

    def _show_name(self, run: Run) -> None:
        self._name.setText(run.name)
        self._name.setCursorPosition(0)

    @Slot()
    def refresh(self) -> None:
        run, session, trainings = self.run, self._context.session, self._context.trainings
        if run is None or session.project is None:
            return
        runs = {each.id: each for each in trainings.runs.all()}
        if run.id not in runs:
            return
        self.run = run = trainings.so_far(runs[run.id])
        used = session.predictions.run is not None and session.predictions.run.id == run.id
        if not self._name.hasFocus():
            self._show_name(run)
        self._name.setReadOnly(not session.writable)
        self._star.setVisible(used)
        self._used.setVisible(used)
        self._began.setText(beginning(run.config, run.summary.arch, runs.values()).words)
        self._show_scores(run, trainings.runs.scores(run, "test") if run.test_reading is not None else None)
        trains = trainings.run is not None and trainings.run.id == run.id
        self._test.show_run(None if trains else run)
        self._show_buttons(run)

    def _show_scores(self, run: Run, scores: Scores | None) -> None:
        tests = [item for item in self._context.session.items() if item.split == "test"]
        if scores is None:
            rows = self._rows(run.summary.dice, run.summary.mean_dice)
            if run.summary.accuracy is not None:
                rows = self._whole_rows(run.summary.accuracy, run.summary.macro_f1)
            text = tr("Validation, on which the best network was chosen.") if rows else tr("There are no scores yet.")
            self._ground.setText(text if tests else text + " " + tr("There is no test set."))
        elif isinstance(scores, SetScores):
            patients = len({item.group for item in tests if item.patient})
            self._ground.setText(_tested_on(scores.n, patients))
            over = {name: _over(one) for name, one in scores.classes.items()}
            rows = self._rows({name: one.dice for name, one in scores.classes.items()}, scores.mean_dice, over)
        else:
            self._ground.setText(_tested_on(scores.n))
            rows = self._whole_rows(scores.accuracy, scores.macro_f1)
        self._bars.set_scores(rows)
        self._area.setVisible(bool(rows))
        self._area.setFixedHeight(min(self._bars.sizeHint().height(), _MOST_SCORES))

    @staticmethod
    def _whole_rows(accuracy: float | None, f1: float | None) -> list[Score]:
        return [Score(tr("Accuracy"), (accuracy,), "text"), Score("F1", (f1,), "dim")]

    def _rows(
        self, dice: dict[str, float | None], mean: float | None, over: Mapping[str, str] | None = None
    ) -> list[Score]:
        """A bar a class; `over` says of what each is the mean, where that is known."""
        colors = {c.name: c.color for c in self._context.session.classes}
        why = tr("Neither the masks nor the predictions hold this class.")
        said = {name: why if value is None else (over or {}).get(name, "") for name, value in dice.items()}
        rows = [Score(name, (value,), colors.get(name, "dim"), said[name]) for name, value in dice.items()]
        known = sum(value is not None for value in dice.values())
        whole = tr("Mean over {known} of {count} classes", known=known, count=len(dice))
        return [*rows, Score(tr("Mean"), (mean,), "text", whole, strong=True)] if len(rows) > 1 else rows

    def _show_buttons(self, run: Run) -> None:
        trainings, session = self._context.trainings, self._context.session
        trains = trainings.run is not None and trainings.run.id == run.id
        no_model = self._why_not_export()
        read_only = "" if session.writable else tr("The project is open to read only.")
        self._resume.setVisible(_can_go_on(run) and not trains)
        for follower in self._followers:
            follower.refresh()
        self._inside.setVisible(session.task != "classification")  # Classify draws those
        reasons = {
            self._inside: no_model,
            self._report: no_model,
            self._all: no_model or read_only,
            self._remove: read_only or (tr("It is being trained: stop it first.") if trains else ""),
        }
        said: dict[QAbstractButton, str] = {
            self._inside: tr("Inside the network of this run"),
            self._report: tr("Report of this run…"),
            self._remove: tr("Remove this run"),
        }
        for button, why in reasons.items():
            button.setEnabled(not why)
            button.setToolTip(tip(why or said.get(button, "")))

    def _why_not_export(self) -> str:
        return "" if self.run is not None and self.run.bundle.exists() else tr("This run has no network yet.")

    def _why_not_use(self) -> str:
        used = self._context.session.predictions.run
        is_used = self.run is not None and used is not None and used.id == self.run.id
        return self._why_not_export() or (tr("It is in use.") if is_used else "")

    @Slot(int, str)
    def _scored(self, run: int, split: str) -> None:
        if self.run is not None and run == self.run.id:
            self.refresh()

    # What is done ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape takes a new name back."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self._name.setText(self.run.name if self.run is not None else "")
            self._name.clearFocus()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _renamed(self) -> None:
        name = self._name.text().strip()
        if self.run is not None and name != self.run.name:
            self._context.trainings.runs.rename(self.run, name)
            self._name.setText(self.run.name)
        self.refresh()

    @Slot()
    def _predict_all(self) -> None:
        if self.run is not None:
            self._context.trainings.runs.predict(self.run)

    @Slot()
    def _go_on(self) -> None:
        if self.run is not None and _can_go_on(self.run):
            self._context.trainings.resume(self.run)

    @Slot()
    def _use_it(self) -> None:
        if self.run is not None and not self._why_not_use():
            self._context.session.predictions.use_run(self.run)

    @Slot()
    def _ask_remove(self) -> None:
        if self.run is not None:
            ask_remove_run(self._context, self.run, self)

    @Slot()
    def _ask_export(self) -> None:
        if self.run is None or self._context.session.project is None or self._why_not_export():
            return
        SaveFileDialog(
            self._context,
            "export_model_dialog",
            tr("Export model"),
            tr("Model ({pattern})", pattern="*.safetensors"),
            safe_name(f"{self._context.session.project.name} {self.run.name}") + ".safetensors",
            partial(_bundle, self.run.bundle),
            self,
        ).open()


def _can_go_on(run: Run) -> bool:
    return run.state in ("paused", "failed", "stopped")


def _tested_on(items: int, patients: int = 0) -> str:
    if patients:
        one, many = (
            translatable("1 test patient, never used in training"),
            translatable("{count} test patients, never used in training"),
        )
        return counted(patients, one, many)
    return counted(
        items,
        translatable("1 test item, never used in training"),
        translatable("{count} test items, never used in training"),
    )


def _over(scored: SetClassScores) -> str:
    """Of how many items a Dice is the mean, and how many of them were missed."""
    one, many = (
        translatable("Of 1 item that holds the class"),
        translatable("Mean over {count} items that hold the class"),
    )
    text = counted(scored.n, one, many)
    return f"{text}; {tr('missed in {count} of them', count=scored.missed)}" if scored.missed else text


def _bundle(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as fault:
        raise NotReadable(
            translatable("The network of this run cannot be read: {reason}."),
            translatable("Train or resume the run again."),
            reason=fault.strerror or str(fault),
        ) from fault
