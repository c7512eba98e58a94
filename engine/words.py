"""Texts of the engine that are shown: marked, so that tools/i18n.py finds them for translation, and filled with their values."""

import numbers
import string
from collections.abc import Callable, Mapping
from typing import Any

Say = Callable[..., str]
"""A text of ours with its values filled in, in the reader's language: say("{count} items", count=3)."""


def translatable(text: str) -> str:
    """The text itself: translated where it is shown, not here, since the engine knows no language."""
    return text


def filled(template: str, values: Mapping[str, object], point: str = ".") -> str:
    """The template with its values, numbers that are not whole with the decimal sign `point`: "{share:.2f}" -> "0,90"."""
    return _Numbers(point).vformat(template, (), values)


class _Numbers(string.Formatter):
    def __init__(self, point: str) -> None:
        self._point = point

    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        return text.replace(".", self._point) if _is_fraction(value) else text


def _is_fraction(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral)
