"""The Data tab: the ways in, and what is in the project once one is open."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.shell.context import AppContext
from app.tabs.data.start import StartPage
from app.tabs.tab import Tab
from engine.errors import EngineError

if TYPE_CHECKING:
    from app.tabs.data.contents import Contents


class DataTab(Tab):
    """The start page, and with a project its contents: their part is made then, so that the first window waits for none of it."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__("data", context, parent)
        self._made: Contents | None = None
        self._start = StartPage(context.commands)
        self.set_pages(start=self._start)
        self._start.project_picked.connect(self._open_project)
        context.session.project_changed.connect(self._project_changed)
        self._project_changed()

    @property
    def contents(self) -> "Contents":
        """What is in the project that is open, or was last."""
        if self._made is None:
            from app.tabs.data.contents import Contents

            self._made = Contents(self, self._context)
        return self._made

    def shown(self) -> None:
        if self._made is not None:
            self._made.say_status()
            self._made.take_keys()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._made is not None:
            self._made.came_to_front()

    @Slot()
    def _project_changed(self) -> None:
        closed = self._context.session.project is None
        if not closed or self._made is not None:
            self.contents.begin_anew()
        if closed:
            self._start.refresh()
            self.show_page("start")

    @Slot(object)
    def _open_project(self, path: Path) -> None:
        try:
            self._context.session.open_project(path)
        except EngineError as fault:
            self._context.session.failed.emit(fault)
