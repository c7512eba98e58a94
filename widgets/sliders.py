"""Sliders that say their value: one handle, or two for a range."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from widgets import theme
from widgets.controls import named
from widgets.figures import figure

PAD, KNOB = 8.0, 6.5


class Slider(QWidget):
    """A value from `low` to `high` in steps, its text beside it. `changed(value)` while a person drags or types."""

    changed = Signal(float)

    def __init__(
        self,
        name: str,
        text: str,
        low: float,
        high: float,
        value: float,
        *,
        step: float = 1.0,
        decimals: int = 0,
        unit: str = "",
        shows_value: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._step, self._decimals, self._unit = low, step, decimals, unit
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self.call(name, text)
        self._slider.setRange(0, max(round((high - low) / step), 1))
        self._slider.setPageStep(max(self._slider.maximum() // 10, 1))
        self._text = QLabel(self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        widest = max((figure(at, decimals, unit) for at in (low, high)), key=len)
        self._text.setMinimumWidth(self._text.fontMetrics().horizontalAdvance(widest) + 4)
        self._text.setVisible(shows_value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._slider, 1)
        row.addWidget(self._text)
        self.setFocusProxy(self._slider)
        self.set_value(value)
        self._slider.valueChanged.connect(self._moved)

    def call(self, name: str, text: str) -> None:
        """Its object name and accessible name: the slider inside is what takes the keys."""
        named(self, name, text)
        named(self._slider, f"{name}.slider", text)

    def value(self) -> float:
        return round(self._low + self._slider.value() * self._step, 10)

    def set_value(self, value: float) -> None:
        """Show this value. Sends nothing."""
        was = self._slider.blockSignals(True)
        self._slider.setValue(round((value - self._low) / self._step))
        self._slider.blockSignals(was)
        self._tell()

    @Slot()
    def _moved(self) -> None:
        self._tell()
        self.changed.emit(self.value())

    def _tell(self) -> None:
        text = figure(self.value(), self._decimals, self._unit)
        self._text.setText(text)
        self._slider.setAccessibleDescription(text)


class RangeSlider(QWidget):
    """Two handles on a line. `changed(first, second)` while a person drags, or with the arrow keys (Tab: other handle)."""

    changed = Signal(float, float)

    def __init__(
        self,
        name: str,
        text: str,
        low: float,
        high: float,
        values: tuple[float, float],
        step: float = 1.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        named(self, name, text)
        self._low, self._high, self._step = low, high, step
        self._values = [low, high]
        self._held = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_values(values)

    def values(self) -> tuple[float, float]:
        return self._values[0], self._values[1]

    def set_values(self, values: tuple[float, float]) -> None:
        """Show this range. Sends nothing."""
        self._values = [self._tidy(value) for value in sorted(values)]
        self.setAccessibleDescription("{} – {}".format(*self._values))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 20)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().x()
        gaps = [abs(at - self._x(value)) for value in self._values]
        both_at_once = gaps[0] == gaps[1]
        self._held = int(at > self._x(self._values[0])) if both_at_once else int(gaps[1] < gaps[0])
        self._move(self._value_at(at))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(self._value_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, value = event.key(), self._values[self._held]
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_PageUp: 10,
            Qt.Key.Key_PageDown: -10,
        }
        if key in steps:
            self._move(value + steps[Qt.Key(key)] * self._step)
        elif key == Qt.Key.Key_Home:
            self._move(self._low)
        elif key == Qt.Key.Key_End:
            self._move(self._high)
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes from the first handle to the second before it leaves."""
        if self.hasFocus() and self._held == int(not forward):
            self._held = int(forward)
            self.update()
            return True
        self._held = 0 if forward else 1
        return super().focusNextPrevChild(forward)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._paint_line(painter, self.height())

    def _paint_line(self, painter: QPainter, height: float) -> None:
        """The line with its two handles, in a strip of that height."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = height / 2
        ends = [QPointF(self._x(value), middle) for value in self._values]
        on = self.isEnabled()
        for first, second, role in (
            (QPointF(PAD, middle), QPointF(self.width() - PAD, middle), "raised_more"),
            (ends[0], ends[1], "accent" if on else "faint"),
        ):
            painter.setPen(QPen(theme.color(role), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))  # type: ignore[arg-type]
            painter.drawLine(first, second)
        for place, end in enumerate(ends):
            painter.setPen(QPen(theme.color("faint"), 1))
            painter.setBrush(theme.color("knob" if on else "faint"))
            painter.drawEllipse(end, KNOB - 1.5, KNOB - 1.5)
            if self.hasFocus() and place == self._held:
                theme.focus_ring(painter, QRectF(end.x() - 8, middle - 8, 16, 16), 8)

    def _move(self, value: float) -> None:
        value = self._tidy(value)
        value = min(value, self._values[1]) if self._held == 0 else max(value, self._values[0])
        if value != self._values[self._held]:
            self._values[self._held] = value
            self.set_values(self.values())
            self.changed.emit(*self._values)

    def _tidy(self, value: float) -> float:
        stepped = self._low + round((value - self._low) / self._step) * self._step
        return round(min(max(stepped, self._low), self._high), 10)

    def _x(self, value: float) -> float:
        return PAD + (value - self._low) / ((self._high - self._low) or 1.0) * (self.width() - 2 * PAD)

    def _value_at(self, x: float) -> float:
        return self._low + (x - PAD) / max(self.width() - 2 * PAD, 1.0) * (self._high - self._low)
