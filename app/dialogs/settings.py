"""The settings dialog: the user's choices, from one dataclass."""

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.dialogs.answers import DialogButtons, answered
from app.shell.settings import Settings
from widgets.controls import Text, named
from widgets.form import Form
from widgets.text import tr


def ask_settings(before: Settings, parent: QWidget | None) -> Settings | None:
    """The changed settings, or None where nothing shall change."""
    dialog = QDialog(parent)
    named(dialog, "settings_dialog", tr("Settings"))
    dialog.setWindowTitle(tr("Settings"))
    words = {
        "language": {"system": tr("As the computer"), "en": "English", "es": "Español"},
        "theme": {"system": tr("As the computer"), "dark": tr("Dark"), "light": tr("Light")},
    }
    form = Form(before, name="settings", words=words)
    note = Text(tr("Another language or reader shows the window anew; nothing you do is interrupted."), "dim")
    note.setWordWrap(True)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 20, 20, 16)
    column.setSpacing(16)
    column.addWidget(form)
    column.addWidget(note)
    column.addWidget(DialogButtons(dialog, tr("Use")))
    dialog.setMinimumWidth(460)
    return form.value() if answered(dialog) else None
