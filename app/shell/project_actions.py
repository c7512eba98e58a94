"""What the project menu does: making, opening and closing projects, bringing images in, writing files out, settings."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, SignalInstance, Slot
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from app.services.jobs import JobHandle, Lane
from app.shell import settings
from app.shell.context import AppContext
from engine.errors import EngineError
from engine.progress import Work
from engine.project.project import ENDING
from engine.project.store import FILE
from widgets import theme
from widgets.controls import named
from widgets.text import tr

if TYPE_CHECKING:
    from app.shell.window import MainWindow
    from app.tabs.data.tab import DataTab
    from engine.config import Task

_log = logging.getLogger(__name__)


class ProjectActions(QObject):
    """Asks with dialogs, then tells the session."""

    def __init__(self, context: AppContext, window: "MainWindow") -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._rebuild: SignalInstance | None = None
        self._looking: JobHandle | None = None  # for the projects opened lately
        context.session.project_changed.connect(self._look)
        self._look()

    def connect_commands(self, rebuild: SignalInstance) -> None:
        """Connect the commands of the project menu; `rebuild` is sent when the language changes."""
        self._rebuild = rebuild
        self._context.commands.connect_to(
            new_project=self._new,
            open_project=self._open,
            open_demo=self._demo,
            open_folder=self._open_folder,
            import_images=self._import,
            bring_masks=self._bring,
            export=self._export,
            find_moved=self._find_moved,
            save_copy=self._save_copy,
            write_report=self._write_report,
            close_project=self._close,
            settings=self._settings,
            shortcuts=self._shortcuts,
            about=self._about,
            dice_by_hand=self._dice_by_hand,
            tasks_compared=self._tasks_compared,
        )

    def open_paths(self, paths: list[Path]) -> None:
        """A project is opened; images go into the open project, or into a new one that is asked for."""
        there = [p for p in paths if p.exists()]
        projects = [p for p in there if is_project(p)] or [p for p in paths if p not in there and p.suffix == ENDING]
        if projects:
            self.open_project(projects[0])
            return
        for path in paths:
            if path not in there:
                fault = EngineError(
                    "There is nothing at {path}.", "Check its name, or drop it on the window.", path=path
                )
                self._context.session.failed.emit(fault)
        paths = there
        if not paths:
            return
        if self._context.session.project is None and not self._new(paths):
            return
        self._import_paths(paths)

    def open_project(self, path: Path) -> None:
        if not self.may_leave():
            return
        try:
            self._context.session.open_project(path.parent if path.name == FILE else path)
        except EngineError as fault:
            self._context.session.failed.emit(fault)

    def may_leave(self) -> bool:
        """Whether the project may be closed now: where something is being trained, the reader says."""
        if not self._context.trainings.training:
            return True
        box = QMessageBox(self._window)
        box.setObjectName("stop_training_question")
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(tr("A training is under way."))
        run = self._context.trainings.run
        if run is not None and run.bundle.exists():
            box.setInformativeText(tr("Its best model so far is kept, and it can be resumed later."))
        else:
            box.setInformativeText(tr("It has no model yet; it can be resumed later."))
        stop = box.addButton(tr("Stop it and close"), QMessageBox.ButtonRole.AcceptRole)
        go_on = box.addButton(tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        named(stop, "stop_training_question.stop", stop.text())
        named(go_on, "stop_training_question.go_on", go_on.text())
        box.exec()
        may = box.clickedButton() is stop
        box.deleteLater()
        return may

    @Slot()
    def _look(self) -> None:
        """Whether the projects opened lately are still there: their drives may not answer, so this thread does not ask."""
        if self._looking is None and self._context.session.project is None:
            self._looking = self._context.jobs.start(
                self, Lane.RECORDS, "", settings.looking, done=self._looked, failed=self._not_looked
            )

    def _looked(self, gone: frozenset[Path]) -> None:
        self._looking = None
        settings.set_gone(gone)

    def _not_looked(self, fault: BaseException) -> None:
        self._looking = None
        _log.warning("the projects opened lately could not be looked for: %s", fault)

    def _close(self) -> None:
        if self.may_leave():
            self._context.session.close_project()

    def _new(self, images: Sequence[Path] = ()) -> bool:
        """Ask for a new project, for these images where they are known already."""
        from app.dialogs.new_project import ask_new_project

        folders = [path for path in images if path.is_dir()]
        task: Task = "classification" if self._context.commands.tab == "classify" else "binary"
        wanted = ask_new_project(self._window, self._context.jobs, folders[0] if folders else None, task)
        if wanted is None or not self.may_leave():
            return False
        try:
            self._context.session.new_project(wanted.folder, wanted.task, wanted.classes)
        except EngineError as fault:
            self._context.session.failed.emit(fault)
            return False
        return True

    def _open(self) -> None:
        start = settings.ui_state("folder", str(Path.home()))
        chosen = QFileDialog.getExistingDirectory(
            self._window, tr("Open a project (a folder ending in .contorno)"), start
        )
        if chosen:
            settings.set_ui_state("folder", str(Path(chosen).parent))
            self.open_project(Path(chosen))

    def _open_folder(self) -> None:
        """A folder of images becomes a project of its own, whatever is open; "Add images" brings one into the open project."""
        chosen = QFileDialog.getExistingDirectory(
            self._window, tr("Choose a folder of images"), settings.ui_state("images", str(Path.home()))
        )
        if chosen:
            settings.set_ui_state("images", str(Path(chosen).parent))
            if is_project(Path(chosen)):
                self.open_project(Path(chosen))
            elif self._new([Path(chosen)]):
                self._import_paths([Path(chosen)])

    def _import(self) -> None:
        self._import_paths([])

    def _import_paths(self, paths: list[Path]) -> None:
        from app.dialogs.importing import ask_folder

        paths = paths or ask_folder(self._window)
        if paths:
            self._data_tab().contents.begin_import(paths)

    def _bring(self) -> None:
        self._data_tab().contents.begin_bringing()

    def _data_tab(self) -> "DataTab":
        """It comes to the front."""
        from app.tabs.data.tab import DataTab

        self._window.show_tab("data")
        tab = self._window.tab("data")
        assert isinstance(tab, DataTab)
        return tab

    def _export(self) -> None:
        from app.dialogs.export import ask_export

        ask_export(self._context, self._window)

    def _find_moved(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self._window, tr("Where do the images lie now?"), settings.ui_state("folder", "")
        )
        if chosen:
            self._context.session.find_moved(Path(chosen))

    def _write_report(self) -> None:
        from app.dialogs.run_report import ask_run_report

        run = self._context.session.predictions.run
        if run is not None:
            ask_run_report(self._context, run, self._window)

    def _save_copy(self) -> None:
        from app.dialogs.save_copy import SaveCopyDialog, ask_copy_place

        project = self._context.session.project
        place = ask_copy_place(self._window, project) if project is not None else None
        if project is not None and place is not None:
            writing = SaveCopyDialog(self._window, project, place)
            writing.saved.connect(self._copied)
            writing.failed.connect(self._context.session.failed)

    @Slot(object)
    def _copied(self, place: Path) -> None:
        """Work goes on where it was; where that is gone, in the copy."""
        session = self._context.session
        if session.project is not None and not (session.project.path / FILE).exists():
            self.open_project(place)
            session.notification.emit(tr("The project's folder is gone: you go on in {name}.", name=place.name), "warn")
        else:
            session.notification.emit(tr("Saved as {name}.", name=place.name), "good")

    def _demo(self) -> None:
        self._context.jobs.start(self, Lane.STORING, tr("Making the demo"), _demo, done=self.open_project)

    def _settings(self) -> None:
        from app.dialogs.settings import ask_settings

        before = settings.load()
        wanted = ask_settings(before, self._window, self._context.jobs)
        if wanted is None or wanted == before:
            return
        settings.save(wanted)
        app = QApplication.instance()
        if isinstance(app, QApplication) and wanted.theme != before.theme:
            theme.apply(app, wanted.theme)
        if self._rebuild is not None and (wanted.language, wanted.reader) != (before.language, before.reader):
            self._rebuild.emit()

    def _shortcuts(self) -> None:
        from app.dialogs.shortcuts import show_shortcuts

        show_shortcuts(self._window)

    def _dice_by_hand(self) -> None:
        from app.dialogs.dice_by_hand import show_dice_by_hand

        show_dice_by_hand(self._window)

    def _tasks_compared(self) -> None:
        from app.dialogs.tasks_compared import show_tasks_compared

        show_tasks_compared(self._window)

    def _about(self) -> None:
        from app.dialogs.about import show_about

        show_about(self._window)


def is_project(path: Path) -> bool:
    """Whether the path is a project's folder, or the database in one."""
    return (path.is_dir() and ((path / FILE).is_file() or path.name.endswith(ENDING))) or path.name == FILE


def _demo() -> Work[Path]:
    from app.cli.demo import making_demo

    return (yield from making_demo(None))
