"""The settings dialog: the user's choices, from one dataclass."""

from dataclasses import replace

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from app.dialogs.answers import DialogButtons, answered
from app.dialogs.click_model import ClickModelRow
from app.services.jobs import JobQueue
from app.shell.settings import Settings
from widgets.controls import Text, named
from widgets.form import Form
from widgets.text import tr


def ask_settings(before: Settings, parent: QWidget | None, jobs: JobQueue) -> Settings | None:
    """The changed settings, or None where nothing shall change."""
    dialog = QDialog(parent)
    named(dialog, "settings_dialog", tr("Settings"))
    dialog.setWindowTitle(tr("Settings"))
    words = {
        "language": {"system": tr("As the computer"), "en": "English", "es": "Español"},
        "theme": {"system": tr("As the computer"), "dark": tr("Dark"), "light": tr("Light")},
    }
    form = Form(before, ("language", "theme", "reader", "wheel_zooms"), name="settings", words=words)
    click_model = ClickModelRow(before.click_model, jobs)
    buttons = DialogButtons(dialog, tr("Use"))
    click_model.checking.connect(lambda on: buttons.allow(tr("Looking at the files…") if on else ""))
    note = Text(tr("Another language or reader shows the window anew; nothing you do is interrupted."), "dim")
    note.setWordWrap(True)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 20, 20, 16)
    column.setSpacing(16)
    column.addWidget(form)
    column.addWidget(click_model)
    column.addWidget(note)
    column.addWidget(buttons)
    click_model.align(form.label_width())
    dialog.setMinimumWidth(520)
    return replace(form.value(), click_model=click_model.folder) if answered(dialog) else None
