"""The question before a run is removed."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from app.shell.context import AppContext
from engine.project.runs import Run
from widgets.controls import named
from widgets.text import tr


def ask_remove_run(context: AppContext, run: Run, parent: QWidget) -> None:
    """Ask beside the window's work; that run is removed on a yes, whichever is picked by then."""
    _Question(context, run, parent).open()


class _Question(QMessageBox):
    def __init__(self, context: AppContext, run: Run, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._run = context, run
        named(self, "remove_run_question", tr("Remove this run"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(tr("Remove {run} and its predictions?", run=run.name))
        whole = context.session.task == "classification"
        kept = tr("The images keep their classes.") if whole else tr("Your masks stay.")
        self.setInformativeText(kept + " " + tr("The network's file stays in the project's folder."))
        remove = self.addButton(tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        keep = self.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        named(remove, "remove_run_yes", tr("Remove"))
        named(keep, "remove_run_no", tr("Keep it"))
        self.setDefaultButton(keep)
        self.accepted.connect(self._remove)

    @Slot()
    def _remove(self) -> None:
        self._context.trainings.runs.remove(self._run)
