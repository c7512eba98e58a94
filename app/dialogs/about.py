"""What this program is, under which licence, and what it is built on."""

import platform
from importlib import metadata

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app import __version__
from app.dialogs.answers import answered
from widgets import icons
from widgets.controls import Button, PrimaryButton, Text, named
from widgets.text import tr

# By the names of their distributions: the version is read without loading them.
_LIBRARIES = (
    ("PyTorch", "torch"),
    ("Segmentation Models", "segmentation-models-pytorch"),
    ("torchvision", "torchvision"),
    ("OpenCV", "opencv-python-headless"),
    ("NumPy", "numpy"),
    ("pydicom", "pydicom"),
    ("NiBabel", "nibabel"),
    ("Qt for Python", "PySide6-Essentials"),
)


def versions() -> list[tuple[str, str]]:
    """The main libraries with the versions that are installed."""
    found = [("Python", platform.python_version())]
    for name, distribution in _LIBRARIES:
        try:
            found.append((name, metadata.version(distribution)))
        except metadata.PackageNotFoundError:
            found.append((name, tr("not installed")))
    return found


def show_about(parent: QWidget | None) -> None:
    """Show it until it is closed."""
    answered(AboutDialog(parent))


class AboutDialog(QDialog):
    """Version, licence, libraries. The versions can be copied for a report."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        named(self, "about_dialog", tr("About Contorno"))
        self.setWindowTitle(tr("About Contorno"))
        self._versions = versions()
        sign = QLabel()
        sign.setPixmap(icons.app_icon().pixmap(48, 48))
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(Text(f"Contorno {__version__}", "title"))
        head.addWidget(Text(tr("Label scans, train a network, review what it says."), "dim"))
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(sign)
        top.addLayout(head, 1)
        licence = Text(
            tr("Free software under the MIT licence. It is not a medical device: it is made for study and research.")
        )
        licence.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (name, version) in enumerate(self._versions):
            grid.addWidget(Text(name, "dim"), row, 0)
            number = Text(version)
            number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(number, row, 1)
        private = Text(tr("Nothing leaves this computer."), "good")
        private.setObjectName("about.private")
        copy = Button("about.copy", tr("Copy the versions"), "copy", role="large")
        close = PrimaryButton("about.close", tr("Close"))
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.addWidget(private, 1)
        foot.addWidget(copy)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(18)
        column.addLayout(top)
        column.addWidget(licence)
        column.addLayout(grid)
        column.addLayout(foot)
        self.setMinimumWidth(480)
        close.setFocus()
        close.clicked.connect(self.accept)
        copy.clicked.connect(self._copy)

    def _copy(self) -> None:
        lines = [f"Contorno {__version__}", *(f"{name} {version}" for name, version in self._versions)]
        QGuiApplication.clipboard().setText("\n".join([*lines, platform.platform()]))
