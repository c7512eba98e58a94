"""The bar at the top of the window: mark and project left, the tabs in the order of the work, the job and the helpers right."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from app.shell import settings
from app.shell.actions import TABLE, TABS
from widgets import icons
from widgets.controls import IconButton, Text, named
from widgets.elided import elide
from widgets.job_bar import JobBar
from widgets.text import tip, tr

if TYPE_CHECKING:
    from app.shell.actions import Commands

_BAR = 44
_MOST_NAME = 240  # px of a project's name
_NARROW = 1280  # px: under that the tabs leave the middle


class TopBar(QFrame):
    """Mark and project left, the tabs in the order of the work, the job and the helpers right."""

    tab_picked = Signal(str)
    project_picked = Signal(object)  # the Path of one opened lately

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "top")
        self.setFixedHeight(_BAR)
        self._project = QPushButton()
        named(self._project, "project_menu", tr("Project"))
        self._project.setProperty("role", "title")
        mark = QLabel()
        mark.setPixmap(icons.pixmap("mark", size=20, density=self.devicePixelRatioF()))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        tabs = QHBoxLayout()
        tabs.setSpacing(4)
        by_id = {command.id: command for command in TABLE}
        for name in TABS:
            button = QPushButton(tr(by_id[f"tab_{name}"].text))
            named(button, f"tab.{name}", button.text())
            button.setProperty("role", "tab")
            button.setProperty("tab", name)
            button.setCheckable(True)
            button.setFixedHeight(_BAR)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click goes to the tab, and leaves no ring behind here
            button.clicked.connect(self._picked)
            self._group.addButton(button)
            self._buttons[name] = button
            tabs.addWidget(button)
        self.job = JobBar()
        self.stop = IconButton("job_stop", "x", tr("Stop"), side=24)
        self.stop.hide()
        self._reader = Text(settings.load().reader, "dim")
        self._gear = IconButton("settings_button", "settings", tr("Settings"), side=28)
        self._help = IconButton("help_button", "help", tr("Keys and mouse"), side=28)
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
        for part in (self.job, self.stop, self._reader, self._gear, self._help):
            right_row.addWidget(part)
        self._left, self._line = left, QHBoxLayout(self)
        line = self._line
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(left, 1)
        line.addLayout(tabs)
        line.addWidget(right, 1)
        self.job.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._share_room()
        return super().eventFilter(watched, event)

    def _share_room(self) -> None:
        """In a narrow window the job gets what the project leaves, and while one runs the room of the reader's name."""
        narrow = self.width() < _NARROW
        self._line.setStretch(0, 0 if narrow else 1)
        policy = QSizePolicy.Policy.Preferred if narrow else QSizePolicy.Policy.Ignored
        self._left.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
        self._reader.setVisible(self.job.isHidden() or not narrow)

    def fill(self, commands: "Commands") -> None:
        """Give the buttons their commands and the project its menu."""
        self._commands = commands
        self._gear.show_action(commands["settings"])
        self._help.show_action(commands["shortcuts"])
        for name, button in self._buttons.items():
            button.setToolTip(commands[f"tab_{name}"].toolTip())
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._project.setMenu(self._menu)

    @Slot()
    def _picked(self) -> None:
        button = self.sender()
        if button is not None:
            self.tab_picked.emit(button.property("tab"))

    def show_tab(self, name: str) -> None:
        self._buttons[name].setChecked(True)

    def show_project(self, name: str, writable: bool) -> None:
        text = elide(name or tr("No project"), self._project.fontMetrics(), _MOST_NAME, Qt.TextElideMode.ElideMiddle)
        self._project.setText(text)
        self._project.setToolTip(tip(name) if text != name else "")

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        for id in ("new_project", "open_folder", "open_project", "open_demo"):
            self._menu.addAction(self._commands[id])
        recent = self._menu.addMenu(tr("Open recent"))
        paths = settings.recent_projects()
        recent.setEnabled(bool(paths))
        for number, path in enumerate(paths):
            entry = recent.addAction(path.name)
            entry.setObjectName(f"recent.{number}")
            entry.setData(str(path))
            entry.triggered.connect(self._open_recent)
        self._menu.addSeparator()
        for id in ("import_images", "bring_masks", "find_moved", "export", "save_copy", "close_project"):
            self._menu.addAction(self._commands[id])
        self._menu.addSeparator()
        for id in ("settings", "shortcuts", "dice_by_hand", "tasks_compared", "log_folder", "about", "quit"):
            self._menu.addAction(self._commands[id])

    @Slot()
    def _open_recent(self) -> None:
        entry = self.sender()
        if isinstance(entry, QAction):
            self.project_picked.emit(Path(entry.data()))
