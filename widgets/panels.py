"""Where controls stand: panels with a heading, cards, and rows that open."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from widgets import icons, theme
from widgets.controls import Heading, named
from widgets.elided import elide
from widgets.text import tip

PAD = 14


class Panel(QFrame):
    """A section of a column: an optional heading (with things at its right), then `body` top to bottom."""

    _ROLE = "panel"

    def __init__(self, heading: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", self._ROLE)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(PAD, PAD, PAD, PAD)
        self.body.setSpacing(8)
        self._head = QHBoxLayout()
        if heading:
            self.setAccessibleName(heading)
            self._head.addWidget(Heading(heading, self))
            self._head.addStretch(1)
            self.body.addLayout(self._head)

    def add(self, *widgets: QWidget) -> None:
        for widget in widgets:
            self.body.addWidget(widget)

    def add_row(self, *widgets: QWidget) -> QHBoxLayout:
        """The widgets side by side."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(widget)
        self.body.addLayout(row)
        return row

    def add_to_heading(self, widget: QWidget) -> None:
        self._head.addWidget(widget)


class CardFrame(Panel):
    """A panel raised from its ground, with round corners."""

    _ROLE = "card"


class _Head(QAbstractButton):
    """Chevron, title, and at the right in a few words what is inside."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.summary = ""

    def sizeHint(self) -> QSize:
        return QSize(120, theme.ROW + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            area = QRectF(self.rect())
            density = self.devicePixelRatioF()
            name = "chevron-down" if self.isChecked() else "chevron-right"
            painter.drawPixmap(-3, round(area.center().y() - 8), icons.pixmap(name, "dim", 16, density))
            middle = Qt.AlignmentFlag.AlignVCenter
            inner = area.adjusted(20, 0, 0, 0)
            painter.setPen(theme.color("text" if self.isEnabled() else "faint"))
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, self.text())
            used = self.fontMetrics().horizontalAdvance(self.text()) + 12
            painter.setFont(theme.font(theme.SMALL_SIZE))
            painter.setPen(theme.color("dim"))
            room = inner.adjusted(used, 0, 0, 0)
            shown = elide(self.summary, painter.fontMetrics(), room.width())
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, shown)
            if self.hasFocus():
                theme.focus_ring(painter, area.adjusted(-1, 3, 1, -3))


class CollapsibleRow(QWidget):
    """A row that opens on its content; closed it says in a few words what is set. `toggled(open)` when a person opens it."""

    toggled = Signal(bool)

    def __init__(self, name: str, title: str, content: QWidget, summary: str = "", is_open: bool = False) -> None:
        super().__init__()
        named(self, name, title)
        self._title = title
        self._head = _Head(title, self)
        named(self._head, f"{name}.head", title)
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        inset = QVBoxLayout()
        inset.setContentsMargins(20, 0, 0, 8)
        inset.addWidget(content)
        column.addLayout(inset)
        self.set_summary(summary)
        self._head.toggled.connect(self._show)
        self._head.clicked.connect(self._bring_into_sight)
        self._head.setChecked(is_open)
        content.setVisible(is_open)

    def set_summary(self, text: str) -> None:
        self._head.summary = text
        self._head.setAccessibleDescription(text)
        self._head.setToolTip(tip(text))
        self._head.update()

    def set_open(self, is_open: bool) -> None:
        self._head.setChecked(is_open)

    def is_open(self) -> bool:
        return self._head.isChecked()

    @Slot(bool)
    def _show(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self.toggled.emit(is_open)

    @Slot(bool)
    def _bring_into_sight(self, is_open: bool) -> None:
        """What a person opens is seen, its end where all of it has room."""
        if is_open:
            QTimer.singleShot(0, self, self._scroll)  # once it has its place

    @Slot()
    def _scroll(self) -> None:
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            for part in (self._content, self._head):  # the last one wins where not both have room
                area.ensureWidgetVisible(part, 0, 4)
