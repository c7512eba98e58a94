"""Keys whose sign another is on another keyboard: while their command cannot be given, they say why."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QWidget

from app.shell.actions import Commands


class DimKeys(QShortcut):
    """Those of one command, over a part of the window. Shift+1 sends "!" or what else the keyboard has there, which only Qt's shortcuts
    take for Shift+1."""

    def __init__(self, commands: Commands, id: str, over: QWidget, say: Callable[[str], object]) -> None:
        super().__init__(over)
        self.setObjectName(f"{over.objectName()}.{id}")
        self.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.setAutoRepeat(False)
        self._commands, self._action, self._say = commands, commands[id], say
        self._action.changed.connect(self._follow)
        self.activated.connect(self._tell)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setKeys(self._action.shortcuts())
        self.setEnabled(not self._action.isEnabled())

    @Slot()
    def _tell(self) -> None:
        why = self._commands.why_not(self.key())
        if why:
            self._say(why)
