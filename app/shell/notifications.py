"""What the strip under the tabs says: what happened, what went wrong, and one way to act on it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from app.shell import errors
from engine.words import translatable
from widgets.message_bar import MessageBar
from widgets.text import counted, tr

if TYPE_CHECKING:
    from app.services.project_session import ProjectSession
    from app.services.training_runner import TrainingRunner
    from engine.project.runs import Run


class Notifications(QObject):
    """Says faults from the start, and what services have to say once it follows them."""

    def __init__(self, strip: MessageBar) -> None:
        super().__init__(strip)
        self._strip = strip
        self._of_item = ""  # the text that is about the current item alone
        self._undone = ""  # the text beside which the last change of sets, classes or modality can be taken back

    def follow(self, session: "ProjectSession", trainings: "TrainingRunner") -> None:
        """Say what happens in these; once."""
        self._session, self._trainings = session, trainings
        session.notification.connect(self._strip.say)
        session.remarked.connect(self._say_remarks)
        session.assignments.sets_moved.connect(self._say_moved)
        session.assignments.modality_said.connect(self._say_modality)
        session.assignments.classes_given.connect(self._say_classes)
        session.assignments.taken_back.connect(self._taken_back)
        session.failed.connect(self.show_fault)
        session.current.unread.connect(self._told_of_item)
        session.current.item_changed.connect(self._leave_item)
        trainings.noticed.connect(self._notice)
        trainings.runs.noticed.connect(self._notice)
        trainings.offered.connect(self._offer_run)
        session.project_changed.connect(self._strip.put_away)  # what was said was about the project before

    @Slot()
    def _told_of_item(self) -> None:
        self._of_item = self._strip.text()

    @Slot()
    def _leave_item(self) -> None:
        """What kept the item before from being shown does not lie over this one."""
        if self._of_item and self._of_item == self._strip.text():
            self._strip.put_away()
        self._of_item = ""

    def say_saved(self) -> None:
        """Answer who asks to save."""
        self._strip.say(tr("Every stroke is saved when the pen is lifted. Nothing is left to save."), "good")

    @Slot(str, str, tuple)
    def _say_remarks(self, text: str, kind: str, remarks: tuple[str, ...]) -> None:
        self._strip.say(text, "warn" if kind == "warn" else "good", tr("Show"), partial(self._show_remarks, remarks))

    @Slot(object)
    def show_fault(self, fault: BaseException) -> None:
        """Say what went wrong and what to do. What nobody expected also goes to the log, as a report that can be copied."""
        what, advice = errors.user_message(fault)
        text = f"{what} {advice}".strip()
        if errors.expected(fault):
            self._strip.say(text, "bad")
        else:
            errors.log_unexpected(fault)
            self.show_unexpected(text, errors.safe_traceback(fault))

    @Slot(str, str)
    def show_unexpected(self, text: str, report: str) -> None:
        self._strip.say(text, "bad", tr("Copy report"), partial(self._copy_report, report))

    def _say_undoable(self, text: str) -> None:
        self._undone = text
        self._strip.say(text, "good", tr("Undo"), self._session.assignments.undo)

    @Slot()
    def _taken_back(self) -> None:
        """Undo would now take another change back than the one that is told."""
        if self._undone and self._undone == self._strip.text():
            self._strip.put_away()
        self._undone = ""

    @Slot(int)
    def _say_moved(self, count: int) -> None:
        text = counted(count, translatable("1 item was moved."), translatable("{count} items were moved."))
        self._say_undoable(text)

    @Slot(int)
    def _say_classes(self, count: int) -> None:
        one, many = translatable("1 image has another class."), translatable("{count} images have another class.")
        self._say_undoable(counted(count, one, many))

    @Slot(int, str)
    def _say_modality(self, count: int, modality: str) -> None:
        one, many = translatable("1 item is {modality} now."), translatable("{count} items are {modality} now.")
        text = tr(one if count == 1 else many, count=count, modality=modality)
        self._say_undoable(text)

    @Slot(object, str)
    def _offer_run(self, run: "Run", text: str) -> None:
        """A run is trained while another one's predictions are looked at: they stay until a person wants the new ones."""
        use = partial(self._use_run, run.id)
        self._strip.say(text, "good", tr("Use {run}", run=run.name), use)

    def _use_run(self, number: int) -> None:
        self._session.predictions.use_run(self._trainings.runs.find(number))

    def _show_remarks(self, remarks: tuple[str, ...]) -> None:
        from app.dialogs.remarks import RemarksDialog

        RemarksDialog(remarks, self._strip.window()).open()

    def _copy_report(self, report: str) -> None:
        QGuiApplication.clipboard().setText(report)
        self._strip.say(tr("The report is in the clipboard. It holds no names of patients or files."), "info")

    @Slot(object)
    def _notice(self, notice: object) -> None:
        from app.shell.i18n import translate_notice
        from app.tabs.parts.training import chosen, network
        from engine.progress import Notice

        if isinstance(notice, Notice):
            values = dict(notice.values)
            if {"arch", "loss", "batch"} <= set(values):  # what Auto chose is told in the window's own words
                self._strip.say(chosen(values), "info")
                return
            if "arch" in values:
                values["arch"] = network(str(values["arch"]))
            self._strip.say(translate_notice(Notice(notice.message, values)), "info")
