"""The buttons at a dialog's foot."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton

from widgets.controls import named
from widgets.text import tip, tr


def answered(dialog: QDialog) -> bool:
    """Show the dialog until it is closed, whether with a yes; then let it go, since its window would keep it as long as itself."""
    sure = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return sure


class DialogButtons(QDialogButtonBox):
    """The step itself in the accent, and the way out. `yes` can be dimmed."""

    def __init__(self, dialog: QDialog, accept: str, cancel: str = "") -> None:
        super().__init__()
        self.yes = self._button(dialog, accept, "accept", QDialogButtonBox.ButtonRole.AcceptRole)
        self.no = self._button(dialog, cancel or tr("Cancel"), "cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.yes.setDefault(True)
        self.accepted.connect(dialog.accept)
        self.rejected.connect(dialog.reject)

    def _button(self, dialog: QDialog, text: str, name: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        button = self.addButton(text, role)
        named(button, f"{dialog.objectName()}.{name}", text)
        button.setProperty("role", "primary" if name == "accept" else "large")
        button.setMinimumWidth(104)
        return button

    def allow(self, why_not: str) -> None:
        """Dim the step while something is missing; `why_not` says what ("" for nothing)."""
        self.yes.setEnabled(not why_not)
        self.yes.setToolTip(tip(why_not))
