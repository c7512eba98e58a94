"""The main window: top bar with the tabs, the tabs, the status line; opening, closing and recovery. No logic."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, QUrl, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import errors, settings
from app.actions import TABLE, TABS, Commands
from app.desk import Desk
from app.jobs import JobQueue
from app.opening import Opening
from app.session import Session
from app.thumbnails import Thumbnails
from app.trainings import LANE, Trainings
from engine.errors import EngineError
from engine.progress import Progress
from widgets import icons
from widgets.controls import IconButton, Text, named
from widgets.job_bar import JobBar
from widgets.status_line import StatusLine
from widgets.strip import Strip
from widgets.text import tr

_BAR = 44
_FIRST_SIZE = QSize(1440, 900)


class MainWindow(QMainWindow):
    """One window on one session. Tabs are built when they are first shown, so that the window itself is there at once."""

    rebuild_asked = Signal()  # the language changed: build the window anew

    def __init__(self, session: Session, trainings: Trainings, jobs: JobQueue, thumbnails: Thumbnails) -> None:
        super().__init__()
        named(self, "main_window", "Contorno")
        self._session, self._trainings, self._jobs = session, trainings, jobs
        self._commands = Commands(self, session, trainings)
        self._status = StatusLine()
        self.desk = Desk(session, trainings, jobs, self._commands, thumbnails, self._status)
        self._opening = Opening(self.desk, self)
        self._strip = Strip()
        self._report = ""
        self._tabs: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._stack.setObjectName("tabs")
        self._bar = _TopBar(self._commands)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._bar, self._strip, self._stack, self._status):
            column.addWidget(part, 1 if part is self._stack else 0)
        self.setCentralWidget(page)
        self.setAcceptDrops(True)
        self.setMinimumSize(1000, 640)
        self._connect()
        self._restore()
        self._project_changed()

    def _connect(self) -> None:
        session, trainings = self._session, self._trainings
        session.project_changed.connect(self._project_changed)
        session.told.connect(self._say)
        session.failed.connect(self.show_fault)
        session.saved.connect(self._status.show_saved)
        self._jobs.changed.connect(self._show_job)
        self._jobs.reported.connect(self._job_reported)
        trainings.noticed.connect(self._notice)
        trainings.changed.connect(self._show_job)
        self._strip.acted.connect(self._copy_report)
        self._bar.job.clicked.connect(self._go_to_job)
        self._bar.tab_picked.connect(self.show_tab)
        self._commands.connect_to(
            **{f"tab_{name}": _showing(self, name) for name in TABS},
            quit=self.close,
            columns=self._toggle_columns,
            full_screen=self._toggle_full_screen,
            save=self._saved_already,
            undo=session.undo,
            redo=session.redo,
            next_item=lambda: session.step_item(1),
            previous_item=lambda: session.step_item(-1),
            next_todo=lambda: session.step_item(1, todo=True),
            use_prediction=session.use_prediction,
            use_prediction_class=lambda: session.use_prediction(session.active_class or None),
            train=self._train,
            pause=self._pause,
            stop=trainings.stop,
            predict_item=self._predict_item,
            predict_all=self._predict_all,
            log_folder=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(errors.log_folder()))),
        )
        self._opening.connect_commands(self.rebuild_asked)

    # Tabs --------------------------------------------------------------------------------------------------------------

    @Slot(str)
    def show_tab(self, name: str) -> None:
        """Bring a tab to the front, building it the first time."""
        if name not in self._tabs:
            self._tabs[name] = _make_tab(name, self.desk)
            self._stack.addWidget(self._tabs[name])
        self._status.set_place([])
        self._status.set_hints([])
        self._stack.setCurrentWidget(self._tabs[name])
        self._bar.show_tab(name)
        self._commands.show_tab(name)
        shown = getattr(self._tabs[name], "shown", None)
        if callable(shown):
            shown()
        if self._session.project is not None:
            settings.remember("tab", name)

    def tab(self, name: str) -> QWidget:
        """The tab of that name, built where it was not yet."""
        if name not in self._tabs:
            self.show_tab(name)
        return self._tabs[name]

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
        wanted = settings.note("tab", "data")
        self.show_tab(wanted if wanted in TABS and project.items.count() else "data")

    # What is said ------------------------------------------------------------------------------------------------------

    @Slot(str, str)
    def _say(self, text: str, kind: str) -> None:
        self._report = ""
        self._strip.say(text, kind if kind in ("info", "good", "warn", "bad") else "info")  # type: ignore[arg-type]

    @Slot(object)
    def show_fault(self, fault: BaseException) -> None:
        """Say what went wrong and what to do. What nobody expected also goes to the log, as a report that can be copied."""
        what, advice = errors.sentence(fault)
        self._report = "" if errors.expected(fault) else errors.where(fault)
        if self._report:
            errors.log_unexpected(fault)
        self._strip.say(f"{what} {advice}".strip(), "bad", tr("Copy report") if self._report else "")

    @Slot(str, str)
    def show_unexpected(self, text: str, report: str) -> None:
        self._report = report
        self._strip.say(text, "bad", tr("Copy report"))

    @Slot()
    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self._report)
        self._strip.say(tr("The report is in the clipboard. It holds no names of patients or files."), "info")

    @Slot(object)
    def _notice(self, notice: object) -> None:
        from app.i18n import noted
        from app.tabs.train_words import chosen
        from engine.progress import Notice

        if isinstance(notice, Notice):
            auto = {"arch", "loss", "batch"} <= set(notice.values)  # what Auto chose is told in the window's own words
            self._say(chosen(notice.values) if auto else noted(notice), "info")

    def _saved_already(self) -> None:
        self._say(tr("Every stroke is saved when the pen is lifted. Nothing is left to save."), "good")

    # Jobs --------------------------------------------------------------------------------------------------------------

    @Slot()
    def _show_job(self) -> None:
        training, job = self._trainings, self._jobs.running(LANE) or self._jobs.running("data")
        if job is None:
            self._bar.job.clear()
            return
        queued = training.waiting + self._jobs.waiting(LANE)
        if (
            training.training
            and self._jobs.running(LANE) is not None
            and training.run is not None
            and training.run.name == job.title
        ):
            last = training.last_batch
            detail = (
                tr("paused")
                if training.paused
                else (tr("starting") if last is None else _left(last.epoch, last.seconds_left))
            )
            self._bar.job.set_job(tr("Training {run}", run=job.title), detail, last.share if last else None, queued)
        else:
            self._bar.job.set_job(job.title, "", None, queued)

    @Slot(object, object)
    def _job_reported(self, job: object, event: object) -> None:
        if job is not self._jobs.running(LANE) and job is not self._jobs.running("data"):
            return
        if isinstance(event, Progress) and event.total and not self._trainings.training:
            title = getattr(job, "title", "")
            self._bar.job.set_job(title, f"{event.done} / {event.total}", event.done / event.total)
        else:
            self._show_job()

    @Slot()
    def _go_to_job(self) -> None:
        classes = self._session.task == "classification"
        self.show_tab("classify" if classes else "train")

    def _train(self) -> None:
        """Start a run with the recipe as it stands, from whatever tab. The Classify tab starts its own."""
        if self._session.task == "classification":
            if "classify" not in self._tabs:
                self.show_tab("classify")
            return
        try:
            self._trainings.start(self._trainings.recipe.ready())
        except EngineError as fault:
            self._session.failed.emit(fault)

    def _pause(self) -> None:
        if self._trainings.paused:
            self._trainings.go_on()
        else:
            self._trainings.pause()

    def _predict_item(self) -> None:
        if self._session.run is not None and self._session.item is not None:
            self._trainings.predict(self._session.run, [self._session.item.id])

    def _predict_all(self) -> None:
        if self._session.run is not None:
            self._trainings.predict(self._session.run)

    # The window itself -------------------------------------------------------------------------------------------------

    def _toggle_columns(self) -> None:
        columns = getattr(self._stack.currentWidget(), "columns", None)
        if columns is not None:
            columns.toggle()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _restore(self) -> None:
        geometry = settings.layout("window")
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            screen = QGuiApplication.primaryScreen()
            self.resize(_FIRST_SIZE.boundedTo(screen.availableSize()) if screen is not None else _FIRST_SIZE)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open_paths(paths)

    def open_paths(self, paths: list[Path]) -> None:
        """Open a project, or bring images into the open one; without one, ask for a new project first."""
        self._opening.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        try:
            if self._trainings.training and not self._asked_to_stop():
                event.ignore()
                return
        except Exception as fault:  # an exception here would close the window without a word
            errors.log_unexpected(fault)
        settings.remember_layout("window", self.saveGeometry())
        event.accept()

    def _asked_to_stop(self) -> bool:
        box = QMessageBox(self)
        box.setObjectName("stop_training_question")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(tr("A training is under way."))
        box.setInformativeText(tr("Its best model so far is kept, and it can be resumed later."))
        stop = box.addButton(tr("Stop it and close"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is stop


class _TopBar(QFrame):
    """Mark and project left, the tabs in the order of the work, the job and the helpers right."""

    tab_picked = Signal(str)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setProperty("role", "top")
        self.setFixedHeight(_BAR)
        self._project = QPushButton()
        named(self._project, "project_menu", tr("Project"))
        self._project.setProperty("role", "title")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._project.setMenu(self._menu)
        self._commands = commands
        mark = QLabel()
        mark.setPixmap(icons.pixmap("mark", size=20, density=self.devicePixelRatioF()))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        tabs = QHBoxLayout()
        tabs.setSpacing(4)
        for name in TABS:
            button = QPushButton(commands[f"tab_{name}"].text())
            named(button, f"tab.{name}", button.text())
            button.setProperty("role", "tab")
            button.setProperty("tab", name)
            button.setCheckable(True)
            button.setFixedHeight(_BAR)
            button.setToolTip(commands[f"tab_{name}"].toolTip())
            button.clicked.connect(self._picked)
            self._group.addButton(button)
            self._buttons[name] = button
            tabs.addWidget(button)
        self.job = JobBar()
        self._reader = Text(settings.load().reader, "dim")
        gear = IconButton("settings_button", "settings", tr("Settings"), side=28)
        gear.show_action(commands["settings"])
        help_button = IconButton("help_button", "help", tr("Keys and mouse"), side=28)
        help_button.show_action(commands["shortcuts"])
        left, right = QWidget(), QWidget()
        for side in (left, right):
            side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        left_row, right_row = QHBoxLayout(left), QHBoxLayout(right)
        for row in (left_row, right_row):
            row.setContentsMargins(12, 0, 12, 0)
            row.setSpacing(8)
        left_row.addWidget(mark)
        left_row.addWidget(self._project)
        left_row.addStretch(1)
        right_row.addStretch(1)
        for part in (self.job, self._reader, gear, help_button):
            right_row.addWidget(part)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(left, 1)
        line.addLayout(tabs)
        line.addWidget(right, 1)

    @Slot()
    def _picked(self) -> None:
        button = self.sender()
        if button is not None:
            self.tab_picked.emit(button.property("tab"))

    def show_tab(self, name: str) -> None:
        self._buttons[name].setChecked(True)

    def show_project(self, name: str, writable: bool) -> None:
        self._project.setText(name or tr("No project"))

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        by_id = {command.id: command for command in TABLE}
        for id in ("new_project", "open_project", "open_demo"):
            self._menu.addAction(self._commands[id])
        recent = self._menu.addMenu(tr("Open recent"))
        paths = settings.recent_projects()
        recent.setEnabled(bool(paths))
        for path in paths:
            entry = recent.addAction(path.name)
            entry.setData(str(path))
            entry.triggered.connect(self._open_recent)
        self._menu.addSeparator()
        for id in ("import_images", "find_moved", "export", "close_project"):
            self._menu.addAction(self._commands[id])
        self._menu.addSeparator()
        for id in ("settings", "shortcuts", "log_folder", "about", "quit"):
            if id in by_id:
                self._menu.addAction(self._commands[id])

    @Slot()
    def _open_recent(self) -> None:
        entry, window = self.sender(), self.window()
        if entry is not None and isinstance(window, MainWindow):
            window.open_paths([Path(str(entry.property("data") or entry.data()))])  # type: ignore[attr-defined]


def _make_tab(name: str, desk: Desk) -> QWidget:
    """Tabs are imported when they are first shown: the window must not wait for them."""
    if name == "data":
        from app.tabs.data import DataTab

        return DataTab(desk)
    if name == "label":
        from app.tabs.label import LabelTab

        return LabelTab(desk)
    if name == "augment":
        from app.tabs.augment import AugmentTab

        return AugmentTab(desk)
    if name == "train":
        from app.tabs.train import TrainTab

        return TrainTab(desk)
    if name == "review":
        from app.tabs.review import ReviewTab

        return ReviewTab(desk)
    from app.tabs.classify import ClassifyTab

    return ClassifyTab(desk)


def _showing(window: MainWindow, name: str) -> Callable[[], None]:
    return lambda: window.show_tab(name)


def _left(epoch: int, seconds: float | None) -> str:
    text = tr("epoch {epoch}", epoch=epoch)
    if seconds is None:
        return text
    left = (
        tr("{minutes} min left", minutes=round(seconds / 60))
        if seconds >= 90
        else tr("{seconds} s left", seconds=round(seconds))
    )
    return f"{text} · {left}"
