"""The objects beside the scan, where they are told apart: a list with class and area, and what is done to whole objects."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPoint, QRectF, Signal, Slot
from PySide6.QtWidgets import QFrame, QMenu, QVBoxLayout

from app.shell.context import AppContext
from app.shell.i18n import translate_error
from app.tabs.label.classes import amount_words
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.geometry import Plane, axes
from engine.labels.edit import Box, Edit
from engine.labels.mask import Mask, Point
from engine.labels.object_edits import change_class, delete, extent, merge, next_object, not_cut, renumber, split
from engine.labels.objects import ObjectTable
from engine.words import translatable
from widgets.controls import IconButton, Separator, Text
from widgets.object_colors import object_color
from widgets.object_list import HEIGHT, ObjectList, ObjectRow
from widgets.object_tools import SplitWish
from widgets.panels import Panel
from widgets.text import tr

_MOST_ROWS = 8  # that are seen at once
_ICONS = {"split_object": "scissors", "merge_objects": "merge", "delete_objects": "trash"}


class ObjectsPanel(QFrame):
    """Follows the mask of the open item; it is not there where that tells no objects apart. What is picked here or under the pointer is
    pointed out on the scan. `said(text)`: why not, for the pointer."""

    said = Signal(str)

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__(scan)  # until it has its place: without a parent it would be a window
        self.setProperty("role", "panel")
        self._context, self._session, self._current, self._scan = (
            context,
            context.session,
            context.session.current,
            scan,
        )
        self._hovered = 0
        self._painted = 0  # is current since it was painted, nobody picked it
        self._rows: dict[int, ObjectRow] = {}
        self.list = ObjectList("label.objects", tr("Objects"))
        self._count = Text("", "dim")
        self._count.setObjectName("label.objects.count")
        self._empty = Text(tr("Paint one: each stroke beside the others begins a new object."), "dim")
        self._empty.setWordWrap(True)
        panel = Panel(tr("Objects"))
        panel.body.setContentsMargins(14, 14, 14, 8)
        panel.add_to_heading(self._count)
        for id, icon in _ICONS.items():
            action = context.commands[id]
            button = IconButton(f"label.{id}", icon, action.text(), checkable=action.isCheckable(), side=26)
            button.show_action(action)
            panel.add_to_heading(button)
        panel.add(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        for part in (Separator(), panel, self.list):
            column.addWidget(part)
        for signal in (
            self._current.image_changed,
            self._current.item_changed,
            self._session.classes_changed,
            self._session.project_changed,
        ):
            signal.connect(self._show)
        self._current.edited.connect(self._edited)
        self.list.picked.connect(self._go)
        self.list.selectionModel().selectionChanged.connect(self._light)
        self.list.menu_asked.connect(self._open_menu)
        scan.views.first.hovered.connect(self._hover)
        scan.views.first.hover_ended.connect(self._hover_ended)
        scan.image_shown.connect(self._light)
        scan.views.arranged.connect(self._light)
        context.commands.connect_to(
            "label",
            next_object=partial(self._step, 1),
            previous_object=partial(self._step, -1),
            merge_objects=self._merge,
            delete_objects=self._delete,
            class_of_objects=self._take_class,
            renumber_objects=self._renumber,
        )
        self._show()

    # What is shown -----------------------------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        mask = self._current.mask
        self.setVisible(self._session.task == "instance")
        self._rows.clear()
        if mask is not None and mask.objects is not None:
            self._take_rows(mask.objects, mask.objects.present)
        self._list_rows()

    @Slot(object)
    def _edited(self, edit: Edit) -> None:
        """Of thousands of objects those alone are looked at that it touched. What was painted last is the current object."""
        mask = self._current.mask
        changed = [patch for patch in edit.patches if patch.new_ids is not None and patch.old_ids is not None]
        if mask is None or mask.objects is None or not changed:
            return
        lost = np.concatenate([patch.old_ids[patch.differs] for patch in changed if patch.old_ids is not None])
        gained = np.concatenate([patch.new_ids[patch.differs] for patch in changed if patch.new_ids is not None])
        self._take_rows(mask.objects, np.union1d(lost, gained).tolist())
        self._list_rows()
        counts = np.bincount(gained)[1:]
        if counts.any():
            self._painted = int(counts.argmax()) + 1
            self.list.set_current(self._painted)
        self._light()

    def _take_rows(self, objects: ObjectTable, ids: Sequence[int]) -> None:
        """Of these objects, those that are there."""
        image, classes = self._current.image, self._session.classes
        for id in ids:
            value = int(objects.classes[id])
            if not value or image is None:
                self._rows.pop(id, None)
                continue
            known = classes[value - 1] if value <= len(classes) else None
            name, color = (known.name, known.color) if known is not None else ("?", "#FFFFFF")
            amount = amount_words(int(objects.areas[id]), image)
            self._rows[id] = ObjectRow(id, f"{name} {id}", amount, object_color(color, id))

    def _list_rows(self) -> None:
        rows = [self._rows[id] for id in sorted(self._rows)]
        self.list.set_objects(rows)
        self.list.setFixedHeight(HEIGHT * min(len(rows), _MOST_ROWS))
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._count.setText(str(len(rows)) if rows else "")

    @Slot(int, int, int, str)
    def _hover(self, z: int, y: int, x: int, value: str) -> None:
        mask = self._current.mask
        self._point_out(0 if mask is None or mask.ids is None else int(mask.ids[z, y, x]))

    @Slot()
    def _hover_ended(self) -> None:
        self._point_out(0)

    def _point_out(self, id: int) -> None:
        if id != self._hovered:
            self._hovered = id
            self._light()

    @Slot()
    def _light(self) -> None:
        self._scan.views.light_objects(frozenset(id for id in (self._hovered, *self.list.selected()) if id))

    @Slot(int)
    def _go(self, id: int) -> None:
        """A person went to the object: bring it into sight."""
        self._painted = 0
        mask = self._current.mask
        if mask is not None and mask.ids is not None:
            box = extent(mask, id)
            if not box.empty and not self._in_sight(box):
                self._scan.canvas.center_on(box)

    def _in_sight(self, box: Box) -> bool:
        canvas = self._scan.canvas
        through, down, across = axes(canvas.plane)
        first, last = (canvas.to_screen((ends[down], ends[across])) for ends in (box.low, box.high))
        seen = QRectF(canvas.rect()).contains(QRectF(first, last).normalized())
        return seen and box.low[through] <= canvas.index < box.high[through]

    # What is done ------------------------------------------------------------------------------------------------------

    def _chosen(self) -> list[int]:
        """The objects that are picked in the list, else the one under the pointer. What was painted last is current without a pick."""
        picked = self.list.selected()
        return [self._hovered] if self._hovered and picked in ([], [self._painted]) else picked

    def _change(self, name: str, work: Callable[[Mask], Edit]) -> None:
        mask = self._current.mask
        if mask is not None and mask.ids is not None and self._session.writable:
            self._current.change_slice(name, work, mask.labels.size, self._refuse)

    def _refuse(self, fault: EngineError) -> None:
        self.said.emit(" ".join(filter(None, translate_error(fault))))

    def _step(self, step: int) -> None:
        mask, chosen = self._current.mask, self._chosen()
        if mask is None or mask.ids is None:
            return
        id = next_object(mask, chosen[0] if chosen else 0, step)
        if id:
            self.list.set_current(id)
            self._go(id)
        else:
            self.said.emit(tr("No object is there yet."))

    def _merge(self) -> None:
        ids, name = self._chosen(), translatable("Merge objects")
        self._change(name, lambda mask: merge(mask, name, ids))

    def _delete(self) -> None:
        ids, name = self._chosen(), translatable("Delete objects")
        if self._has_any(ids):
            self._change(name, lambda mask: delete(mask, name, ids))

    def _take_class(self) -> None:
        """The objects become of the class that is painted."""
        if self._session.painted_class:
            self._into_class(self._session.painted_class)
        elif self._session.active_class:
            self.said.emit(tr("Pick a class first: objects have one, and what is unlabelled is no object."))
        else:
            self.said.emit(tr("Pick a class first: background is what is left."))

    def _into_class(self, value: int) -> None:
        ids, name = self._chosen(), f"{translatable('Class of objects')} · {self._session.classes[value - 1].name}"
        if self._has_any(ids):
            self._change(name, lambda mask: change_class(mask, name, ids, value))

    def _has_any(self, ids: Sequence[int]) -> bool:
        """Whether objects are chosen; where none is, how one is."""
        if not ids:
            self.said.emit(tr("Point at an object, or pick it in the list."))
        return bool(ids)

    def _renumber(self) -> None:
        name = translatable("Number the objects anew")
        if len(self._rows) == max(self._rows, default=0):
            self.said.emit(tr("The numbers of the objects have no gap: nothing is left to do."))
        else:
            self._change(name, lambda mask: renumber(mask, name))

    def split(self, asked: SplitWish) -> None:
        """Split the object that the line cuts; where it cuts several, the picked one or that which it crosses most."""
        mask, name, picked = self._current.mask, translatable("Split object"), self.list.selected()
        if mask is not None and mask.ids is not None:
            ids = _under(mask, asked.plane, asked.index, asked.points, picked)
            self._change(name, lambda mask: _split_first(mask, name, asked, ids))

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        menu, commands = QMenu(self.list), self._context.commands
        menu.setObjectName("label.objects_menu")
        into = menu.addMenu(tr("Class"))
        for value, one in enumerate(self._session.classes, 1):
            into.addAction(one.name, partial(self._into_class, value))
        into.setEnabled(self._session.writable)
        menu.addActions(commands.actions("merge_objects", "delete_objects", "renumber_objects"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


def _under(mask: Mask, plane: Plane, index: int, points: Sequence[Point], first: Sequence[int]) -> list[int]:
    """The objects that a line crosses: the `first` ones, then those with most of its length."""
    steps = [
        (start[0] + (end[0] - start[0]) * at / 64, start[1] + (end[1] - start[1]) * at / 64)
        for start, end in pairwise(points)
        for at in range(65)
    ]
    crossed = [id for id in (mask.object_at(plane, index, at) for at in steps) if id]
    return sorted(set(crossed), key=lambda id: (id not in first, -crossed.count(id)))


def _split_first(mask: Mask, name: str, asked: SplitWish, ids: Sequence[int]) -> Edit:
    """Of the first of the objects that the line cuts."""
    refusal: EngineError | None = None
    for id in ids:
        try:
            return split(mask, name, asked.plane, asked.index, id, asked.points)
        except EngineError as fault:
            refusal = refusal or fault
    raise refusal or not_cut()
