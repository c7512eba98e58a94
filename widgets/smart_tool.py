"""The tool that outlines what it is shown: a box or a click, clicks that correct it, through the slices if wanted, Enter. The mask is
touched by Enter alone."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from engine.errors import EngineError
from engine.imaging.geometry import Plane
from engine.labels.assist.crop import NOTHING, Click, Clicks, ProposedRegion, Rect
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Edit
from engine.labels.mask import Mask
from engine.labels.shapes import Point
from engine.words import PART, stored_words, translatable
from widgets.assist_wish import AssistWish, BoxWish, CarryWish, FloodPreview, FloodWish, PartWish, PredictedPart
from widgets.brush_ring import two_tone
from widgets.region_outline import RegionOutline
from widgets.text import counted, tr
from widgets.tool import ChangeWish, Pointer, Tool, ToolHost, tell_waiting, unchanged_words

_APART = 6.0  # logical pixels from which a press that moves is a drag
_PER_STEP = 14.0  # of a drag up or down, for one step of a flood
_MARK = 5.0  # half of a click's mark
_MARGIN = 0.1  # around a part of the prediction: what it may be corrected by
_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LARGER, _SMALLER = (Qt.Key.Key_Plus, Qt.Key.Key_BracketRight), (Qt.Key.Key_Minus, Qt.Key.Key_BracketLeft)

BOX, FLOOD = translatable("Box and clicks"), translatable("Flood by density")


@dataclass(frozen=True, eq=False)
class Draft:
    """What a person has shown so far on one slice: a box with clicks, or, without a box, clicks that flood."""

    box: Rect | None = None
    clicks: Clicks = ()
    start: ProposedRegion | None = None  # what it began from: part of the prediction, or of what was carried here
    carried: bool = False  # from other slices, and not corrected here
    by_model: bool = False  # it began from the prediction


@dataclass(eq=False)
class _Stack:
    """An outline that is carried through the slices of a plane."""

    painted: bool  # by what is painted as well: nothing else was shown when it began
    ends: set[int] = field(default_factory=set)  # slices on which a person said that it is not there
    waiting: bool = False  # for an answer


class SmartTool(Tool):
    """Drafts stay with their slice, as the points of a polygon do. Each gesture makes a new draft; undo goes back to the one before."""

    name = "smart"
    paints = paints_over = True
    methods = (BOX, FLOOD)

    def __init__(self) -> None:
        self.method = BOX
        self._drafts: dict[_Place, list[Draft]] = {}  # the newest last
        self._answers: dict[Draft, ProposedRegion] = {}  # of drafts that are still there
        self._stacks: dict[Hashable, _Stack] = {}  # by image and plane
        self._outline: tuple[ProposedRegion, RegionOutline] | None = None
        self._preview: tuple[Hashable, ProposedRegion] | None = None  # of a flood, with its slice
        self._hovered: Point | None = None  # where the preview was asked for
        self._steps = 0  # of the preview
        self._steps_at_press = 0
        self._pressed: Pointer | None = None
        self._dragged: Point | None = None  # the other corner of the box under way

    def hints(self, slices: int = 1) -> list[str]:
        if self.method == FLOOD:
            first = [tr("Click an area, drag up or down for more or less of it"), tr("+ and - or Shift + wheel too")]
        else:
            first = [tr("Drag a box around it, then click"), tr("Left click adds, right takes away")]
        return [
            *first,
            tr("Enter takes it, with Shift around what is painted"),
            tr("Ctrl + click: the prediction's part"),
        ]

    def hints_unfinished(self, slices: int = 1) -> list[str]:
        return [
            tr("Enter takes it"),
            tr("Left click adds, right takes away"),
            tr("Esc drops it"),
            tr("Shift + Enter takes it around what is painted"),
        ]

    # The draft ---------------------------------------------------------------------------------------------------------

    def draft(self, host: ToolHost) -> Draft | None:
        """That of the slice that is shown."""
        drafts = self._drafts.get(_place(host))
        return drafts[-1] if drafts else None

    def proposal(self, host: ToolHost) -> ProposedRegion | None:
        """What is proposed for it; None while it is worked out, or where there is no draft."""
        draft = self.draft(host)
        return self._answers.get(draft) if draft is not None else None

    def unfinished(self, host: ToolHost) -> bool:
        return self.draft(host) is not None

    def step_back(self, host: ToolHost) -> None:
        drafts, stack = self._drafts.get(_place(host), []), self._stack(host)
        if stack is not None and drafts and drafts[-1].carried:
            stack.ends.add(host.context.index)
        if drafts:
            self._answers.pop(drafts.pop(), None)
        if stack is not None:
            self._drafts = {place: each for place, each in self._drafts.items() if each}
            if stack.painted or self._by_hand(host):
                self._carry(host, stack)
            else:
                self._drop(host)
        elif not drafts:
            self._drop(host)
        elif drafts[-1] not in self._answers:  # the next gesture came before its answer
            self._work_out(host, drafts[-1])
        host.repaint_overlay()

    def _add(self, host: ToolHost, draft: Draft, *, instead: bool = False) -> None:
        """A gesture made this draft; `instead` of the last one."""
        stack = self._stack(host)
        if stack is not None:
            stack.ends.discard(host.context.index)
        drafts = self._drafts.setdefault(_place(host), [])
        if instead and drafts:
            self._answers.pop(drafts.pop(), None)
        drafts.append(draft)
        self._work_out(host, draft)
        host.repaint_overlay()

    def _work_out(self, host: ToolHost, draft: Draft) -> None:
        asked = FloodWish(draft.clicks) if draft.box is None else BoxWish(draft.box, draft.clicks, draft.start)
        self._ask(host, asked, partial(self._answer, host, draft), partial(self._refuse, host, draft))

    def _ask(self, host: ToolHost, asked: object, done: object, refused: object) -> None:
        context = host.context
        host.assist_asked.emit(AssistWish(context.plane, context.index, host.seen, asked, done, refused))  # type: ignore[arg-type]

    def _answer(self, host: ToolHost, draft: Draft, proposal: ProposedRegion) -> None:
        place = next((place for place, drafts in self._drafts.items() if draft in drafts), None)
        if place is not None:
            self._answers[draft] = proposal
            self._preview = None
            stack = self._stack(host)
            if stack is not None and place[:2] == _place(host)[:2]:
                self._carry(host, stack)
            if proposal.empty and draft is self.draft(host):
                host.refused.emit(tr("Nothing is left of it. Click into the structure, or Ctrl+Z."))
            host.repaint_overlay()

    def _refuse(self, host: ToolHost, draft: Draft, why: str) -> None:
        """A gesture that comes to nothing has not been made."""
        for place, drafts in list(self._drafts.items()):
            if draft in drafts:
                drafts.remove(draft)
                if not drafts:
                    del self._drafts[place]
        host.refused.emit(why)
        host.repaint_overlay()

    def _drop(self, host: ToolHost) -> None:
        """What is proposed here goes; what is carried, on all slices."""
        through = self._stacks.pop(_place(host)[:2], None) is not None
        for place in [
            each for each in self._drafts if each == _place(host) or (through and each[:2] == _place(host)[:2])
        ]:
            self._forget(place)
        self._preview = None
        host.repaint_overlay()

    def _take(self, host: ToolHost, *, around: bool = False) -> None:
        """Paint what is proposed; `around` what is painted already: a wall is its outer outline minus what is inside."""
        context, draft, proposal = host.context, self.draft(host), self.proposal(host)
        stack = self._stack(host)
        if stack is not None:
            self._take_through(host, stack, around=around)
            return
        if draft is None:
            return
        if proposal is None:
            self._work_out(host, draft)
            host.refused.emit(tr("Wait for the outline: what is not seen yet is not taken."))
            return
        if proposal.empty or not self.may_paint(host, context.value):
            return
        assert context.mask is not None
        name = context.named(_edit_title(around), context.value)
        edit = context.mask.region(
            name, context.plane, context.index, (proposal.corner, proposal.region), context.value, around=around
        )
        if edit.empty:
            host.refused.emit(unchanged_words(context.value))
            return
        self._drop(host)
        _finish(host, replace(edit, by_model=draft.by_model))

    # Through the slices ------------------------------------------------------------------------------------------------

    def carry(self, host: ToolHost) -> None:
        """Propose it on the other slices of the plane too; by what is painted of the class, where nothing is outlined."""
        if host.context.mask is None or not self.may_paint(host, host.context.value):
            return
        shown = self._by_hand(host)
        if any(draft not in self._answers for draft in shown.values()):
            host.refused.emit(tr("Wait for the outline, then carry it."))
            return
        self._carry(host, self._stacks.setdefault(_place(host)[:2], _Stack(painted=not shown)))

    def _carry(self, host: ToolHost, stack: _Stack) -> None:
        plane = _place(host)[:2]
        keys = dict.fromkeys(stack.ends, NOTHING)
        keys |= {index: self._answers[draft] for index, draft in self._by_hand(host).items() if draft in self._answers}
        stack.waiting = True

        def done(regions: dict[int, ProposedRegion]) -> None:
            if self._stacks.get(plane) is stack:
                stack.waiting = False
                self._show_carried(host, plane, regions)

        def refused(why: str) -> None:
            stack.waiting = False
            if self._stacks.get(plane) is stack and not any(
                drafts[-1].carried for place, drafts in self._drafts.items() if place[:2] == plane
            ):
                del self._stacks[plane]
            host.refused.emit(why)

        self._ask(host, CarryWish(keys, host.context.value if stack.painted else 0), done, refused)

    def _show_carried(
        self, host: ToolHost, plane: tuple[Hashable, Hashable], regions: dict[int, ProposedRegion]
    ) -> None:
        for place in [place for place, drafts in self._drafts.items() if place[:2] == plane and drafts[-1].carried]:
            self._forget(place)
        for index, region in regions.items():
            rect, place = region.rect, (*plane, index)
            if rect is not None and place not in self._drafts:
                box = rect.grown(_MARGIN * rect.height + 2, _MARGIN * rect.width + 2)
                draft = Draft(box, start=region, carried=True)
                self._drafts[place], self._answers[draft] = [draft], region
        text = counted(
            len(regions),
            translatable("Carried to 1 slice: a click corrects, Ctrl+Z ends it there, Enter takes all."),
            translatable("Carried to {count} slices: a click corrects, Ctrl+Z ends it there, Enter takes all."),
        )
        host.refused.emit(text)
        host.repaint_overlay()

    def _take_through(self, host: ToolHost, stack: _Stack, *, around: bool) -> None:
        context, plane = host.context, _place(host)[:2]
        drafts = {place[2]: each[-1] for place, each in self._drafts.items() if place[:2] == plane}
        if stack.waiting or any(draft not in self._answers for draft in drafts.values()):
            self._carry(host, stack)
            host.refused.emit(tr("Wait for the outline: what is not seen yet is not taken."))
        elif self.may_paint(host, context.value):
            one, many = translatable("1 slice"), translatable("{count} slices")
            count = stored_words(one if len(drafts) == 1 else many, count=len(drafts))
            name = PART.join(filter(None, (_edit_title(around), context.class_name(context.value), count)))
            regions = {index: self._answers[draft] for index, draft in drafts.items()}
            helped = any(draft.by_model for draft in self._by_hand(host).values())
            self._drop(host)
            work = partial(_painted, name, context.plane, regions, context.value, around, helped)
            host.change_asked.emit(ChangeWish(name, work))

    def _stack(self, host: ToolHost) -> _Stack | None:
        return self._stacks.get(_place(host)[:2])

    def _by_hand(self, host: ToolHost) -> dict[int, Draft]:
        """The outlines of the plane that a person made or corrected, by slice."""
        plane = _place(host)[:2]
        last = {place[2]: drafts[-1] for place, drafts in self._drafts.items() if place[:2] == plane}
        return {index: draft for index, draft in last.items() if not draft.carried}

    def _forget(self, place: "_Place") -> None:
        for draft in self._drafts.pop(place, []):
            self._answers.pop(draft, None)

    # The pointer -------------------------------------------------------------------------------------------------------

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        self._pressed = self._dragged = None
        if pointer.inverted and not pointer.right:
            self._begin_from_prediction(host, pointer.at)
        elif host.context.mask is not None and (self.draft(host) or self.may_paint(host, host.context.value)):
            self._pressed = pointer
            if self.method == FLOOD or self._floods(host):
                self._click(host, pointer)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if self._pressed is None or pointer.right:
            return
        way = pointer.position - self._pressed.position
        if self._floods(host):
            self._grow(host, round(-way.y() / _PER_STEP) + self._steps_at_press)
        elif way.manhattanLength() >= _APART or self._dragged is not None:
            self._dragged = pointer.at
            host.repaint_overlay()

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        pressed, dragged = self._pressed, self._dragged
        self._pressed = self._dragged = None
        if pressed is None or self._floods(host):
            return
        if dragged is not None:
            self._add(host, Draft(Rect.between(pressed.at, pointer.at)))
        else:
            self._click(host, pressed)

    def end_stroke(self, host: ToolHost) -> None:
        self._pressed = self._dragged = None
        host.repaint_overlay()

    def hover(self, host: ToolHost, pointer: Pointer) -> None:
        """A flood shows itself before the click."""
        if self.method == FLOOD and self.draft(host) is None and host.context.mask is not None:
            self._ask_preview(host, pointer.at)

    def _floods(self, host: ToolHost) -> bool:
        draft = self.draft(host)
        return draft is not None and draft.box is None

    def _click(self, host: ToolHost, pointer: Pointer) -> None:
        draft, adds = self.draft(host), not pointer.right
        if draft is None and self.method == BOX:
            host.refused.emit(tr("Drag a box around the structure first, then click to correct."))
        elif draft is None and not adds:
            host.refused.emit(tr("Click into the structure first: the right button takes away from what floods."))
        else:
            self._steps_at_press = self._steps if draft is None and adds else 0
            click = Click(pointer.at, adds, self._steps_at_press)
            draft = draft or Draft()
            self._add(host, replace(draft, clicks=(*draft.clicks, click), carried=False))

    def _grow(self, host: ToolHost, steps: int) -> bool:
        """Let the last flood go so many steps; whether there is one."""
        draft = self.draft(host)
        if draft is None or draft.box is not None or not draft.clicks or not draft.clicks[-1].adds:
            return False
        last = draft.clicks[-1]
        if steps != last.steps:
            self._steps = steps
            self._add(host, replace(draft, clicks=(*draft.clicks[:-1], replace(last, steps=steps))), instead=True)
        return True

    def scale(self, host: ToolHost, steps: int) -> bool:
        draft = self.draft(host)
        if draft is not None:
            return bool(draft.clicks) and self._grow(host, draft.clicks[-1].steps + steps)
        if self.method != FLOOD:
            return False
        self._steps += steps
        if self._hovered is not None:
            self._ask_preview(host, self._hovered)
        return True

    def _ask_preview(self, host: ToolHost, at: Point) -> None:
        self._hovered = at
        place = _place(host)

        def done(proposal: ProposedRegion) -> None:
            if self.draft(host) is None and self.method == FLOOD and place == _place(host):
                self._preview = place, proposal
                host.repaint_overlay()

        self._ask(host, FloodPreview(at, self._steps), done, lambda _: None)

    def _begin_from_prediction(self, host: ToolHost, at: Point) -> None:
        if host.context.mask is None:
            return

        place = _place(host)

        def done(part: PredictedPart) -> None:
            if place != _place(host) or not self.may_paint(host, part.value):  # it is of the slice that was left
                return
            host.class_picked.emit(part.value)
            box = part.region.rect
            if box is not None:
                box = box.grown(_MARGIN * box.height + 2, _MARGIN * box.width + 2)
                self._add(host, Draft(box, start=part.region, by_model=True))

        self._ask(host, PartWish(at), done, host.refused.emit)

    # Keys --------------------------------------------------------------------------------------------------------------

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        if key in (*_LARGER, *_SMALLER):
            return self._floods(host) or (self.method == FLOOD and self.draft(host) is None)
        if self._stack(host) is not None and key in (*_TAKES, Qt.Key.Key_Escape):
            return True
        return self.draft(host) is not None and key in (*_TAKES, Qt.Key.Key_Escape, Qt.Key.Key_Backspace)

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        if not self.wants(host, key):
            return False
        if key in _TAKES:
            self._take(host)
        elif key == Qt.Key.Key_Escape:
            self._drop(host)
        elif key == Qt.Key.Key_Backspace:
            self.step_back(host)
        else:
            self.scale(host, 1 if key in _LARGER else -1)
        return True

    def shifted_key(self, host: ToolHost, key: Qt.Key) -> bool:
        if key not in _TAKES or (self.draft(host) is None and self._stack(host) is None):
            return False
        self._take(host, around=True)
        return True

    def deactivate(self, host: ToolHost) -> None:
        self.end_stroke(host)
        self._preview = self._hovered = None
        if self.draft(host) is not None and self._stack(host) is None and host.context.mask is not None:
            tell_waiting(
                host,
                translatable("The outline that was not taken waits on slice {number}."),
                translatable("The outline that was not taken waits."),
            )
        host.repaint_overlay()

    # What is drawn -----------------------------------------------------------------------------------------------------

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        covered = QRectF()
        outline = self._drawn(host)
        if outline is not None:
            covered = outline.around(host)
        box = self._box(host)
        if box is not None:
            covered = covered.united(_on_screen(host, box).adjusted(-3, -3, 3, 3))
        for at, _ in self._marks(host):
            covered = covered.united(QRectF(at.x() - 8, at.y() - 8, 16, 16))
        return covered

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        outline, box = self._drawn(host), self._box(host)
        if outline is not None:
            outline.paint(host, painter)
        if box is not None and (outline is None or self._dragged is not None):
            two_tone(painter, lambda: painter.drawRect(_on_screen(host, box)))
        for at, adds in self._marks(host):
            two_tone(painter, partial(_draw_mark, painter, at, adds))

    def _drawn(self, host: ToolHost) -> RegionOutline | None:
        """The outline of what is proposed; while it is worked out, of what was proposed before."""
        drafts = self._drafts.get(_place(host), [])
        region = next((self._answers[draft] for draft in reversed(drafts) if draft in self._answers), None)
        if region is None and self._preview is not None and self._preview[0] == _place(host):
            region = self._preview[1]
        if region is None or region.empty:
            return None
        if self._outline is None or self._outline[0] is not region:
            self._outline = region, RegionOutline(region)
        return self._outline[1]

    def _box(self, host: ToolHost) -> Rect | None:
        if self._pressed is not None and self._dragged is not None:
            return Rect.between(self._pressed.at, self._dragged)
        draft = self.draft(host)
        return draft.box if draft is not None else None

    def _marks(self, host: ToolHost) -> list[tuple[QPointF, bool]]:
        draft = self.draft(host)
        return [] if draft is None else [(host.to_screen(click.at), click.adds) for click in draft.clicks]


_Place: TypeAlias = tuple[Hashable, Hashable, int]
"""An image, a plane, a slice."""


def _place(host: ToolHost) -> _Place:
    return host.context.image, host.context.plane, host.context.index


def _painted(
    name: str, plane: Plane, regions: dict[int, ProposedRegion], value: int, around: bool, by_model: bool, mask: Mask
) -> Edit:
    """The regions by slice, painted as one edit; `around` what is painted already. `by_model`: they began from the prediction."""
    stroke = mask.begin(name)
    for index, proposal in sorted(regions.items()):
        region = proposal.region
        if around:
            there = ProposedRegion.of(~np.isin(mask.slice(plane, index), (BACKGROUND, value)))
            region = region & ~there.part(proposal.corner, (region.shape[0], region.shape[1]))
        stroke.paint_region(plane, index, proposal.corner, region, value)
    edit = stroke.end()
    if edit.empty:
        raise EngineError(
            translatable("Nothing was painted: it is painted already, locked, or may not be painted over.")
        )
    return replace(edit, by_model=by_model)


def _finish(host: ToolHost, edit: Edit) -> None:
    host.mask_painted(edit.box)
    host.finish_stroke(edit)


def _on_screen(host: ToolHost, rect: Rect) -> QRectF:
    low = host.to_screen((rect.top - 0.5, rect.left - 0.5))
    high = host.to_screen((rect.bottom - 0.5, rect.right - 0.5))
    return QRectF(low, high).normalized()


def _edit_title(around: bool) -> str:
    """What the history calls it."""
    return translatable("Wall") if around else translatable("Smart outline")


def _draw_mark(painter: QPainter, at: QPointF, adds: bool) -> None:
    painter.drawLine(QPointF(at.x() - _MARK, at.y()), QPointF(at.x() + _MARK, at.y()))
    if adds:
        painter.drawLine(QPointF(at.x(), at.y() - _MARK), QPointF(at.x(), at.y() + _MARK))
