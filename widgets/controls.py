"""The small things that people press: buttons, switches, segments, chips, search; and the words around them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QTableView,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from widgets import theme
from widgets.icons import SIZE, TOOL_SIZE, set_icon
from widgets.text import tip
from widgets.theme import Role

_CHIP = 22
_NARROWEST = 60  # px that a column of words can come down to


class _PastWheel(QObject):
    """Lets the wheel scroll what is around its parent; it changes the parent only where the keyboard is in it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def named(widget: QWidget, name: str, text: str) -> None:
    """Give the widget its objectName (for tests and styles) and its accessible name (for people who hear it). One that holds a value
    no longer takes it from a wheel that scrolls past."""
    widget.setObjectName(name)
    widget.setAccessibleName(text)
    if isinstance(widget, QComboBox | QAbstractSpinBox | QSlider) and not any(
        isinstance(child, _PastWheel) for child in widget.children()
    ):
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the usual one takes the keyboard by the wheel
        widget.installEventFilter(_PastWheel(widget))


class Heading(QLabel):
    """11 px capitals in the dim colour, above a section."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "heading")
        self.setFont(theme.heading_font())


class Text(QLabel):
    """A label in a role of the style sheet: "dim", "faint", "good", "warn", "bad", "accent", "strong", "title", "big". Plain text:
    names of files and classes may look like HTML."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)

    def set_role(self, role: str) -> None:
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)


class WrappedText(Text):
    """Lines that are as long as there is room. A word that is longer, as a file's name without blanks, is cut and makes no column wider."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text, role)
        self.setWordWrap(True)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _NARROWEST), hint.height())


class KeyCap(QLabel):
    """A key drawn as a key."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setProperty("role", "key")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(18)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class Separator(QFrame):
    """A line of 1 px between sections."""

    def __init__(self, vertical: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "hairline")
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


class PrimaryButton(QPushButton):
    """The one next step of a screen, 36 px high in the accent."""

    def __init__(self, name: str, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        named(self, name, text)
        self.setProperty("role", "primary")
        if icon:
            set_icon(self, icon, "on_accent")


class Button(QPushButton):
    """An ordinary button, 28 px. `role`: "", "large" (36 px), "quiet", "link", "line" (a link as high as its text), "raised" or "danger"."""

    def __init__(self, name: str, text: str, icon: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        named(self, name, text)
        self.setProperty("role", role)
        if icon:
            set_icon(self, icon, "bad" if role == "danger" else "text")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses the button that has the keys: of one that no field's Return shall press Qt would make the dialog's own answer."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)


class IconButton(QToolButton):
    """A button with an icon alone, `side` px; `text` is its accessible name and, with the key, its tool tip."""

    def __init__(
        self,
        name: str,
        icon: str,
        text: str,
        *,
        key: str = "",
        checkable: bool = False,
        side: int = 32,
        role: Role = "dim",
    ) -> None:
        super().__init__()
        named(self, name, text)
        self.setToolTip(tip(f"{text}  {key}" if key else text))
        self.setCheckable(checkable)
        self.setFixedSize(side, side)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_icon(self, icon, role, TOOL_SIZE if side >= 32 else SIZE)

    def show_action(self, action: QAction) -> None:
        """Follow a command: press runs it, and its state is the button's."""
        action.changed.connect(self._follow)
        self.clicked.connect(action.trigger)
        self._action = action
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setCheckable(self._action.isCheckable())
        self.setChecked(self._action.isChecked())
        self.setToolTip(self._action.toolTip())


class Switch(QAbstractButton):
    """On or off, at once. Space or Return turns it."""

    _WIDTH, _HEIGHT = 28, 16

    def __init__(self, name: str, text: str, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, text)
        self.setCheckable(True)
        self.setChecked(on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._WIDTH + 6, self._HEIGHT + 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            groove = QRectF(3, (self.height() - self._HEIGHT) / 2, self._WIDTH, self._HEIGHT)
            painter.setBrush(self._ground())
            painter.drawRoundedRect(groove, self._HEIGHT / 2, self._HEIGHT / 2)
            knob = groove.right() - 8 if self.isChecked() else groove.left() + 8
            painter.setBrush(theme.color("knob" if self.isEnabled() else "faint"))
            painter.drawEllipse(QPointF(knob, groove.center().y()), 5.5, 5.5)
            if self.hasFocus():
                theme.focus_ring(painter, QRectF(self.rect()), 10)

    def _ground(self) -> QColor:
        if not self.isEnabled():
            return theme.color("raised")
        return theme.color("accent") if self.isChecked() else theme.color("faint")


@dataclass(frozen=True)
class Choice:
    """One of several: its id, what it says, an icon, and how many things it stands for (None: no count shown); `short` is said where
    the row has no room for the texts."""

    id: str
    text: str
    icon: str = ""
    count: int | None = None
    help: str = ""
    short: str = ""


class _Exclusive(QFrame):
    """A row of buttons of which one is on; arrow keys go from one to the next."""

    picked = Signal(str)

    def __init__(self, name: str, text: str, button_role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, text)
        self._button_role = button_role
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, QPushButton] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_choices(self, choices: Sequence[Choice], current: str = "") -> None:
        """Show these; `current` (else the one that was on, else the first) is on. Sends nothing."""
        wanted = current or self.current()
        if [choice.id for choice in choices] != list(self._buttons):
            self._rebuild(choices)
        for choice in choices:
            self._label(self._buttons[choice.id], choice)
        if self._buttons:
            self._buttons.get(wanted, next(iter(self._buttons.values()))).setChecked(True)
        self._let_tab_reach_current()

    def current(self) -> str:
        return next((name for name, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, name: str) -> None:
        """Turn that one on. Sends nothing."""
        self._buttons[name].setChecked(True)
        self._let_tab_reach_current()

    def button(self, name: str) -> QPushButton:
        return self._buttons[name]

    def _rebuild(self, choices: Iterable[Choice]) -> None:
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for choice in choices:
            button = QPushButton(self)
            button.setAutoDefault(False)  # Return in a field of the same dialog chooses nothing
            button.setObjectName(f"{self.objectName()}.{choice.id}")
            button.setCheckable(True)
            button.setProperty("role", self._button_role)
            button.setProperty("choice", choice.id)
            button.clicked.connect(self._tell)
            button.installEventFilter(self)
            self._group.addButton(button)
            self._place(button)
            self._buttons[choice.id] = button
        self._keep_tab_order()

    def _keep_tab_order(self) -> None:
        """Qt puts what is made late behind all else: Tab shall come where the eye does."""
        before = self.previousInFocusChain()
        while before not in (None, self) and before.focusPolicy() == Qt.FocusPolicy.NoFocus:
            before = before.previousInFocusChain()
        if before is None or before is self:
            return
        for one, next_one in pairwise((before, *self._buttons.values())):
            QWidget.setTabOrder(one, next_one)

    def _label(self, button: QPushButton, choice: Choice) -> None:
        shown = "" if choice.icon and choice.count is not None else choice.text
        button.setText(shown if choice.count is None else f"{shown} {choice.count}".strip())
        button.setAccessibleName(choice.text if choice.count is None else f"{choice.text} {choice.count}")
        button.setToolTip(tip(choice.help or (choice.text if shown != choice.text else "")))
        if choice.icon:
            set_icon(button, choice.icon, "dim", 14)

    def _place(self, button: QPushButton) -> None:
        raise NotImplementedError

    def _let_tab_reach_current(self) -> None:
        """Tab stops at the row once; the arrows go on from there."""
        for button in self._buttons.values():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys choose: Qt's own would only move the focus, as Tab reaches the chosen button alone."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in steps:
            self._choose_next(steps[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)

    def _choose_next(self, step: int) -> None:
        usable = [name for name, button in self._buttons.items() if button.isEnabled()]
        at = usable.index(self.current()) if self.current() in usable else 0
        button = self._buttons[usable[(at + step) % len(usable)]]
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.click()

    @Slot()
    def _tell(self) -> None:
        self._let_tab_reach_current()
        self.picked.emit(self.current())


class Segmented(_Exclusive):
    """One of a few, side by side on one ground: Overlay, Errors, Confidence. `picked(id)` when a person chooses."""

    def __init__(
        self, name: str, text: str, choices: Sequence[Choice] = (), current: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name, text, "segment", parent)
        self.setProperty("role", "segments")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._choices: tuple[Choice, ...] = ()
        self.set_choices(choices, current)

    def set_choices(self, choices: Sequence[Choice], current: str = "") -> None:
        self._choices = tuple(choices)
        super().set_choices(choices, current)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self._width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(short=True), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not any(choice.short for choice in self._choices):
            return
        short = self.width() < self._width()
        for choice in self._choices:
            button = self._buttons[choice.id]
            button.setText(choice.short if short and choice.short else choice.text)
            button.setToolTip(tip(choice.help or (choice.text if button.text() != choice.text else "")))

    def _width(self, *, short: bool = False) -> int:
        """px that its buttons need with all their words, or with the short ones."""
        return sum(self._needed(choice, short) for choice in self._choices)

    def _needed(self, choice: Choice, short: bool) -> int:
        button, wanted = self._buttons[choice.id], choice.short if short and choice.short else choice.text
        if not choice.short or button.text() == wanted:
            return button.sizeHint().width()
        font = button.fontMetrics()
        return button.sizeHint().width() + font.horizontalAdvance(wanted) - font.horizontalAdvance(button.text())

    def _place(self, button: QPushButton) -> None:
        self._row.addWidget(button)


class FilterChips(_Exclusive):
    """Filters with counts: All 64, To do 46; on two rows where one is too short. `picked(id)` when a person chooses."""

    def __init__(
        self, name: str, text: str, choices: Sequence[Choice] = (), current: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name, text, "chip", parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_choices(choices, current)

    def set_choices(self, choices: Sequence[Choice], current: str = "") -> None:
        super().set_choices(choices, current)
        self._arrange()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((area.bottom() + 1 for area in self._areas(width)), default=_CHIP)

    def sizeHint(self) -> QSize:
        areas = self._areas(10_000)
        return QSize(areas[-1].right() + 1 if areas else 0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(max((area.width() for area in self._areas(10_000)), default=0), self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _place(self, button: QPushButton) -> None:
        button.show()

    def _arrange(self) -> None:
        for button, area in zip(self._buttons.values(), self._areas(self.width()), strict=True):
            button.setGeometry(area)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _areas(self, width: int) -> list[QRect]:
        """Left to right; on to the next row where the width is used up."""
        areas: list[QRect] = []
        x = y = 0
        for button in self._buttons.values():
            wide = button.sizeHint().width()
            if x and x + wide > width:
                x, y = 0, y + _CHIP + 5
            areas.append(QRect(x, y, wide, _CHIP))
            x += wide + 5
        return areas


class SearchField(QLineEdit):
    """Words to look for. `searched(text)` while typing; `key` jumps here and stands at its right.

    Escape empties it, and leaves it when it is empty: the keyboard goes back to where it was. In a dialog it then is the dialog's.
    """

    searched = Signal(str)

    def __init__(self, name: str, placeholder: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, placeholder)
        self.setPlaceholderText(placeholder)
        self._glass = QAction(self)
        set_icon(self._glass, "search", "dim", 16)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._hint = QLabel(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText), self)
        self._hint.setProperty("role", "dim")
        if key:
            QShortcut(QKeySequence(key), self, self.jump)
        self._hint.setVisible(bool(key))
        self._before: QWidget | None = None  # had the keyboard before
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.textChanged.connect(self._changed)

    def show_key(self, action: QAction) -> None:
        """The key of the command that jumps here stands at the right."""
        keys = action.shortcuts()
        self._hint.setText(keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else "")
        self._hint.setVisible(not self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Escape and not isinstance(self.window(), QDialog):  # which it closes
            self._leave()
        else:
            super().keyPressEvent(event)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()  # it is no dialog's: what fits is shown already

    def _leave(self) -> None:
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible() and before.isEnabled():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    @Slot(QWidget, QWidget)
    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is self and old is not None:
            self._before = old

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._hint.sizeHint()
        self._hint.setGeometry(self.width() - size.width() - 10, 0, size.width(), self.height())

    @Slot()
    def jump(self) -> None:
        """Here with the keyboard; what is typed replaces the words that stand here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    @Slot(str)
    def _changed(self, text: str) -> None:
        self._hint.setVisible(not text)
        self.searched.emit(text)


def calm_table(view: QTableView) -> None:
    """No grid, rows of 32 px, whole rows selected, headings at the left in dim: how every table here looks."""
    view.setShowGrid(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(theme.ROW)
    view.verticalHeader().setMinimumSectionSize(22)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    view.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    view.setWordWrap(False)
    view.setCornerButtonEnabled(False)
    view.setTabKeyNavigation(False)
