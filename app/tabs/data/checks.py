"""What is wrong with the data: looked for beside the window whenever items or masks have changed, and shown as rows."""

import math
import time
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from engine.progress import Progress, Work
from engine.project.checks import Finding, MaskValues, check, mask_values
from engine.project.importing import Imported
from engine.project.project import Project
from engine.project.rereading import Stamps
from engine.project.splits import Signatures
from engine.words import translatable
from widgets import theme
from widgets.column_parts import clear
from widgets.controls import Button, Text, WrappedText
from widgets.panels import Panel
from widgets.signs import StatusIcon
from widgets.text import tip, tr

FIXES = {
    "missing": translatable("Find"),
    "exchanged": translatable("Read again"),
    "one_patient": translatable("Divide by item"),
    **dict.fromkeys(("leak", "unsplit", "empty_set", "unlearnt", "torn"), translatable("Divide")),
    **dict.fromkeys(("no_scan", "duplicate", "twins"), translatable("Remove")),
    **dict.fromkeys(
        ("half", "unmasked", "empty", "void_alone", "values", "broken", "contradiction"), translatable("Open")
    ),
}
"""What helps against a finding, by its kind; "torn" are twins, or images of one case, in two sets."""
_MOST_ALIKE = 2  # findings of one kind; more are said in one row
_WAKES = 0.1  # seconds between two steps of progress
_BESIDE = 110  # px: a wider button would leave the words beside it too little

T = TypeVar("T")


class DataChecks(QObject):
    """Knows which classes each mask holds, and what is wrong; looks again when told that something changed."""

    changed = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.held: dict[int, tuple[int, ...]] = {}
        self.findings: list[Finding] | None = None  # None: still looking
        self._job: JobHandle | None = None
        self._again = False
        self._stale = True
        self._dirty: set[int] = set()  # items whose masks were painted on
        self._classes = self._identities()  # that the values are of
        context.session.project_changed.connect(self._forget)
        context.session.items_changed.connect(self.put_off)
        context.session.classes_changed.connect(self._classes_changed)
        context.session.import_finished.connect(self._imported)
        context.session.current.stored_mask_changed.connect(self._mask_changed)

    @property
    def looking(self) -> bool:
        return self._job is not None

    @property
    def twins(self) -> list[tuple[int, ...]]:
        """Groups of items that show the same pixels, as far as is known."""
        return [finding.items for finding in self.findings or () if finding.kind in ("duplicate", "twins")]

    @Slot()
    def put_off(self) -> None:
        """Something changed: the next `look` looks."""
        self._stale = True

    @Slot()
    def look(self) -> None:
        """Look at what changed since the last time."""
        project = self._context.session.project
        if not self._stale or project is None:
            return
        self._stale = False
        if self._job is not None:
            self._again = True
            return
        path = project.path
        known = {id: values for id, values in self.held.items() if id not in self._dirty}
        self._dirty.clear()
        self._job = self._context.jobs.start(
            self,
            Lane.CHECKS,
            "",
            lambda: _look(path, known),
            done=self._done,
            failed=self._failed,
            reported=self._event,
            cancelled=self._stopped,
        )
        self.changed.emit()

    @Slot()
    def _forget(self) -> None:
        if self._job is not None:
            self._job.drop()  # what it still has to say is not about this project
            self._job = None
        self.held, self.findings, self._stale = {}, None, True
        self._dirty.clear()
        self._classes = self._identities()
        self.changed.emit()

    @Slot()
    def _classes_changed(self) -> None:
        """Findings name classes; where one is gone, the values of the others have moved."""
        before, self._classes = self._classes, self._identities()
        self.put_off()
        if self._classes[: len(before)] != before:
            self._forget()

    def _identities(self) -> tuple[str, ...]:
        return tuple(one.identity for one in self._context.session.classes)

    @Slot(object)
    def _imported(self, done: Imported | None) -> None:
        """Masks that came in were looked through on the way."""
        if done is not None:
            self.held |= done.held
            self._stale = True

    @Slot(int)
    def _mask_changed(self, item: int) -> None:
        self._dirty.add(item)
        self._stale = True

    def _event(self, event: object) -> None:
        if isinstance(event, MaskValues):
            self.held |= event.values
            self.changed.emit()
        elif isinstance(event, Signatures) and self._context.session.writable:
            self._context.session.write(lambda project: project.items.set_signatures(event.of))
        elif isinstance(event, Stamps) and self._context.session.writable:
            self._context.session.write(lambda project: project.items.set_stamps(event.of))

    def _done(self, findings: list[Finding]) -> None:
        self.findings = findings
        self._stopped()

    def _failed(self, fault: BaseException) -> None:
        self._context.session.failed.emit(fault)
        self._stopped()

    def _stopped(self) -> None:
        self._job = None
        self.changed.emit()
        if self._again:
            self._again, self._stale = False, True
            self.look()


def _look(path: Path, known: Mapping[int, tuple[int, ...]]) -> Work[list[Finding]]:
    """The values of masks that are not known yet, then the checks; through a connection of its own, since it is another thread's."""
    with Project.open(path, write=False) as project:
        found = yield from _now_and_then(mask_values(project, known))
        return (yield from _now_and_then(check(project, {**known, **found})))


def _now_and_then(work: Work[T]) -> Work[T]:
    """The work with ten steps of its progress a second: each of thousands would wake the window."""
    last = -math.inf
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        if not isinstance(event, Progress) or time.monotonic() - last > _WAKES:
            last = time.monotonic()
            yield event


def kind_of(finding: Finding) -> str:
    """Its kind as `FIXES` has it."""
    across = finding.level == "wrong" and finding.kind in ("duplicate", "twins")
    return "torn" if across else finding.kind


class ChecksPanel(Panel):
    """The findings as rows. `picked(ids)`: show these items; `fix_asked(kind, ids)`: do what helps against it."""

    picked = Signal(tuple)
    fix_asked = Signal(str, tuple)

    def __init__(self) -> None:
        super().__init__(tr("Checks"))
        self._state = Text("", "dim")
        self._state.setObjectName("checks.state")
        self._state.setWordWrap(True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        self.add(self._state)
        self.body.addLayout(self._rows)
        self._findings: list[Finding] = []
        self._names: dict[int, str] = {}
        self._about: dict[str, tuple[int, ...]] = {}  # the items of each button

    def show_findings(self, findings: Sequence[Finding] | None, names: dict[int, str], writable: bool) -> None:
        """`findings` None: not looked yet. `names` are the items'."""
        if findings is None or not names:
            self._clear()
            self._state.setText(tr("Looking at images and masks…") if names else "")
            self._state.set_role("dim")
            self._state.show()
            return
        if list(findings) == self._findings and names == self._names and self._rows.count():
            return
        self._clear()
        self._findings, self._names = list(findings), dict(names)
        groups: dict[str, list[Finding]] = {}
        for finding in sorted(findings, key=lambda finding: finding.level != "wrong"):
            groups.setdefault(f"{finding.level} {finding.kind}", []).append(finding)
        rows = [part for group in groups.values() for part in ([group] if len(group) > _MOST_ALIKE else zip(group))]
        for number, alike in enumerate(rows):
            self._rows.addWidget(self._row(number, list(alike), names, writable))
        self._state.setVisible(not rows)
        self._state.set_role("good")
        self._state.setText(tr("Nothing is wrong."))

    def _clear(self) -> None:
        self._findings = []
        self._about.clear()
        clear(self._rows)

    def _row(self, number: int, alike: list[Finding], names: dict[int, str], writable: bool) -> QWidget:
        """A finding, or several of one kind with the first for all."""
        finding = alike[0]
        ids = list(dict.fromkeys(id for each in alike for id in each.items))
        wrong = finding.level == "wrong"
        row = QWidget()
        row.setObjectName(f"checks.{finding.kind}")
        sign = StatusIcon("error", "bad") if wrong else StatusIcon("warning", "warn")
        words = WrappedText(tr(finding.message, **finding.values))
        words.setToolTip(tip(words.text()))
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(words)
        first = list(islice((names[id] for id in ids if id in names), 2))  # there may be thousands
        if first:
            under = tr("first {name}", name=first[0]) if len(first) > 1 else first[0]
            if len(alike) > 1:
                under = tr("and {count} more like it", count=len(alike) - 1)
            small = WrappedText(under, "dim")
            small.setFont(theme.font(theme.SMALL_SIZE))
            column.addWidget(small)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(column, 1)
        buttons = list[Button]()
        kind = kind_of(finding)
        if kind in FIXES and writable:
            fix = Button(f"checks.fix.{number}", tr(FIXES[kind]))
            fix.setAccessibleDescription(words.text())
            fix.setProperty("kind", kind)
            # of a group of twins, the first stays
            spare = [id for each in alike for id in each.items[1:]] if kind in ("duplicate", "twins") else ids
            self._about[fix.objectName()] = tuple(spare)
            fix.clicked.connect(self._fix)
            buttons.append(fix)
        if first:
            show = Button(f"checks.show.{number}", tr("Show"), role="link" if buttons else "")
            show.setAccessibleDescription(words.text())
            self._about[show.objectName()] = tuple(ids)
            show.clicked.connect(self._show)
            buttons.append(show)
        _place(buttons, column, line)
        column.addStretch(1)
        return row

    @Slot()
    def _show(self) -> None:
        button = self.sender()
        if button is not None:
            self.picked.emit(self._about[button.objectName()])

    @Slot()
    def _fix(self) -> None:
        button = self.sender()
        if button is not None:
            self.fix_asked.emit(str(button.property("kind")), self._about[button.objectName()])


def _place(buttons: Sequence[Button], words: QVBoxLayout, row: QHBoxLayout) -> None:
    """The buttons of a finding beside its words, or under them where one is wide."""
    wide = any(button.sizeHint().width() > _BESIDE for button in buttons)
    line = QHBoxLayout() if wide else QVBoxLayout()
    line.setSpacing(8 if wide else 4)
    for button in buttons:
        line.addWidget(button)
    if wide:
        line.addStretch(1)
        words.addSpacing(4)
        words.addLayout(line)
    else:
        row.addLayout(line)
