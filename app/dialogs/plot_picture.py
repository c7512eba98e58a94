"""Asks where the picture of a plot goes, and writes it there."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.dialogs.save_file import SaveFileDialog
from app.shell.context import AppContext
from widgets.plot import PlotPicture
from widgets.text import tr

_SVG = "*.svg"


class PlotPictureDialog(SaveFileDialog):
    """Starts at the plot's name; writes PNG, or SVG where the file is called so."""

    def __init__(self, context: AppContext, picture: PlotPicture, parent: QWidget) -> None:
        self._picture = picture
        kinds = (tr("Pictures ({pattern})", pattern="*.png"), tr("Drawings ({pattern})", pattern=_SVG))
        make = partial(_packed, picture.image)
        super().__init__(
            context, "plot_picture", tr("Save as picture"), ";;".join(kinds), f"{picture.name}.png", make, parent
        )
        self.filterSelected.connect(self._turn)

    @Slot(str)
    def _turn(self, kind: str) -> None:
        """The name has the ending of the kind."""
        ending = "svg" if _SVG in kind else "png"
        self.setDefaultSuffix(ending)
        for file in map(Path, self.selectedFiles()):
            if file.suffix.lower() in (".png", ".svg"):
                self.selectFile(str(file.with_suffix(f".{ending}")))

    def made_at(self, path: Path) -> Callable[[], bytes]:
        svg = self._picture.svg
        return (lambda: svg) if path.suffix.lower() == ".svg" else super().made_at(path)


def _packed(picture: QImage) -> bytes:
    """Beside the window: a large picture takes 0.2 s to pack and to sync."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
