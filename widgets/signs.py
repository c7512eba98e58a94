"""Signs: a sentence with its icon (good, look at it, wrong), and the colour of a class as an icon."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets import icons, theme
from widgets.controls import WrappedText
from widgets.rows import paint_hatched, paint_swatch
from widgets.theme import Role

_SIGNS: dict[str, str] = {"good": "check", "warn": "warning", "bad": "error", "accent": "info", "dim": "info"}
_SIDE = 16


class StatusIcon(QWidget):
    """An icon in the colour of a role."""

    def __init__(self, icon: str = "", role: Role = "dim", side: int = _SIDE) -> None:
        super().__init__()
        self._icon, self._role, self._side = icon, role, side
        self.setFixedSize(QSize(side, side + 2))

    def set_icon(self, icon: str, role: Role) -> None:
        self._icon, self._role = icon, role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._icon:
            with QPainter(self) as painter:
                painter.drawPixmap(0, 1, icons.pixmap(self._icon, self._role, self._side, self.devicePixelRatioF()))


class InlineMessage(QWidget):
    """A sentence with its sign; hidden while it has nothing to say."""

    def __init__(self, name: str, text: str = "", role: Role = "dim") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._sign = StatusIcon()
        self._text = WrappedText()
        self._text.setObjectName(f"{name}.text")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.say(text, role)

    def say(self, text: str, role: Role = "dim") -> None:
        self._text.setText(text)
        self._text.set_role(role)
        self._sign.set_icon(_SIGNS.get(role, ""), role)
        self.setVisible(bool(text))

    def text(self) -> str:
        return self._text.text()


class InlineMessages(QWidget):
    """Sentences with their signs, one below the other; none while there is nothing to say."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._lines: list[InlineMessage] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.say([])

    def say(self, said: Sequence[tuple[str, Role]]) -> None:
        while len(self._lines) < len(said):
            self._lines.append(InlineMessage(f"{self.objectName()}.{len(self._lines)}"))
            self._column.addWidget(self._lines[-1])
        for at, line in enumerate(self._lines):
            line.say(*said[at]) if at < len(said) else line.say("")
        self.setVisible(bool(said))

    def texts(self) -> list[str]:
        """What is said, line by line."""
        return [line.text() for line in self._lines if line.text()]


def swatch(color: str | None, side: int = 12) -> QIcon:
    """The colour of a class as an icon; hollow and dim for None."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        paint_swatch(painter, QRectF(0, 0, side, side), color or theme.color("dim").name(), filled=color is not None)
    return QIcon(picture)


def hatched_swatch(color: str, side: int = 12) -> QIcon:
    """The sign of what is no class and no background as an icon."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        paint_hatched(painter, QRectF(0, 0, side, side), color)
    return QIcon(picture)
