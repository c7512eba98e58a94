"""What the columns of a tab are built from: the band at the head, the part that scrolls, the empty state, buttons of commands."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from widgets import theme
from widgets.controls import Button, Heading, PrimaryButton, Separator, Text, named
from widgets.panels import PAD

HEADER_HEIGHT = 40  # px
SCROLL_BAR = 12  # px
_SENTENCE = 420  # px
_NARROW = 260  # px that a sentence needs at least


class HeaderBar(QFrame):
    """The 40 px at the head of a column: a heading, and what stands at its right."""

    def __init__(self, heading: str = "", *right: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setFixedHeight(HEADER_HEIGHT + 1)
        inner = QWidget()
        self.row = QHBoxLayout(inner)
        self.row.setContentsMargins(PAD, 0, PAD, 0)
        self.row.setSpacing(10)
        if heading:
            self.row.addWidget(Heading(heading))
        self.row.addStretch(1)
        for widget in right:
            self.row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(inner, 1)
        column.addWidget(Separator())


class WrappingPair(QWidget):
    """Two parts side by side, the second beneath the first where both have no room: nothing has to be scrolled sideways.

    `stretch` are their shares of the width; both 0 puts the second at the right.
    """

    def __init__(self, first: QWidget, second: QWidget, stretch: tuple[int, int] = (0, 0), spacing: int = 8) -> None:
        super().__init__()
        self._first, self._second, self._stretch = first, second, stretch
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(spacing)
        self._row.addWidget(first, stretch[0])
        if not any(stretch):
            self._row.addStretch(1)
        self._row.addWidget(second, stretch[1])

    @property
    def wrapped(self) -> bool:
        """Whether the second stands beneath the first."""
        return self._row.direction() == QBoxLayout.Direction.TopToBottom

    def minimumSizeHint(self) -> QSize:
        return QSize(max(map(_least_width, self._seen())), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a part needs another width, came or went
            self._arrange()
        return super().event(event)

    def _seen(self) -> Sequence[QWidget]:
        return [part for part in (self._first, self._second) if not part.isHidden()] or [self._first]

    def _arrange(self) -> None:
        seen = self._seen()
        need = sum(map(_least_width, seen)) + self._row.spacing() * (len(seen) - 1)
        fits = len(seen) < 2 or need <= self.width()
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if direction != self._row.direction():
            self._row.setDirection(direction)
            for place, share in ((0, self._stretch[0]), (self._row.count() - 1, self._stretch[1])):
                self._row.setStretch(place, share if fits else 0)


class WrappingBar(QFrame):
    """The head of a column whose second part stands beneath the first where the column is narrow."""

    def __init__(self, first: QWidget, second: QWidget, stretch: tuple[int, int] = (0, 0)) -> None:
        """`stretch` as in WrappingPair."""
        super().__init__()
        self.setProperty("role", "panel")
        pair = WrappingPair(first, second, stretch)
        inner = QVBoxLayout()
        inner.setContentsMargins(PAD, 6, PAD, 6)
        inner.addWidget(pair)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(inner, 1)
        column.addWidget(Separator())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(0, HEADER_HEIGHT + 1))

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, HEADER_HEIGHT + 1))


def beside(*parts: QWidget, spacing: int = 10) -> QWidget:
    """The parts in a row, as wide as they are, at the right."""
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing)
    line.addStretch(1)
    for part in parts:
        line.addWidget(part)
    return row


def _least_width(part: QWidget) -> int:
    return (
        part.minimumWidth() or part.minimumSizeHint().width()
    )  # as layouts reckon: what is set counts before the hint


def stacked(*parts: QWidget, grows: QWidget | None = None, role: str = "panel") -> QFrame:
    """The parts beneath each other without gaps, on one ground; `grows` takes the room that is left."""
    frame = QFrame()
    frame.setProperty("role", role)
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part, 1 if part is grows else 0)
    if grows is None:
        column.addStretch(1)
    return frame


def stack_on(frame: QFrame, *parts: QWidget) -> None:
    """Put the parts beneath those that `stacked` put there, where none of them grows."""
    column = frame.layout()
    assert isinstance(column, QVBoxLayout)
    for part in parts:
        column.insertWidget(column.count() - 1, part)  # the room that is left comes last


class _ReadArea(QScrollArea):
    """Takes the keyboard while there is more to read than has room."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self._ring = _Ring(self)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Show):
            # not asked of the scroll bar: PySide then forgets who owns the content, and collects it
            more = self._content.height() > self.height()
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus if more else Qt.FocusPolicy.NoFocus)
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ring.setGeometry(self.rect())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ring.show()
        self._ring.raise_()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring.hide()


class _Ring(QWidget):
    """Around what has the keyboard, over all that it holds."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            theme.focus_ring(painter, QRectF(self.rect()))


def scrolled(name: str, content: QWidget, *, read: bool = False) -> QScrollArea:
    """The content in an area that scrolls down, never sideways; `read`: nothing that takes the keyboard leads to all of it, so that the
    area takes it."""
    area = _ReadArea(content) if read else QScrollArea()
    area.setObjectName(name)
    content.setObjectName("scroll")
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def lay_out_dialog(dialog: QDialog, head: QWidget, body: QWidget, foot: QWidget, *buttons: QWidget) -> None:
    """Head, body and foot of a dialog under each other, parted by lines; the body takes the room, the buttons stand at the foot's right.
    Return in a field presses none of its buttons."""
    last = QHBoxLayout()
    last.setContentsMargins(0, 0, 16, 14)
    last.addWidget(foot, 1)
    for button in buttons:
        last.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(head)
    column.addWidget(Separator())
    column.addWidget(body, 1)
    column.addWidget(Separator())
    column.addLayout(last)
    for button in dialog.findChildren(QPushButton):
        button.setAutoDefault(False)


def fit_window(dialog: QDialog, width: int, height: int) -> None:
    """As large as that, where the window that it stands over has the room: its title and its foot stay in sight."""
    size, parent = QSize(width, height), dialog.parentWidget()
    dialog.resize(size if parent is None else size.boundedTo(parent.window().size() * 0.94))


class EmptyState(QFrame):
    """An empty place: what belongs there in one sentence, and the commands that fill it, the first one as the next step.

    `words` gives a button, by the name of its command, another text than the command's.
    """

    def __init__(
        self,
        name: str,
        text: str,
        actions: Sequence[QAction] = (),
        words: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        named(self, name, text)
        self.setProperty("role", "window")
        self._text = Text(text, "dim")
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for place, action in enumerate(actions):
            id = action.objectName()
            label = words.get(id, action.text())
            button = PrimaryButton(f"{name}.{id}", label) if place == 0 else Button(f"{name}.{id}", label, role="large")
            button.setMinimumWidth(220)
            ActionBinding(button, action)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        buttons = (button.sizeHint().width() + 2 * PAD for button in self.findChildren(QAbstractButton))
        return QSize(max((*buttons, _NARROW)), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_text(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)
        self._fit()

    def _fit(self) -> None:
        """As wide as there is room for, and as high as the text needs then: a layout guesses wrong where a label is centred."""
        wide = min(max(self.contentsRect().width() - 2 * PAD, _NARROW - 2 * PAD), _SENTENCE)
        self._text.ensurePolished()
        self._text.setFixedSize(wide, max(self._text.heightForWidth(wide), 0))


class ActionBinding(QObject):
    """Lets a button do a command: pressed it runs it; it can be used when the command can, and says why where not.

    `also` gives one more reason against it ("" for none); call `refresh` when that changes.
    """

    def __init__(self, button: QAbstractButton, action: QAction, also: Callable[[], str] | None = None) -> None:
        super().__init__(button)
        self._button, self._action, self._also = button, action, also
        action.changed.connect(self.refresh)
        button.clicked.connect(action.trigger)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        why = self._also() if self._also is not None else ""
        self._button.setEnabled(self._action.isEnabled() and not why)
        tip = self._action.toolTip()
        self._button.setToolTip(f"{tip}\n{why}" if why and self._action.isEnabled() else tip)


def clear(layout: QLayout) -> None:
    """Take all widgets out of the layout and let them go, so that others of the same names can stand there."""
    while layout.count():
        place = layout.takeAt(0)
        widget = place.widget() if place is not None else None
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
