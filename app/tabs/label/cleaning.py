"""Cleaning up, splitting and combining classes from a panel beside the scan, which shows what would change."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPoint, QSize, Slot

from app.dialogs.clean_up import ACTION_NAMES, COMBINATIONS, CleanUpDialog, Other
from app.dialogs.test_reference import with_leave
from app.shell.context import AppContext
from app.tabs.label.proposal import MaskProposal, MaskProposals, ProposedChange
from app.tabs.scan.overlay import LOST
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.labels.classes import MOST_CLASSES, LabelClass
from engine.labels.cleanup import CleanUp, Combination, clean_up, combine, enclosed
from engine.labels.edit import Edit, Labels
from engine.labels.mask import Mask
from engine.labels.object_edits import separate
from engine.labels.scope import Scope
from engine.labels.splitting import MOST_PARTS, classes_of_parts, split_class
from engine.words import PART, stored_words, translatable
from widgets.object_list import ObjectList
from widgets.text import counted, tr

Spacing = tuple[float, float, float]
_TALLEST, _GAP = 300, 24  # px that the panel may need, with its title; to the window's edge


class MaskCleaning(QObject):
    """A proposal that is asked for in a panel; Enter takes it. `objects` is the list in which objects are picked."""

    def __init__(self, context: AppContext, scan: ScanView, proposals: MaskProposals, objects: ObjectList) -> None:
        super().__init__(scan)
        self._context, self._session, self._current = context, context.session, context.session.current
        self._scan, self._proposals, self._objects = scan, proposals, objects
        self.dialog: CleanUpDialog | None = None
        self._proposal: MaskProposal | None = None  # for as long as the panel is open
        scan.views.first.slice_changed.connect(self._slice_changed)
        self._session.active_class_changed.connect(self._look_again)
        self._session.classes_changed.connect(self._look_again)
        self._session.predictions.prediction_changed.connect(self._look_again)
        objects.selectionModel().selectionChanged.connect(self._objects_picked)
        context.commands.connect_to("label", clean_up=self.open)

    def open(self) -> None:
        """Open the panel; where it is open, bring it to the front."""
        image, mask = self._current.image, self._current.mask
        if image is None or mask is None:
            return
        if self.dialog is not None:
            self.dialog.activateWindow()
            return
        self._proposal = self._proposals.begin(made=self._show, refused=self._refuse, ended=self._end)
        self.dialog = CleanUpDialog(
            self._scan.window(), image.geometry.calibrated, image.shape[0] > 1, mask.ids is not None
        )
        self.dialog.changed.connect(self._ask)
        self.dialog.accepted.connect(self._take)
        self.dialog.rejected.connect(self._drop)
        self._look_again()
        self._put_beside(self.dialog)
        self.dialog.show()

    def close(self) -> None:
        """Put the panel away, if it is open; nothing is changed."""
        if self.dialog is not None:
            self.dialog.reject()

    def _put_beside(self, dialog: CleanUpDialog) -> None:
        """In the corner of the window that is farthest from classes and tools: in the middle it would lie over what it shows."""
        dialog.adjustSize()
        size = dialog.size().expandedTo(QSize(0, _TALLEST))
        corner = self._scan.window().mapToGlobal(self._scan.window().rect().bottomRight())
        dialog.move(corner - QPoint(size.width() + _GAP, size.height() + _GAP))

    # What it is about --------------------------------------------------------------------------------------------------

    @Slot()
    def _look_again(self) -> None:
        """Other classes, another active one, or another prediction."""
        dialog = self.dialog
        if dialog is None:
            return
        value = self._session.painted_class
        dialog.show_class(value, self._class_name(value) if value else tr("Active class"))
        dialog.show_others(self._others())
        dialog.show_picked(len(self._objects.selected()))
        self._ask()

    def _others(self) -> list[tuple[Other, str]]:
        """What the active class can be combined with: what the run in use says of it first."""
        value, predictions, found = self._session.painted_class, self._session.predictions, []
        for place, each in enumerate(self._session.classes, 1):
            if place != value:
                found.append((Other("mask", place), each.name))
        if predictions.labels is not None:
            known = [place for place, knows in enumerate(predictions.knows, 1) if knows]
            for place in sorted(known, key=lambda place: (place != value, place)):
                found.append((Other("prediction", place), tr("Prediction: {name}", name=self._class_name(place))))
        return sorted(found, key=lambda each: each[0] != Other("prediction", value))

    def _scope(self, dialog: CleanUpDialog) -> Scope:
        canvas = self._scan.canvas
        picked = frozenset(self._objects.selected()) if dialog.picked_only else frozenset[int]()
        slices = {"slice": (canvas.index, canvas.index), "slices": dialog.slices}.get(dialog.where)
        return Scope(canvas.plane, slices, picked)

    def _name(self, dialog: CleanUpDialog, scope: Scope) -> str:
        """What the history will say."""
        words = [ACTION_NAMES[dialog.task]]
        if dialog.only is not None:
            words.append(self._class_name(dialog.only))
        if dialog.task in COMBINATIONS and dialog.combined is not None:
            words.append(self._other_name(dialog.combined))
        if scope.objects:
            words.append(stored_words(translatable("picked objects")))
        if scope.slices is not None and scope.index is None:
            words.append(f"{scope.slices[0] + 1}–{scope.slices[1] + 1}")
        elif scope.index is not None and self._scan.canvas.context.place:
            words.append(self._scan.canvas.context.place)
        return PART.join(words)

    def _other_name(self, other: Other) -> str:
        name = self._class_name(other.value)
        return name if other.source == "mask" else stored_words(translatable("Prediction: {name}"), name=name)

    @Slot()
    def _ask(self) -> None:
        image, dialog, canvas, proposal = self._current.image, self.dialog, self._scan.canvas, self._proposal
        if image is None or dialog is None or proposal is None:
            return
        dialog.show_slices(canvas.slices, canvas.index)
        scope, task = self._scope(dialog), dialog.task
        name, spacing = self._name(dialog, scope), image.geometry.spacing
        dialog.tell(tr("Working it out…"), False)
        if task == "split":
            self._ask_split(proposal, dialog, name, scope, spacing)
        elif task == "union" or task == "intersection" or task == "minus":
            self._ask_combination(proposal, dialog, name, scope, spacing, task)
        else:
            asked = CleanUp(task, dialog.quantity, dialog.only)
            proposal.ask(name, partial(_cleaned, name, scope, spacing, asked))

    def _ask_split(
        self, proposal: MaskProposal, dialog: CleanUpDialog, name: str, scope: Scope, spacing: Spacing
    ) -> None:
        value, least, classes = dialog.only, dialog.quantity, self._session.classes
        if value is None:
            proposal.ask(name, _no_class)
        elif self._current.mask is not None and self._current.mask.ids is not None:
            proposal.ask(name, partial(_separated, name, scope, spacing, value, least))
        else:
            work = partial(_split, name, scope, spacing, value, least, classes)
            room = min(MOST_PARTS, MOST_CLASSES - len(classes))
            more, _ = classes_of_parts(classes, value, room)
            take = partial(self._take_split, name, work, value)
            proposal.ask(name, work, take, [each.color for each in more])

    def _take_split(self, name: str, work: Callable[[Mask], Edit], value: int, change: ProposedChange) -> None:
        """The classes first, then the mask, which is one step; they stay when it is taken back."""
        more, _ = self._parts(value, change)
        if len(more) > len(self._session.classes):
            self._session.set_classes(more)
        if len(self._session.classes) == len(more):  # else they are not on disk, and that was told
            self._current.change(name, work)

    def _parts(self, value: int, change: ProposedChange) -> tuple[tuple[LabelClass, ...], list[str]]:
        """The classes with those of the parts that are shown, and the names of these."""
        classes = self._session.classes
        shown = set(np.unique(change.labels).tolist()) - {0, LOST}
        for count in range(1, MOST_PARTS + 1):
            more, values = classes_of_parts(classes, value, count)
            if shown.issubset(values):
                break
        return more, [more[each - 1].name for each in values if each in shown]

    def _ask_combination(
        self,
        proposal: MaskProposal,
        dialog: CleanUpDialog,
        name: str,
        scope: Scope,
        spacing: Spacing,
        how: Combination,
    ) -> None:
        value, other, predicted = dialog.only, dialog.combined, self._session.predictions.labels
        if value is None:
            proposal.ask(name, _no_class)
        elif other is not None and other.source == "mask":
            proposal.ask(name, partial(_combined, name, scope, spacing, value, other.value, how))
        elif other is None or predicted is None:
            proposal.ask(name, _no_other)
        else:
            work = partial(_combined_with_model, name, scope, spacing, value, predicted, other.value, how)
            take = partial(self._take_of_model, name, work)
            proposal.ask(name, work, take)

    def _take_of_model(self, name: str, work: Callable[[Mask], Edit], _: ProposedChange) -> None:
        with_leave(self._context, self._scan.window(), lambda: self._current.change(name, work))

    # What comes back ---------------------------------------------------------------------------------------------------

    def _show(self, change: ProposedChange) -> None:
        dialog = self.dialog
        if dialog is None:
            return
        if not change.voxels:
            locked = tr("What would change is locked, or may not be painted over.")
            dialog.tell(locked if change.held_back else tr("Nothing would change."), False)
            return
        text = counted(change.voxels, translatable("1 pixel changes"), translatable("{count} pixels change"))
        if dialog.where != "slice":
            text = tr(
                "{pixels} on {slices}",
                pixels=text,
                slices=counted(len(change.slices), translatable("1 slice"), translatable("{count} slices")),
            )
        dialog.tell(". ".join([text, *self._remarks(dialog, change)]), True)

    def _remarks(self, dialog: CleanUpDialog, change: ProposedChange) -> list[str]:
        """What else there is to know before it is taken."""
        remarks = []
        if dialog.task == "split" and change.ids is not None:
            count = len(np.unique(change.ids)) - 1
            remarks.append(counted(count, translatable("1 new object"), translatable("{count} new objects")))
        elif dialog.task == "split" and dialog.only is not None:
            _, names = self._parts(dialog.only, change)
            remarks.append(tr("Classes: {names}; undo leaves them in the list", names=_few(names)))
        elif dialog.task in ("intersection", "minus") and dialog.combined is not None:
            name = self._class_name(dialog.combined.value)
            remarks += [tr("What {name} encloses counts as in it", name=name)] * (dialog.combined.source == "mask")
        if change.held_back:
            remarks.append(
                counted(
                    change.held_back,
                    translatable("1 more is locked, or may not be painted over"),
                    translatable("{count} more are locked, or may not be painted over"),
                )
            )
        return remarks

    def _refuse(self, fault: EngineError) -> None:
        if self.dialog is not None:
            self.dialog.tell(tr(fault.message, **fault.values), False)

    @Slot()
    def _slice_changed(self) -> None:
        if self.dialog is not None and self.dialog.where != "volume":
            self._ask()

    @Slot()
    def _objects_picked(self) -> None:
        if self.dialog is not None:
            was = self.dialog.picked_only
            self.dialog.show_picked(len(self._objects.selected()))
            if was or self.dialog.picked_only:
                self._ask()

    @Slot()
    def _take(self) -> None:
        if self._proposal is not None:
            self._proposal.take()

    @Slot()
    def _drop(self) -> None:
        if self._proposal is not None:
            self._proposal.drop()

    def _end(self) -> None:
        self._proposal = None
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.close()
            dialog.deleteLater()
            self._scan.activateWindow()  # the scan has the keys again
            self._scan.canvas.setFocus()

    def _class_name(self, value: int) -> str:
        return self._scan.canvas.context.class_name(value)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 4 else f"{names[0]}, {names[1]} … {names[-1]}"


def _cleaned(name: str, scope: Scope, spacing: Spacing, task: CleanUp, mask: Mask) -> Edit:
    return mask.transform(name, scope, spacing, lambda labels, sides: clean_up(labels, task, sides))


def _split(
    name: str, scope: Scope, spacing: Spacing, value: int, least: float, classes: Sequence[LabelClass], mask: Mask
) -> Edit:
    return mask.transform(name, scope, spacing, lambda labels, sides: split_class(labels, sides, value, least, classes))


def _separated(name: str, scope: Scope, spacing: Spacing, value: int, least: float, mask: Mask) -> Edit:
    return separate(mask, name, scope, spacing, value, least)


def _combined(name: str, scope: Scope, spacing: Spacing, value: int, other: int, how: Combination, mask: Mask) -> Edit:
    labels = scope.cut(mask.labels)
    region = labels == other if how == "union" else enclosed(labels, other)
    return mask.transform(name, scope, spacing, lambda labels, _: combine(labels, value, region, how))


def _combined_with_model(
    name: str,
    scope: Scope,
    spacing: Spacing,
    value: int,
    predicted: Labels,
    other: int,
    how: Combination,
    mask: Mask,
) -> Edit:
    region = scope.cut(predicted) == other
    edit = mask.transform(name, scope, spacing, lambda labels, _: combine(labels, value, region, how))
    return replace(edit, by_model=True)


def _no_class(mask: Mask) -> Edit:
    raise EngineError(translatable("Pick a class first: background is what is left."))


def _no_other(mask: Mask) -> Edit:
    raise EngineError(translatable("There is no other class, and no prediction of this item."))
