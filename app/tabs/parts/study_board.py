"""The board of a study: each trial a row as it trains, what mattered, a parallel plot, the winner, and the test set at its end."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.dialogs.run_report import ask_study_report
from app.shell.context import AppContext
from app.shell.i18n import translate_notice
from app.tabs.parts import training as words
from engine.catalog import setting_label
from engine.progress import Notice
from engine.project.studies import Study
from engine.study import (
    ARCH,
    BY_OBJECTS,
    Measure,
    Trial,
    count,
    levels,
    measure_of,
    parallel_plot,
    ranking,
)
from widgets import icons, network_names, theme
from widgets.column_parts import HeaderBar, WrappingPair
from widgets.controls import Button, PrimaryButton, Separator, Text
from widgets.csv_text import Row
from widgets.elided import ElidedText
from widgets.figures import decimal, figure, time_taken, weight_count
from widgets.panels import Panel
from widgets.parallel_plot import ParallelAxes
from widgets.row_list import RowDelegate, RowTable, TableModel
from widgets.rows import paint_text
from widgets.score_table import Score, ScoreBars
from widgets.small_plots import paint_sparkline
from widgets.text import tip, tr
from widgets.theme import Role

_MATTERED = 260  # px
_WORDS = 280  # px that the winner's sentences have at least
_REDRAW = 100  # ms: batches come faster than anybody reads
_WIDTHS = (34, 0, 0, 114, 92, 60, 70, 76, 120)
_NUMBER = re.compile(r"\d*\.\d+")  # that a person or the engine wrote
_SIGN, _NETWORK, _SETTINGS, _CURVE, _SCORE, _AUC, _TIME, _WEIGHTS, _STATE = range(9)
_GOING = (_AUC, _WEIGHTS, _CURVE, _TIME, _STATE)  # columns in the order in which they give way
_NAMES = 236  # px that the network and its settings keep


@dataclass(frozen=True)
class TrialRow:
    """One trial; `share` is how far its training is, `best` the winner so far."""

    trial: Trial
    curve: tuple[float, ...]
    share: float
    best: bool
    trains: bool
    levels: int


class _Model(TableModel[TrialRow]):
    def __init__(self) -> None:
        super().__init__(lambda _, row: row.trial.number, len(_WIDTHS))
        self.score, self.settings = "", tr("Settings")

    def describe(self, row: TrialRow, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.trial.reason or (
                f"{network_name(row.trial.arch)}\n{setting_texts(row.trial)}"
                if column in (_NETWORK, _SETTINGS)
                else _state(row)
                if column == _STATE
                else None
            )
        return None

    def table(self) -> Sequence[Row]:
        varied = list(dict.fromkeys(key for row in self.rows for key in row.trial.settings if key != ARCH))
        heads = (
            tr("Trial"),
            tr("Network"),
            *map(setting_name, varied),
            self.score,
            tr("AUC"),
            tr("Seconds"),
            tr("Weights"),
            tr("State"),
            tr("Reason"),
        )
        return [heads, *(_cells(row, varied) for row in self.rows)]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heads = [
            "",
            tr("Network"),
            self.settings,
            tr("Learning curve"),
            self.score,
            tr("AUC"),
            tr("Time"),
            tr("Weights"),
            "",
        ]
        if role == Qt.ItemDataRole.DisplayRole:
            return heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section > _CURVE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole and section == _SETTINGS:
            return self.settings
        return None


def _text(row: TrialRow, column: int) -> str:
    trial = row.trial
    match column:
        case 1:
            return network_name(trial.arch)
        case 2:
            return " · ".join(value_text(key, value) for key, value in trial.settings.items() if key != ARCH)
        case 4:
            return figure(trial.validated, 3)
        case 5:
            return figure(trial.auc, 3)
        case 6:
            return time_taken(trial.seconds) if trial.seconds else ""
        case 7:
            return weight_count(trial.parameters) if trial.parameters else ""
        case 8:
            return _state(row)
        case _:
            return ""


def _cells(row: TrialRow, varied: Sequence[str]) -> Row:
    trial = row.trial
    settings = (trial.settings.get(key) for key in varied)
    figures = (trial.validated, trial.auc, trial.seconds or None, trial.parameters)
    return (trial.number, network_name(trial.arch), *settings, *figures, _state(row), trial.reason or None)


def _state(row: TrialRow) -> str:
    trial = row.trial
    if row.trains:
        return tr("training")
    if trial.state == "paused":
        return tr("waits at rung {rung} of {rungs}", rung=len(trial.rungs), rungs=row.levels)
    if trial.state == "stopped":
        return tr("ended at rung {rung}", rung=len(trial.rungs))
    return {
        "waiting": tr("waiting"),
        "training": tr("stopped, can be resumed"),
        "finished": tr("finished"),
        "failed": tr("failed"),
    }[trial.state]


class _Delegate(RowDelegate[TrialRow]):
    def paint_row(self, painter: QPainter, area: QRectF, row: TrialRow, column: int, picked: bool) -> None:
        if column == _SIGN:
            if row.best:
                picture = icons.pixmap("star-filled", "accent", 14, painter.device().devicePixelRatio())
                painter.drawPixmap(round(area.center().x() - 6), round(area.center().y() - 7), picture)
        elif column == _CURVE:
            role: Role = "accent" if row.trains or row.best else "dim"
            paint_sparkline(painter, area.adjusted(4, 5, -14, -5), row.curve[-400:], role, row.share)
        else:
            failed = row.trial.state == "failed" and column == _STATE
            ended = row.trial.state in ("stopped", "waiting", "failed")
            tone: Role = "bad" if failed else "dim" if ended or column in (_SETTINGS, _STATE) else "text"
            font = theme.font(theme.SMALL_SIZE) if column == _STATE else theme.font(bold=row.best)
            right = column > _CURVE
            inner = area.adjusted(4, 0, -12 if column == _STATE else -8, 0) if right else area.adjusted(6, 0, -4, 0)
            paint_text(painter, inner, _text(row, column), tone, font, right=right)


class TrialTable(RowTable[TrialRow]):
    """Trials as rows, in the order in which they are tried. `picked(trial)` when a person goes to another."""

    picked = Signal(object)
    _column = _NETWORK

    def __init__(self) -> None:
        self._model = _Model()
        super().__init__("study.trials", tr("Trials"), self._model, _Delegate())
        self.set_columns(_WIDTHS, _GOING, _NAMES)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)  # settings have names of any length

    def name_settings(self, names: Iterable[str]) -> None:
        """Call the column of settings by what is varied, in the order in which a row gives the values."""
        self._model.settings = " · ".join(names) or tr("Settings")
        self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, _SETTINGS, _SETTINGS)

    def name_score(self, name: str) -> None:
        """Call the column of scores by the study's measure."""
        self._model.score = name
        self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, _SCORE, _SCORE)

    def set_rows(self, rows: Iterable[TrialRow]) -> None:
        """Show these. Sends nothing."""
        super().set_rows(rows)
        self.setFixedHeight(32 + theme.ROW * min(max(len(self._rows.rows), 1), 9))

    def _announce(self, row: TrialRow, place: int) -> None:
        self.picked.emit(row.trial)


class StudyBoard(QFrame):
    """Follows `context.trainings.studies`; scores are called by the study's measure."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._context, self._studies = context, context.trainings.studies
        self._score = ""
        self._measure = Text("", "dim")
        self._measure.setObjectName("study.measure")
        self._measure.setWordWrap(True)
        self._measure.setContentsMargins(14, 6, 14, 6)
        self._how_far = ElidedText("", "dim")
        self._how_far.setObjectName("study.how_far")
        self._how_far.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._stop = Button("study.stop", tr("Stop the study"), "stop")
        self._go_on = Button("study.go_on", tr("Go on with the study"), "play")
        self._head = HeaderBar(tr("Study"), self._how_far, self._go_on, self._stop)
        self._head.row.setStretchFactor(self._how_far, 100)
        self.table = TrialTable()
        self._said = Text("", "warn")
        self._said.setObjectName("study.said")
        self._said.setWordWrap(True)
        self._said.setContentsMargins(14, 4, 14, 6)
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._head, self._measure, self.table, self._said, Separator()):
            column.addWidget(part)
        column.addWidget(self._make_lower(), 1)
        column.addWidget(Separator())
        column.addWidget(self._make_foot())
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(_REDRAW)
        self._redraw.timeout.connect(self.refresh)
        self._stop.clicked.connect(self._studies.stop)
        self._go_on.clicked.connect(self._studies.go_on)
        self._studies.changed.connect(self._wait)
        self._studies.moved.connect(self._wait)
        self._studies.noticed.connect(self._tell)
        context.trainings.runs.changed.connect(self._wait)

    def _make_lower(self) -> QWidget:
        mattered = Panel(tr("What mattered"))
        self.importance = ScoreBars("study.importance", tr("What mattered"))
        self._mattered = Text("", "dim")
        self._mattered.setObjectName("study.mattered")
        self._mattered.setWordWrap(True)
        mattered.add(self.importance, self._mattered)
        mattered.body.addStretch(1)
        mattered.setMinimumWidth(_MATTERED)
        drawn = Panel(tr("Settings and score"))
        self.parallel = ParallelAxes("study.parallel", tr("Settings and score"))
        drawn.body.addWidget(self.parallel, 1)
        return WrappingPair(mattered, drawn, (1, 100), 0)

    def _make_foot(self) -> QWidget:
        foot = Panel()
        self._winner, self._test = Text(), Text("", "dim")
        self._winner.setObjectName("study.winner")
        self._test.setObjectName("study.test")
        for text in (self._winner, self._test):
            text.setWordWrap(True)
        self._read = PrimaryButton("study.read_test_set", tr("Read the test set"), "target")
        self._read.clicked.connect(self._studies.read_test_set)
        self._report = Button("study.report", tr("Report…"), "file")
        self._report.setToolTip(
            tip(tr("Every trial, what mattered and all of the winner, as a page that opens offline"))
        )
        self._report.clicked.connect(self._ask_report)
        words_of, buttons = QWidget(), QWidget()
        said = QVBoxLayout(words_of)
        said.setContentsMargins(0, 0, 0, 0)
        said.setSpacing(4)
        said.addWidget(self._winner)
        said.addWidget(self._test)
        words_of.setMinimumWidth(_WORDS)
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        for button in (self._read, self._report):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        foot.add(WrappingPair(words_of, buttons, (1, 0)))
        return foot

    @Slot()
    def _ask_report(self) -> None:
        if self._studies.study is not None:
            ask_study_report(self._context, self._studies.study, self)

    # What is shown -----------------------------------------------------------------------------------------------------

    @Slot()
    def _wait(self) -> None:
        if self.isVisible() and not self._redraw.isActive():
            self._redraw.start()

    @Slot(object)
    def _tell(self, notice: Notice) -> None:
        """What failed or was cut short stays to be read; what a training says of itself, which knows of no rungs, does not."""
        if {"number", "study"} & notice.values.keys():
            self._said.setText(translate_notice(notice))
            self._said.show()

    @Slot()
    def refresh(self) -> None:
        """Show the study as it is now."""
        study, trials = self._studies.study, self._studies.trials
        if study is None:
            return
        best = next(iter(ranking(trials)), None)
        judged_by = study.config.judged_by(self._context.session.task or "")
        self._score = measure_name(judged_by)
        self.table.name_score(self._score)
        self._measure.setText(measure_in_words(judged_by))
        self._measure.setVisible(judged_by == "object_f1")
        self.table.name_settings(setting_name(key) for key in study.config.vary)
        self.table.set_rows(self._row(study, trial, best) for trial in trials)
        self._say_how_far(study, trials)
        self._show_importance()
        self._show_parallel(study, trials)
        self._say_winner(study, best)

    def forget(self) -> None:
        """Another study: what was said of the one before is gone."""
        self._said.hide()

    def _row(self, study: Study, trial: Trial, best: Trial | None) -> TrialRow:
        trains = self._studies.trial is not None and self._studies.trial.number == trial.number
        return TrialRow(
            trial=trial,
            curve=self._studies.curves.get(trial.number, ()),
            share=max(self._studies.share, 0.02) if trains else max(trial.share, 0.02),
            best=best is not None and best.number == trial.number,
            trains=trains,
            levels=len(levels(study.config)),
        )

    def _say_how_far(self, study: Study, trials: list[Trial]) -> None:
        studies, writable = self._studies, self._context.session.writable
        spent, total = studies.minutes
        over = sum(trial.state in ("finished", "stopped", "failed") for trial in trials)
        parts = [study.name, tr("{done} of {count} trials are over", done=over, count=count(study.config))]
        if total:
            parts.append(
                tr("{spent} of {total} min", spent=figure(spent, 1), total=figure(total, 0 if total >= 1 else 2))
            )
        self._how_far.say(" · ".join(parts))
        self._stop.setVisible(studies.running)
        self._go_on.setVisible(studies.can_go_on and writable)

    def _show_importance(self) -> None:
        found = self._studies.importance
        self.importance.set_scores([Score(setting_name(key), (share,), "accent") for key, share in found.items()])
        self.importance.setVisible(bool(found))
        self._mattered.setText(
            tr("Share of each setting in whether a trial is among the best third at the first rung (PED-ANOVA).")
            if found
            else tr("Known when four trials have reached the first rung and differ.")
        )

    def _show_parallel(self, study: Study, trials: list[Trial]) -> None:
        plot = parallel_plot(study.config, trials)
        shown = [
            [network_name(value) if axis.name == ARCH else value_text(axis.name, value) for value in axis.values]
            for axis in plot.axes
        ]
        self.parallel.set_plot(plot, [setting_name(axis.name) for axis in plot.axes], shown, self._score)

    def _say_winner(self, study: Study, best: Trial | None) -> None:
        studies = self._studies
        if best is None:
            self._winner.setText(tr("No trial was validated yet."))
        else:
            values = {
                "network": network_name(best.arch),
                "settings": setting_texts(best),
                "score": self._score,
                "value": figure(best.validated, 3),
            }
            over = study.state == "finished" and not studies.running
            self._winner.setText(
                tr("Winner by the validation: {network}, {settings}. {score} {value}.", **values)
                if over
                else tr("Best so far: {network}, {settings}. {score} {value}.", **values)
            )
        self._test.setText(self._test_words(study))
        tests = any(item.split == "test" for item in self._context.session.items())
        may = best is not None and not studies.running and not study.test and tests
        self._report.setVisible(best is not None and study.state == "finished" and not studies.running)
        self._report.setEnabled(not studies.reading)
        self._read.setVisible(may)
        self._read.setEnabled(not studies.reading and self._context.session.writable)
        self._read.setText(tr("Reading the test set …") if studies.reading else tr("Read the test set"))

    def _test_words(self, study: Study) -> str:
        """What the test set said, or why it was not asked yet."""
        if not study.test:
            return tr("The test set is not read: trials are chosen by the validation, and it judges the winner once.")
        lines = [_test_line(study.test[place], self._score) for place in ("winner", "second") if study.test[place]]
        if study.test["paired"]:
            lines.append(_paired_line(study.test["paired"]))
        return "\n".join(lines)


def _test_line(read: dict[str, Any], score: str) -> str:
    key = measure_of(read)
    values = {"run": read["run"], "score": score, "value": figure(read[key], 3), "n": read["n"]}
    interval = read["intervals"].get(key)
    if interval is None:
        return tr("Test set, {run}: {score} {value} (n = {n}).", **values)
    low, high = (figure(each, 3) for each in interval)
    text = tr(
        "Test set, {run}: {score} {value}, 95 % interval {low} to {high} (n = {n}).", low=low, high=high, **values
    )
    if read.get("auc") is not None:
        text += " " + tr("AUC {value}.", value=figure(read["auc"], 3))
    return text


def _paired_line(paired: dict[str, Any]) -> str:
    """Whether the best two truly differ on the same cases."""
    mean, interval = paired.get("mean"), paired.get("interval")
    parts = []
    if mean is not None and interval is not None:
        low, high = (figure(each, 3, signed=True) for each in interval)
        parts.append(
            tr(
                "Winner minus second, case by case: {difference}, 95 % interval {low} to {high}.",
                difference=figure(mean, 3, signed=True),
                low=low,
                high=high,
            )
        )
    test = paired.get("mcnemar")
    if test:
        parts.append(
            tr(
                "Images that only the winner calls rightly: {one}, only the second: {other} (McNemar, p = {p}).",
                one=test["first_alone"],
                other=test["second_alone"],
                p=figure(test["p"], 3),
            )
        )
    return " ".join(parts)


def measure_name(judged_by: Measure) -> str:
    """As a heading: "Mean Dice"."""
    return {"accuracy": tr("Accuracy"), "mean_dice": tr("Mean Dice"), "object_f1": tr("Objects' F1")}[judged_by]


def measure_in_words(judged_by: Measure) -> str:
    """How trials of any network come to be judged alike, where that is not plain; "" where it is."""
    return f"{tr(BY_OBJECTS)} {tr('Learning curves are of the mean Dice.')}" if judged_by == "object_f1" else ""


# Settings in words --------------------------------------------------------------------------------------------------------


def network_name(arch: str) -> str:
    """A network by its short name, whichever task it is for."""
    classifies = any(row.name == arch for row in network_names.networks())
    return network_names.short(arch) if classifies else words.network(arch)


def setting_name(key: str) -> str:
    """A setting by the label of its form."""
    if key == ARCH:
        return tr("Network")
    return tr(setting_label(key))


def value_text(key: str, value: str) -> str:
    """A value as the forms show it."""
    starts = {"none": tr("Scratch"), "imagenet": "ImageNet"}
    shown = {"optimizer": words.optimizers(), "loss": words.short_losses(), "weights": starts}.get(key, {})
    text = shown.get(value, "Auto" if value == "0" and key in ("rate", "batch", "size") else value)
    return decimal(text) if _NUMBER.fullmatch(text) else text


def setting_texts(trial: Trial) -> str:
    """What a trial sets beside its network."""
    rest = [f"{setting_name(key)} {value_text(key, value)}" for key, value in trial.settings.items() if key != ARCH]
    return ", ".join(rest)
