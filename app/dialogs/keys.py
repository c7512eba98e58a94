"""Which keys run which command, changed by pressing them."""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from app.dialogs.answers import DialogButtons
from app.shell import keys
from app.shell.actions import TABLE, Command
from app.shell.keys import PROFILES, Keys, native
from engine.words import translatable
from widgets import theme
from widgets.controls import Button, SearchField, Text, named
from widgets.key_field import KeyField
from widgets.row_list import RowDelegate, RowTable, TableModel
from widgets.rows import paint_text
from widgets.text import tr
from widgets.word_combo import WordCombo

_COLUMNS = (translatable("Command"), translatable("Where"), translatable("Keys"))
_ROW = 26
_BY_ID = {command.id: command for command in TABLE}


@dataclass(frozen=True)
class KeyRow:
    """One command; `changed` by the person, where a profile has other keys."""

    id: str
    text: str
    where: str
    keys: str
    changed: bool


class _Model(TableModel[KeyRow]):
    def __init__(self) -> None:
        super().__init__(lambda place, row: row.id, columns=len(_COLUMNS))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(_COLUMNS[section])
        return super().headerData(section, orientation, role)

    def describe(self, row: KeyRow, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.text, row.where, row.keys)[column]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.text, row.where, row.keys) if part)
        return None


class _Delegate(RowDelegate[KeyRow]):
    def paint_row(self, painter: QPainter, area: QRectF, row: KeyRow, column: int, picked: bool) -> None:
        text, role = (row.text, row.where, row.keys)[column], "dim" if column == 1 else "text"
        font = theme.font(bold=row.changed and column == 2)
        paint_text(painter, area.adjusted(8, 0, -8, 0), text, role, font)  # type: ignore[arg-type]


class KeyTable(RowTable[KeyRow]):
    """The commands, by section."""

    def __init__(self) -> None:
        super().__init__("keys.table", tr("Commands"), _Model(), _Delegate())
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, width in ((1, 150), (2, 190)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.set_empty(tr("Nothing is called so."))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return is for the row: the dialog would close on it."""
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()


class KeysDialog(QDialog):
    """A draft of the keys: it is saved, and in force, when it is accepted."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        named(self, "keys_dialog", tr("Keys"))
        self.setWindowTitle(tr("Keys"))
        self._draft, self._adds = keys.load(), False
        self.profile = WordCombo()
        named(self.profile, "keys.profile", tr("Profile"))
        for name in PROFILES:
            self.profile.addItem(name, name)
        self.profile.setCurrentIndex(self.profile.findData(self._draft.profile))
        self.search = SearchField("keys.search", tr("Find a command or key"))
        self.search.setFixedWidth(280)
        self.table = KeyTable()
        self.field = KeyField("keys.field", tr("Press the keys…"))
        self.told = Text("", "bad")
        self.told.setObjectName("keys.told")
        self.told.setWordWrap(True)
        self._other = Button("keys.other", tr("Other keys"))
        self._more = Button("keys.more", tr("More keys"))
        self._none = Button("keys.none", tr("No keys"))
        self._reset = Button("keys.reset", tr("As in the profile"))
        self._reset_all = Button("keys.reset_all", tr("All as in the profile"))
        self.buttons = DialogButtons(self, tr("Use these keys"))
        self._lay_out()
        self.profile.activated.connect(self._take_profile)
        self.search.searched.connect(self._show)
        self.table.selectionModel().currentChanged.connect(self._follow)
        self.table.activated.connect(self._ask_other)
        self.field.pressed.connect(self._take)
        self._other.clicked.connect(self._ask_other)
        self._more.clicked.connect(self._ask_more)
        self._none.clicked.connect(self._drop)
        self._reset.clicked.connect(self._reset_one)
        self._reset_all.clicked.connect(self._reset_each)
        self.accepted.connect(self._save)
        self._show()
        self.table.set_current(TABLE[0].id)
        self._follow()
        self.search.setFocus()  # words typed in the choice of the profile would choose another

    def _lay_out(self) -> None:
        top, line = QHBoxLayout(), QHBoxLayout()
        for row in (top, line):
            row.setSpacing(8)
        top.addWidget(Text(tr("Profile"), "dim"))
        top.addWidget(self.profile)
        top.addStretch(1)
        top.addWidget(self.search)
        for button in (self._other, self._more, self._none, self._reset):
            button.setAutoDefault(False)
            line.addWidget(button)
        line.addWidget(self.field, 1)
        self._reset_all.setAutoDefault(False)
        line.addWidget(self._reset_all)
        self.told.setMinimumHeight(2 * self.told.fontMetrics().height())
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addLayout(line)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        self.resize(760, 600)
        parent = self.parentWidget()
        if parent is not None:
            self.resize(self.size().boundedTo(parent.window().size() * 0.94))

    @property
    def draft(self) -> Keys:
        return self._draft

    @Slot()
    def _show(self) -> None:
        words, current = self.search.text().casefold().split(), self.table.current_row()
        found, rows = self._draft.in_force(TABLE), []
        for command in TABLE:
            where = ", ".join(tr(_BY_ID[f"tab_{tab}"].text) for tab in command.tabs)
            text = _text(command)
            shown = "   ".join(map(native, found[command.id]))
            said = f"{text} {where} {shown}".casefold()
            if all(word in said for word in words):
                rows.append(KeyRow(command.id, text, where, shown, command.id in self._draft.changes))
        self.table.set_rows(rows)
        if self.table.current_row() is None and rows:
            self.table.set_current(current.id if current in rows else rows[0].id)
        self._follow()

    def _command(self) -> Command | None:
        row = self.table.current_row()
        return _BY_ID[row.id] if row is not None else None

    @Slot()
    def _follow(self) -> None:
        command = self._command()
        for button in (self._other, self._more, self._none):
            button.setEnabled(command is not None)
        self._reset.setEnabled(command is not None and command.id in self._draft.changes)
        self._reset_all.setEnabled(bool(self._draft.changes))
        self.told.setText("")

    @Slot()
    def _ask_other(self) -> None:
        self._adds = False
        self.field.listen()

    @Slot()
    def _ask_more(self) -> None:
        self._adds = True
        self.field.listen()

    @Slot(str)
    def _take(self, key: str) -> None:
        """These keys were pressed for the command that is picked."""
        command = self._command()
        if command is None:
            return
        self.table.setFocus()
        refused = self._draft.refusal(command, key, TABLE)
        if refused:
            self.told.setText(refused)
            return
        had = self._draft.in_force(TABLE)[command.id] if self._adds else ()
        self._change(self._draft.changed(command, (*(each for each in had if each != key), key)))

    @Slot()
    def _drop(self) -> None:
        command = self._command()
        if command is not None:
            self._change(self._draft.changed(command, ()))

    @Slot()
    def _reset_one(self) -> None:
        """The profile's keys, where no other command has one of them now."""
        command = self._command()
        if command is None:
            return
        wanted = self._draft.profiled(command)
        refused = [why for key in wanted if (why := self._draft.refusal(command, key, TABLE))]
        if refused:
            self.told.setText(refused[0])
        else:
            self._change(self._draft.changed(command, wanted))

    @Slot()
    def _reset_each(self) -> None:
        self._change(Keys(self._draft.profile))

    @Slot(int)
    def _take_profile(self, _: int) -> None:
        """Another profile: what was changed of the one before is not meant for it."""
        if self.profile.currentData() != self._draft.profile:
            self._change(Keys(self.profile.currentData()))

    def _change(self, draft: Keys) -> None:
        self._draft = draft
        self._show()

    @Slot()
    def _save(self) -> None:
        keys.save(self._draft)


def _text(command: Command) -> str:
    """What the command is called; of several that are called the same, with what sets it apart."""
    digit = command.id.rpartition("_")[2]
    text = tr(command.text).rstrip("…")
    return f"{text} ({digit})" if digit.isdigit() and command.id.startswith(("class_", "label_")) else text
