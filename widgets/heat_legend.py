"""What the colours of a heat map mean."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.rows import paint_text
from widgets.text import tr

_INFERNO = ("#000004", "#420A68", "#932667", "#DD513A", "#FCA50A", "#FCFFA4")  # the map of engine.scoring.render


class HeatLegend(QWidget):
    """little ... much weight in the decision."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("little to much weight in the decision"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        font = self.fontMetrics()
        return QSize(font.horizontalAdvance(tr("little")) + font.horizontalAdvance(tr("much weight")) + 72, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area, middle = QRectF(self.rect()), self.height() / 2
            taken = paint_text(painter, area, tr("little"), "dim", theme.font(theme.SMALL_SIZE))
            bar = QRectF(taken + 8, middle - 3, 48, 6)
            ramp = QLinearGradient(bar.topLeft(), bar.topRight())
            for place, color in enumerate(_INFERNO):
                ramp.setColorAt(place / (len(_INFERNO) - 1), theme.data_color(color))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ramp)
            painter.drawRoundedRect(bar, 3, 3)
            rest = QRectF(bar.right() + 8, 0, area.width() - bar.right() - 8, area.height())
            paint_text(painter, rest, tr("much weight"), "dim", theme.font(theme.SMALL_SIZE))
