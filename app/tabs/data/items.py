"""What a person does with the chosen rows: into a set, a class, out of the project; or left out of an import."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu

from app.dialogs.remove_items import sure_to_remove
from app.dialogs.test_class import with_leave_for_class
from app.shell.context import AppContext
from app.tabs.data.import_step import ImportStep
from app.tabs.data.table import DataTable
from engine.config import Split
from engine.words import translatable
from widgets.text import tr

MODALITIES = (
    ("CT", translatable("computed tomography, in HU")),
    ("MR", translatable("magnetic resonance")),
    ("PT", translatable("PET")),
    ("DX", translatable("radiograph")),
    ("MG", translatable("mammography")),
    ("US", translatable("ultrasound")),
    ("SM", translatable("microscopy")),
    ("OT", translatable("another")),
)
"""What a person can say that an image is, by DICOM's words (PS3.3 C.7.3.1.1.1)."""


class ItemCommands(QObject):
    """Commands, digit keys and the menu of the table. `opened(id)`: a person asks to open that item."""

    opened = Signal(int)

    def __init__(self, context: AppContext, table: DataTable, step: ImportStep) -> None:
        super().__init__(table)
        self._context, self._table, self._step = context, table, step
        table.digit.connect(self._give_class)
        table.menu_asked.connect(self._menu)
        context.commands.connect_to(
            "data",
            set_train=self._into("train"),
            set_val=self._into("val"),
            set_test=self._into("test"),
            set_none=self._into(""),
            undo_sets=context.session.assignments.undo,
            remove_items=self._remove,
        )

    def _chosen(self) -> list[int]:
        """The items that a key or the menu is about: chosen, seen, and with the keyboard on them."""
        table = self._table
        if self._step.active or not table.isVisible() or table.window().focusWidget() is not table:
            return []
        return [id for id in table.selected() if id >= 0]

    def _into(self, split: Split) -> Callable[[], None]:
        def put() -> None:
            ids = self._chosen()
            if ids:
                self._context.session.assignments.set_splits(dict.fromkeys(ids, split))

        return put

    @Slot(int)
    def _give_class(self, number: int) -> None:
        session, ids = self._context.session, self._chosen()
        if ids and session.task == "classification" and session.writable and number <= len(session.classes):
            self._classing(ids, number - 1)()

    def _classing(self, ids: Sequence[int], label: int | None) -> Callable[[], None]:
        session = self._context.session
        give = partial(session.assignments.give_class, ids, label)
        return lambda: with_leave_for_class(session, self._table, ids, label, give)

    def _saying(self, ids: Sequence[int], modality: str) -> Callable[[], None]:
        return lambda: self._context.session.assignments.set_modality(ids, modality)

    def _remove(self) -> None:
        if self._step.active:
            self._step.set_taken(self._table.selected(), False)
            return
        ids = self._chosen()
        if ids and sure_to_remove(self._table, len(ids)):
            self._context.session.remove_items(ids)

    @Slot(QPoint)
    def _menu(self, place: QPoint) -> None:
        menu, commands, session = QMenu(self._table), self._context.commands, self._context.session
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._step.active:
            menu.addAction(tr("Leave out"), self._remove)
            menu.addAction(tr("Take"), lambda: self._step.set_taken(self._table.selected(), True))
            menu.popup(place)
            return
        ids = self._chosen()
        if len(ids) == 1:
            menu.addAction(tr("Open"), lambda: self.opened.emit(ids[0]))
            menu.addSeparator()
        for id in ("set_train", "set_val", "set_test", "set_none"):
            menu.addAction(commands[id])
        modalities = menu.addMenu(tr("Modality"))
        modalities.setObjectName("data.modality")
        modalities.setEnabled(session.writable)
        for word, text in MODALITIES:
            modalities.addAction(f"{word}  {tr(text)}", self._saying(ids, word))
        if session.task == "classification":
            kinds = menu.addMenu(tr("Class"))
            kinds.setEnabled(session.writable)
            for number, name in enumerate(c.name for c in session.classes):
                kinds.addAction(name, self._classing(ids, number))
            kinds.addAction(tr("No class"), self._classing(ids, None))
        menu.addSeparator()
        menu.addAction(commands["remove_items"])
        menu.popup(place)
