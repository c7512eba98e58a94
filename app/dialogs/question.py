"""A question before something that is not easily taken back."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from widgets.controls import named


def ask(
    parent: QWidget, name: str, text: str, information: str, yes: str, no: str, then: Callable[[], object]
) -> QMessageBox:
    """Ask beside the window's work; `then` is done on a yes. The answer that changes nothing is the one that Enter gives.

    The box is `{name}_question`, its buttons are `{name}_yes` and `{name}_no`.
    """
    box = _Question(parent, then)
    named(box, f"{name}_question", text)
    box.setText(text)
    box.setInformativeText(information)
    for answer, said, role in (
        ("yes", yes, QMessageBox.ButtonRole.AcceptRole),
        ("no", no, QMessageBox.ButtonRole.RejectRole),
    ):
        button = box.addButton(said, role)
        named(button, f"{name}_{answer}", said)
    box.setDefaultButton(button)
    box.setEscapeButton(button)
    box.open()
    return box


class _Question(QMessageBox):
    def __init__(self, parent: QWidget, then: Callable[[], object]) -> None:
        super().__init__(parent)
        self._then = then
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names may hold markup
        self.accepted.connect(self._agreed)

    @Slot()
    def _agreed(self) -> None:
        self._then()
