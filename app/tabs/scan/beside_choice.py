"""Which second item is looked at beside the open one, and how: kept with the project."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.project_session import ProjectSession
from engine.project.items import Item
from widgets.text import tr

_NOTE = "look beside"
_KEEP = 400  # ms after the last change of the opacity until it is kept


@dataclass(frozen=True)
class BesideOptions:
    """Which item is looked at as well, and how. Of a series of the open item's own patient the like of it goes with other patients."""

    item: int | None = None
    shown: bool = False
    over: bool = False  # laid over the open one, else beside it
    opacity: float = 0.5
    own_patient: bool = False

    def write(self) -> str:
        return json.dumps([self.item, self.shown, self.over, self.opacity, self.own_patient])

    @staticmethod
    def read(text: str) -> "BesideOptions":
        """What was kept with the project, as far as it can be read."""
        try:
            item, shown, over, opacity, own = json.loads(text)
            if item is not None:
                item = int(item)
            share = float(opacity)
            if not math.isfinite(share):
                return BesideOptions()
            return BesideOptions(item, shown is True, over is True, min(max(share, 0.0), 1.0), own is True)
        except (ValueError, TypeError, OverflowError):
            return BesideOptions()


class BesideChoice(QObject):
    """The item that was chosen, its like of another patient, or the likeliest one where none was."""

    changed = Signal()  # another item, or another way
    said = Signal(str)  # what a person should know, at the pointer

    def __init__(self, session: ProjectSession, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.options = BesideOptions()
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(_KEEP)
        self._keep.timeout.connect(self._write)
        session.project_changed.connect(self._take_project)
        self._take_project()

    def choose(self, id: int) -> None:
        """Look at that item as well."""
        item = self._session.current.item
        if item is not None and item.id == id:
            self.said.emit(tr("This is the open item: choose another one to look at beside it."))
            return
        self._choose(self._session.project.items.get(id) if self._session.project is not None else None)

    @Slot()
    def switch(self) -> None:
        """Look at a second item as well, or at the open one alone."""
        self._switch(over=self.options.over)

    @Slot()
    def switch_over(self) -> None:
        """Lay the second item over the open one, or show it beside that."""
        self._switch(over=not self.options.over if self.options.shown else True, stay=True)

    def _switch(self, *, over: bool, stay: bool = False) -> None:
        if self.options.shown and not stay and self.second is not None:
            self.close()
            return
        second = self.second or self._candidate()
        if second is None:
            self.said.emit(tr("There is no other item to look at."))
        elif second is self.second:
            self._set(replace(self.options, shown=True, over=over))
        else:
            self._choose(second, over=over)

    def _choose(self, second: Item | None, *, over: bool | None = None) -> None:
        open_item = self._session.current.item
        if second is not None:
            own = open_item is not None and bool(second.patient) and second.patient == open_item.patient
            over = self.options.over if over is None else over
            self._set(replace(self.options, item=second.id, shown=True, over=over, own_patient=own))

    @Slot()
    def close(self) -> None:
        """Look at the open item alone; which one was looked at as well is remembered."""
        self._set(replace(self.options, shown=False))

    @Slot(bool)
    def choose_way(self, over: bool) -> None:
        self._set(replace(self.options, over=over))

    @Slot(float)
    def choose_opacity(self, opacity: float) -> None:
        self.options = replace(self.options, opacity=opacity)
        self._keep.start()
        self.changed.emit()

    def _set(self, options: BesideOptions) -> None:
        if options != self.options:
            self.options = options
            self._write()
            self.changed.emit()

    @Slot()
    def _write(self) -> None:
        self._keep.stop()
        if self._session.project is not None:
            self._session.set_note(_NOTE, self.options.write())

    @Slot()
    def _take_project(self) -> None:
        project = self._session.project
        self._keep.stop()
        self.options = BesideOptions.read(project.note(_NOTE)) if project is not None else BesideOptions()
        self.changed.emit()

    @property
    def second(self) -> Item | None:
        """The item that was chosen, or its like of the open item's patient; None where that is the open one."""
        open_item, items = self._session.current.item, self._session.items()
        chosen = next((item for item in items if item.id == self.options.item), None)
        if chosen is None or open_item is None:
            return chosen
        if self.options.own_patient and open_item.patient != chosen.patient:
            known = open_item.patient  # "" is nobody's
            chosen = _like(chosen, [item for item in items if known and item.patient == known])
        return None if chosen is None or chosen.id == open_item.id else chosen

    def _candidate(self) -> Item | None:
        """What is looked at where nothing was chosen: another series of the patient, one on the same grid first, else the next part, else
        the next item."""
        open_item, items = self._session.current.item, self._session.items()
        if open_item is None or len(items) < 2:
            return None
        at = next((k for k, item in enumerate(items) if item.id == open_item.id), 0)
        others = [items[(at + step) % len(items)] for step in range(1, len(items))]
        key = open_item.part.key if open_item.part is not None else None
        of_patient = [item for item in others if item.patient and item.patient == open_item.patient]
        elsewhere = [item for item in of_patient if key is None or item.part is None or item.part.key != key]
        elsewhere.sort(key=lambda item: (item.shape, item.spacing) != (open_item.shape, open_item.spacing))
        return next(iter([*elsewhere, *of_patient, *others]), None)


def _like(wanted: Item, items: Sequence[Item]) -> Item | None:
    """Of a patient's items the one that is what `wanted` is of another: of its modality, and called most like it."""

    def alike(item: Item) -> float:
        return SequenceMatcher(None, item.name, wanted.name).ratio()

    return max((item for item in items if item.modality == wanted.modality), key=alike, default=None)
