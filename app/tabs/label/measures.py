"""The measures of the open item: kept in the project, drawn on the scan and listed beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QVBoxLayout

from app.services.jobs import JobHandle, Lane
from app.shell.actions import Commands
from app.shell.context import AppContext
from app.tabs.scan.view import ScanView
from app.tabs.scan.words import plane_name
from engine.imaging.geometry import axes
from engine.imaging.image import Image
from engine.labels.measuring import KIND_NAMES, REGIONS, Measure, Values, covered, size_of, values_of
from engine.progress import Progress, Work
from engine.project.measures import StoredMeasure
from widgets.controls import IconButton, Separator
from widgets.measure_list import HEIGHT, MeasureList, MeasureRow
from widgets.measure_overlay import MeasureMark, MeasureOverlay, size_words, value_words
from widgets.measure_tools import MEASURE_TOOLS, READ_AT_ONCE
from widgets.panels import Panel
from widgets.text import tr

_MOST_ROWS = 5  # that are seen at once


@dataclass(frozen=True)
class _Change:
    """A measure was made, or deleted, after so many edits of the mask."""

    made: bool
    stored: StoredMeasure
    edits: int

    @property
    def words(self) -> str:
        name = tr(KIND_NAMES[self.stored.measure.kind])
        return name if self.made else tr("{name} deleted", name=name)


class MeasuresPanel(QFrame):
    """Follows the open item; it is not there where nothing was measured. What is picked here is picked on the scan, and the other way
    round. `changed()`: undo and redo mean others now; what was done is known until the item is left."""

    changed = Signal()

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._session, self._jobs, self._scan = context.session, context.jobs, scan
        self._stored: list[StoredMeasure] = []
        self._values: dict[int, Values | None] = {}
        self._picked = 0
        self._done: list[_Change] = []
        self._undone: list[_Change] = []
        self._job: JobHandle | None = None
        self.list = MeasureList("label.measures", tr("Measures"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        remove = IconButton("label.remove_measure", "trash", tr("Delete the measure"), key="Del", side=26)
        panel = Panel(tr("Measures"))
        panel.body.setContentsMargins(14, 14, 14, 8)
        panel.add_to_heading(remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        for part in (Separator(), panel, self.list):
            column.addWidget(part)
        canvas = scan.views.first
        canvas.measure_made.connect(self._add)
        canvas.measure_picked.connect(self._pick)
        canvas.measure_removed.connect(self._remove)
        scan.image_shown.connect(self._read)
        self._session.current.item_about_to_close.connect(self._forget)
        self.list.picked.connect(self._go)
        self.list.removed.connect(self._remove)
        self.list.customContextMenuRequested.connect(self._open_menu)
        remove.clicked.connect(self._remove_picked)
        self.hide()

    # What is there -----------------------------------------------------------------------------------------------------

    @Slot()
    def _read(self) -> None:
        """Those of the item whose image is shown now."""
        project, item, image = self._session.project, self._session.current.item, self._session.current.image
        self._forget()
        if project is not None and item is not None and image is not None:
            self._stored = project.measures.of(item.id)
            self._read_values(image, self._stored)
        self._show()

    def _read_values(self, image: Image, stored: Sequence[StoredMeasure]) -> None:
        """The small regions at once, the others in a job."""
        large = {each.id: each.measure for each in stored if covered(each.measure) > READ_AT_ONCE}
        for each in stored:
            self._values[each.id] = None if each.id in large else values_of(each.measure, image)
        waiting = large | {each.id: each.measure for each in self._stored if self._waits(each)}
        if self._job is not None:
            self._job.drop()
        self._job = None
        if waiting:
            title = tr("Values of regions")
            self._job = self._jobs.start(
                self,
                Lane.CASE,
                title,
                lambda: _reading(image, waiting),
                done=self._values_read,
                failed=self._session.failed.emit,
                brief=True,
            )

    def _waits(self, stored: StoredMeasure) -> bool:
        return covered(stored.measure) > READ_AT_ONCE and self._values.get(stored.id) is None

    def _values_read(self, found: Mapping[int, Values | None]) -> None:
        self._job = None
        self._values.update(found)
        self._show()

    @Slot()
    def _forget(self) -> None:
        """The image goes."""
        if self._job is not None:
            self._job.drop()
        self._stored, self._values, self._picked, self._job = [], {}, 0, None
        self._done, self._undone = [], []
        self.changed.emit()

    def _show(self) -> None:
        image = self._session.current.image
        rows, marks = [], []
        for each in self._stored if image is not None else []:
            assert image is not None
            size, found = size_words(size_of(each.measure, image.geometry)), self._values.get(each.id)
            values = tr("Working it out…") if self._job is not None and self._waits(each) else ""
            if found is not None:
                values = value_words(found)
            rows.append(
                MeasureRow(each.id, tr(KIND_NAMES[each.measure.kind]), _place(each.measure, image), size, values)
            )
            marks.append(MeasureMark(each.id, each.measure, tuple(line for line in (values, size) if line)))
        self.list.set_measures(rows)
        self.list.set_current(self._picked or None)
        self.list.setFixedHeight(HEIGHT * min(len(rows), _MOST_ROWS))
        self.setVisible(bool(rows))
        self._scan.views.show_measures(MeasureOverlay(marks, self._picked))

    @Slot(int)
    def _pick(self, id: int) -> None:
        if id != self._picked:
            self._picked = id
            self._show()

    @Slot(int)
    def _go(self, id: int) -> None:
        """Bring the measure's slice into sight."""
        measure = next((each.measure for each in self._stored if each.id == id), None)
        self._pick(id)
        if measure is not None:
            self._scan.views.show_slice(measure.plane, measure.index)

    # What is done ------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _add(self, measure: Measure) -> None:
        self._note(self._keep(measure, None), made=True)

    @Slot(int)
    def _remove(self, id: int) -> None:
        self._note(self._drop(id), made=False)

    def _note(self, stored: StoredMeasure | None, made: bool) -> None:
        if stored is not None:
            self._done.append(_Change(made, stored, self._edits))
            self._undone = []
            self.changed.emit()

    def _keep(self, measure: Measure, number: int | None) -> StoredMeasure | None:
        """The measure as it is kept; None where it is not, which was told."""
        item, image = self._session.current.item, self._session.current.image
        if item is None or image is None or not self._may_change():
            return None
        made: list[int] = []
        if not self._session.write(lambda project: made.append(project.measures.add(item.id, measure, number))):
            return None
        stored = StoredMeasure(made[0], measure)
        self._stored = sorted([*self._stored, stored], key=lambda each: each.id)
        self._picked = stored.id
        self._read_values(image, [stored])
        self._show()
        return stored

    def _drop(self, id: int) -> StoredMeasure | None:
        """The measure that was deleted; None where it was not, which was told."""
        stored = next((each for each in self._stored if each.id == id), None)
        if (
            stored is None
            or not self._may_change()
            or not self._session.write(lambda project: project.measures.remove(id))
        ):
            return None
        self._stored.remove(stored)
        self._values.pop(id, None)
        self._picked = 0 if self._picked == id else self._picked
        self._show()
        return stored

    @property
    def _edits(self) -> int:
        """How many edits of the mask stand: a measure is taken back in its turn among them."""
        return sum(not entry.undone for entry in self._session.current.history())

    @property
    def to_undo(self) -> str:
        """What undo takes back of the measures, in words; "" where an edit of the mask comes before."""
        return self._done[-1].words if self._done and self._done[-1].edits >= self._edits else ""

    @property
    def to_redo(self) -> str:
        """What redo does again of the measures, in words; "" where an edit of the mask comes before."""
        return self._undone[-1].words if self._undone and self._undone[-1].edits <= self._edits else ""

    def undo(self) -> None:
        """Take the last change back."""
        if self._repeat(self._done[-1], made=not self._done[-1].made):
            self._undone.append(self._done.pop())
            self.changed.emit()

    def redo(self) -> None:
        """Do what was taken back last again."""
        if self._repeat(self._undone[-1], made=self._undone[-1].made):
            self._done.append(self._undone.pop())
            self.changed.emit()

    def _repeat(self, change: _Change, made: bool) -> bool:
        """Make or delete that measure again and bring its slice into sight; whether it was done."""
        measure = change.stored.measure
        self._scan.views.show_slice(measure.plane, measure.index)
        return (self._keep(measure, change.stored.id) if made else self._drop(change.stored.id)) is not None

    @Slot()
    def _remove_picked(self) -> None:
        if self._picked:
            self._remove(self._picked)
        else:
            self._scan.views.first.refused.emit(tr("Pick a measure first."))

    def _may_change(self) -> bool:
        if not self._session.writable:
            self._scan.views.first.refused.emit(tr("The project is open to read only."))
        return self._session.writable

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        row = self.list.current_row()
        if row is None:
            return
        menu = QMenu(self.list)
        menu.setObjectName("label.measures_menu")
        menu.addAction(tr("Delete the measure"), partial(self._remove, row.id)).setEnabled(self._session.writable)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.list.viewport().mapToGlobal(place))


class MeasureButton(IconButton):
    """The menu of the tools that measure; it is pressed while one is in hand, and shows which."""

    def __init__(self, commands: Commands) -> None:
        super().__init__("label.measure_menu", "ruler", tr("Measure"), checkable=True, side=34)
        self.setToolTip(tr("Distance, angle, values in a region"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._actions = commands.actions(*(tool.name for tool in MEASURE_TOOLS))
        menu = QMenu(self)
        menu.addActions(self._actions)
        menu.aboutToHide.connect(self._follow_tools)
        self.setMenu(menu)
        for action in self._actions:
            action.changed.connect(self._follow_tools)

    @Slot()
    def _follow_tools(self) -> None:
        self.setChecked(any(action.isChecked() for action in self._actions))


def _place(measure: Measure, image: Image) -> str:
    """ "Axial 12"; nothing for a picture of one slice."""
    if image.shape[axes(measure.plane)[0]] == 1:
        return ""
    return f"{plane_name(image.geometry, measure.plane)} {measure.index + 1}"


def _reading(image: Image, measures: Mapping[int, Measure]) -> Work[dict[int, Values | None]]:
    found: dict[int, Values | None] = {}
    for id, measure in measures.items():
        yield Progress(len(found), len(measures))
        found[id] = values_of(measure, image) if measure.kind in REGIONS else None
    return found
