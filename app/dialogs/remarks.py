"""What an import had to say, a sentence each: shown when a person asks for it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from widgets.column_parts import scrolled
from widgets.controls import Button, PrimaryButton, Text, named
from widgets.text import tr


class RemarksDialog(QDialog):
    """The sentences below each other; they can be selected and copied."""

    def __init__(self, remarks: Sequence[str], parent: QWidget | None) -> None:
        super().__init__(parent)
        named(self, "remarks_dialog", tr("What was noticed"))
        self.setWindowTitle(tr("What was noticed"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._remarks = tuple(remarks)
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(20, 16, 20, 16)
        lines.setSpacing(12)
        for remark in self._remarks:
            line = Text(remark)
            line.setTextFormat(Qt.TextFormat.PlainText)
            line.setWordWrap(True)
            line.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            lines.addWidget(line)
        lines.addStretch(1)
        copy = Button("remarks.copy", tr("Copy"), "copy", role="large")
        close = PrimaryButton("remarks.close", tr("Close"))
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 12, 20, 16)
        foot.setSpacing(10)
        foot.addStretch(1)
        foot.addWidget(copy)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolled("remarks.scroll", inner), 1)
        whole.addLayout(foot)
        self.resize(560, 360)
        close.setFocus()
        close.clicked.connect(self.accept)
        copy.clicked.connect(self._copy)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._remarks))
