"""Every text of the window passes here, so that one translation file and one script find them all."""

import html
import numbers
import string
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import Qt


def tr(template: str, **values: object) -> str:
    """The template in the program's language, then filled from `values`: tr("Brush {size} px", size=3).

    Works before there is an application: the English template is then filled.
    """
    return _NUMBERS.vformat(QCoreApplication.translate("contorno", template), (), values)


class _Numbers(string.Formatter):
    """Writes numbers that are not whole with the decimal sign of the language: also those of the engine, which knows none."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = str(super().format_field(value, format_spec))
        return text.replace(".", QLocale().decimalPoint()) if _is_fraction(value) else text


def _is_fraction(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, numbers.Integral)


_NUMBERS = _Numbers()


def tip(text: str) -> str:
    """A tool tip that says these words and nothing else: Qt would draw names that look like HTML, and load their pictures."""
    return html.escape(text).replace("\n", "<br>") if Qt.mightBeRichText(text) else text


def counted(number: int, one: str, many: str, **values: object) -> str:
    """ "1 item" or "64 items", from two marked templates; the second has a {count}."""
    if number == 1:
        return tr(one, **values)
    return tr(many, count=f"{number:,}".replace(",", "\N{THIN SPACE}"), **values)
