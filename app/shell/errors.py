"""What the user sees when something goes wrong, and the guard that keeps the program alive. No patient's name reaches a log."""

import faulthandler
import logging
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from app.shell.i18n import translate_error
from engine.errors import EngineError
from widgets.text import tr

_log = logging.getLogger("contorno")

_QUIET = (
    10.0  # seconds in which the same unexpected fault is not shown again: a paint event would repeat it at every frame
)

_PLACE = re.compile(r"[/\\\"]")


def log_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_log_dir("contorno", appauthor=False))


class _Whole(Exception):
    """Is being handled while `raising_whole` works; never shown."""


def raising_whole(work: Callable[[], int]) -> int:
    """Do the work, in which every fault is a whole object from the moment that it is raised.

    Of what its own C code and NumPy raise, Python 3.11 makes the object when somebody catches it, and has a type and a text until then.
    Where such a fault leaves one overridden event of Qt for another, PySide takes the text for the object, and the process crashes
    (seen with 6.11, by a mouse that moved). While a fault is being handled, Python makes the object at once.
    """
    try:
        raise _Whole
    except _Whole:
        return work()


class CrashGuard(QObject):
    """Catches what nobody caught, in slots, threads and Qt: logs it, tells the window once, and the program lives on."""

    unexpected = Signal(str, str)  # a plain sentence, a report to copy

    def __init__(self) -> None:
        super().__init__()
        self._shown: dict[str, float] = {}
        self._fault_file: IO[str] | None = None
        self._restore: list[Callable[[], None]] = []

    def install(self) -> None:
        """Install all hooks; before QApplication exists, so that nothing slips through. `open_log` follows."""
        hook, thread_hook = sys.excepthook, threading.excepthook
        sys.excepthook = self._exception
        threading.excepthook = self._in_thread
        before = qInstallMessageHandler(_from_qt)
        self._restore = [
            lambda: setattr(sys, "excepthook", hook),
            lambda: setattr(threading, "excepthook", thread_hook),
            lambda: _put_back(before),
        ]

    def open_log(self) -> None:
        """Write what happens to the log folder from now on, and the stack of a crash beside it."""
        from logging.handlers import RotatingFileHandler

        folder = log_folder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            handler: logging.Handler = RotatingFileHandler(folder / "contorno.log", maxBytes=1 << 20, backupCount=3)
            self._fault_file = (folder / "crash.log").open("a")
            faulthandler.enable(self._fault_file, all_threads=True)
        except OSError:  # a read-only home: the program works without a log
            handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        self._restore += [
            lambda: root.removeHandler(handler),
            lambda: root.setLevel(level),
            handler.close,
            faulthandler.disable,
        ]

    def remove(self) -> None:
        """Put every hook back as it was."""
        for step in self._restore:
            step()
        self._restore = []
        if self._fault_file is not None:
            self._fault_file.close()
            self._fault_file = None

    def report(self, fault: BaseException) -> None:
        """An exception that reached the edge unexpectedly: into the log, and to the window."""
        text = safe_traceback(fault)
        _log.error("unexpected: %s", text)
        now = time.monotonic()
        if now - self._shown.get(text, -_QUIET) < _QUIET:
            return
        self._shown[text] = now
        self.unexpected.emit(tr("Something went wrong that should not have. Your work is saved; you can go on."), text)

    def _exception(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        self.report(fault.with_traceback(trace))

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value)


def _put_back(handler: Callable[[QtMsgType, QMessageLogContext, str], None] | None) -> None:
    qInstallMessageHandler(handler)


def safe_traceback(fault: BaseException) -> str:
    """An exception as places in our code, without its message: that may hold a file's or a patient's name."""
    lines = []
    for frame in traceback.extract_tb(fault.__traceback__):
        lines.append(f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}")
    cause = fault.__cause__ or fault.__context__
    behind = "" if cause is None or isinstance(cause, _Whole) else f"\nbecause of {safe_traceback(cause)}"
    return f"{type(fault).__name__}\n  " + "\n  ".join(lines) + behind


def user_message(fault: BaseException) -> tuple[str, str]:
    """What happened and what to do, in the program's language."""
    if isinstance(fault, EngineError):
        return translate_error(fault)
    if isinstance(fault, MemoryError):
        return tr("The memory is full."), tr("Close other programs, or choose a smaller image size.")
    if isinstance(fault, OSError):
        reason = fault.strerror or type(fault).__name__
        return tr("The disk refused: {reason}.", reason=reason), tr(
            "Check the space on the disk and the rights to its folder, then try again."
        )
    return tr("Something went wrong that should not have. Your work is saved; you can go on."), ""


def expected(fault: BaseException) -> bool:
    """Whether the fault is one that the user can do something about, so that no report is needed."""
    return isinstance(fault, EngineError | MemoryError | OSError)


def _from_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    said = _PLACE.split(message, maxsplit=1)  # a file's place may name a patient
    logging.getLogger("qt").log(levels.get(kind, logging.WARNING), "%s%s", said[0], "…" if len(said) > 1 else "")


def log_unexpected(fault: BaseException) -> None:
    _log.error("unexpected: %s", safe_traceback(fault))
