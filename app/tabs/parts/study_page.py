"""Where settings are tuned, in both tasks: what a study tries and for how long, and the board that follows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import get_type_hints

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.dialogs.run_report import ask_report_file, write_study_report
from app.shell import settings
from app.shell.context import AppContext
from app.shell.errors import user_message
from app.tabs.parts.study_board import StudyBoard, measure_in_words, network_name, setting_name
from engine.catalog import network_options
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.project.studies import Study
from engine.study import GRID, TPE, StudyConfig, checked, count, lectures_study, measure
from widgets.column_parts import WrappingPair
from widgets.controls import Button, PrimaryButton, Separator, Text, named
from widgets.figures import decimal, duration
from widgets.form import Form
from widgets.panels import CollapsibleRow, Panel
from widgets.text import tip, tr
from widgets.word_combo import WordCombo

_VALUES = 88  # px that the values of a setting have at least
_ROWS = 3  # settings that are varied at once: more than a student looks through
_COMMON = (
    "rate",
    "optimizer",
    "batch",
    "weight_decay",
    "loss",
    "size",
    "preset",
    "per_image",
    "weights",
    "frozen",
    "encoder_rate",
)
_OF_MASKS = ("encoder", "patch", "first_size", "neighbours")
_USUAL = {
    "rate": "0.0003; 0.001; 0.003",
    "optimizer": "adamw; sgd",
    "batch": "16; 64",
    "weight_decay": "0; 0.01; 0.1",
    "loss": "ce; focal",
    "label_smoothing": "0; 0.1",
    "size": "28; 64",
    "preset": "none; classification",
    "per_image": "1; 3",
    "weights": "none; imagenet",
    "frozen": "0; 2",
    "encoder_rate": "0.1; 1",
    "hidden": "128; 512,256",
    "activation": "relu; tanh",
    "dropout": "0.2; 0.5",
    "batch_norm": "yes; no",
    "units": "512; 4096",
    "encoder": "resnet18; timm-tf_efficientnet_lite0",
    "patch": "128; 256",
    "first_size": "0; 128",
    "neighbours": "yes; no",
    "width": "16; 32",
    "depth": "50; 101",
    "padding": "same; valid",
}
"""Values that are proposed where a setting is chosen."""
_USUAL_OF_MASKS = {"size": "192; 320", "loss": "ce+dice; focal", "preset": "none; standard", "batch": "4; 8"}


def _numbers(networks: Sequence[str]) -> frozenset[str]:
    """The settings that are numbers with decimals, of every training and of these networks."""
    configs = (TrainConfig, *(type(network_options(arch)) for arch in networks))
    return frozenset(name for config in configs for name, kind in get_type_hints(config).items() if kind is float)


@dataclass(frozen=True)
class _Row:
    """A setting that is varied, and its values."""

    key: QComboBox
    values: QLineEdit


@dataclass(frozen=True)
class StudySource:
    """What the tab around the page decides: the networks that are tried, what all trials share, and why nothing can be trained ("")."""

    task: str
    networks: Callable[[], Sequence[str]]
    base: Callable[[], TrainConfig]
    why_not: Callable[[], str]


class StudyPage(QFrame):
    """A card in which a study is set up, and beneath it the board. `refresh` is to be called when `source` has changed."""

    def __init__(self, context: AppContext, source: StudySource) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._context, self._source, self._studies = context, source, context.trainings.studies
        self._classifies = source.task == "classification"
        self._name = "tune" if self._classifies else "tune_masks"  # by which the rows are remembered
        self._form = Form(
            StudyConfig(),
            only=("minutes", "trials", "search", "halving"),
            name="tune.form",
            zero={"trials": tr("all")},
            words={"search": {GRID: tr("grid"), TPE: "TPE"}},
        )
        self._had = False
        self._rows = [self._make_row(number) for number in range(_ROWS)]
        self._said = Text("", "dim")
        self._said.setObjectName("tune.said")
        self._said.setWordWrap(True)
        self._measure = Text("", "dim")
        self._measure.setObjectName("tune.measure")
        self._measure.setWordWrap(True)
        self._start = PrimaryButton("tune.start", tr("Start the study"), "play")
        self._lecture = Button("tune.lecture", tr("The lecture's project"), "network")
        if not self._classifies:
            self._lecture.hide()
        self.board = StudyBoard(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._setup = CollapsibleRow("tune.setup", tr("New study"), self._make_setup(), is_open=True)
        inset = QVBoxLayout()
        inset.setContentsMargins(10, 4, 8, 4)
        inset.addWidget(self._setup)
        column.addLayout(inset)
        column.addWidget(Separator())
        column.addWidget(self.board, 1)
        self._filler = QWidget()
        column.addWidget(self._filler, 1)
        self._start.clicked.connect(self._begin)
        self._lecture.clicked.connect(self._begin_lecture)
        self._form.changed.connect(self.refresh)
        self._studies.changed.connect(self._studies_changed)
        if self._classifies:
            self._studies.tested.connect(self._tested)

    def _make_row(self, number: int) -> _Row:
        key, values = WordCombo(), QLineEdit()
        named(key, f"{self._name}.key_{number}", tr("Setting {number}", number=number + 1))
        named(values, f"{self._name}.values_{number}", tr("Values of setting {number}", number=number + 1))
        values.setPlaceholderText(tr("values, with ; between them"))
        key.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        key.setMinimumContentsLength(9)
        values.setMinimumWidth(_VALUES)
        values.setText(settings.ui_state(values.objectName(), decimal(_USUAL["rate"]) if not number else ""))
        values.setCursorPosition(0)  # where the field is narrow, its beginning is seen
        key.activated.connect(self._key_chosen)
        values.textEdited.connect(self._values_typed)
        return _Row(key, values)

    def _make_setup(self) -> QWidget:
        card = Panel()
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for at, row in enumerate(self._rows):
            grid.addWidget(row.key, at, 0)
            grid.addWidget(row.values, at, 1)
        varied = QWidget()
        left = QVBoxLayout(varied)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(6)
        about = Text(tr("What is varied, in each network that has it"), "dim")
        about.setWordWrap(True)
        left.addWidget(about)
        left.addLayout(grid)
        left.addStretch(1)
        self._form.setMinimumWidth(self._form.minimumSizeHint().width())
        card.add(WrappingPair(varied, self._form, (2, 1), 24), self._said, self._measure)
        card.add(WrappingPair(self._start, self._lecture))
        return card

    # What would be tried -----------------------------------------------------------------------------------------------

    def config(self) -> StudyConfig:
        """The study as it stands."""
        form: StudyConfig = self._form.value()
        vary, numbers = {}, _numbers(self._source.networks())
        for row in self._rows:
            key, text = str(row.key.currentData() or ""), row.values.text()
            written = text.replace(",", ".") if key in numbers else text
            values = tuple(part.strip() for part in written.split(";") if part.strip())
            if key and values:
                vary[key] = values
        base = replace(self._source.base(), minutes=0.0, epochs=0)
        return replace(form, networks=tuple(self._source.networks()), vary=vary, base=base)

    @property
    def _task(self) -> str:
        return self._context.session.task or self._source.task

    def shown(self) -> None:
        """The page came to the front."""
        self.refresh()
        self.board.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say what a study would try now."""
        if not self.isVisible():
            return
        focused = self.window().focusWidget()
        had_keys = focused is not None and self._setup.isAncestorOf(focused)
        self._fill_keys()
        config, why = self.config(), self._why_not()
        if not why:
            try:
                checked(config, self._task)
            except EngineError as fault:
                why = " ".join(filter(None, user_message(_in_words(fault))))
        self._said.set_role("warn" if why else "dim")
        said = measure_in_words(measure(self._task))
        self._measure.setText(said)
        self._measure.setVisible(
            bool(said) and self._studies.study is None
        )  # the board says it of the one that is there
        names = ", ".join(network_name(arch) for arch in config.networks)
        self._said.setText(
            why
            or tr(
                "{count} trials of {networks}, {time} for all of them.",
                count=count(config),
                networks=names,
                time=duration(config.minutes),
            )
        )
        blocked = self._blocked()
        self._start.setEnabled(not why and not blocked)
        no_lecture = self._why_not(networks=False) or blocked or self._why_no_test_set()
        self._lecture.setEnabled(not no_lecture)
        self._lecture.setToolTip(
            tip(
                no_lecture
                or tr(
                    "An MLP, LeNet-5 and ResNet-18 with three learning rates each; the test set is read once, at the end, and a report of it all is written."
                )
            )
        )
        self._start.setToolTip(why or blocked)
        has = self._studies.study is not None
        begun = has and not self._had
        if has != self._had:  # a study needs the room
            self._had = has
            self._setup.set_open(not has)
        self.board.setVisible(has)
        self._filler.setVisible(not has)
        if had_keys and begun:  # they stay with the study
            self.board.table.setFocus()

    def _why_not(self, *, networks: bool = True) -> str:
        why = self._source.why_not()
        if not why and networks and not self._source.networks():
            why = tr("Tick the networks to compare.")
        return why

    def _why_no_test_set(self) -> str:
        tests = any(item.split == "test" for item in self._context.session.items())
        return "" if tests else tr("There is no test set.")

    def _blocked(self) -> str:
        if not self._context.session.writable:
            return tr("The project is open to read only.")
        return tr("A study is under way.") if self._studies.running else ""

    def _fill_keys(self) -> None:
        """The settings that can be varied: those of all, and those of the ticked networks."""
        own = [item.name for arch in self._source.networks() for item in fields(network_options(arch))]
        common = (*_COMMON, *(("label_smoothing",) if self._classifies else _OF_MASKS))
        keys = ["", *common, *dict.fromkeys(name for name in own if name not in common)]
        for number, row in enumerate(self._rows):
            if [row.key.itemData(at) for at in range(row.key.count())] == keys:
                continue
            first = settings.ui_state(row.key.objectName(), "rate" if not number else "")
            wanted = row.key.currentData() if row.key.count() else first
            row.key.clear()
            for key in keys:
                row.key.addItem(setting_name(key) if key else tr("nothing more"), key)
            row.key.setCurrentIndex(max(0, row.key.findData(wanted)))

    # What a person does ------------------------------------------------------------------------------------------------

    @Slot()
    def _key_chosen(self) -> None:
        for row in self._rows:
            if row.key is self.sender():
                usual = _USUAL if self._classifies else _USUAL | _USUAL_OF_MASKS
                key = str(row.key.currentData())
                text = usual.get(key, "")
                row.values.setText(decimal(text) if key in _numbers(self._source.networks()) else text)
                row.values.setCursorPosition(0)
                self._remember(row)
        self.refresh()

    @Slot()
    def _values_typed(self) -> None:
        for row in self._rows:
            self._remember(row)
        self.refresh()

    def _remember(self, row: _Row) -> None:
        settings.set_ui_state(row.key.objectName(), str(row.key.currentData() or ""))
        settings.set_ui_state(row.values.objectName(), row.values.text())

    @Slot()
    def _begin(self) -> None:
        self._run(lambda: self._studies.begin(self.config()))

    @Slot()
    def _begin_lecture(self) -> None:
        """Three networks, tuned under the minutes of the form and tested; at the end the report lies where it is asked for now."""
        target = ask_report_file(self._context, tr("Study"), self)
        if target is None:
            return
        minutes = self._form.value().minutes
        self._run(lambda: self._studies.begin(lectures_study(self._task, minutes), report=target))

    @Slot(object)
    def _tested(self, study: Study) -> None:
        """The lecture's project ends in its report."""
        end = self._studies.end
        if end is not None and end.study == study.id:
            write_study_report(self._context, study, end.report, then=partial(self._studies.end_left, end))

    def _run(self, begin: Callable[[], None]) -> None:
        self.board.forget()
        begin()
        self.refresh()
        self.board.refresh()

    @Slot()
    def _studies_changed(self) -> None:
        self.refresh()


def _in_words(fault: EngineError) -> EngineError:
    """The fault, with the setting that it is about as forms call it."""
    told = {word: setting_name(str(fault.values[word])) for word in ("key", "name") if word in fault.values}
    return EngineError(fault.message, fault.hint, **{**fault.values, **told})
