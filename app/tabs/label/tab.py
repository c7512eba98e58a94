"""The Label tab: items left, the scan with its tools in the middle, classes, layers, Dice and history right."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.context import AppContext
from app.shell.i18n import translate_error
from app.tabs.label.carrying import CarryForward
from app.tabs.label.classes import LabelClassesPanel
from app.tabs.label.cleaning import MaskCleaning
from app.tabs.label.copying import CopySlices
from app.tabs.label.filling import FillBetween
from app.tabs.label.gate import GatePanel
from app.tabs.label.growing import GrowSeeds
from app.tabs.label.history import HistoryPanel
from app.tabs.label.items import ItemColumn
from app.tabs.label.layers import DicePanel, LayersPanel, WholeImagesPanel
from app.tabs.label.measures import MeasuresPanel
from app.tabs.label.objects import ObjectsPanel
from app.tabs.label.proposal import MaskProposals
from app.tabs.label.smart import SmartAssist
from app.tabs.label.surface import MaskSurface
from app.tabs.label.tools import OptionsBar, ToolStrip
from app.tabs.scan.overlay import OverlayOptions
from app.tabs.scan.view import ScanView
from app.tabs.tab import Tab
from engine.errors import EngineError
from engine.imaging.geometry import Plane
from engine.labels.classes import BACKGROUND, UNLABELLED, UNLABELLED_COLOR
from engine.labels.edit import Edit
from engine.project.items import State
from engine.words import translatable
from widgets.column_parts import scrolled, stack_on, stacked
from widgets.controls import Separator
from widgets.object_tools import SplitTool
from widgets.pointer_note import PointerNote
from widgets.text import tr
from widgets.tool import ChangeWish, Tool, ToolContext
from widgets.toolbox import MEASURE_TOOLS, TOOLBOX

_STEP = 1.2
_FIRST = "brush"


@dataclass(frozen=True, eq=False)
class _Counted:
    """How many voxels of each of 256 values an item's mask had."""

    item: int
    voxels: NDArray[np.int64]


class LabelTab(Tab):
    """Wires the canvas to tools, classes and layers. It keeps the tool in hand and the brush; everything else is the session's."""

    def __init__(self, context: AppContext, parent: QWidget | None = None, *, in_steps: bool = False) -> None:
        """`in_steps`: it is whole when `steps` has ended, not before."""
        super().__init__("label", context, parent)
        self._session = context.session
        self.build(self._build(), in_steps=in_steps)

    def _build(self) -> Iterator[None]:
        """From the outside in, since what is moved with all that is in it is styled anew; each step is some ms of work."""
        context, panels = self._context, stacked()
        self.scan = ScanView(
            context, "label", OverlayOptions(prediction=settings.ui_state("label prediction", "1") == "1"), planes=True
        )
        yield
        self.items = ItemColumn(context)
        area, middle = scrolled("label.right", panels), QWidget()
        self.set_columns(self.items, middle, stacked(area, grows=area), (252, 310))
        over, row = QVBoxLayout(), QHBoxLayout(middle)
        for layout in (over, row):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        row.addLayout(over, 1)
        over.addWidget(self.scan, 1)
        self.proposals = MaskProposals(context, self.scan)
        self.copying = CopySlices(context, self.scan)
        self.filling = FillBetween(context, self.scan, self.proposals)
        self.carrying = CarryForward(context, self.scan, self.proposals)
        self.smart = SmartAssist(context, self.scan)
        self.growing = GrowSeeds(context, self.scan, self.proposals)
        self.surface = MaskSurface(context, self.scan)
        yield
        self.strip = ToolStrip(context.commands)
        row.insertWidget(0, self.strip)
        yield
        self.options = OptionsBar(context.commands, self.scan)
        over.insertWidget(0, self.options)
        self.gate = GatePanel(self.scan.views.first, self.scan)
        yield
        self.classes = LabelClassesPanel(context, self.scan)
        self.objects = ObjectsPanel(context, self.scan)
        self.cleaning = MaskCleaning(context, self.scan, self.proposals, self.objects.list)
        self.measures = MeasuresPanel(context, self.scan)
        stack_on(panels, self.classes, self.objects, self.measures, Separator())
        yield
        self.layers = LayersPanel(context, self.scan)
        self.dice = DicePanel(context)
        self.history = HistoryPanel(context)
        self._of_masks = (self.layers, Separator(), self.dice, Separator(), self.history)
        self._of_images = WholeImagesPanel(context)
        stack_on(panels, *self._of_masks, self._of_images)
        yield
        self._counted: _Counted | None = None
        self.note = PointerNote("label.note", self.scan)
        self._tools: dict[str, Tool] = {tool.name: tool() for tool in (*TOOLBOX, *MEASURE_TOOLS)}
        self._tools[SplitTool.name] = SplitTool(self.objects.split)
        self._tool = settings.ui_state("tool", _FIRST)
        if self._tool not in self._tools:
            self._tool = _FIRST
        self._previous = "pan"
        context.commands["ball_brush"].setChecked(settings.ui_state("ball brush") == "1")
        self._connect()
        self._take_classes()
        self._take_context()
        self._show_tool()

    def _connect(self) -> None:
        session, canvas, commands = self._session, self.scan.canvas, self._context.commands
        canvas.stroke_finished.connect(session.current.stroke_done)
        canvas.fill_asked.connect(session.current.fill)
        canvas.change_asked.connect(self._change_mask)
        canvas.class_picked.connect(session.pick_class)
        canvas.refused.connect(self.note.say)
        self.copying.said.connect(self.note.say)
        self.filling.said.connect(self.note.say)
        self.carrying.said.connect(self.note.say)
        self.growing.said.connect(self.note.say)
        self.objects.said.connect(self.note.say)
        self.classes.said.connect(self.note.say)
        if self.scan.phases is not None:
            self.scan.phases.said.connect(self.note.say)
        if self.scan.beside is not None:
            self.scan.beside.choice.said.connect(self.note.say)
            self.items.menu.beside_asked.connect(self.scan.beside.choice.choose)
        canvas.painting.connect(self._show_painted)
        session.current.history_changed.connect(self._show_changed)
        session.current.history_changed.connect(self._tell_undo)
        self.measures.changed.connect(self._tell_undo)
        canvas.unfinished_changed.connect(self._tell_unfinished)
        canvas.radius_asked.connect(self._scale_brush)
        self.items.list.clicked.connect(self._give_keys_to_scan)
        self.items.search.returnPressed.connect(self._open_found)
        self.classes.list.edited.connect(self._give_keys_to_scan)
        self.scan.image_shown.connect(self._image_shown)
        self.scan.overlay.changed.connect(self._keep_look)
        session.classes_changed.connect(self._take_classes)
        session.active_class_changed.connect(self._show_active)
        session.project_changed.connect(self._take_classes)
        session.project_changed.connect(self.note.hide)
        self.options.method.currentIndexChanged.connect(self._hint)
        self.options.method.currentIndexChanged.connect(self.smart.tool_changed)
        self.options.radius.changed.connect(self._brush_changed)
        self.options.brush.changed.connect(self._fit_brush)
        self.gate.changed.connect(self._gate_changed)
        self.gate.closed.connect(self._gate_changed)
        self.options.paint_over_changed.connect(self._paint_over)
        commands.connect_to(
            self.name,
            **{id: _taking(self, id) for id in self._tools},
            undo=self._undo,
            redo=self._redo,
            previous_tool=lambda: self.take_tool(self._previous),
            next_labelled=lambda: self._next_slice(labelled=True),
            next_unlabelled=lambda: self._next_slice(labelled=False),
            nothing_here=self._nothing_here,
            larger_brush=lambda: self._scale_brush(_STEP),
            smaller_brush=lambda: self._scale_brush(1 / _STEP),
            ball_brush=self._brush_kind_changed,
            gate=self._switch_gate,
            approve=self._approve,
            flag=self._flag,
        )

    @Slot(object)
    def _change_mask(self, asked: ChangeWish) -> None:
        self._session.current.change(asked.name, asked.work, self._refuse)

    def _refuse(self, fault: EngineError) -> None:
        self.note.say(" ".join(filter(None, translate_error(fault))))

    def shown(self) -> None:
        """The tab comes to the front: an item is open, its tool is in hand again and keys go to the scan."""
        if self._session.current.item is None:
            self._context.commands["next_item"].trigger()
        self._show_tool()
        self._tell_unfinished()
        self.scan.canvas.setFocus()

    @Slot()
    def _give_keys_to_scan(self) -> None:
        """Whoever opens an item with the mouse, or has named a class, goes on with the scan: slices and digits, not rows of the list."""
        self.scan.canvas.setFocus(Qt.FocusReason.MouseFocusReason)

    @Slot()
    def _open_found(self) -> None:
        """Return in the search opens the first item that it found."""
        if self.items.list.pick_first():
            self._give_keys_to_scan()

    def order(self) -> list[int]:
        """The items as the list shows them."""
        return self.items.list.ids()

    def show_place(self, plane: Plane, index: int) -> None:
        self.scan.views.show_slice(plane, index)

    # The tool in hand --------------------------------------------------------------------------------------------------

    def take_tool(self, id: str) -> None:
        """Take the tool of that name in hand."""
        if id != self._tool:
            self._previous, self._tool = self._tool, id
            settings.set_ui_state("tool", id)
        self._show_tool()

    @property
    def tool(self) -> str:
        """The tool that works now: where nothing may be painted, the hand that moves the picture."""
        id = _FIRST if self._tool == SplitTool.name and self._session.task != "instance" else self._tool
        allowed = self._session.writable and self._session.task != "classification"
        return id if allowed or not self._tools[id].paints else "pan"

    def _show_tool(self) -> None:
        id, commands = self.tool, self._context.commands
        paints = self._session.task != "classification"
        self.strip.show_painting(paints)
        for panel in self._of_masks:
            panel.setVisible(paints)
        self._of_images.setVisible(not paints)
        for each in self._tools:
            commands[each].setChecked(each == id)
        if self.scan.canvas.tool is not self._tools[id]:
            self.scan.views.set_tool(self._tools[id])
        held = QApplication.focusWidget()
        self.options.show_tool(self._tools[id], commands[id].text())
        if held is not None and self.options.isAncestorOf(held) and not held.isVisible():
            self.scan.views.first.setFocus()  # not what stands beside it: Space would press that
        if not self._tools[id].gated:
            self.gate.hide()
            self.scan.views.show_gate(False)
        self.smart.tool_changed()
        self._hint()

    @Slot()
    def _hint(self) -> None:
        if self.isVisible():
            image, tool = self._session.current.image, self._tools[self.tool]
            view, hints = self.scan.views.unfinished, tool.hints
            if view is not None:
                hints = tool.hints_closed if view.closed else tool.hints_unfinished
            self._context.status.set_hints(hints(image.shape[0]) if image is not None else [])

    def _undo(self) -> None:
        """Undo takes back what is not yet painted before it takes back a stroke."""
        view = self.scan.views.unfinished
        if view is not None:
            view.step_back()
        elif self.measures.to_undo:
            self.measures.undo()
        else:
            self._session.current.undo()

    def _redo(self) -> None:
        if self.measures.to_redo:
            self.measures.redo()
        else:
            self._session.current.redo()

    @Slot()
    def _tell_unfinished(self) -> None:
        self._tell_undo()
        self._hint()

    @Slot()
    def _tell_undo(self) -> None:
        """What undo and redo mean before any edit of the mask."""
        current, here = self._session.current, self.isVisible()
        point = tr("the last point") if self.scan.views.unfinished is not None else ""
        told = ((point or self.measures.to_undo), self.measures.to_redo) if here else ("", "")
        if told != (current.unfinished, current.taken_back):
            current.unfinished, current.taken_back = told
            self._context.commands.refresh()

    def left(self) -> None:
        """Undo means strokes alone in other tabs, and nothing of this one's lies over them."""
        self._tell_unfinished()
        self.cleaning.close()

    @Slot(float)
    def _scale_brush(self, factor: float) -> None:
        self.options.radius.set_radius(self.options.radius.radius * factor)
        self._brush_changed(self.options.radius.radius)

    @Slot(float)
    def _brush_changed(self, radius: float) -> None:
        settings.set_ui_state(f"brush {self.options.radius.unit}", f"{radius:.3f}")
        self._take_context()

    @Slot(int)
    def _paint_over(self, rule: int) -> None:
        if self._session.current.mask is not None:
            self._session.current.mask.paint_over = rule

    @Slot(int)
    def _show_painted(self, value: int) -> None:
        """What is painted is seen: the class, or the whole mask, is shown where it was hidden."""
        scan = self.scan
        if not (scan.overlay.options.mask or scan.overlay.options.errors or scan.overlay.options.swipe):
            scan.overlay.set(mask=True)
            self.note.say(tr("The mask was hidden: it is shown again."))
        self._show_class(value)

    @Slot()
    def _show_changed(self) -> None:
        """So is what a stroke took away, and what a command, an undo or a redo changed."""
        current, before = self._session.current, self._counted
        known = current.item is not None and current.image is not None
        self._counted = _Counted(current.item.id, current.counts.copy()) if known and current.item is not None else None
        if before is None or self._counted is None or before.item != self._counted.item or not self.isVisible():
            return
        for value in np.flatnonzero(before.voxels != self._counted.voxels):
            if value != BACKGROUND:
                self._show_painted(int(value))

    def _show_class(self, value: int) -> None:
        if value in self.scan.overlay.options.hidden:
            self.classes.show_class(value)
            self.note.say(tr("{name} was hidden: it is shown again.", name=self._class_name(value)))

    # What it works on --------------------------------------------------------------------------------------------------

    @Slot()
    def _image_shown(self) -> None:
        image = self._session.current.image
        self._show_changed()
        self.gate.show_image(image)
        self.options.views.setVisible(image is not None and image.shape[0] > 1)
        self._fit_brush()
        self._paint_over(self.options.rule)
        self._show_tool()

    @Slot()
    def _fit_brush(self) -> None:
        image, pixels = self._session.current.image, self.options.brush.in_pixels
        if image is not None:
            unit = "mm" if image.geometry.calibrated and not pixels else "px"
            kept = settings.ui_state(f"brush {unit}")
            self.options.radius.fit(image, float(kept) if kept else None, pixels=pixels)
        self._take_context()

    def _switch_gate(self) -> None:
        command, tool = self._context.commands["gate"], self._tools[self.tool]
        if command.isChecked() and not tool.gated:
            command.setChecked(False)
            name = self._context.commands[tool.name].text()
            self.note.say(tr("{tool} does not keep to a range of values.", tool=name))
        self.gate.switch(command.isChecked())

    @Slot()
    def _gate_changed(self) -> None:
        self._take_context()
        self.scan.views.show_gate(self.gate.isVisible())

    def _brush_kind_changed(self) -> None:
        ball = self._context.commands["ball_brush"].isChecked()
        settings.set_ui_state("ball brush", "1" if ball else "0")
        self._take_context()
        self.note.say(
            tr("The brush is a ball, over several slices.") if ball else tr("The brush paints this slice alone.")
        )

    @Slot()
    def _take_classes(self) -> None:
        self.options.show_classes(self._session.classes)
        self._paint_over(self.options.rule)
        self._take_context()

    @Slot()
    def _take_context(self) -> None:
        session, radius = self._session, self.options.radius
        paints = session.writable and session.task != "classification"
        tool_context = ToolContext(
            session.current.mask if paints else None,
            session.active_class,
            radius.radius,
            radius.unit == "mm",
            self._class_name,
            self._class_color,
            (session.project.path, session.current.item.id) if session.project and session.current.item else None,
            self._context.commands["ball_brush"].isChecked(),
            self.options.brush.by_pressure,
            self.gate.gate,
        )
        self.scan.views.set_context(tool_context)

    def _class_color(self, value: int) -> str:
        classes = self._session.classes
        if value == UNLABELLED:
            return UNLABELLED_COLOR
        return classes[value - 1].color if 0 < value <= len(classes) else ""

    @Slot()
    def _show_active(self) -> None:
        """Which class is painted from now on, where the person looks."""
        self._take_context()
        if self._session.current.mask is not None and self.scan.underMouse():
            self.note.say(self._class_name(self._session.active_class))

    def _class_name(self, value: int) -> str:
        return self._session.class_name(value) or str(value)

    @Slot()
    def _keep_look(self) -> None:
        settings.set_ui_state("label prediction", "1" if self.scan.overlay.options.prediction else "0")

    # Labelled slices ---------------------------------------------------------------------------------------------------

    def _next_slice(self, labelled: bool) -> None:
        """Go to the next slice that is, or is not, labelled; after the last one from the first."""
        if self._session.current.mask is None:
            return
        count = self._session.current.mask.shape[0]
        here = self.scan.views.place[0] if self.scan.views.of("axial") is not None else -1
        order = [at % count for at in range(here + 1, here + 1 + count)]
        found = next((at for at in order if at != here and (at in self._session.current.labelled) == labelled), None)
        if found is not None:
            self.show_place("axial", found)
        elif labelled:
            self.note.say(tr("No other slice is labelled."))
        else:
            self.note.say(tr("No other slice is left to label."))

    def _nothing_here(self) -> None:
        """A person looked at this slice and it is empty: labelled as such, in the journal as a stroke is."""
        current, canvas = self._session.current, self.scan.canvas
        canvas.end_stroke()
        if current.mask is None:
            return
        if canvas.plane != "axial":
            self.note.say(tr("Slices are labelled as empty in the plane they were stored in: point at that view."))
            return
        number = canvas.context.place
        if current.mask.labels[canvas.index].any():
            self.note.say(tr("Something is painted on this slice: erase it first."))
        elif canvas.index in current.labelled:
            self.note.say(tr("This slice is labelled as empty already."))
        else:
            current.record_edit(
                Edit(canvas.context.named(translatable("Nothing here"), BACKGROUND), ()), [canvas.index]
            )
            if canvas.index in current.labelled:
                self.note.say(
                    tr("Labelled as empty: slice {number}", number=number) if number else tr("Labelled as empty")
                )

    # Items -------------------------------------------------------------------------------------------------------------

    def _approve(self) -> None:
        """This item is done; on to the next that is not."""
        session = self._session
        if session.current.item is None:
            return
        order = self.order()  # with the filter "to do" it leaves the list now
        session.set_state(session.current.item.id, "done")
        if any(item.state == "todo" for item in session.items()):
            session.walk.step(1, todo=True, among=order)
        else:
            session.notification.emit(tr("No item is left to do."), "good")

    def _flag(self) -> None:
        item = self._session.current.item
        if item is not None:
            state: State = "todo" if item.state == "flagged" else "flagged"
            self._session.set_state(item.id, state)


def _taking(tab: LabelTab, id: str) -> Callable[[], None]:
    return lambda: tab.take_tool(id)
