"""Every text of the window passes here, so that one translation file and one script find them all."""

from PySide6.QtCore import QCoreApplication


def tr(template: str, **values: object) -> str:
    """The template in the program's language, then filled from `values`: tr("Brush {size} px", size=3).

    Works before there is an application: the English template is then filled.
    """
    return QCoreApplication.translate("contorno", template).format(**values)
