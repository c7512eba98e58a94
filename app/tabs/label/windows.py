"""The button with the windows: those of the file, by the values, and the usual ones of CT, each with its numbers."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton

from app.shell.actions import Commands
from app.tabs.scan.view import ScanView
from app.tabs.scan.window_menu import WindowEntry, own_entries, preset_entries
from widgets.controls import IconButton
from widgets.slice_view import table_name
from widgets.text import tr


class WindowButton(IconButton):
    """Its menu is made when it opens: what the file says, what is on, and what can be used belong to the open image."""

    def __init__(self, commands: Commands, scan: ScanView) -> None:
        super().__init__("label.windows", "contrast", tr("Window"), side=32)
        self._commands, self._scan = commands, scan
        self.setToolTip(tr("Brightness and contrast. Hold W and drag to change them by hand."))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    @Slot()
    def _fill(self) -> None:
        menu, image, commands = self.menu(), self._scan.canvas.image, self._commands
        menu.clear()
        for entry in own_entries(image) if image is not None else ():
            self._add(menu, entry)
        for place, table in enumerate(image.tables if image is not None else ()):
            action = menu.addAction(table_name(table, place))
            action.triggered.connect(lambda _checked, place=place: self._scan.views.set_table(place))
            action.setCheckable(True)
            action.setChecked(self._scan.canvas.table == place)
        menu.addAction(commands["auto_window"])
        menu.addAction(tr("Type width and level…"), self._scan.edit_window).setEnabled(image is not None)
        menu.addSeparator()
        menu.addActions(commands.actions("invert", "smooth"))
        if image is None or image.unit != "HU":
            return
        menu.addSeparator()
        for entry in preset_entries(image):
            self._add(menu, entry)

    def _add(self, menu: QMenu, entry: WindowEntry) -> None:
        """The key of the command is shown but stays the command's."""
        command = self._commands[entry.command] if entry.command else None
        keys = command.shortcuts() if command is not None else []
        key = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        action = menu.addAction(entry.text + (f"\t{key}" if key else ""))
        action.triggered.connect(lambda: self._scan.canvas.set_window(entry.window))
        action.setCheckable(True)
        action.setChecked(self._scan.canvas.table is None and self._scan.canvas.window_level == entry.window)
        action.setEnabled(command is None or command.isEnabled())
