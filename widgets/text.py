"""Every text of the window passes here, so that one translation file and one script find them all."""

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import Qt

from engine.words import NARROW, filled


def tr(template: str, **values: object) -> str:
    """The template in the program's language, then filled from `values`: tr("Brush {size} px", size=3).

    Works before there is an application: the English template is then filled.
    """
    return filled(QCoreApplication.translate("contorno", template), values, QLocale().decimalPoint())


def tip(text: str) -> str:
    """A tool tip that says these words and nothing else: Qt would draw names that look like HTML, and load their pictures."""
    if not Qt.mightBeRichText(text):
        return text
    import html  # with its two thousand entities

    return html.escape(text).replace("\n", "<br>")


def counted(number: int, one: str, many: str, **values: object) -> str:
    """ "1 item" or "64 items", from two marked templates; the second has a {count}."""
    if number == 1:
        return tr(one, **values)
    return tr(many, count=f"{number:,}".replace(",", NARROW), **values)
