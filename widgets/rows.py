"""What the rows of lists share: their ground, the ring of the keyboard, and elided text."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from widgets import theme
from widgets.elided import elide
from widgets.theme import Role


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, ring: QRectF | None = None) -> bool:
    """Ground of a row: accent when picked, raised under the mouse, a ring where the keyboard is, around `ring` where a row has several
    cells. Returns whether it is picked."""
    area = QRectF(option.rect)
    state = option.state
    picked = bool(state & QStyle.StateFlag.State_Selected)
    if picked:
        painter.fillRect(area, theme.color("accent_ground"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(area, theme.color("raised", 0.6))
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
        theme.focus_ring(painter, (ring or area).adjusted(1, 1, -1, -1))
    return picked


def paint_text(
    painter: QPainter,
    area: QRectF,
    text: str,
    role: Role | QColor,
    font: QFont,
    right: bool = False,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """Text in one line in a role or a colour, cut with an ellipsis where it does not fit; returns the width it took."""
    painter.setFont(font)
    painter.setPen(role if isinstance(role, QColor) else theme.color(role))
    metrics = painter.fontMetrics()
    shown = elide(text, metrics, area.width(), mode)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return float(metrics.horizontalAdvance(shown))


def paint_swatch(painter: QPainter, area: QRectF, color: str, filled: bool = True) -> None:
    """The colour of a class as a small square with round corners; hollow where the class is hidden."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.data_color(color))
    painter.setBrush(theme.data_color(color) if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)


def paint_hatched(painter: QPainter, area: QRectF, color: str, filled: bool = True) -> None:
    """As `paint_swatch`, for what is no class: hatched, so that it is told from a class whatever its colour, on light ground too."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = area.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(theme.color("dim"))
    painter.setBrush(theme.data_color(color) if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 2.5, 2.5)
    if filled:
        painter.setPen(QPen(theme.scan_color("dim"), 1.2))
        painter.setClipRect(area.adjusted(1, 1, -1, -1))
        for at in range(-round(area.height()), round(area.width()), 4):
            painter.drawLine(area.bottomLeft() + QPointF(at, 0), area.topLeft() + QPointF(at + area.height(), 0))
    painter.restore()
