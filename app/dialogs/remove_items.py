"""Asks before items go out of the project: masks that go with them do not come back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.words import translatable
from widgets.controls import named
from widgets.text import counted, tr


def sure_to_remove(parent: QWidget, count: int) -> bool:
    """Whether a person wants so many items out of the project."""
    box = QMessageBox(parent)
    box.setObjectName("remove_question")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(
        counted(
            count,
            translatable("Remove 1 item from the project?"),
            translatable("Remove {count} items from the project?"),
        )
    )
    box.setInformativeText(
        tr("Their masks and predictions go with them and cannot be brought back. The image files stay where they are.")
    )
    remove = box.addButton(tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(tr("Keep"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    named(remove, "remove_items_yes", tr("Remove"))
    named(keep, "remove_items_no", tr("Keep"))
    box.exec()
    sure = box.clickedButton() is remove
    box.deleteLater()
    return sure
