"""Which set, class and modality items are given, one or thousands at a time; what was given can be taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs import JobQueue, Lane
from engine.config import Split
from engine.progress import Work
from engine.project.ct_values import note_values_of_ct
from engine.project.items import Item
from engine.project.project import Project
from widgets.text import tr

if TYPE_CHECKING:
    from app.services.project_session import ProjectSession

_MOST_UNDONE = 50  # changes that can be taken back


@dataclass(frozen=True, eq=False)
class _Sets:
    """The sets that items were in, by the items' numbers."""

    of: Mapping[int, Split]


@dataclass(frozen=True, eq=False)
class _Labels:
    """The classes that images had, by the items' numbers; None for none."""

    of: Mapping[int, int | None]


@dataclass(frozen=True, eq=False)
class _Modalities:
    """The items as they were."""

    items: tuple[Item, ...]


_Replaced: TypeAlias = _Sets | _Labels | _Modalities


class Assignments(QObject):
    """What the items of the open project are given. The session's items_changed tells that they are others."""

    sets_moved = Signal(int)  # so many items were put into other sets
    modality_said = Signal(int, str)  # so many items are of that modality now
    classes_given = Signal(int)  # so many images have another class now
    taken_back = Signal()  # the last change was

    def __init__(self, session: "ProjectSession", jobs: JobQueue) -> None:
        super().__init__(session)
        self._session, self._jobs = session, jobs
        self._replaced: list[_Replaced] = []  # by each change, the last one last
        session.project_changed.connect(self._forget)

    # Giving ------------------------------------------------------------------------------------------------------------

    def set_splits(self, splits: Mapping[int, Split]) -> None:
        """Put items into sets; sets_moved says how many, and undo takes it back."""
        before = {
            item.id: item.split for item in self._session.items() if splits.get(item.id, item.split) != item.split
        }
        if before and self._write_splits(splits):
            self._remember(_Sets(before))
            self._tell_splits(splits)
            self.sets_moved.emit(len(before))

    def set_modality(self, ids: Sequence[int], modality: str) -> None:
        """Say what these images are, by DICOM's words; modality_said tells it, and undo takes it back."""
        session, wanted = self._session, set(ids)
        before = [item for item in session.items() if item.id in wanted and (item.modality != modality or item.guessed)]
        if before and session.write(lambda project: project.items.set_modality([i.id for i in before], modality)):
            self._remember(_Modalities(tuple(before)))
            session.reread_items([item.id for item in before])
            self.modality_said.emit(len(before), modality)
            if modality == "CT":
                self._look_at_values([item.id for item in before])

    def set_labels(self, labels: Mapping[int, int | None]) -> int:
        """Classes of whole images (classification); None takes the class away. How many have another one now; undo_labels takes that
        back."""
        before = {
            item.id: item.label for item in self._session.items() if labels.get(item.id, item.label) != item.label
        }
        kept = self._replaced
        self._remember(_Labels(before))  # first: who hears of it asks what can be taken back
        if not before or not self._write_labels(labels):
            self._replaced = kept
            return 0
        return len(before)

    def give_class(self, ids: Sequence[int], label: int | None) -> None:
        """The same class for several images, or none; classes_given tells it."""
        if count := self.set_labels(dict.fromkeys(ids, label)):
            self.classes_given.emit(count)

    def _look_at_values(self, ids: Sequence[int]) -> None:
        """Whether these CT can be in HU, in the background: it is noted of those that cannot."""
        project = self._session.project
        if project is not None:
            path, title = project.path, tr("Looking at the values of CT")
            self._jobs.start(self, Lane.STORING, title, lambda: _noting_values(path, ids), done=self._values_noted)

    def _values_noted(self, done: tuple[Path, int]) -> None:
        path, count = done
        if count and self._session.project is not None and path == self._session.project.path:
            self._session.renew_items()

    # Taking back -------------------------------------------------------------------------------------------------------

    @property
    def may_undo(self) -> bool:
        return self._session.writable and bool(self._replaced)

    @Slot()
    def undo(self) -> None:
        """Take the last change of sets, classes of images or modalities back; items that were removed since stay away."""
        if self.may_undo:
            self._put_back(self._replaced[-1])

    @property
    def may_undo_labels(self) -> bool:
        return self._session.writable and self._last_labels() is not None

    def undo_labels(self) -> list[int]:
        """Take the last change of classes of images back; the items that it changed, without those that were removed since."""
        last = self._last_labels()
        return self._put_back(last) if last is not None and self._session.writable else []

    def forget_labels(self) -> None:
        """Classes have other places now than those that images had before."""
        self._replaced = [each for each in self._replaced if not isinstance(each, _Labels)]

    def _last_labels(self) -> _Labels | None:
        return next((each for each in reversed(self._replaced) if isinstance(each, _Labels)), None)

    def _remember(self, replaced: _Replaced) -> None:
        self._replaced = [*self._replaced, replaced][-_MOST_UNDONE:]

    @Slot()
    def _forget(self) -> None:
        """Another project, or none."""
        self._replaced.clear()

    def _put_back(self, replaced: _Replaced) -> list[int]:
        """The items that it changed, without those that were removed since; none where it could not be written."""
        here, kept = {item.id for item in self._session.items()}, self._replaced
        self._replaced = [other for other in kept if other is not replaced]  # first: who hears of it asks what is left
        match replaced:
            case _Sets(all_splits):
                splits = {id: split for id, split in all_splits.items() if id in here}
                ids, done = list(splits), self._write_splits(splits)
                if done:
                    self._tell_splits(splits)
            case _Labels(all_labels):
                labels = {id: label for id, label in all_labels.items() if id in here}
                ids, done = list(labels), self._write_labels(labels)
            case _Modalities(items):
                ids = [item.id for item in items if item.id in here]
                done = self._put_modality([item for item in items if item.id in here])
        if not done:
            self._replaced = kept
            return []
        self.taken_back.emit()
        return ids

    # Writing -----------------------------------------------------------------------------------------------------------

    def _write_splits(self, splits: Mapping[int, Split]) -> bool:
        return self._session.write(lambda project: project.items.set_splits(splits))

    def _tell_splits(self, splits: Mapping[int, Split]) -> None:
        items = self._session.items()
        self._session.renew_items({i.id: replace(i, split=splits[i.id]) for i in items if i.id in splits})

    def _write_labels(self, labels: Mapping[int, int | None]) -> bool:
        written = self._session.write(lambda project: project.items.set_labels(labels))
        if written:
            items = self._session.items()
            self._session.renew_items({i.id: replace(i, label=labels[i.id]) for i in items if i.id in labels})
        return written

    def _put_modality(self, items: Sequence[Item]) -> bool:
        done = self._session.write(lambda project: project.items.put_back_modality(items))
        if done:
            self._session.reread_items([item.id for item in items])
        return done


def _noting_values(path: Path, ids: Sequence[int]) -> Work[tuple[Path, int]]:
    with Project.join(path) as project:
        return path, len((yield from note_values_of_ct(project, ids)))
