"""Values of the database that cannot be true: read as the nearest that can, and remembered, so that the rest of a project opens."""

import json
import math
import string
from collections.abc import Callable, Mapping
from functools import lru_cache
from sqlite3 import Row
from typing import Any, TypeVar

from engine.errors import EngineError
from engine.imaging.image import SeriesPart
from engine.progress import Notice
from engine.words import translatable

T = TypeVar("T")

DAMAGED = translatable("The project is damaged at {place}: {columns} could not be read.")
UNSOUND = (ValueError, TypeError, LookupError, OverflowError, RecursionError, EngineError)
"""What a reader of a value raises that cannot be meant."""
_LONGEST_SPEC = 6  # characters: a longer one can ask for a gigabyte of blanks
_YEAR_10000 = 253_402_300_800
_NUMBERS = ("score", "seconds", "accuracy", "macro_f1", "auc")
_COUNTS = ("epochs", "size", "patch")
_TEXTS = ("arch", "encoder", "bundle")


class Salvage:
    """One row of a table. `damaged`: the columns that were read as something else than they hold."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.damaged: list[str] = []

    def get(self, column: str, read: Callable[[Any], T], otherwise: T) -> T:
        """What `read` makes of the value, which raises where it cannot be meant."""
        try:
            return read(self._row[column])
        except UNSOUND:
            self.damaged.append(column)
            return otherwise

    def note(self, place: str) -> Notice | None:
        """What is to be said of it, where something was damaged."""
        if not self.damaged:
            return None
        return Notice(DAMAGED, {"place": place, "columns": ", ".join(self.damaged)})


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def name(value: Any) -> str:
    if not text(value).strip():
        raise ValueError(value)
    return str(value)


def one_of(choices: tuple[T, ...]) -> Callable[[Any], T]:
    known = {choice: choice for choice in choices}

    def read(value: Any) -> T:
        return known[value]

    return read


def count(value: Any) -> int:
    """A whole number from 1 on."""
    if not isinstance(value, int) or not 0 < value < 1 << 31:
        raise ValueError(value)
    return value


def place(value: Any) -> int | None:
    """A whole number from 0 on, or None."""
    if value is not None and (not isinstance(value, int) or value < 0):
        raise ValueError(value)
    return value


def finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)


def moment(value: Any) -> float:
    """Seconds since 1970, of a year that calendars know."""
    if not 0 <= finite(value) < _YEAR_10000:
        raise ValueError(value)
    return float(value)


@lru_cache(1 << 12)  # of many items alike
def spacing(value: Any) -> tuple[float, float, float]:
    z, y, x = (finite(length) for length in json.loads(value))
    if min(z, y, x) <= 0:
        raise ValueError(value)
    return z, y, x


@lru_cache(1 << 12)
def part(value: Any) -> SeriesPart | None:
    """Of a series; None where it is none."""
    if text(value) == "":
        return None
    key, number, total, label = json.loads(value)
    return SeriesPart(name(key), count(number), count(total), text(label))


@lru_cache(1 << 12)
def notes(value: Any) -> tuple[Notice, ...]:
    return tuple(_note(message, values) for message, values in json.loads(value))


def _note(message: Any, values: Any) -> Notice:
    """A value may be a notice too."""
    filled = {key: _note(**each) if isinstance(each, dict) else each for key, each in values.items()}
    _check_template(text(message), filled)
    return Notice(message, filled)


def _check_template(message: str, values: Mapping[str, object]) -> None:
    """A template of a stranger may name values that it does not have, look into them, or ask for a width of a gigabyte."""
    for _, field, spec, _ in string.Formatter().parse(message):
        if field is not None and (field not in values or len(spec or "") > _LONGEST_SPEC or "{" in (spec or "")):
            raise ValueError(message)
    message.format(**values)


def summary(value: Any) -> dict[str, Any]:
    """A run's; a number that is none is damage."""
    found = json.loads(value)
    if not isinstance(found, dict):
        raise TypeError(value)
    for key in _NUMBERS:
        if found.get(key) is not None:
            finite(found[key])
    for key in _COUNTS:
        if found.get(key) is not None and not isinstance(found[key], int):
            raise ValueError(value)
    for key in _TEXTS:
        if key in found:
            text(found[key])
    for score in (found.get("dice") or {}).values():
        if score is not None:
            finite(score)
    return found
