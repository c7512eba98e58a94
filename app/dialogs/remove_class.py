"""Asks what becomes of the pixels before a class that masks hold is removed, and says which runs do not follow."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.dialogs.answers import DialogButtons, answered
from app.shell.i18n import translate_notice
from engine.labels.classes import BACKGROUND, LabelClass
from engine.project.class_removal import ClassUse
from engine.words import translatable
from widgets.controls import Text, named
from widgets.signs import swatch
from widgets.text import counted, tr
from widgets.word_combo import WordCombo


def ask_remove_class(
    parent: QWidget, classes: Sequence[LabelClass], value: int, use: ClassUse, whole_images: bool
) -> int | None:
    """The value that its pixels (or images) become, as values are now; None: the class stays."""
    dialog = RemoveClassDialog(parent, classes, value, use, whole_images)
    return dialog.into() if answered(dialog) else None


class RemoveClassDialog(QDialog):
    """Background or another class; nothing is chosen by mistake: the way out is what Return takes."""

    def __init__(
        self, parent: QWidget, classes: Sequence[LabelClass], value: int, use: ClassUse, whole_images: bool
    ) -> None:
        super().__init__(parent)
        name = classes[value - 1].name
        named(self, "remove_class_dialog", tr("Remove a class"))
        self.setWindowTitle(tr("Remove {name}", name=name))
        single, several = translatable("1 item holds {name}."), translatable("{count} items hold {name}.")
        held = counted(use.items, single, several, name=name) if use.items else tr("No item holds {name}.", name=name)
        head = Text(held, "strong")
        head.setWordWrap(True)
        words = tr("Its images become") if whole_images else tr("Its pixels become")
        self._into = WordCombo()
        named(self._into, "remove_class.into", words)
        self._into.addItem(swatch(None), tr("No class") if whole_images else tr("Background"), BACKGROUND)
        for other, one in enumerate(classes, start=1):
            if other != value:
                self._into.addItem(swatch(one.color), one.name, other)
        said = [translate_notice(each) for each in use.notes]
        said.append(
            tr("In the history, too: it cannot be taken back.") if use.items else tr("It cannot be taken back.")
        )
        notes = [Text(text, "dim") for text in said]
        answers = DialogButtons(self, tr("Remove"), tr("Keep"))
        answers.yes.setAutoDefault(False)
        answers.no.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(Text(words, "dim"))
        row.addWidget(self._into, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(head)
        if use.items:
            column.addLayout(row)
        for note in notes:
            note.setWordWrap(True)
            column.addWidget(note)
        column.addWidget(answers)
        self.setMinimumWidth(420)

    def into(self) -> int:
        return int(self._into.currentData())
