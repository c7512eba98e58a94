"""The F1 sheet: every command with its keys, from the table that makes the menus, and what the mouse does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.dialogs.answers import answered
from app.dialogs.keys import KeysDialog
from app.shell import keys as key_profiles
from app.shell.actions import TABLE
from engine.words import translatable
from widgets import theme
from widgets.column_parts import scrolled
from widgets.controls import Button, Heading, KeyCap, PrimaryButton, SearchField, Text, named
from widgets.text import tr

_MOST_KEYS = 4
_MOST_COLUMNS = 3
_BETWEEN, _EDGE = 36, 20  # px, of columns and of the sheet
_TEXT_WIDTH = 170  # px at least: what is done breaks into two lines, not into words


@dataclass(frozen=True)
class Line:
    """One line of the sheet: what is done, by which keys or gestures, and in which tabs ("" in all)."""

    text: str
    keys: tuple[str, ...]
    where: str = ""


_LABEL, _LABEL_REVIEW = ("label",), ("label", "review")

MOUSE: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    ((translatable("Wheel"),), translatable("Next or previous slice; zooms a single picture"), ()),
    ((translatable("Ctrl + wheel"),), translatable("Zoom where the pointer is"), ()),
    (
        (translatable("Shift + wheel"),),
        translatable("Larger or smaller brush; a flood goes farther or less far"),
        _LABEL,
    ),
    ((translatable("Alt + wheel"),), translatable("Mask stronger or fainter"), _LABEL_REVIEW),
    (
        (translatable("Shift + move"), translatable("Ctrl + Shift + move")),
        translatable("Several views: bring the others to where the pointer is"),
        _LABEL,
    ),
    (
        (translatable("Double click"),),
        translatable("On the title of a view: that view alone, or one of each plane"),
        _LABEL,
    ),
    ((translatable("Click"),), translatable("On the window's numbers over the scan: type them"), _LABEL_REVIEW),
    ((translatable("Middle button"), translatable("Hold Space")), translatable("Move the picture"), ()),
    ((translatable("Right button"),), translatable("Drag, with Move and where nothing is painted: zoom"), ()),
    ((translatable("Hold W and drag"),), translatable("Window and level"), ()),
    (
        (translatable("Drag"), translatable("Right button"), translatable("Wheel")),
        translatable("Over the surface of the mask: turn, move, zoom; a click goes there"),
        _LABEL,
    ),
    ((translatable("Double click"),), translatable("Over the surface of the mask: from the front again"), _LABEL),
    (
        (translatable("Drag"), translatable("Double click")),
        translatable("Over the second item: its window alone, and back to its own"),
        _LABEL,
    ),
    (
        (translatable("Drag"), translatable("Double click")),
        translatable("The line of Swipe: move it, and back to the middle"),
        ("review",),
    ),
    ((translatable("Left button"),), translatable("Do what the tool in hand does"), _LABEL),
    ((translatable("Right button"),), translatable("Brush: erase; fill: empty the area"), _LABEL),
    (
        (translatable("Right button"),),
        translatable("Polygon, live-wire and measures: take the last point back"),
        _LABEL,
    ),
    (
        (translatable("Right button"),),
        translatable("While the left one is down: take back the stroke, the contour or the shape"),
        _LABEL,
    ),
    ((translatable("Click"),), translatable("On the first point of a polygon or live-wire: close it"), _LABEL),
    ((translatable("Double click"),), translatable("Close the polygon or live-wire; paint a closed polygon"), _LABEL),
    (
        (translatable("Drag"),),
        translatable("A polygon that is closed: move a point, a new one of its edge, or all of it"),
        _LABEL,
    ),
    ((translatable("Alt + click"),), translatable("Pick the class under the pointer"), _LABEL),
    ((translatable("Alt + click"),), translatable("On the eye of a class in the list: this one alone"), _LABEL),
    (
        (translatable("Ctrl + click"), translatable("Ctrl + Shift + click")),
        translatable("On the polygon's first point: erase what is in it, with Shift through all slices"),
        _LABEL,
    ),
    (
        (translatable("Ctrl + Shift + drag"),),
        translatable("With brush, contour, rectangle or ellipse: erase through all slices"),
        _LABEL,
    ),
    (
        (translatable("Shift + drag"), translatable("Shift + right button")),
        translatable("With the eraser, and with the brush by the right button: through all slices"),
        _LABEL,
    ),
    ((translatable("Shift + drag"),), translatable("With rectangle or ellipse: equal sides"), _LABEL),
    (
        (translatable("Drag, then click"),),
        translatable("Smart outline: a box around it; then left adds, right takes away"),
        _LABEL,
    ),
    (
        (translatable("Click"), translatable("Drag")),
        translatable("Smart outline by flooding: an area, and more or less of it; right takes away"),
        _LABEL,
    ),
    ((translatable("Ctrl + click"),), translatable("Smart outline: begin from the prediction's part"), _LABEL),
    ((translatable("Ctrl + drag"),), translatable("Erase while painting, paint while erasing"), _LABEL),
    (
        (translatable("Ctrl + click"), translatable("Shift + click")),
        translatable("In the table of items and the list of objects: several at once"),
        ("data", "label"),
    ),
    ((translatable("Double click"),), translatable("In the list of items: open it"), ("data",)),
    ((translatable("Double click"),), translatable("In the list of networks: use its predictions"), ("classify",)),
    ((translatable("Right button"),), translatable("On lists, tables and plots: what can be done with it"), ()),
)
"""Gestures, what they do, and in which tabs (none: in all that show it)."""

KEYS: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (("Tab",), translatable("Over the scan: hide or show the columns"), ()),
    (("Shift+Tab",), translatable("Leave the scan for the next part"), ()),
    (("Right", "Left"), translatable("Over a single picture: next or previous item"), ()),
    (("Right", "Left"), translatable("In a list: open or close a series of several volumes"), ("data", "label")),
    (("Return",), translatable("Close the polygon or live-wire and paint it"), _LABEL),
    (("Backspace",), translatable("Take the last point of a polygon, live-wire or measure back"), _LABEL),
    (("Esc",), translatable("Drop the polygon or the stroke under the pen"), _LABEL),
    (("Del",), translatable("A measure that is picked: delete it"), _LABEL),
    (("Return", "Esc"), translatable("What is proposed over the scan: take it, drop it"), _LABEL),
    (
        ("Shift+Return",),
        translatable("Smart outline and live-wire: take it as a wall around what is painted"),
        _LABEL,
    ),
    (("+", "-"), translatable("Smart outline: a flood that goes farther or less far"), _LABEL),
    (("F2",), translatable("In the list of classes: rename"), _LABEL),
    (("Space",), translatable("In the list of classes: show or hide"), _LABEL),
    (("L",), translatable("In the list of classes: lock or unlock"), _LABEL),
    (("C",), translatable("In the list of classes: another colour"), _LABEL),
    (("Del",), translatable("In the list of classes: remove"), _LABEL),
    (("Return",), translatable("In the list of items: open it"), ("data",)),
)


def sections() -> list[tuple[str, list[Line]]]:
    """The whole sheet: every command with the keys in force, by section in the table's order, then the keys of single parts and the mouse."""
    found: dict[str, list[Line]] = {}
    by_text: dict[tuple[str, str], list[str]] = {}
    tabs: dict[tuple[str, str], dict[str, None]] = {}
    in_force = key_profiles.load().in_force(TABLE)
    for command in TABLE:
        by_text.setdefault((command.section, command.text), []).extend(map(key_profiles.native, in_force[command.id]))
        tabs.setdefault((command.section, command.text), {}).update(dict.fromkeys(command.tabs))
    for (section, text), known in by_text.items():
        keys = list(dict.fromkeys(known))  # Return and Enter have one name in Spanish
        row = tuple(keys) if len(keys) <= _MOST_KEYS else (f"{keys[0]} … {keys[-1]}",)  # the digits
        found.setdefault(tr(section), []).append(Line(tr(text).rstrip("…"), row, _where(tabs[section, text])))
    mouse = [Line(tr(text), tuple(map(tr, gestures)), _where(where)) for gestures, text, where in MOUSE]
    parts = [Line(tr(text), tuple(map(key_profiles.native, keys)), _where(where)) for keys, text, where in KEYS]
    return [*found.items(), (tr("In its place"), parts), (tr("Mouse"), mouse)]


def _where(tabs: Iterable[str]) -> str:
    names = {command.id: command.text for command in TABLE}
    return ", ".join(tr(names[f"tab_{tab}"]) for tab in tabs)


def show_shortcuts(parent: QWidget | None) -> None:
    """Show the sheet until it is closed."""
    answered(ShortcutsDialog(parent))


class ShortcutsDialog(QDialog):
    """The sheet in as many columns as fit; what does not fit the search is hidden."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        named(self, "shortcuts_dialog", tr("Keys and mouse"))
        self.setWindowTitle(tr("Keys and mouse"))
        self._blocks: list[_Block] = []
        self._search_field = search = SearchField("shortcuts.search", tr("Find a command or key"))
        search.setFixedWidth(300)
        change = Button("shortcuts.change", tr("Change keys…"), role="large")
        close = PrimaryButton("shortcuts.close", tr("Close"))
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.addWidget(search)
        foot.addStretch(1)
        foot.addWidget(change)
        foot.addWidget(close)
        self._area = scrolled("shortcuts.scroll", QWidget())
        self._area.setAccessibleName(tr("Keys and mouse"))
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that the arrows scroll it
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 16, 0, 16)
        layout.setSpacing(12)
        layout.addLayout(foot)
        layout.addWidget(self._area, 1)
        self.resize(1120, 720)
        if parent is not None:
            self.resize(self.size().boundedTo(parent.window().size() * 0.94))
        search.searched.connect(self._search)
        change.clicked.connect(self._change)
        close.clicked.connect(self.accept)
        change.setAutoDefault(False)
        self._fill()
        search.setFocus()

    def _fill(self) -> None:
        """Write the sheet anew. Texts of some languages leave room for fewer columns, and it is never narrower than what it says."""
        self._blocks = [_Block(title, lines) for title, lines in sections()]
        for count in range(_MOST_COLUMNS, 0, -1):
            columns = _balanced(self._blocks, count)
            needed = sum(max(block.minimumSizeHint().width() for block in column) for column in columns)
            needed += _BETWEEN * (len(columns) - 1) + 2 * _EDGE + self._area.verticalScrollBar().sizeHint().width()
            if needed <= self.width():
                break
        self._area.setWidget(self._sheet(columns))
        self._area.setMinimumWidth(min(needed, self.width()))
        self._search(self._search_field.text())

    def _sheet(self, columns: Sequence[Sequence["_Block"]]) -> QWidget:
        self._none = Text(tr("Nothing is called so."), "dim")
        self._none.hide()
        row = QHBoxLayout()
        row.setSpacing(_BETWEEN)
        for blocks in columns:
            column = QVBoxLayout()
            column.setSpacing(20)
            for block in blocks:
                column.addWidget(block)
            column.addStretch(1)
            row.addLayout(column, 1)
        inner = QWidget()
        inner.setObjectName("scroll")
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(_EDGE, 8, _EDGE, 12)
        whole.addWidget(self._none)
        whole.addLayout(row)
        return inner

    @Slot()
    def _change(self) -> None:
        if answered(KeysDialog(self)):
            self._fill()

    @Slot(str)
    def _search(self, text: str) -> None:
        words = text.casefold().split()
        left = [block.filter(words) for block in self._blocks]
        self._none.setVisible(not any(left))


class _Block(QWidget):
    """A section: its heading and its lines."""

    def __init__(self, title: str, lines: Sequence[Line]) -> None:
        super().__init__()
        self.size_hint = len(lines) + 2
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(0, _TEXT_WIDTH)
        grid.addWidget(Heading(title), 0, 0, 1, 3)
        self._lines: list[tuple[str, list[QWidget]]] = []
        for row, line in enumerate(lines, 1):
            words = Text(line.text)
            words.setWordWrap(True)
            keys = QWidget()
            caps = QHBoxLayout(keys)
            caps.setContentsMargins(0, 0, 0, 0)
            caps.setSpacing(4)
            for key in line.keys:
                caps.addWidget(KeyCap(key))
            where = Text(line.where, "dim")
            where.setFont(theme.font(theme.SMALL_SIZE))
            grid.addWidget(words, row, 0)
            grid.addWidget(where, row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(keys, row, 2, Qt.AlignmentFlag.AlignRight)
            said = f"{title} {line.text} {line.where} {' '.join(line.keys)}"
            self._lines.append((said.casefold(), [words, where, keys]))

    def filter(self, words: Sequence[str]) -> bool:
        """Show the lines that hold every word; whether any is left."""
        left = False
        for text, widgets in self._lines:
            fits = all(word in text for word in words)
            left |= fits
            for widget in widgets:
                widget.setVisible(fits)
        self.setVisible(left)
        return left


def _balanced(blocks: Sequence[_Block], count: int) -> list[list[_Block]]:
    """The blocks in their order as columns of about the same height."""
    wanted = sum(block.size_hint for block in blocks) / count
    columns: list[list[_Block]] = [[]]
    height = 0.0
    for block in blocks:
        if height + block.size_hint / 2 > wanted and columns[-1] and len(columns) < count:
            columns.append([])
            height = 0.0
        columns[-1].append(block)
        height += block.size_hint
    return columns
