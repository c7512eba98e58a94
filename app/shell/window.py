"""The main window: top bar with the tabs, the tabs, the status line. Opening and importing are project_actions', what is said notifications'."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QPaintEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.shell import errors, settings
from app.shell.actions import TABS, Commands
from app.shell.drop_veil import DropVeil
from app.shell.notifications import Notifications
from app.shell.top_bar import TopBar
from widgets.controls import named
from widgets.message_bar import MessageBar
from widgets.status_line import StatusLine
from widgets.text import tr

if TYPE_CHECKING:
    from app.services.jobs import JobQueue
    from app.services.project_session import ProjectSession
    from app.services.thumbnails import Thumbnails
    from app.services.training_runner import TrainingRunner
    from app.shell.ahead import Ahead
    from app.shell.context import AppContext
    from app.tabs.tab import Tab
    from engine.imaging.geometry import Plane

_FIRST_SIZE = QSize(1440, 900)
_LEAST_SIZE = QSize(
    880, 500
)  # a screen of 1440 x 900 at 150 % has 960 x 600, with the bars of the desktop and the window
_AROUND = QSize(16, 44)  # what a desktop puts round a window: its title and borders


_AHEAD = ("label",)  # tabs that are built before they are asked for


class MainWindow(QMainWindow):
    """One window on one session. Made as a bare frame, which is on the screen at once; `fill` puts everything into it.

    Tabs are built when they are first shown. For the same reason this module imports nothing heavy when it is loaded.
    """

    painted = Signal()  # the frame is on the screen for the first time
    rebuild_asked = Signal()  # the language changed: build the window anew

    def __init__(self) -> None:
        super().__init__()
        named(self, "main_window", "Contorno")
        self.filled = False
        self._status = StatusLine()
        self._tabs: dict[str, Tab] = {}
        self._begun: dict[str, Iterator[None]] = {}  # the steps that are left of those that are not whole
        self._coming = ""  # the one that a person waits for
        self._next_step = QTimer(self)
        self._next_step.setSingleShot(True)
        self._next_step.timeout.connect(self._build_on)
        self._stack = QStackedWidget()
        self._stack.setObjectName("tabs")
        self._bar = TopBar()
        page = _Page(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._bar, self._stack, self._status):
            column.addWidget(part, 1 if part is self._stack else 0)
        self.notifications = Notifications(MessageBar(over=self._stack, parent=page))
        self._veil = DropVeil(self._stack)
        self.setCentralWidget(page)
        self.setMinimumSize(_LEAST_SIZE)
        self._restore()

    def fill(
        self, session: "ProjectSession", trainings: "TrainingRunner", jobs: "JobQueue", thumbnails: "Thumbnails"
    ) -> None:
        """Connect the frame to the program and show the first tab; once."""
        from app.shell.context import AppContext
        from app.shell.job_pill import JobPill
        from app.shell.project_actions import ProjectActions

        self._session, self._trainings, self._jobs = session, trainings, jobs
        self._commands = Commands(self, session, trainings)
        self.context = AppContext(session, trainings, jobs, self._commands, thumbnails, self._status)
        self._opening = ProjectActions(self.context, self)
        self._bar.fill(self._commands)
        self._pill = JobPill(self._bar.job, self._bar.stop, trainings, jobs)
        self._connect()
        self.filled = True
        self.setAcceptDrops(True)
        self._project_changed()

    def _connect(self) -> None:
        session, trainings = self._session, self._trainings
        self.notifications.follow(session, trainings)
        session.project_changed.connect(self._project_changed)
        session.saved.connect(self._status.show_saved)
        trainings.study_asked.connect(self._run_study)
        self._bar.job.clicked.connect(self._go_to_job)
        self._bar.tab_picked.connect(self.pick_tab)
        self._bar.project_picked.connect(self._open_one)
        self._commands.connect_to(
            **{f"tab_{name}": _showing(self, name) for name in TABS},
            quit=self.close,
            columns=self._toggle_columns,
            right_column=self._toggle_right_column,
            full_screen=self._toggle_full_screen,
            save=self.notifications.say_saved,
            next_item=lambda: self._step(1),
            previous_item=lambda: self._step(-1),
            next_todo=lambda: self._step(1, todo=True),
            previous_todo=lambda: self._step(-1, todo=True),
            use_prediction=self._use_prediction,
            use_prediction_class=lambda: self._use_prediction(session.active_class),
            log_folder=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(errors.log_folder()))),
        )
        self._opening.connect_commands(self.rebuild_asked)

    # Tabs --------------------------------------------------------------------------------------------------------------

    @Slot(str)
    def pick_tab(self, name: str) -> None:
        """Show that tab: now where it stands, else once it is built, each of its steps in a turn of the event loop."""
        self._coming = name
        self._bar.show_tab(name)
        self._build_on()

    @Slot()
    def _build_on(self) -> None:
        for _ in self._building(self._coming):
            self._next_step.start()
            return
        self.show_tab(self._coming)

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front when this returns, building it the first time."""
        self._next_step.stop()
        self._build_tab(name)
        self._status.set_place([])
        self._status.set_hints([])
        self._stack.setCurrentWidget(self._tabs[name])
        self._bar.show_tab(name)
        self._commands.show_tab(name)
        self._trainings.under_review = name == "review"
        self._tabs[name].shown()
        if self._session.project is not None:
            settings.set_ui_state("tab", name)

    def _build_tab(self, name: str) -> None:
        for _ in self._building(name):
            pass

    def _building(self, name: str) -> Iterator[None]:
        """The steps in which that tab is built, those that are left where it was begun; none where it stands."""
        if name not in self._tabs and name not in self._begun:
            self._begun[name] = self._steps_of_tab(name)
        return self._begun.get(name, iter(()))

    def _steps_of_tab(self, name: str) -> Iterator[None]:
        tab = _make_tab(name, self.context, self._stack)
        yield from tab.steps
        tab.place_asked.connect(self._go_to_place)
        self._stack.addWidget(tab)
        self._tabs[name] = tab
        del self._begun[name]

    def leave_tabs(self) -> None:
        """Before another window takes this one's place."""
        self.end_building()
        self._stack.hide()

    def end_building(self) -> None:
        """Before the window goes: parts of a tab that is not whole belong to nobody yet, and would stay behind."""
        self._next_step.stop()
        for name in tuple(self._begun):
            self._build_tab(name)

    def build_ahead(self) -> "Ahead":
        """Begin to make ready what a click on a tab would wait for."""
        from app.shell.ahead import Ahead

        self._ahead = Ahead(_AHEAD, self._building, self._jobs, self)
        self._ahead.start()
        return self._ahead

    @Slot(str, str, int)
    def _go_to_place(self, name: str, plane: "Plane", index: int) -> None:
        self.show_tab(name)
        self._tabs[name].show_place(plane, index)

    def tab(self, name: str) -> "Tab":
        """The tab of that name, built where it was not yet."""
        if name not in self._tabs:
            self.show_tab(name)
        return self._tabs[name]

    def customEvent(self, event: QEvent) -> None:
        """The picture of a plot, in a tab or in a dialog that was opened from one, asks for its place."""
        from app.dialogs.plot_picture import PlotPictureDialog
        from widgets.plot import PictureAsked

        if isinstance(event, PictureAsked):
            event.accept()
            PlotPictureDialog(self.context, event.picture, event.plot.window()).open()

    @Slot()
    def _project_changed(self) -> None:
        project = self._session.project
        self._bar.show_project(project.name if project else "", self._session.writable)
        self.setWindowTitle(f"{project.name} · Contorno" if project else "Contorno")
        if project is None:
            self._status.hide_saved()
            self.show_tab("data")
            return
        if self._session.writable:
            self._status.show_saved(True)
        else:
            self._status.show_read_only()
        wanted = settings.ui_state("tab", "data")
        whole = self._session.task == "classification"
        if wanted == ("review" if whole else "classify"):  # left by a project of the other kind
            wanted = "classify" if whole else "label"
        self.show_tab(wanted if wanted in TABS and project.items.count() else "data")

    # Jobs --------------------------------------------------------------------------------------------------------------

    @Slot()
    def _go_to_job(self) -> None:
        classes = self._session.task == "classification"
        self.show_tab("classify" if classes else "train")

    @Slot()
    def _run_study(self) -> None:
        """The study of Classify, once a person has seen what it would train."""
        from app.tabs.classify.tab import ClassifyTab

        tab = self._tabs.get("classify")
        if isinstance(tab, ClassifyTab):
            tab.study.run()
        else:
            self.show_tab("classify")

    def _use_prediction(self, only: int | None = None) -> None:
        from app.dialogs.test_reference import with_leave

        with_leave(self.context, self, lambda: self._session.predictions.copy_to_mask(only))

    def _step(self, step: int, *, todo: bool = False) -> None:
        """To the next item as the list of the tab in front has them."""
        self._session.walk.step(step, todo=todo, among=self._tabs[self._commands.tab].order())

    # The window itself -------------------------------------------------------------------------------------------------

    def _toggle_columns(self) -> None:
        self._tabs[self._commands.tab].toggle_columns()

    def _toggle_right_column(self) -> None:
        self._tabs[self._commands.tab].toggle_columns(right=True)

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _restore(self) -> None:
        geometry = settings.layout("window")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            screen = QGuiApplication.primaryScreen()
            self.resize(first_size(screen.availableSize()) if screen is not None else _FIRST_SIZE)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            project = self._session.project
            if project is not None and self._session.writable:
                self._veil.lift(tr("Drop images to add them to {name}, or a project to open it", name=project.name))
            else:
                self._veil.lift(tr("Drop images for a new project, or a project to open it"))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_paths(paths)

    @Slot(object)
    def _open_one(self, path: Path) -> None:
        self.open_paths([path])

    def open_paths(self, paths: list[Path]) -> None:
        """Open a project, or bring images into the open one; without one, ask for a new project first."""
        self._opening.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        try:
            if self.filled and not self._opening.may_leave():
                event.ignore()
                return
        except Exception as fault:  # an exception here would close the window without a word
            errors.log_unexpected(fault)
        self.end_building()
        settings.remember_layout("window", self.saveGeometry())
        settings.write_ui_state()
        event.accept()


def first_size(room: QSize) -> QSize:
    """Of a window that was never moved, on a screen with so much room."""
    return _FIRST_SIZE.boundedTo(room - _AROUND).expandedTo(_LEAST_SIZE)


class _Page(QWidget):
    """What lies in the frame; it tells the window when it was painted for the first time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window: MainWindow | None = window

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._window is not None:
            window, self._window = self._window, None
            window.painted.emit()


def _make_tab(name: str, context: "AppContext", parent: QWidget) -> "Tab":
    """Tabs are imported when they are first shown: the window must not wait for them."""
    if name == "data":
        from app.tabs.data.tab import DataTab

        return DataTab(context, parent)
    if name == "label":
        from app.tabs.label.tab import LabelTab

        return LabelTab(context, parent, in_steps=True)
    if name == "augment":
        from app.tabs.augment.tab import AugmentTab

        return AugmentTab(context, parent, in_steps=True)
    if name == "train":
        from app.tabs.train.tab import TrainTab

        return TrainTab(context, parent, in_steps=True)
    if name == "review":
        from app.tabs.review.tab import ReviewTab

        return ReviewTab(context, parent, in_steps=True)
    from app.tabs.classify.tab import ClassifyTab

    return ClassifyTab(context, parent, in_steps=True)


def _showing(window: MainWindow, name: str) -> Callable[[], None]:
    return lambda: window.pick_tab(name)
