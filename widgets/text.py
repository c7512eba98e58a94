"""Every text of the window passes here, so that one translation file and one script find them all."""

from PySide6.QtCore import QCoreApplication


def tr(template: str, **values: object) -> str:
    """The template in the program's language, then filled from `values`: tr("Brush {size} px", size=3).

    Works before there is an application: the English template is then filled.
    """
    return QCoreApplication.translate("contorno", template).format(**values)


def counted(number: int, one: str, many: str, **values: object) -> str:
    """ "1 item" or "64 items", from two marked templates; the second has a {count}."""
    if number == 1:
        return tr(one, **values)
    return tr(many, count=f"{number:,}".replace(",", "\N{THIN SPACE}"), **values)
