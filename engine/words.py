"""Texts of the engine that are shown: marked, so that tools/i18n.py finds them for translation, and filled with their values.

The bare frame of the window says texts already, so that what few of them need is loaded by those.
"""

import numbers
import re
import string
from collections.abc import Callable, Mapping
from typing import Any

Say = Callable[..., str]
"""A text of ours with its values filled in, in the reader's language: say("{count} items", count=3)."""


NARROW = "\u202f"
"""Between groups of digits, and a number and its unit (ISO 80000-1): a small space at which no line ends."""
PART = " · "  # between the parts of what a history says
_VALUES = "\t"  # between a text and its values: no name that a person types holds it


def translatable(text: str) -> str:
    """The text itself: translated where it is shown, not here, since the engine knows no language."""
    return text


def stored_words(text: str, **values: str | int) -> str:
    """A text of ours with its values as a project keeps it, in no language: `shown_words` says it in the reader's."""
    import json

    return f"{text}{_VALUES}{json.dumps(values)}"


def shown_words(stored: str, say: Say) -> str:
    """What a project keeps, as "Brush · liver · 12", in the reader's language: its first part, if plain, and those of `stored_words` are
    texts of ours; the others are names and numbers."""
    return PART.join(_shown(part, say, first=not place) for place, part in enumerate(stored.split(PART)))


def _shown(part: str, say: Say, *, first: bool) -> str:
    text, ours, values = part.partition(_VALUES)
    if ours:
        import json

        return say(text, **json.loads(values))
    return say(part) if first and "{" not in part else part  # what has values is of `stored_words`


def filled(template: str, values: Mapping[str, object], point: str = ".") -> str:
    """The template with its values, numbers that are not whole with the decimal sign `point`: "{share:.2f}" -> "0,90",
    "{share:.1e}" -> "9,0·10⁻¹", and "{volume:.3g}" -> "1530", written out unless it is far from 1."""
    return _Numbers(point).vformat(template, (), values)


_WRITTEN_OUT = 6  # zeros that a number may have before it is written as a power of ten
_SPEC = re.compile(r"((?:.?[<>=^])?[-+ ]?)(.*[eEfFgG%])")


def number_text(value: float, spec: str) -> str:
    """A number that need not be whole by a format of Python's; what is rounded to zero has no minus."""
    found = _SPEC.fullmatch(spec)
    return format(value, spec) if found is None else format(float(value), f"{found[1]}z{found[2]}")


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Numbers(string.Formatter):
    def __init__(self, point: str) -> None:
        self._point = point

    def format_field(self, value: Any, format_spec: str) -> str:
        text = number_text(value, format_spec) if _is_fraction(value) else str(super().format_field(value, format_spec))
        if format_spec.endswith(("e", "g")) and "e" in text:
            factor, exponent = text.split("e")
            written_out = format_spec.endswith("g") and abs(int(exponent)) <= _WRITTEN_OUT
            text = _written_out(text) if written_out else f"{factor}·10{str(int(exponent)).translate(RAISED)}"
        return text.replace(".", self._point) if _is_fraction(value) else text


def _written_out(text: str) -> str:
    from decimal import Decimal

    return f"{Decimal(text):f}"


def _is_fraction(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral)
