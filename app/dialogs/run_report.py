"""Asks where the report of a run or a study goes, and has it written beside the window."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.jobs import Lane
from app.shell import settings
from app.shell.context import AppContext
from engine.errors import EngineError
from engine.formats.names import safe_name
from engine.formats.targets import check_targets
from engine.progress import Work
from engine.project.runs import Run
from engine.project.studies import Study
from widgets.text import tr


def ask_run_report(context: AppContext, run: Run, parent: QWidget) -> None:
    """Ask for the file, then write the report of the run there."""
    target = ask_report_file(context, run.name, parent)
    if target is not None:
        write_run_report(context, run, target)


def ask_study_report(context: AppContext, study: Study, parent: QWidget) -> None:
    """Ask for the file, then write the report of the study there."""
    target = ask_report_file(context, study.name, parent)
    if target is not None:
        write_study_report(context, study, target)


def ask_report_file(context: AppContext, name: str, parent: QWidget) -> Path | None:
    """The file for a report on what is called `name`; None where nobody chose one, or where something would be replaced that the dialog
    did not ask about: a page whose name was typed without its ending, the JSON beside it."""
    project = context.session.project
    if project is None:
        return None
    file = safe_name(f"{project.name} {name}") + ".html"
    start = str(Path(settings.ui_state("folder", str(Path.home()))) / file)
    chosen, _ = QFileDialog.getSaveFileName(
        parent, tr("Report of {run}", run=name), start, tr("Web page ({pattern})", pattern="*.html")
    )
    if not chosen:
        return None
    settings.set_ui_state("folder", str(Path(chosen).parent))
    page = Path(chosen) if Path(chosen).suffix.lower() in (".html", ".htm") else Path(f"{chosen}.html")
    asked = page == Path(chosen) and page.exists()
    try:
        check_targets([page, page.with_suffix(".json")], overwrite=asked)
    except EngineError as fault:
        context.session.failed.emit(fault)
        return None
    return page


def write_run_report(context: AppContext, run: Run, target: Path) -> None:
    """Write page and JSON in the background; the window's strip says when they are there. A classifier first predicts what is missing, where
    the project may be written."""
    session = context.session
    if session.project is not None:
        predicts = session.task == "classification" and session.writable
        work = partial(_writing_run, session.project.path, run.id, target, _images(context), predicts=predicts)
        _start(context, run.name, work)


def write_study_report(
    context: AppContext, study: Study, target: Path, *, then: Callable[[bool], None] | None = None
) -> None:
    """As `write_run_report`; the winner first predicts what is missing, where the project may be written. `then` hears
    True when the report was written or could not be, False when that was stopped."""
    session = context.session
    if session.project is not None:
        work = partial(
            _writing_study, session.project.path, study.id, target, _images(context), predicts=session.writable
        )
        _start(context, study.name, work, then=then)


def _images(context: AppContext) -> list[str]:
    return [file for item in context.session.items() for file in item.source.files]


def _start(
    context: AppContext,
    name: str,
    work: partial[Work[Path]],
    *,
    then: Callable[[bool], None] | None = None,
) -> None:
    session = context.session

    def leave(over: bool) -> None:
        if then is not None:
            then(over)

    def written(page: Path) -> None:
        session.notification.emit(tr("The report is in {name}.", name=str(page)), "good")
        leave(True)

    def refused(fault: BaseException) -> None:
        session.failed.emit(fault)
        leave(True)

    context.jobs.start(
        session,
        Lane.LEARNING,
        tr("Report of {run}", run=name),
        work,
        done=written,
        failed=refused,
        cancelled=lambda: leave(False),
        brief=True,
    )


# torch is imported inside these generators only


def _writing_run(folder: Path, run: int, page: Path, images: list[str], *, predicts: bool) -> Work[Path]:
    from engine.report.run_report import explained_cases, report_on
    from engine.report.writing import write

    check_targets([page, page.with_suffix(".json")], images, overwrite=True)  # the dialog has asked about the page
    report = yield from report_on(folder, run, predicts=predicts)
    explained = yield from explained_cases(folder, report)
    write(report, page, tr, explained, QLocale().name()[:2])
    return page


def _writing_study(folder: Path, study: int, page: Path, images: list[str], *, predicts: bool) -> Work[Path]:
    from engine.report.run_report import explained_cases
    from engine.report.study_report import report_on_study
    from engine.report.study_writing import write_study

    check_targets([page, page.with_suffix(".json")], images, overwrite=True)  # as above
    report = yield from report_on_study(folder, study, predicts=predicts)
    explained = yield from explained_cases(folder, report.winner)
    write_study(report, page, tr, explained, QLocale().name()[:2])
    return page
