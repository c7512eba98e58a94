"""The question before a run is removed."""

from functools import partial

from PySide6.QtWidgets import QWidget

from app.dialogs.question import ask
from app.shell.context import AppContext
from engine.project.runs import Run
from widgets.text import tr


def ask_remove_run(context: AppContext, run: Run, parent: QWidget) -> None:
    """Ask beside the window's work; that run is removed on a yes, whichever is picked by then."""
    whole = context.session.task == "classification"
    kept = tr("The images keep their classes.") if whole else tr("Your masks stay.")
    ask(
        parent,
        "remove_run",
        tr("Remove {run} and its predictions?", run=run.name),
        kept + " " + tr("The network's file stays in the project's folder."),
        tr("Remove"),
        tr("Keep it"),
        partial(context.trainings.runs.remove, run),
    )
