"""What the status line says of the place under the pointer, and which part of a series is seen."""

from PySide6.QtCore import QObject, Slot

from app.shell.context import AppContext
from app.tabs.parts.series import part_text
from app.tabs.scan.phases import Phases
from app.tabs.scan.words import place_words
from engine.project.items import Item
from widgets.canvas import Canvas


class PointerPlace(QObject):
    """Nothing is said while the view is not seen, nor of the open item while another phase lies over it."""

    def __init__(self, context: AppContext, view: Canvas, phases: Phases | None) -> None:
        super().__init__(view)
        self._session, self._status, self._view, self._phases = context.session, context.status, view, phases
        view.hovered.connect(self._hovered)
        view.hover_ended.connect(self.leave)
        if phases is not None:
            phases.covered.connect(self.leave)

    @Slot(int, int, int, str)
    def _hovered(self, z: int, y: int, x: int, value: str) -> None:
        session, mask = self._session, self._session.current.mask
        if mask is None or not self._view.isVisible() or self._seen_phase is not None:
            return
        label = int(mask.labels[z, y, x])
        name = session.class_name(label) if label else ""
        if mask.ids is not None and (id := int(mask.ids[z, y, x])):
            name = f"{name} {id}"
        self._status.set_place([*place_words(mask.shape, (z, y, x), value, name), self._part_word()])

    @Slot()
    def leave(self) -> None:
        """Nothing of the open item is under the pointer."""
        if self._view.isVisible():
            self._status.set_place([self._part_word()])

    @property
    def _seen_phase(self) -> Item | None:
        """Another phase that is seen in the open item's place."""
        return self._phases.shown if self._phases is not None else None

    def _part_word(self) -> str:
        """Which part of a series is seen."""
        item = self._seen_phase or self._session.current.item
        return part_text(item.part) if item is not None and item.part is not None else ""
