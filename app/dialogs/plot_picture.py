"""Asks where the picture of a plot goes, and writes it there."""

from functools import partial

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.dialogs.save_file import SaveFileDialog
from app.shell.context import AppContext
from widgets.text import tr


class PlotPictureDialog(SaveFileDialog):
    """Starts at the plot's name; writes PNG."""

    def __init__(self, context: AppContext, picture: QImage, name: str, parent: QWidget) -> None:
        kind, make = tr("Pictures ({pattern})", pattern="*.png"), partial(_packed, picture)
        super().__init__(context, "plot_picture", tr("Save as picture"), kind, f"{name}.png", make, parent)


def _packed(picture: QImage) -> bytes:
    """Beside the window: a large picture takes 0.2 s to pack and to sync."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
