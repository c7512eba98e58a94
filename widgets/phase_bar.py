"""Which phase of a series is shown: a bar under the scan with a place for each phase, play and its speed."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from widgets import theme
from widgets.controls import IconButton, Text, named
from widgets.icons import set_icon
from widgets.text import tr
from widgets.track_slider import TrackSlider

HEIGHT = 34
_TRACK, _MARK, _LEAST = 3.0, 3.0, 10.0
_SLOWEST, _FASTEST = 1, 60  # phases a second


class PhaseSlider(TrackSlider):
    """A place for each phase, the first at the left. Dragging shows one after another (`valueChanged`); `chosen` when it is let go of,
    and after a key."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, tr("Phase"))
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._labelled: frozenset[int] = frozenset()
        self._read: frozenset[int] = frozenset()
        self.sliderReleased.connect(self._let_go)
        self.set_count(1)

    def set_count(self, count: int) -> None:
        """How many phases there are."""
        self.setRange(0, max(count - 1, 0))
        self.setPageStep(1)

    def set_labelled(self, phases: frozenset[int]) -> None:
        """Phases, from 0, on which something is labelled: they have a mark."""
        self._labelled = phases
        count = self.maximum() + 1
        self.setToolTip(tr("{labelled} of {count} phases are labelled", labelled=len(phases), count=count))
        self.update()

    def set_read(self, phases: frozenset[int]) -> None:
        """Phases, from 0, that are in memory: the track is brighter there."""
        if phases != self._read:
            self._read = phases
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 18)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 18)

    def place(self, phase: int) -> QRectF:
        """The part of the track that is this phase's."""
        part = self.width() / (self.maximum() + 1)
        return QRectF(phase * part, 0, part, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            middle, gap = self.height() / 2, 1.0 if self.width() > 4 * (self.maximum() + 1) else 0.0
            for phase in range(self.maximum() + 1):
                area = self.place(phase)
                painter.setBrush(
                    theme.color("dim" if phase in self._read else "faint", 0.9 if phase in self._read else 0.5)
                )
                painter.drawRect(QRectF(area.left(), middle - _TRACK / 2, max(area.width() - gap, 1), _TRACK))
                if phase in self._labelled:
                    painter.setBrush(theme.color("accent"))
                    painter.drawRect(QRectF(area.left(), middle + _TRACK / 2 + 2, max(area.width() - gap, 2), _MARK))
            handle = self.handle()
            painter.setBrush(theme.color("text"))
            painter.drawRoundedRect(handle, 3, 3)
            if self.hasFocus():
                theme.focus_ring(painter, QRectF(self.rect()), 4)

    def handle(self) -> QRectF:
        """What stands for the phase that is shown."""
        area = self.place(self.value())
        width = max(area.width(), _LEAST)
        left = min(max(area.center().x() - width / 2, 0), self.width() - width)
        return QRectF(left, self.height() / 2 - 4, width, 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.value()
        super().keyPressEvent(event)
        if self.value() != before:
            self.chosen.emit(self.value())

    def value_at(self, position: QPointF) -> int:
        phase = int(position.x() / max(self.width(), 1) * (self.maximum() + 1))
        return min(max(phase, 0), self.maximum())

    @Slot()
    def _let_go(self) -> None:
        self.chosen.emit(self.value())


class PhaseBar(QFrame):
    """Play, the phases on their axis, which one is shown in words, and how many a second are played (`rate_changed`)."""

    rate_changed = Signal(int)

    def __init__(self, name: str, play: QAction, rate: int) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        named(self, name, tr("Phases of the series"))
        self.setFixedHeight(HEIGHT)
        self._play = IconButton(f"{name}.play", "play", play.text(), side=26)
        self._play.show_action(play)
        self.slider = PhaseSlider(f"{name}.slider")
        self._text = Text("", "dim")
        self._text.setObjectName(f"{name}.text")
        self.rate = QSpinBox()
        named(self.rate, f"{name}.rate", tr("Phases a second"))
        self.rate.setToolTip(tr("Phases a second"))
        self.rate.setRange(_SLOWEST, _FASTEST)
        self.rate.setSuffix(tr(" / s"))
        self.rate.setValue(rate)
        self.rate.valueChanged.connect(self.rate_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self._play)
        row.addWidget(self.slider, 1)
        row.addWidget(self._text)
        row.addWidget(self.rate)

    def show_phase(self, phase: int, words: str) -> None:
        """The phase, from 0, that is shown, and what is said of it. The words take no less room than those before: nothing jumps, nor
        does what a hand holds."""
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            self.slider.setValue(phase)
            self.slider.blockSignals(False)
            self.slider.update()
        self.say(words)

    def say(self, words: str) -> None:
        self._text.setText(words)
        self._text.setMinimumWidth(max(self._text.minimumWidth(), self._text.sizeHint().width()))

    def forget_width(self) -> None:
        """Another series: its words may be shorter."""
        self._text.setMinimumWidth(0)

    @property
    def words(self) -> str:
        return self._text.text()

    @Slot(bool)
    def show_playing(self, on: bool) -> None:
        set_icon(self._play, "pause" if on else "play", "dim")
