"""Asks where a run's report goes, and has it written beside the window."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.jobs import Lane
from app.shell import settings
from app.shell.context import AppContext
from engine.formats.names import safe_name
from engine.formats.targets import check_targets
from engine.progress import Work
from engine.project.runs import Run
from widgets.text import tr


def ask_run_report(context: AppContext, run: Run, parent: QWidget) -> None:
    """Ask for the file, then write the report of the run there."""
    project = context.session.project
    if project is None:
        return
    name = safe_name(f"{project.name} {run.name}")
    start = str(Path(settings.ui_state("folder", str(Path.home()))) / f"{name}.html")
    chosen, _ = QFileDialog.getSaveFileName(
        parent, tr("Report of {run}", run=run.name), start, tr("Web page ({pattern})", pattern="*.html")
    )
    if chosen:
        settings.set_ui_state("folder", str(Path(chosen).parent))
        write_run_report(context, run, Path(chosen))


def write_run_report(context: AppContext, run: Run, target: Path) -> None:
    """Write page and JSON in the background; the window's strip says when they are there."""
    session = context.session
    if session.project is None:
        return
    files = [file for item in session.items() for file in item.source.files]
    work = partial(_writing, session.project.path, run.id, target.with_suffix(".html"), files)
    explains = session.task == "classification"  # which needs torch
    context.jobs.start(
        session,
        Lane.LEARNING if explains else Lane.SCORING,
        tr("Report of {run}", run=run.name),
        work,
        done=lambda page: session.notification.emit(tr("The report is in {name}.", name=page.name), "good"),
        brief=explains,
    )


def _writing(folder: Path, run: int, page: Path, images: list[str]) -> Work[Path]:
    from engine.report.run_report import explained_cases, report_on
    from engine.report.writing import write

    check_targets([page, page.with_suffix(".json")], images, overwrite=True)  # the dialog has asked about the page
    report = yield from report_on(folder, run)
    explained = yield from explained_cases(folder, report)
    write(report, page, tr, explained, QLocale().name()[:2])
    return page
