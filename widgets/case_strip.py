"""A few validation cases as the network sees them now: prediction filled, reference outlined."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.labels.classes import LabelClass
from engine.progress import CaseSeen
from engine.scoring.render import overlay
from widgets import theme
from widgets.controls import Text, named
from widgets.figures import figure
from widgets.qimages import to_qimage
from widgets.rows import paint_swatch, paint_text
from widgets.text import tr

_PICTURE, _WORDS = 104, 42  # px of height
_GAP = 8  # px between the parts of the legend
_REFERENCE = "#FFFFFF"


class _Case(QAbstractButton):
    """One case: its picture, name and mean, and beneath them its lowest class."""

    def __init__(self, place: int) -> None:
        super().__init__()
        named(self, f"case.{place}", tr("Validation case"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.case: CaseSeen | None = None
        self._picture = QImage()
        self._lowest: tuple[str, float, str] | None = None

    def show_case(self, case: CaseSeen, classes: Sequence[LabelClass]) -> None:
        self.case = case
        colors = {c.name: c.color for c in classes}
        ordered = [colors.get(name, _REFERENCE) for name in case.dice]
        drawn = overlay(case.picture, case.prediction, ordered, outline=False)
        drawn = overlay(drawn, case.reference, [_REFERENCE] * len(ordered), fill=0.0)
        self._picture = to_qimage(drawn)
        known = [(value, name) for name, value in case.dice.items() if value is not None]
        self._lowest = (
            (min(known)[1], min(known)[0], colors.get(min(known)[1], "dim")) if len(case.dice) > 1 and known else None
        )
        mean = figure(case.mean, 2)
        self.setAccessibleName(tr("{name}, mean Dice {dice}", name=case.name, dice=mean))
        self.setToolTip(_words(case.dice) + "\n" + tr("Click: open it in Review"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(140, _PICTURE + _WORDS)

    def minimumSizeHint(self) -> QSize:
        return QSize(44, _PICTURE + _WORDS)  # five have room in the middle of a small window

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.case is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            area = QRectF(0, 0, self.width(), _PICTURE)
            painter.fillRect(area, theme.color("scan"))
            size = self._picture.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(area.center())
            painter.drawImage(place, self._picture)
            if self.underMouse() and not self.hasFocus():
                painter.setPen(QPen(theme.color("dim"), 1))
                painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
            row = QRectF(0, _PICTURE + 4, self.width(), 18)
            self._paint_row(painter, row, self.case.name, self.case.mean, strong=True)
            if self._lowest is not None:
                name, value, color = self._lowest
                below = row.translated(0, 18)
                paint_swatch(painter, QRectF(0, below.center().y() - 4, 8, 8), color)
                self._paint_row(painter, below.adjusted(14, 0, 0, 0), name, value, strong=False)
            if self.hasFocus():
                theme.focus_ring(painter, area)

    def _paint_row(self, painter: QPainter, area: QRectF, name: str, value: float | None, *, strong: bool) -> None:
        font = theme.font(theme.SMALL_SIZE)
        number = theme.font(theme.SMALL_SIZE, bold=strong)
        room = area.adjusted(0, 0, -36, 0)  # numbers at the end of a name tell cases apart
        paint_text(painter, room, name, "text" if strong else "dim", font, mode=Qt.TextElideMode.ElideMiddle)
        paint_text(painter, area, figure(value, 2), "text" if strong else "dim", number, right=True)


class _Key(QWidget):
    """A small filled or hollow square that explains the colours."""

    def __init__(self, hollow: bool) -> None:
        super().__init__()
        self._hollow = hollow
        self.color = "accent"
        self.setFixedSize(14, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            area = QRectF(0.75, 0.75, 12.5, 10.5)
            painter.setPen(QPen(theme.color("text"), 1.5) if self._hollow else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if self._hollow else theme.data_color(self.color))
            painter.drawRoundedRect(area, 2.5, 2.5)


class _Legend(QWidget):
    """What the colours mean, at the right of its room; gives up the last parts first where it is narrow."""

    def __init__(self, parts: Sequence[QWidget]) -> None:
        super().__init__()
        self._parts: Sequence[QWidget] = ()
        self._all = parts
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addStretch(1)
        for part in parts:
            row.addWidget(part)

    def set_parts(self, parts: Sequence[QWidget]) -> None:
        """Show these of all the parts."""
        self._parts = tuple(parts)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width()
        for at, part in enumerate(self._all):
            # a colour says nothing without its word; of a fixed size there is no hint
            whole = self._all[at : at + 2] if isinstance(part, _Key) else (part,)
            need = sum(max(each.sizeHint().width(), each.minimumWidth()) + _GAP for each in whole)
            part.setVisible(part in self._parts and room >= need)
            room -= max(part.sizeHint().width(), part.minimumWidth()) + _GAP


class CaseStrip(QFrame):
    """Up to five cases side by side; `legend` says what their colours mean. `picked(item)` when a person chose one."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        named(self, "validation_cases", tr("Validation cases"))
        self.setProperty("role", "panel")
        self._views: list[_Case] = []
        self._empty = Text(tr("After each epoch, a few cases of the validation set are shown here."), "dim")
        self._empty.setWordWrap(True)
        self._filled = _Key(hollow=False)
        self._legend = [self._filled, Text(tr("prediction"), "dim"), _Key(hollow=True), Text(tr("reference"), "dim")]
        self._beneath = Text(tr("beneath: lowest class"), "dim")
        self.legend = _Legend((*self._legend, self._beneath))  # for the band above it
        self._row = QHBoxLayout()
        self._row.setSpacing(14)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 8)
        column.setSpacing(10)
        column.addWidget(self._empty)
        column.addLayout(self._row)
        self.set_cases((), ())

    def set_cases(self, cases: Sequence[CaseSeen], classes: Sequence[LabelClass]) -> None:
        """Show these, in this order."""
        while len(self._views) < len(cases):
            view = _Case(len(self._views))
            view.clicked.connect(self._clicked)
            self._views.append(view)
            self._row.addWidget(view, 1)
        for place, view in enumerate(self._views):
            view.setVisible(place < len(cases))
            if place < len(cases):
                view.show_case(cases[place], classes)
        if classes:
            self._filled.color = classes[0].color
        self._empty.setVisible(not cases)
        shown = self._legend if cases else []
        self.legend.set_parts([*shown, self._beneath] if cases and len(classes) > 1 else shown)

    @Slot()
    def _clicked(self) -> None:
        view = self.sender()
        if isinstance(view, _Case) and view.case is not None:
            self.picked.emit(view.case.item)


def _words(dice: Mapping[str, float | None]) -> str:
    return "\n".join(f"{name}  {figure(value, 2)}" for name, value in dice.items())
