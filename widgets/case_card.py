"""A case of a classifier as a card: its picture under the heat of where the network looked, and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from engine.imaging.geometry import flip
from engine.scoring.render import heat
from widgets import theme
from widgets.controls import named
from widgets.figures import figure, percent
from widgets.qimages import to_qimage
from widgets.rows import paint_text
from widgets.text import tip, tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained

_NARROW = 230.0  # px: a card has no room for two words side by side


@dataclass(frozen=True)
class _Words:
    """What stands beneath a case: how it was chosen, whether it is right, and what was said."""

    title: str
    verdict: str
    tone: theme.Role
    said: str


def _words(case: "Explained", names: Sequence[str]) -> _Words:
    kinds = {"right": tr("Surely right"), "wrong": tr("Surely wrong"), "unsure": tr("Unsure")}
    name = names[case.said] if 0 <= case.said < len(names) else case.said_name
    said = f"{name} {figure(case.share, 2)}" if name else ""
    if case.truth is None:
        return _Words(kinds.get(case.kind, case.name), tr("class unknown"), "dim", said)
    if case.truth == case.said:
        return _Words(kinds.get(case.kind, case.name), tr("right"), "good", said)
    return _Words(kinds.get(case.kind, case.name), tr("truly {name}", name=names[case.truth]), "bad", said)


class CaseCard(QAbstractButton):
    """One explained case, a picture with three words. Pressed it opens the image, large."""

    def __init__(self, name: str, place: int) -> None:
        super().__init__()
        named(self, name, tr("Case {number}", number=place + 1))
        self.case: Explained | None = None
        self._picture: QImage | None = None
        self._names: tuple[str, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 120)

    def show_case(self, case: "Explained | None", names: tuple[str, ...], opacity: float) -> None:
        """`opacity` (0..1) is that of the heat."""
        self.case, self._names = case, names
        self.setEnabled(case is not None)
        self.setCursor(Qt.CursorShape.PointingHandCursor if case is not None else Qt.CursorShape.ArrowCursor)
        self.show_heat(opacity)
        if case is not None:
            words = _words(case, names)
            self.setAccessibleDescription(f"{words.title}, {words.said}, {words.verdict}")
            lines = [case.name]
            if case.inside is not None:
                lines.append(tr("{share} of the heat lies inside the mask.", share=percent(case.inside)))
            self.setToolTip(tip("\n".join([*lines, tr("Click to see it large.")])))
        else:
            self.setToolTip("")

    def show_heat(self, opacity: float) -> None:
        """Draw the heat anew at that opacity."""
        case = self.case
        self._picture = None if case is None else to_qimage(flip(heat(case.plain, case.heat, opacity), case.flips))
        self.update()

    def picture(self) -> QImage | None:
        return self._picture

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            area = QRectF(self.rect())
            narrow = area.width() < _NARROW
            foot = 60 if narrow else 42
            room = QRectF(0, 0, area.width(), min(area.height() - foot, max(area.width(), 96.0)))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("scan" if self._picture is not None else "raised"))
            painter.drawRoundedRect(room, theme.RADIUS, theme.RADIUS)
            if self._picture is None or self.case is None:
                return
            size = self._picture.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(room.center())
            painter.drawImage(place, self._picture)
            if not self.case.heat.any():
                painter.setFont(theme.font(theme.SMALL_SIZE))
                painter.setPen(theme.scan_color("text"))
                at = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
                painter.drawText(room.adjusted(8, 8, -8, -8), at, tr("Nothing in its last maps speaks for this class."))
            words = _words(self.case, self._names)
            small = theme.font(theme.SMALL_SIZE)
            line = QRectF(area.left() + 1, room.bottom() + 5, area.width() - 2, 18)
            verdict = line.translated(0, 36) if narrow else line
            taken = paint_text(painter, verdict, words.verdict, words.tone, small, right=not narrow)
            title = line if narrow else line.adjusted(0, 0, -taken - 8, 0)
            paint_text(painter, title, words.title, "text", theme.font(bold=True))
            paint_text(painter, line.translated(0, 18), words.said, "dim", small)
            if self.hasFocus():
                theme.focus_ring(painter, room)
