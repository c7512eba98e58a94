"""The button with the windows: those of the file, by the values, and the usual ones of CT, each with its numbers."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton

from app.shell.actions import Commands
from app.tabs.scan.view import ScanView
from app.tabs.scan.window_choice import own_windows
from engine.imaging.image import Window
from engine.imaging.windows import CT_PRESETS
from widgets.controls import IconButton
from widgets.corners import window_numbers
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
        own = () if image is None else own_windows(image)
        for number, window in enumerate(own, start=1):
            text = tr("The file's own window") if number == 1 else tr("The file's window {number}", number=number)
            self._add(menu, text, window, "reset_window" if number == 1 else "")
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
        for number, (name, window) in enumerate(CT_PRESETS.items(), start=1):
            self._add(menu, tr(name), window, f"window_{number}")

    def _add(self, menu: QMenu, text: str, window: Window, command: str) -> None:
        """The key of the command is shown but stays the command's."""
        keys = self._commands[command].shortcuts() if command else []
        key = keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        action = menu.addAction(f"{text}   {window_numbers(window)}" + (f"\t{key}" if key else ""))
        action.triggered.connect(lambda: self._scan.canvas.set_window(window))
        action.setCheckable(True)
        action.setChecked(self._scan.canvas.table is None and self._scan.canvas.window_level == window)
        action.setEnabled(not command or self._commands[command].isEnabled())
