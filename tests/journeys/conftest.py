"""Starting the real program and driving it as a person does."""

import signal
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.shell.main import main
from app.shell.window import MainWindow

_LOOK = 10  # ms between two looks for the window

Run = Callable[[list[str], Callable[[MainWindow], None]], None]


@pytest.fixture
def run_program() -> Iterator[Run]:
    """Start the real program with these arguments, do the journey as soon as its window stands, and end as a person does."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield _run
    for number, handler in before.items():
        signal.signal(number, handler)


def _run(arguments: list[str], journey: Callable[[MainWindow], None]) -> None:
    faults: list[BaseException] = []

    def drive() -> None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.filled]
        if not windows:
            QTimer.singleShot(_LOOK, drive)
            return
        try:
            (window,) = windows
            journey(window)
            assert window.close()
        except BaseException as fault:  # the crash guard would take it for a fault of the program
            faults.append(fault)
            QApplication.exit(1)

    QTimer.singleShot(0, drive)
    code = main(arguments)
    if faults:
        raise faults[0]
    assert code == 0
