"""Start-up of the window: arguments, log, crash guard, QApplication, first window. Nothing else."""

import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app import __version__
from app.shell import i18n, settings
from app.shell.errors import CrashGuard, raising_whole
from app.shell.window import MainWindow
from widgets import theme

if TYPE_CHECKING:
    from app.shell.context import AppContext
    from engine.config import TrainConfig

_WAKE = 200  # ms: Python sees a signal only when it is given a turn
_UNSEEN = 1000  # ms: a window that starts minimised is never painted


def main(arguments: Sequence[str] | None = None, train: "TrainConfig | None" = None) -> int:
    """Show the window (on the project or the images named by the arguments) and run until it is closed; the exit status.

    With `train`, a project that was never trained begins to, as the demo does.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    gc.disable()  # what is loaded until the window stands stays: the queue of jobs looks for garbage from then on
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    guard = CrashGuard()
    guard.install()
    if sys.platform == "win32":
        import torch  # noqa: F401 (there, torch must be loaded before QApplication: WinError 1114)
    app = make_application()
    program = Program(guard)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, program.asked_to_end)
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # which nohup asks for
        signal.signal(signal.SIGHUP, program.asked_to_end)
    program.start([Path(word) for word in words], train)
    code = 0 if program.asked else raising_whole(app.exec)
    ended = program.close()
    guard.remove()
    if (
        not ended
    ):  # a step of the network is still running; its last checkpoint is on disk, and its thread cannot be stopped
        os._exit(code)
    return code


def make_application() -> QApplication:
    """The QApplication in the user's language and theme; the one that exists already where there is one (tests)."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["contorno"])
    app.setApplicationName("Contorno")
    app.setApplicationVersion(__version__)
    QGuiApplication.setDesktopFileName("contorno")
    wanted = settings.load()
    i18n.install(wanted.language)
    theme.apply(app, wanted.theme)
    return app


class Program(QObject):
    """ProjectSession, jobs and window, and how they begin and end together.

    The frame of the window is shown first. NumPy, OpenCV and the rest of the program are loaded when it is on the screen.
    """

    def __init__(self, guard: CrashGuard) -> None:
        super().__init__()
        self.asked = False  # to end, by a signal
        self.context: AppContext | None = None
        self._guard = guard
        self._paths: list[Path] = []
        self._train: TrainConfig | None = None
        self._wake = QTimer()
        self._wake.timeout.connect(self._turn)
        self._unseen = QTimer()
        self._unseen.setSingleShot(True)
        self._unseen.timeout.connect(self._fill)
        self.window = self._make_window()

    def start(self, paths: list[Path], train: "TrainConfig | None" = None) -> None:
        """Show the frame; when it stands, fill it and open the paths."""
        self._paths, self._train = paths, train
        self.window.painted.connect(self._fill, Qt.ConnectionType.QueuedConnection)
        self._unseen.start(_UNSEEN)
        self.window.show()
        self.window.setFocus()  # no ring round the first button before a key is used
        self._wake.start(_WAKE)

    @Slot()
    def _fill(self) -> None:
        if self.context is not None:
            return
        from app.services.jobs import JobQueue
        from app.services.project_session import ProjectSession
        from app.services.thumbnails import Thumbnails
        from app.services.training_runner import TrainingRunner
        from widgets import icons

        self._guard.open_log()
        QApplication.setWindowIcon(icons.app_icon())
        jobs = JobQueue()
        session = ProjectSession(jobs)
        trainings = TrainingRunner(session, jobs)
        self.window.fill(session, trainings, jobs, Thumbnails(session, jobs))
        self.context = self.window.context
        if self._paths:
            self.window.open_paths(self._paths)
        if self._train is not None and session.writable and not trainings.runs.all():
            trainings.start(self._train)
            self.window.show_tab("label")
        self.window.build_ahead()

    def _make_window(self) -> MainWindow:
        window = MainWindow()
        window.rebuild_asked.connect(self._rebuild)
        self._guard.unexpected.connect(window.notifications.show_unexpected)
        return window

    @Slot()
    def _rebuild(self) -> None:
        """Another language: the same session in a new window."""
        i18n.install(settings.load().language)
        old = self.window
        place = old.saveGeometry()
        parts = old.context
        old.leave_tabs()  # how the scan is looked at is kept, before the other window asks for it
        self.window = self._make_window()
        self.window.fill(parts.session, parts.trainings, parts.jobs, parts.thumbnails)
        self.context = self.window.context
        self.window.restoreGeometry(place)
        self.window.show()
        if self.window.focusWidget() is None:
            self.window.setFocus()
        self.window.build_ahead()
        old.hide()
        old.deleteLater()

    @Slot()
    def _turn(self) -> None:
        """Nothing to do: Python now runs the handlers of signals that arrived."""

    def asked_to_end(self, number: int, frame: FrameType | None) -> None:
        """SIGTERM, SIGINT or SIGHUP: end as closing does, but ask nothing."""
        self.asked = True  # it may come before the event loop runs
        QApplication.exit(0)

    def close(self) -> bool:
        """Stop the jobs, close the project and the window; False where a job would not end in time."""
        self._wake.stop()
        self._unseen.stop()
        ended = True
        if self.context is not None:
            ended = self.context.jobs.close()
            self.context.session.close_project()
        self.window.deleteLater()
        return ended


if __name__ == "__main__":
    sys.exit(main())
