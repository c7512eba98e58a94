"""The classes beside the scan: which is painted, how much of each there is, what is hidden and locked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import QColorDialog, QFrame, QInputDialog, QProgressDialog, QVBoxLayout

from app.dialogs.remove_class import ask_remove_class
from app.services.jobs import JobHandle
from app.services.project_session import HIDDEN
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.image import Image
from engine.labels.classes import BACKGROUND, UNLABELLED, make_classes
from engine.project.class_removal import ClassUse
from engine.scoring.voxels import amount
from widgets.class_list import ClassList
from widgets.controls import named
from widgets.figures import figure
from widgets.text import tr

_SECOND_DIGIT = 800  # ms in which a digit belongs to the one before


@dataclass(frozen=True)
class _Added:
    """A new class, and which one was painted before it."""

    value: int
    before: int


class LabelClassesPanel(QFrame):
    """The project's classes. Amounts follow every edit; which are hidden and locked is kept with the project. `said(text)`: what a key
    did, or why not, for the pointer."""

    said = Signal(str)

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._context, self._session, self._scan = context, context.session, scan
        self._last_class = 1
        self._added: _Added | None = None  # a class that is being named for the first time
        self._digit = 0  # the one before
        self._looking: JobHandle | None = None  # for what holds the class that is to go
        self.second_digit = QTimer(self)
        self.second_digit.setSingleShot(True)
        self.second_digit.setInterval(_SECOND_DIGIT)
        self.list = ClassList("label.classes")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 8)
        column.addWidget(self.list)
        session = self._session
        session.project_changed.connect(self._project_changed)
        session.classes_changed.connect(self._classes_changed)
        session.active_class_changed.connect(self._show_active)
        session.current.image_changed.connect(self._tell)
        session.current.edited.connect(self._tell)
        settings.watch().keys_changed.connect(self._show)  # after the commands, which were there before
        context.commands["unlabelled"].changed.connect(self._show_unlabelled)
        self.list.picked.connect(session.pick_class)
        self.list.renamed.connect(self._rename)
        self.list.color_asked.connect(self._ask_color)
        self.list.visibility_changed.connect(self._show_class)
        self.list.only_asked.connect(self._show_only)
        self.list.lock_changed.connect(self._lock)
        self.list.add_asked.connect(self._add)
        self.list.naming_ended.connect(self._naming_ended)
        self.list.code_asked.connect(self._ask_code)
        self.list.remove_asked.connect(self._remove)
        context.commands.connect_to(
            "label",
            **{f"class_{n}": _picking(self, n) for n in range(1, 10)},
            background=lambda: self.pick(0),
            unlabelled=lambda: session.pick_class(UNLABELLED),
            swap_background=self._swap,
            next_class=lambda: self._step(1),
            previous_class=lambda: self._step(-1),
            lock_class=self._toggle_lock,
            add_class=self._add,
        )
        self._project_changed()

    @Slot()
    def _project_changed(self) -> None:
        self._scan.overlay.set(hidden=self._session.kept_classes(HIDDEN))
        self._show()

    @Slot()
    def _classes_changed(self) -> None:
        """A class that was removed takes its hiding with it."""
        there = {*range(1, len(self._session.classes) + 1), UNLABELLED}
        self._scan.overlay.set(hidden=self._scan.overlay.options.hidden & there)
        self._show()

    @Slot()
    def _show(self) -> None:
        session = self._session
        self.list.set_classes(
            [replace(each, key=self._key_of(at, each.key)) for at, each in enumerate(session.classes, 1)]
        )
        self._show_unlabelled()
        self.list.set_editable(session.writable)
        self.list.set_state(sorted(self._scan.overlay.options.hidden), sorted(session.locked))
        self._show_active()
        self._tell()

    def _key_of(self, value: int, digits: str) -> str:
        """What picks the class: the key that its command has now, or, beyond the ninth, its digits where the first ones are digits."""
        first = self._context.commands[f"class_{digits[0]}"].shortcut() if digits else QKeySequence()
        text = first.toString(QKeySequence.SequenceFormat.NativeText)
        return text if value < 10 else digits if text == digits[:1] else ""

    @Slot()
    def _show_unlabelled(self) -> None:
        """Its row, with its key, wherever masks are painted."""
        painted = self._session.project is not None and self._session.task != "classification"
        key = self._context.commands["unlabelled"].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.list.set_unlabelled(key if painted else None)

    @Slot()
    def _show_active(self) -> None:
        active = self._session.active_class
        self.list.set_current(active)
        if active:
            self._last_class = active

    # Amounts -----------------------------------------------------------------------------------------------------------

    @Slot()
    def _tell(self) -> None:
        image = self._session.current.image
        if image is None or self._session.task == "classification":
            self.list.set_amounts({})
            return
        values = *range(1, len(self._session.classes) + 1), UNLABELLED
        self.list.set_amounts(
            {value: amount_words(int(self._session.current.counts[value]), image) for value in values}
        )

    # What a person changes ---------------------------------------------------------------------------------------------

    @Slot(int, str)
    def _rename(self, value: int, name: str) -> None:
        self._change(value, name=name)

    @Slot(int)
    def _ask_color(self, value: int) -> None:
        label = self._session.classes[value - 1]
        dialog = QColorDialog(QColor(label.color), self)
        dialog.setObjectName("label.color")
        dialog.setWindowTitle(tr("Colour of {name}", name=label.name))
        dialog.setProperty("value", value)
        dialog.colorSelected.connect(self._recolor)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(QColor)
    def _recolor(self, color: QColor) -> None:
        dialog = self.sender()
        if dialog is not None:
            self._change(int(dialog.property("value")), color=color.name())

    @Slot(int)
    def _ask_code(self, value: int) -> None:
        label, dialog = self._session.classes[value - 1], QInputDialog(self)
        named(dialog, "label.code", tr("Code of {name}", name=label.name))
        dialog.setWindowTitle(tr("Code of {name}", name=label.name))
        dialog.setLabelText(tr("Scheme and number in a terminology, for example SCT 10200004 (SNOMED CT: liver)"))
        dialog.setTextValue(label.code)
        dialog.setProperty("value", value)
        dialog.textValueSelected.connect(self._take_code)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _take_code(self, code: str) -> None:
        dialog = self.sender()
        if dialog is not None:
            self._session.set_class_code(int(dialog.property("value")), code)

    def _change(self, value: int, **fields: str) -> None:
        classes = list(self._session.classes)
        classes[value - 1] = replace(classes[value - 1], **fields)
        self._session.set_classes(classes)
        self._show()  # where it was refused, the old name stands again

    def _add(self) -> None:
        """Another class, ready to be named."""
        session = self._session
        if not session.writable:
            return
        number = len(session.classes) + 1
        taken = {each.name.casefold() for each in session.classes}
        while (name := tr("Class {number}", number=number)).casefold() in taken:
            number += 1
        try:
            classes = make_classes([*((each.name, each.color) for each in session.classes), (name, "")])
        except EngineError as fault:
            session.failed.emit(fault)
            return
        before = session.active_class
        session.set_classes(classes)
        if len(session.classes) == len(classes):
            session.pick_class(len(classes))
            if self.list.rename(len(classes)):
                self._added = _Added(len(classes), before)

    @Slot(bool)
    def _naming_ended(self, named: bool) -> None:
        """Esc takes the class back that was to be named."""
        added, self._added = self._added, None
        if added is not None and not named and len(self._session.classes) == added.value:
            self._session.set_classes(self._session.classes[:-1])
            self._session.pick_class(added.before)

    @Slot(int)
    def _remove(self, value: int) -> None:
        """Gone at once where nothing holds it; else it is asked what that becomes."""
        session = self._session
        if not self._may_remove():
            return
        session.current.mask_about_to_change.emit()
        if self._looking is not None:  # it may have waited: of two that are asked to go, the last goes
            self._looking.drop()
        identity = session.classes[value - 1].identity
        self._looking = session.look_for_class(value, partial(self._remove_known, value, identity))

    def _may_remove(self) -> bool:
        """Whether nothing is under way that has the classes in its hands; else it is told."""
        trainings = self._context.trainings
        busy = trainings.training or trainings.runs.predicting or trainings.studies.running or self._session.importing
        if busy:
            text = tr("A class can be removed when nothing is being trained, predicted or added.")
            self._session.notification.emit(text, "info")
        return not busy

    def _remove_known(self, value: int, identity: str, use: ClassUse) -> None:
        """`identity`: the class that was asked to go; another may stand in its place by now."""
        session, self._looking = self._session, None
        there = [each.identity for each in session.classes[value - 1 : value]]
        if there != [identity] or not self._may_remove():
            return
        whole = session.task == "classification"
        asked = use.items or use.notes
        into = ask_remove_class(self, session.classes, value, use, whole) if asked else BACKGROUND
        if into is None:
            return
        waiting = QProgressDialog(tr("Removing the class…"), "", 0, 0, self)
        named(waiting, "label.removing_class", tr("Removing the class…"))
        waiting.setCancelButton(None)
        waiting.setWindowModality(Qt.WindowModality.WindowModal)
        session.class_removal_ended.connect(waiting.deleteLater)
        session.class_removal_ended.connect(self._take_hidden)
        waiting.show()
        session.remove_class(value, into)

    @Slot()
    def _take_hidden(self) -> None:
        self._session.class_removal_ended.disconnect(self._take_hidden)
        self._project_changed()

    def show_class(self, value: int) -> None:
        """Show a class that was hidden."""
        self._show_class(value, True)
        self._show()

    @Slot(int, bool)
    def _show_class(self, value: int, seen: bool) -> None:
        hidden = self._scan.overlay.options.hidden
        self._hide(hidden - {value} if seen else hidden | {value})

    @Slot(int)
    def _show_only(self, value: int) -> None:
        """Hide all classes but this one, which is painted from now on; none of 0. What is unlabelled stays as it is beside a class."""
        others = frozenset(range(1, len(self._session.classes) + 1)) | (
            self._scan.overlay.options.hidden & {UNLABELLED}
        )
        self._hide(others - {value} if value else frozenset())
        if value:
            self._session.pick_class(value)
        self._show()

    def _hide(self, hidden: frozenset[int]) -> None:
        self._scan.overlay.set(hidden=hidden)
        self._session.keep_classes(HIDDEN, hidden)

    @Slot(int, bool)
    def _lock(self, value: int, locked: bool) -> None:
        now = self._session.locked
        self._session.lock_classes(now | {value} if locked else now - {value})

    def _toggle_lock(self) -> None:
        """Said where the hand is: the list may be out of sight."""
        value = self._session.active_class
        if not value:
            self.said.emit(tr("The background has no lock: pick a class first."))
            return
        self._lock(value, value not in self._session.locked)
        self._show()
        name = self._session.class_name(value)
        locked = value in self._session.locked
        self.said.emit(
            tr("{name} is locked.", name=name) if locked else tr("{name} is not locked any more.", name=name)
        )

    def pick(self, digit: int) -> None:
        """Paint the class of that digit from now on, or the class of two digits that follow each other; 0 alone is the background."""
        both = 10 * self._digit + digit
        follows = self.second_digit.isActive() and self._session.active_class == self._digit
        if follows and both <= len(self._session.classes):
            self.second_digit.stop()
            self._session.pick_class(both)
            return
        self._digit = digit
        if 0 < 10 * digit <= len(self._session.classes):
            self.second_digit.start()
        else:
            self.second_digit.stop()
        if digit <= len(self._session.classes):
            self._session.pick_class(digit)
        else:
            self.said.emit(tr("There is no class {number}.", number=digit))

    def _swap(self) -> None:
        self._session.pick_class(0 if self._session.active_class else self._last_class)

    def _step(self, step: int) -> None:
        """From the background, and from what is unlabelled, to the first or the last."""
        count, active = len(self._session.classes), self._session.painted_class
        if count:
            self._session.pick_class((active - 1 + step) % count + 1 if active else (1 if step > 0 else count))


def _picking(panel: LabelClassesPanel, value: int) -> Callable[[], None]:
    return lambda: panel.pick(value)


def amount_words(count: int, image: Image) -> str:
    """Millilitres of a volume, square millimetres of a picture, pixels where no size is known."""
    if not count:
        return ""
    value, unit = amount(count, image.geometry)
    return figure(value, 0 if unit == "px" or value >= 10 else (1 if value >= 1 else 2), unit)
