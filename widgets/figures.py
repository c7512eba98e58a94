"""How numbers are written: grouped by narrow spaces, unit after a narrow space, the decimal sign of the language."""

import math
import re

from PySide6.QtCore import QLocale

from engine.words import NARROW as NARROW
from engine.words import number_text
from widgets.text import tr

NONE, MINUS = "–", "−"


def figure(value: float | None, decimals: int = 0, unit: str = "", signed: bool = False) -> str:
    """The number as text: 1483.2 -> "1 483", with `unit` "1 483 mL"; an en dash where there is none (None, NaN)."""
    if value is None or not math.isfinite(value):
        return NONE
    text = number_text(value, f"{'+' if signed else ''},.{decimals}f")
    text = text.replace(".", "\0").replace(",", NARROW).replace("\0", QLocale().decimalPoint()).replace("-", MINUS)
    return f"{text}{NARROW}{unit}" if unit else text


def decimals_of(size: float, digits: int = 3) -> int:
    """How many decimals show that many digits of numbers about as large as `size`: 0.0012 -> 5. None of large ones."""
    return max(digits - 1 - math.floor(math.log10(size)), 0) if size > 0 else 0


def percent(share: float | None, decimals: int = 0) -> str:
    """A share (0 to 1) as percent: 0.896 -> "90 %"."""
    return figure(None if share is None else share * 100, decimals, "%")


def short(value: float, digits: int = 5, unit: str = "") -> str:
    """A value of an image in so many figures at most, not grouped: -1024 -> "−1024 HU", 0.5 -> "0.5"."""
    text = decimal(f"{value:.{digits}g}").replace("-", MINUS)
    return f"{text}{NARROW}{unit}" if unit else text


def decimal(numbers: str) -> str:
    """Numbers that the engine wrote, with the decimal sign of the language: "0.85–1.20" -> "0,85–1,20"."""
    return numbers.replace(".", QLocale().decimalPoint())


def weight_count(parameters: int) -> str:
    """How many weights a network has: exact where they are few, else in millions."""
    return figure(parameters) if parameters < 100_000 else figure(parameters / 1e6, 1, "M")


def times(text: str) -> str:
    """ "max 2x2" with a real sign: max 2×2."""
    return re.sub(r"(?<=[0-9])x(?=[0-9])", "×", text)


def shape(output: tuple[int, ...]) -> str:
    """(channels, height, width) as the papers write it: 28 × 28 × 6."""
    parts = (*output[1:], output[0]) if len(output) == 3 else output
    return "×".join(figure(part) for part in parts)


def time_left(seconds: float | None) -> str:
    """How long something still takes, in round words; "" where nobody knows."""
    if seconds is None or not math.isfinite(seconds):
        return ""
    if seconds < 60:
        return tr("under 1 min left")
    if seconds < 3600:
        return tr("{minutes} min left", minutes=round(seconds / 60))
    hours, minutes = divmod(round(seconds / 60), 60)
    return tr("{hours} h {minutes} min left", hours=hours, minutes=minutes)


def duration(minutes: float) -> str:
    """A time budget: "15 min", "2 h", "1 h 30 min"; any time at all is at least a minute."""
    hours, rest = divmod(round(minutes), 60)
    if not hours:
        return tr("{minutes} min", minutes=max(rest, 1) if minutes else 0)
    return tr("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else tr("{hours} h", hours=hours)


def time_taken(seconds: float | None) -> str:
    """How long something took, to two figures or three: "8 s", "2.5 min", "1.2 h"."""
    if seconds is None or not math.isfinite(seconds):
        return NONE
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= length:
            return figure(seconds / length, 1, unit)
    return figure(max(seconds, 1) if seconds else 0, 0, "s")
