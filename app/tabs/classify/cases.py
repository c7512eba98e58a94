"""Why a run said so: four telling cases with where the network looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.shell import settings
from engine.scoring.render import heat
from engine.words import translatable
from widgets import theme
from widgets.controls import Heading, Text, named
from widgets.figures import figure
from widgets.panels import PAD
from widgets.qimages import to_qimage
from widgets.rows import paint_text
from widgets.sliders import Slider
from widgets.text import counted, tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained

_INFERNO = ("#000004", "#420A68", "#932667", "#DD513A", "#FCA50A", "#FCFFA4")  # the map of engine.scoring.render
_CASES = 4
_NARROW = 190.0  # px: a card has no room for two words side by side
GRADCAM, SALIENCY = "gradcam", "saliency"


def methods() -> dict[str, tuple[str, str]]:
    """Ways to explain: id -> (name, help), as engine.learning.explain knows them, which needs torch."""
    return {
        GRADCAM: ("Grad-CAM", tr("The parts of the last maps that speak for the class: smooth, and the usual choice.")),
        SALIENCY: (tr("Saliency"), tr("The pixels that would change the answer most: quick, and noisy.")),
        "integrated": (
            tr("Integrated gradients"),
            tr("What each pixel adds, compared with an average image: slower, less noisy."),
        ),
    }


class MethodChoice(QComboBox):
    """Which way to explain; remembered. The same choice stands in more than one place: see `show_choice`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        named(self, name, tr("Method"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(9)
        for place, (id, (text, help)) in enumerate(methods().items()):
            self.addItem(text, id)
            self.setItemData(place, help, Qt.ItemDataRole.ToolTipRole)
        self.show_choice()
        self.activated.connect(self._keep)

    def show_choice(self) -> None:
        self.setCurrentIndex(max(self.findData(settings.ui_state("classify.method", GRADCAM)), 0))
        self.setToolTip(str(self.itemData(self.currentIndex(), Qt.ItemDataRole.ToolTipRole)))

    @Slot()
    def _keep(self) -> None:
        settings.set_ui_state("classify.method", str(self.currentData()))
        self.show_choice()


def chosen_method(arch: str) -> str:
    """The remembered method; an MLP has no maps in which Grad-CAM could look, so it is asked by saliency."""
    wanted = settings.ui_state("classify.method", GRADCAM)
    return SALIENCY if arch == "mlp" and wanted == GRADCAM else wanted


def opacity() -> float:
    return min(max(float(settings.ui_state("classify.opacity", "0.6")), 0.0), 1.0)


class OpacitySlider(Slider):
    """How strongly the heat covers the scan; remembered."""

    def __init__(self, name: str) -> None:
        super().__init__(name, tr("Opacity"), 0.0, 1.0, opacity(), step=0.05, decimals=2)
        self.setToolTip(tr("How strongly the heat covers the image"))
        self.changed.connect(self._keep)

    @Slot(float)
    def _keep(self, value: float) -> None:
        settings.set_ui_state("classify.opacity", f"{value:.2f}")


@dataclass(frozen=True)
class _Words:
    """What stands beneath a case: how it was chosen, whether it is right, and what was said."""

    title: str
    verdict: str
    tone: theme.Role
    said: str


def _words(case: "Explained", names: Sequence[str]) -> _Words:
    kinds = {"right": tr("Surely right"), "wrong": tr("Surely wrong"), "unsure": tr("Unsure")}
    said = f"{names[case.said]} {figure(case.share, 2)}" if case.said < len(names) else ""
    if case.truth is None:
        return _Words(kinds.get(case.kind, case.name), tr("class unknown"), "dim", said)
    if case.truth == case.said:
        return _Words(kinds.get(case.kind, case.name), tr("right"), "good", said)
    return _Words(kinds.get(case.kind, case.name), tr("truly {name}", name=names[case.truth]), "bad", said)


class CaseCard(QAbstractButton):
    """One explained case, a picture with three words. Pressed it opens the image, large."""

    def __init__(self, place: int) -> None:
        super().__init__()
        named(self, f"classify.case_{place}", tr("Case {number}", number=place + 1))
        self.case: Explained | None = None
        self._picture: QImage | None = None
        self._names: tuple[str, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 120)

    def show_case(self, case: "Explained | None", names: tuple[str, ...]) -> None:
        self.case, self._names = case, names
        self.setEnabled(case is not None)
        self.setCursor(Qt.CursorShape.PointingHandCursor if case is not None else Qt.CursorShape.ArrowCursor)
        self.warm()
        if case is not None:
            words = _words(case, names)
            self.setAccessibleDescription(f"{words.title}, {words.said}, {words.verdict}")
            self.setToolTip(f"{case.name}\n" + tr("Click to see it large."))
        else:
            self.setToolTip("")

    def warm(self) -> None:
        """Draw the heat anew, at the opacity that is chosen now."""
        case = self.case
        self._picture = None if case is None else to_qimage(heat(case.plain, case.heat, opacity()))
        self.update()

    def picture(self) -> QImage | None:
        return self._picture

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
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
        painter = QPainter(self)
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


class WhyPanel(QFrame):
    """The cases that say most about a run. `opened(case)` on a click, `method_chosen()` when another way to look is wanted."""

    opened = Signal(object)
    method_chosen = Signal()
    opacity_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._heading = Heading("")
        self._said = Text("", "dim")
        self._said.setObjectName("classify.why_said")
        self.method = MethodChoice("classify.method")
        self.opacity = OpacitySlider("classify.opacity")
        self.opacity.setFixedWidth(112)
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._heading)
        head.addWidget(self._said, 1)
        for widget in (HeatLegend(), self.opacity, self.method):
            head.addWidget(widget)
        self.cards = [CaseCard(place) for place in range(_CASES)]
        row = QHBoxLayout()
        row.setSpacing(14)
        for card in self.cards:
            row.addWidget(card)
            card.clicked.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, 10, PAD, 10)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(row, 1)
        self.method.activated.connect(self.method_chosen)
        self.opacity.changed.connect(self._warm)

    def show_cases(self, cases: Sequence["Explained"], names: tuple[str, ...], method: str, said: str) -> None:
        """`said` tells what is awaited or missing, "" where all is there."""
        self._heading.setText(
            counted(len(cases) or _CASES, translatable("Why: 1 case"), translatable("Why: {count} cases"))
        )
        wanted = self.method.currentData()
        name = methods().get(method, (method, ""))[0]
        self._said.setText(
            said or ("" if method == wanted else tr("by {method}: this network has no maps", method=name))
        )
        for place, card in enumerate(self.cards):
            card.show_case(cases[place] if place < len(cases) else None, names)

    def show_opacity(self) -> None:
        """The opacity was chosen elsewhere."""
        self.opacity.set_value(opacity())
        for card in self.cards:
            card.warm()

    @Slot(float)
    def _warm(self, value: float) -> None:
        for card in self.cards:
            card.warm()
        self.opacity_changed.emit(value)

    @Slot()
    def _open(self) -> None:
        card = self.sender()
        if isinstance(card, CaseCard) and card.case is not None:
            self.opened.emit(card.case)
