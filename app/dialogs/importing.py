"""Add images: asks for the folder. The import step of the Data tab asks everything else, beside the images."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.shell import settings
from widgets.text import tr


def ask_folder(parent: QWidget) -> list[Path]:
    """The folder of images that a person chose; none where they gave up."""
    start = settings.ui_state("images", str(Path.home()))
    chosen = QFileDialog.getExistingDirectory(parent, tr("Choose a folder of images"), start)
    return [Path(chosen)] if chosen else []
