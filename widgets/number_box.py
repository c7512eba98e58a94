"""A field for a number that may be negative: with a real minus, as numbers are written everywhere."""

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

from widgets.figures import MINUS


class NumberBox(QDoubleSpinBox):
    """A hyphen may be typed for the minus, which no keyboard has."""

    def textFromValue(self, value: float) -> str:
        return super().textFromValue(value).replace("-", MINUS)

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(text.replace(MINUS, "-"))

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        state, _, place = super().validate(text.replace(MINUS, "-"), place)
        return state, text, place
