"""The classes of a project: colour, name, amount, key, seen or hidden, locked or not; below them what is unlabelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QRect,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QContextMenuEvent, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.labels.classes import UNLABELLED, UNLABELLED_COLOR, LabelClass
from widgets import icons, theme
from widgets.controls import Heading, IconButton, SearchField, named
from widgets.row_list import Index, ListModel, RowDelegate, RowList
from widgets.rows import paint_hatched, paint_swatch, paint_text
from widgets.text import tip, tr

_PAD, _ICON = 14, 16
_OF_CLASSES = ("rename", "swatch", "code", "remove")  # what is done to a class alone
_KEY = 19  # px of a key of two digits


@dataclass(frozen=True)
class _Row:
    label: LabelClass
    amount: str = ""
    seen: bool = True
    locked: bool = False
    unlabelled: bool = False  # no class


class _Model(ListModel[_Row]):
    """Rows in the order of their values, by which they are known: value `first` is row 0. It changes only by set_rows; a typed name is
    told, not taken."""

    renamed = Signal(int, str)

    def __init__(self, first: int = 1) -> None:
        super().__init__(lambda place, _: first + place, height=theme.ROW)
        self.first = first

    def describe(self, row: _Row, column: int, role: Qt.ItemDataRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.label.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            seen = tr("visible") if row.seen else tr("hidden")
            locked = tr("locked") if row.locked else tr("not locked")
            return ", ".join(part for part in (row.label.name, row.amount, seen, locked) if part)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or not name or name == self.rows[index.row()].label.name:
            return False
        self.renamed.emit(self.first + index.row(), name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.NoItemFlags if self.rows[index.row()].unlabelled else Qt.ItemFlag.ItemIsEditable
        return super().flags(index) | editable


def _places(row: QRect, key: str = "") -> dict[str, QRect]:
    """Where the parts of a row stand, from the right: lock, eye, key, amount; from the left: swatch, name."""
    middle = row.center().y() + 1
    wide = max(QFontMetrics(theme.font(theme.HEADING_SIZE)).horizontalAdvance(key) + 8, _KEY)
    right = row.right() + 1 - _PAD
    lock = QRect(right - _ICON, middle - 8, _ICON, _ICON)
    eye = lock.translated(-_ICON - 9, 0)
    cap = QRect(eye.left() - 10 - wide, middle - 9, wide, 18)
    swatch = QRect(row.left() + _PAD, middle - 6, 12, 12)
    name = QRect(swatch.right() + 9, row.top(), max(cap.left() - 8 - swatch.right() - 9, 0), row.height())
    return {"swatch": swatch, "name": name, "key": cap, "eye": eye, "lock": lock}


class _Delegate(RowDelegate[_Row]):
    def paint_row(self, painter: QPainter, area: QRectF, row: _Row, column: int, picked: bool) -> None:
        places = _places(area.toRect(), row.label.key)
        if row.unlabelled:
            paint_hatched(painter, QRectF(places["swatch"]), row.label.color, row.seen)
        else:
            paint_swatch(painter, QRectF(places["swatch"]), row.label.color, row.seen)
        name = QRectF(places["name"])
        painter.setFont(theme.font())
        amount_width = painter.fontMetrics().horizontalAdvance(row.amount)
        paint_text(painter, name, row.amount, "dim", theme.font(), right=True)
        name.setWidth(name.width() - amount_width - (10 if amount_width else 0))
        paint_text(painter, name, row.label.name, "text" if row.seen else "dim", theme.font(bold=picked))
        if row.label.key:
            _paint_key(painter, QRectF(places["key"]), row.label.key)
        density = painter.device().devicePixelRatio()
        eye = ("eye", "dim") if row.seen else ("eye-off", "faint")
        lock = ("lock", "text") if row.locked else ("lock-open", "faint")
        painter.drawPixmap(places["eye"].topLeft(), icons.pixmap(eye[0], eye[1], _ICON, density))  # type: ignore[arg-type]
        painter.drawPixmap(places["lock"].topLeft(), icons.pixmap(lock[0], lock[1], _ICON, density))  # type: ignore[arg-type]

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(_places(option.rect)["name"].adjusted(-6, 3, 0, -3))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        named(editor, "class_list.name", tr("Name of the class"))
        return editor


def _paint_key(painter: QPainter, area: QRectF, key: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color("hairline"))
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setFont(theme.font(theme.HEADING_SIZE))
    painter.setPen(theme.color("dim"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, key)


class _View(RowList[_Row]):
    """The rows themselves. Clicks on the parts and keys become signals of ClassList."""

    hit = Signal(int, str)  # value, part
    edited = Signal()  # a name was typed or dropped, and the keys are the list's
    naming_ended = Signal(bool)
    left = Signal()  # by an arrow, at the row that has no other behind it

    def __init__(self, name: str, text: str, model: _Model, leaves: Qt.Key, parent: QWidget) -> None:
        """`leaves` is the arrow that may leave it."""
        super().__init__(name, text, model, _Delegate(), parent=parent)
        self._first, self._leaves = model.first, leaves
        # a click leaves the keys where they are: its own mean other things
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)

    def last_shown(self) -> int:
        """The value of the last row that is not hidden; 0 where there is none."""
        shown = [at for at in range(len(self.rows())) if not self.isRowHidden(at)]
        return self._first + shown[-1] if shown else 0

    def value_of(self, index: Index) -> int:
        """The value of a row; 0 beside the rows."""
        return self._first + index.row() if index.isValid() else 0

    def part_at(self, event: QMouseEvent | QHelpEvent) -> tuple[int, str]:
        place = event.position().toPoint() if isinstance(event, QMouseEvent) else event.pos()
        index = self.indexAt(place)
        parts = _places(self.visualRect(index)) if index.isValid() else {}
        value = self.value_of(index)
        able = ("eye", "lock") if value == UNLABELLED else ("swatch", "eye", "lock")
        hit = (part for part in able if parts and parts[part].adjusted(-4, -6, 4, 6).contains(place))
        return value, next(hit, "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        value, part = self.part_at(event)
        if part and event.button() == Qt.MouseButton.LeftButton:
            only = part == "eye" and event.modifiers() & Qt.KeyboardModifier.AltModifier
            self.hit.emit(value, "only" if only else part)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        value, part = self.part_at(event)
        if part:
            self.hit.emit(value, part)
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        parts = {Qt.Key.Key_Space: "eye", Qt.Key.Key_L: "lock", Qt.Key.Key_C: "swatch", Qt.Key.Key_Delete: "remove"}
        if self.currentIndex().isValid() and event.key() in parts and not event.modifiers():
            self.hit.emit(self.value_of(self.currentIndex()), parts[Qt.Key(event.key())])
        elif event.key() == self._leaves and self.value_of(self.currentIndex()) == self.last_shown():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self.naming_ended.emit(hint != QAbstractItemDelegate.EndEditHint.RevertModelCache)
        if self.hasFocus():  # not where another row is named, or the keys have gone elsewhere
            self.edited.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            value, part = self.part_at(event)
            help = {
                "swatch": tr("Change the colour"),
                "eye": tr("Show or hide. With Alt: only this one."),
                "lock": tr("Lock: painting leaves this class as it is"),
            }
            QToolTip.showText(event.globalPos(), help.get(part) or self._about(value), self)
            return True
        return super().viewportEvent(event)

    def _about(self, value: int) -> str:
        """The whole name, which may be cut, and the code; "" beside the rows."""
        if value == UNLABELLED:
            return tr("Pixels left out on purpose: never learnt, never scored")
        label = self.rows()[value - 1].label if value else None
        return tip("\n".join(filter(None, (label.name, label.code)))) if label is not None else ""


class ClassList(QWidget):
    """The classes of a project. It changes nothing itself: what a person asks for is a signal, set_classes shows the answer.
    A click leaves the keys where they are.

    Keys: arrows pick, F2 renames, Space shows or hides, L locks, C asks for a colour, Delete asks to remove. A click on an eye with
    Alt hides all others, and shows them again. More classes than are seen at once can be searched. What is unlabelled can have a row below
    them, which stays where it is: its value is UNLABELLED, and it can be picked, hidden and locked.
    """

    picked = Signal(int)
    renamed = Signal(int, str)
    color_asked = Signal(int)
    visibility_changed = Signal(int, bool)
    lock_changed = Signal(int, bool)
    add_asked = Signal()
    remove_asked = Signal(int)
    code_asked = Signal(int)
    only_asked = Signal(int)  # hide all others; of 0: show all
    edited = Signal()  # a name was typed or dropped
    naming_ended = Signal(bool)  # the row has its name again; False: by Esc, which keeps the one before

    def __init__(self, name: str = "class_list", most_rows: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, tr("Classes"))
        self._most_rows = most_rows
        self._model = _Model()
        self._view = _View(f"{name}.rows", tr("Classes"), self._model, Qt.Key.Key_Down, self)
        self._nobodys = _Model(UNLABELLED)
        self._below = _View(f"{name}.unlabelled", tr("Unlabelled"), self._nobodys, Qt.Key.Key_Up, self)
        self._below.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._below.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrows lead there: Tab would pick it in passing
        self._below.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._below.setFixedHeight(theme.ROW)
        self._below.hide()
        self.setFocusProxy(self._view)
        self._add = IconButton(f"{name}.add", "plus", tr("Add a class"), side=26)
        head = QHBoxLayout()
        head.setContentsMargins(_PAD, 6, _PAD - 5, 2)
        head.addWidget(Heading(tr("Classes"), self))
        head.addStretch(1)
        head.addWidget(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._search = SearchField(f"{name}.search", tr("Find a class"))
        self._search.hide()
        column.addLayout(head)
        searching = QHBoxLayout()
        searching.setContentsMargins(_PAD - 2, 0, _PAD - 2, 4)
        searching.addWidget(self._search)
        column.addLayout(searching)
        column.addWidget(self._view)
        column.addWidget(self._below)
        self._search.searched.connect(self._filter)
        self._search.returnPressed.connect(self._pick_found)
        self._add.clicked.connect(self.add_asked)
        self._model.renamed.connect(self.renamed)
        self._view.edited.connect(self.edited)
        self._view.naming_ended.connect(self.naming_ended)
        for view in (self._view, self._below):
            view.hit.connect(self._hit)
            view.picked.connect(self._picked)
        self._view.left.connect(self._go_below)
        self._below.left.connect(self._go_above)

    def set_classes(self, classes: Sequence[LabelClass]) -> None:
        """Show these. What is hidden or locked stays so by name, and through a change of name where the number is the same."""
        old = {row.label.name: row for row in self._model.rows}
        same = self._model.rows if len(self._model.rows) == len(classes) else []
        current = self.current()
        kept = [old.get(each.name) or (same[at] if same else _Row(each)) for at, each in enumerate(classes)]
        self._view.set_rows([replace(row, label=each) for row, each in zip(kept, classes, strict=True)])
        self._search.setVisible(len(classes) > self._most_rows)
        self._filter()
        if classes and current != UNLABELLED:
            self.set_current(min(max(current, 1), len(classes)))

    def set_unlabelled(self, key: str | None) -> None:
        """Whether what is unlabelled has its row, and the key that picks it; None: it has none."""
        rows = self._nobodys.rows or [_Row(LabelClass(tr("Unlabelled"), UNLABELLED_COLOR), unlabelled=True)]
        self._below.set_rows([] if key is None else [replace(row, label=replace(row.label, key=key)) for row in rows])
        self._below.setVisible(key is not None)

    @Slot()
    def _filter(self) -> None:
        """Show the rows whose names hold every word; the picked one stays picked."""
        words = self._search.text().casefold().split() if len(self._model.rows) > self._most_rows else []
        found = [all(word in row.label.name.casefold() for word in words) for row in self._model.rows]
        for place, shown in enumerate(found):
            self._view.setRowHidden(place, not shown)
        self._view.setFixedHeight(theme.ROW * min(max(sum(found), min(len(found), 1)), self._most_rows))

    @Slot()
    def _pick_found(self) -> None:
        """Return takes the first class that was found."""
        first = next((at for at in range(len(self._model.rows)) if not self._view.isRowHidden(at)), None)
        if first is not None:
            self._picked(first + 1)
            self._search.clear()

    def set_amounts(self, amounts: Mapping[int, str]) -> None:
        """What each value holds, as text ("1 483 mL"); values that are not named show nothing."""
        for view, model in self._both:
            rows = enumerate(model.rows, start=model.first)
            view.set_rows([replace(row, amount=amounts.get(value, "")) for value, row in rows])

    def set_state(self, hidden: Sequence[int] = (), locked: Sequence[int] = ()) -> None:
        """Which values are hidden and which locked; all others are seen and free. Sends nothing."""
        for view, model in self._both:
            rows = enumerate(model.rows, start=model.first)
            view.set_rows([replace(row, seen=value not in hidden, locked=value in locked) for value, row in rows])

    def set_editable(self, editable: bool) -> None:
        """Whether classes may be added, removed, renamed and recoloured (not in a read-only project)."""
        self._add.setEnabled(editable)
        trigger = QAbstractItemView.EditTrigger
        self._view.setEditTriggers(
            trigger.DoubleClicked | trigger.EditKeyPressed if editable else trigger.NoEditTriggers
        )

    def current(self) -> int:
        """The value of the picked class, 0 where there is none."""
        return self._view.value_of(self._view.currentIndex()) or self._below.value_of(self._below.currentIndex())

    def set_current(self, value: int) -> None:
        """Pick that class. Sends nothing."""
        for view, _ in self._both:
            view.set_current(value)

    def rename(self, value: int) -> bool:
        """Let a person write another name for that class, where classes may be changed: whether it can be written now."""
        if self._add.isEnabled():
            self._view.edit(self._model.index(value - 1, 0))
        return self._view.state() == QAbstractItemView.State.EditingState

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        value = self.current()
        if not value:
            return
        row, menu, editable = self._row(value), QMenu(self), self._add.isEnabled()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parts = (
            (tr("Rename"), "rename", editable),
            (tr("Change the colour"), "swatch", editable),
            (tr("Code in a terminology…"), "code", editable),
            (tr("Hide") if row.seen else tr("Show"), "eye", True),
            (tr("Only this one"), "only", len(self._model.rows) > 1 or row.unlabelled),
            (tr("Show all"), "all", not all(each.seen for _, model in self._both for each in model.rows)),
            (tr("Unlock") if row.locked else tr("Lock"), "lock", True),
            (tr("Remove"), "remove", editable),
        )
        for text, part, free in parts:
            if row.unlabelled and part in _OF_CLASSES:
                continue
            action = menu.addAction(text)
            action.setObjectName(f"{self.objectName()}.{part}")
            action.setData((value, part))
            action.setEnabled(free)
            action.triggered.connect(self._chosen)
        menu.popup(event.globalPos())

    @Slot()
    def _chosen(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self._hit(*action.data())

    @Slot(int, str)
    def _hit(self, value: int, part: str) -> None:
        row = self._row(value)
        if row.unlabelled and part in _OF_CLASSES:
            return
        if part in ("only", "all"):
            classes = enumerate(self._model.rows, start=1)
            alone = part == "all" or (row.seen and not any(each.seen for at, each in classes if at != value))
            self.only_asked.emit(0 if alone else value)
        elif part == "eye":
            self._change(value, replace(row, seen=not row.seen))
            self.visibility_changed.emit(value, not row.seen)
        elif part == "lock":
            self._change(value, replace(row, locked=not row.locked))
            self.lock_changed.emit(value, not row.locked)
        elif not self._add.isEnabled():
            return
        elif part == "swatch":
            self.color_asked.emit(value)
        elif part == "code":
            self.code_asked.emit(value)
        elif part == "remove":
            self.remove_asked.emit(value)
        elif part == "rename":
            self.rename(value)

    @property
    def _both(self) -> tuple[tuple[_View, _Model], ...]:
        return (self._view, self._model), (self._below, self._nobodys)

    def _row(self, value: int) -> _Row:
        return self._nobodys.rows[0] if value == UNLABELLED else self._model.rows[value - 1]

    def _change(self, value: int, row: _Row) -> None:
        view, model = self._both[value == UNLABELLED]
        rows = list(model.rows)
        rows[value - model.first] = row
        view.set_rows(rows)

    @Slot(object)
    def _picked(self, value: int) -> None:
        self.set_current(value)
        self.picked.emit(value)

    @Slot()
    def _go_below(self) -> None:
        if self._nobodys.rows:
            self._below.setFocus()
            self._picked(UNLABELLED)

    @Slot()
    def _go_above(self) -> None:
        last = self._view.last_shown()
        if last:
            self._picked(last)
            self._view.setFocus()
