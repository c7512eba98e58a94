"""The right column of a project with items: sets, checks, and the next step."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.shell.context import AppContext
from app.tabs.data.checks import FIXES, ChecksPanel, DataChecks
from app.tabs.data.rows import Row
from app.tabs.data.split import SplitPanel
from widgets.column_parts import scrolled, stacked
from widgets.controls import PrimaryButton, Separator, Text
from widgets.panels import PAD
from widgets.text import tr

_LABEL, _DIVIDE, _TRAIN = "label", "divide", "train"  # next steps


class Overview(QFrame):
    """`picked(ids)`: a person asks to see these items; `opened(id)`: to label that one."""

    picked = Signal(tuple)
    opened = Signal(int)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._context = context
        self.split = SplitPanel(context)
        self._checks = ChecksPanel()
        self._summary = Text("", "dim")
        self._summary.setObjectName("data.summary")
        self._next = PrimaryButton("data.next", "")
        self._step = _LABEL
        foot = QFrame()
        foot.setProperty("role", "panel")
        column = QVBoxLayout(foot)
        column.setContentsMargins(PAD, PAD, PAD, PAD)
        column.setSpacing(10)
        column.addWidget(self._summary)
        column.addWidget(self._next)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolled("data.scroll", stacked(self.split, Separator(), self._checks)), 1)
        whole.addWidget(Separator())
        whole.addWidget(foot)
        self.split.picked.connect(self.picked)
        self.split.folders_changed.connect(self._say_next)
        self._checks.picked.connect(self.picked)
        self._checks.fix_asked.connect(self._fix)
        self._next.clicked.connect(self._go)

    def show_rows(self, rows: Sequence[Row], look: DataChecks) -> None:
        """What is wrong with these, and what comes next."""
        session = self._context.session
        names = {row.id: row.name for row in rows if not row.refused}
        self._checks.show_findings(look.findings, names, session.writable)
        whole = session.task == "classification"
        if look.findings is not None:
            held = {row.id: row.held for row in rows if row.mask == "yes" and row.held is not None and not row.refused}
            self.split.know(look.twins, {} if whole else held)
        ready = [row for row in rows if (row.label is not None if whole else row.mask == "yes")]
        left = len(names) - len(ready)
        if whole:
            self._summary.setText(tr("{count} with a class · {left} without", count=len(ready), left=left))
        else:
            self._summary.setText(tr("{count} with a mask · {left} without", count=len(ready), left=left))
        self._step = _next_step(ready, left, writable=session.writable)
        self._say_next()

    @Slot()
    def _say_next(self) -> None:
        whole = self._context.session.task == "classification"
        if self._step == _LABEL:
            text = tr("Give classes") if whole else tr("Go to labelling")
        elif self._step == _DIVIDE:
            text = tr("Divide as the folders say") if self.split.by_folders else tr("Divide into sets")
        else:
            text = tr("Go to training")
        self._next.setText(text)
        self._next.setAccessibleName(text)

    @Slot(str, tuple)
    def _fix(self, kind: str, ids: Sequence[int]) -> None:
        """What helps against such a finding; of what cannot be taken back, a person is asked."""
        session, commands = self._context.session, self._context.commands
        fix = FIXES[kind]
        if fix == FIXES["missing"]:
            commands["find_moved"].trigger()
        elif kind == "exchanged":
            session.read_again(ids)
        elif fix == FIXES["no_scan"]:
            self.picked.emit(ids)
            commands["remove_items"].trigger()
        elif fix == FIXES["half"]:
            self.opened.emit(ids[0])
        elif kind == "unsplit":
            self.split.divide_rest()
        else:
            sets = {item.split for item in session.items()}
            keep = kind == "empty_set" and "test" in sets and "val" not in sets and len(sets) > 1
            self.split.divide_anew(keep_test=keep, by_patient={"one_patient": False, "leak": True}.get(kind))

    @Slot()
    def _go(self) -> None:
        if self._step == _DIVIDE:
            self.split.divide_first()
        elif self._context.session.task == "classification":
            self._context.commands["tab_classify"].trigger()
        else:
            self._context.commands["tab_train" if self._step == _TRAIN else "tab_label"].trigger()


def _next_step(ready: Sequence[Row], left: int, *, writable: bool) -> str:
    """What a person does next with these items that have what is learnt from, and those `left` that have not."""
    if any(row.split == "train" for row in ready):
        return _TRAIN
    if left or not ready:
        return _LABEL
    return _DIVIDE if writable and not any(row.split for row in ready) else _TRAIN
