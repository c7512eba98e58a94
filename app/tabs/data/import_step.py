"""The import step: what a folder holds, where the masks are, what they mean, who is a patient; then the plan."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressDialog, QVBoxLayout

from app.services.jobs import JobHandle, Lane
from app.services.thumbnails import Thumbnails
from app.shell.context import AppContext
from app.shell.i18n import translate_notice
from app.tabs.data.classes import ClassSourcePanel
from app.tabs.data.patients import PatientsPanel, PlacePanel
from app.tabs.data.rows import MaskState, Row, of_found, of_refused
from app.tabs.data.values import ValuesPanel
from app.tabs.parts.counts import not_read_text
from engine.errors import EngineError
from engine.imaging.image import Source
from engine.imaging.scan import Found, Scan
from engine.labels.classes import make_classes
from engine.progress import Progress, Work
from engine.project.importing import Division, Imported, ImportPlan, MaskSurvey
from engine.project.likely_masks import Unlikely
from engine.project.mask_edits import as_found
from engine.project.mask_files import Meanings
from engine.project.proposals import DrawnSurvey, Proposal, look_through, survey_drawings, survey_images
from engine.words import translatable
from widgets.column_parts import scrolled, stacked
from widgets.controls import Button, PrimaryButton, Separator, Text, named
from widgets.panels import PAD
from widgets.text import counted, tip, tr


class ImportStep(QFrame):
    """The right column while something is brought in, and what was found. `changed(rows)`: these are its rows now, or its state is
    another."""

    changed = Signal(list)
    ended = Signal()  # taken or given up
    progressed = Signal(str, float)  # what is happening, and its share (below 0: unknown)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._context = context
        self.paths: tuple[Path, ...] = ()
        self.active = False  # from `start` until it has ended
        self.bringing = False  # it is about masks or classes of the project's own items, none of which comes in anew
        self.busy = ""  # "scanning", "surveying", "adding" or ""
        self.pictures = FoundPictures(context, self)
        self._scan = Scan((), ())
        self._images: list[tuple[int, Found]] = []  # with their places among the found
        self._bare: set[str] = set()  # the project's items, by name, that have no mask
        self._masks: tuple[Path, ...] = ()  # a folder, a file, or COCO files that are read as one
        self._proposed = False  # these, and nobody has asked for them
        self._survey: MaskSurvey | DrawnSurvey | None = None
        self._left_out: set[int] = set()
        self._unlikely: Mapping[str, Unlikely] = {}  # the images, by name, that are probably none
        self._why_not: dict[str, str] = {}  # and why
        self._job: JobHandle | None = None
        self._ratios, self._seed = (70, 15, 15), 0
        self._values, self._classes = ValuesPanel(context), ClassSourcePanel()
        self._patients, self._place = PatientsPanel(), PlacePanel()
        self._summary = Text("", "dim")
        self._summary.setObjectName("import.summary")
        self._summary.setWordWrap(True)
        self._add = PrimaryButton("import.add", tr("Add"))
        self._cancel = Button("import.cancel", tr("Cancel"), role="large")
        self._between = Separator(), Separator()
        panels = stacked(
            self._values,
            self._classes,
            self._between[0],
            self._patients,
            self._between[1],
            self._place,
            Separator(),
            role="panel",
        )
        foot = QFrame()
        foot.setProperty("role", "panel")
        column = QVBoxLayout(foot)
        column.setContentsMargins(PAD, PAD, PAD, PAD)
        column.setSpacing(10)
        column.addWidget(self._summary)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._add, 1)
        row.addWidget(self._cancel)
        column.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolled("import.scroll", panels), 1)
        whole.addWidget(Separator())
        whole.addWidget(foot)
        self._values.masks_chosen.connect(self._use_masks)
        self._values.classes_wanted.connect(self._add_classes)
        self._values.changed.connect(self._refresh)
        self._classes.changed.connect(self._refresh)
        self._classes.classes_wanted.connect(self._add_classes)
        self._patients.changed.connect(self._refresh)
        self._place.changed.connect(self._refresh)
        self._add.clicked.connect(self._take)
        self._cancel.clicked.connect(self.give_up)
        context.session.classes_changed.connect(self._classes_changed)
        context.session.import_finished.connect(self._imported)

    # Looking -----------------------------------------------------------------------------------------------------------

    def start(self, paths: Sequence[Path], ratios: tuple[int, int, int], seed: int) -> None:
        """Look through files and folders; what is found is shown and asked about. Shares and seed are those of a division."""
        self.paths, self._ratios, self._seed = tuple(paths), ratios, seed
        self._begin(bringing=False)
        self.busy = "scanning"
        items = self._context.session.items()
        look = partial(look_through, tuple(paths), self._of_whole_images(), items)
        self._job = self._start_job(tr("Reading images"), look, self._scanned)
        self.progressed.emit(tr("Looking through the files…"), -1.0)
        self._show_found()

    def start_bringing(self) -> None:
        """Ask for masks, or for a table of classes, of the project's items."""
        self.paths = ()
        self._begin(bringing=True)
        session = self._context.session
        masked = session.project.layers.masked() if session.project is not None else set()
        self._bare = {item.name for item in session.items() if item.id not in masked}
        self._scan = Scan(tuple(as_found(item) for item in session.items()), ())
        self._unlikely, self._why_not = {}, {}
        self.pictures.show_found(self._scan.found)
        self._classes.propose(None)
        self._use_masks(())

    def _begin(self, *, bringing: bool) -> None:
        self._drop_job()
        self.active, self.bringing = True, bringing
        self._scan, self._survey, self._images = Scan((), ()), None, []
        self._masks, self._left_out = (), set()
        whole = self._of_whole_images()
        self._values.setVisible(not whole)
        self._classes.setVisible(whole)
        for part in (self._patients, self._place, *self._between):
            part.setVisible(not bringing)
        if whole:
            self._classes.forget()
        self._values.propose(())
        self._values.show_masks(())
        self.pictures.show_found(())

    def _start_job(self, title: str, make: Callable[[], Work[Any]], done: Callable[[Any], None]) -> JobHandle:
        return self._context.jobs.start(
            self,
            Lane.SURVEY,
            title,
            make,
            done=done,
            failed=self._failed,
            reported=self._event,
            cancelled=self._stopped,
        )

    def _event(self, event: object) -> None:
        if isinstance(event, Progress):
            share = event.done / event.total if event.total else -1.0
            text = tr("{done} of {total}", done=event.done, total=event.total) if event.total else event.what
            self.progressed.emit(text, share)

    def _scanned(self, result: Proposal) -> None:
        self._job, self.busy = None, ""
        self._scan, self._unlikely, masks = result.scan, result.unlikely, result.masks
        self._why_not = {name: translate_notice(one.note) for name, one in result.unlikely.items()}
        self._left_out = {id for id, one in enumerate(self._scan.found) if one.name in self._why_not}
        self._images = list(enumerate(self._scan.found))
        self.pictures.show_found(self._scan.found)
        self._place.show_found(self._scan.found, self._ratios, self.paths)
        lent = any(file.is_file() and not any(file.is_relative_to(path) for path in self.paths) for file in masks)
        self._values.propose(masks if lent else ())
        self._classes.propose(result.table)
        self._use_masks(() if lent else masks)
        self._proposed = bool(self._masks)

    @Slot(object)
    def _use_masks(self, masks: Sequence[Path]) -> None:
        """Count the values of these masks: a folder, a file, or COCO files; () for none."""
        self._drop_job()
        self._masks, self._survey, self._proposed = tuple(masks), None, False
        found = self._scan.found
        self._images = list(enumerate(found))
        if not masks:
            self._values.show_masks(())
        elif self._are_drawn():
            self._values.show_masks(masks, tr("Counting the shapes…"))
            self.busy = "surveying"
            look = partial(survey_drawings, self._masks, found)
            self._job = self._start_job(tr("Reading masks"), look, self._drawings_found)
        else:
            self._values.show_masks(masks, tr("Counting the values of the masks…"))
            self.busy = "surveying"
            left_out = frozenset(found[id].name for id in self._left_out)
            count = partial(survey_images, found, masks[0], left_out)
            self._job = self._start_job(tr("Reading masks"), count, self._surveyed)
        self._show_found()

    def _surveyed(self, result: tuple[list[Found], MaskSurvey]) -> None:
        self._job, self.busy = None, ""
        images, survey = result
        self._survey = survey
        if not survey.matched and not survey.refused and self._proposed:
            self._use_masks(())  # nobody asked for them
            return
        names = {one.name for one in images}  # which are unique in a scan
        self._images = [(place, one) for place, one in enumerate(self._scan.found) if one.name in names]
        session = self._context.session
        if session.task == "instance":
            self._values.show_objects(survey, session.classes, self._may_add())
        else:
            self._values.show_survey(survey, self.images(), session.classes, self._may_add())
        self._show_found()

    def _drawings_found(self, survey: DrawnSurvey) -> None:
        self._job, self.busy = None, ""
        self._survey = survey
        self._values.show_categories(survey.categories, self._context.session.classes, self._may_add())
        self._show_found()

    def _are_drawn(self) -> bool:
        """Whether the masks are the shapes of COCO files."""
        return any(file.suffix == ".json" for file in self._masks)

    def _of_whole_images(self) -> bool:
        return self._context.session.task == "classification"

    def _may_add(self) -> bool:
        """Whether new classes can be made for what the masks hold."""
        return self._context.session.task in ("multiclass", "instance") and self._context.session.writable

    def _failed(self, fault: BaseException) -> None:
        self._context.session.failed.emit(fault)
        self._values.show_masks(())
        self._masks = ()
        self._stopped()

    def _stopped(self) -> None:
        self._job, self.busy = None, ""
        self._refresh()

    def _drop_job(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job, self.busy = None, ""

    # What was found ----------------------------------------------------------------------------------------------------

    def images(self) -> list[Found]:
        """The images that would come in: no masks, nothing that was left out."""
        return [one for id, one in self._images if id not in self._left_out]

    def _images_left_out(self) -> tuple[Found, ...]:
        """By a person; what is probably no scan has no mask."""
        return tuple(one for id, one in self._images if id in self._left_out and one.name not in self._why_not)

    def rows(self) -> list[Row]:
        """The images, then the files that were refused."""
        rule = _own_patient if self.bringing else self._patients.rule()
        without = set(self._survey.without) if self._survey is not None else set()
        labels = iter(self._classes.labels() if self._of_whole_images() else ())
        state: MaskState = "no" if not self._masks else "unknown" if self._survey is None else "yes"
        if self.bringing and not self._masks:
            state, without = "yes", self._bare
        found = [
            of_found(
                id,
                one,
                rule(one),
                "no" if one.name in without or (id in self._left_out and one.name in self._why_not) else state,
                next(labels, None) if id not in self._left_out else None,
                self._place.split_of(one),
                taken=id not in self._left_out,
                why_not=self._why_not.get(one.name, ""),
            )
            for id, one in self._images
        ]
        first = len(self._scan.found)
        return found + [of_refused(first + number, one) for number, one in enumerate(self._scan.refused)]

    @Slot(list, bool)
    def set_taken(self, rows: Collection[int], on: bool) -> None:
        """Take these, or leave them out."""
        ids = {id for id in rows if id < len(self._scan.found)}
        self._left_out = self._left_out - ids if on else self._left_out | ids
        self._show_found()

    @Slot()
    def _classes_changed(self) -> None:
        if self._scan.found and self.busy != "adding":
            self._values.show_classes(self._context.session.classes)
            self._show_found()

    def _show_found(self) -> None:
        images, project = self.images(), self._context.session.project
        self._patients.show_found(images, project.patient_keys() if project is not None else str)
        if self._of_whole_images():
            self._classes.show_found(images, self._context.session.classes, self.paths)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        rows = self.rows()
        images = [row for row in rows if not row.refused and row.taken]
        masked = sum(row.mask == "yes" for row in images)
        parts = []
        if self._survey is not None:
            parts = [tr("{count} with a mask", count=masked), tr("{count} without", count=len(images) - masked)]
        if unread := sum(bool(row.refused) for row in rows):
            parts.append(not_read_text(unread))
        if left_out := len(self._images) - len(images):
            parts.append(tr("{count} left out", count=left_out))
        self._summary.setText(" · ".join(parts))
        self._summary.setVisible(bool(parts))
        one, many = translatable("Add 1 item"), translatable("Add {count} items")
        if self.bringing:
            one, many = translatable("Bring to 1 image"), translatable("Bring to {count} images")
        self._add.setText(counted(self._count_of(images), one, many))
        why = self._why(self._count_of(images))
        self._add.setEnabled(not why)
        self._add.setToolTip(tip(why))
        self.changed.emit(rows)

    def _why(self, images: int) -> str:
        """Why nothing can be added yet, "" where it can."""
        if self.busy:
            return tr("Wait until everything has been looked at.")
        if self.bringing and not self._has_source():
            if self._of_whole_images():
                return tr("Choose a table of classes first.")
            return tr("Choose first where the masks are.")
        if not images and self._of_whole_images() and self._classes.refused and not self.bringing:
            return tr("Add the classes of the table first.")
        if not images:
            return tr("Nothing of it belongs to an image.") if self.bringing else tr("No image was found here.")
        unsaid = self._values.unsaid()
        if unsaid:
            if isinstance(unsaid[0], str):
                return tr("Say first what the category {name} means.", name=unsaid[0])
            return tr("Say first what the mask value {value} means.", value=self._values.written(unsaid[0]))
        return "" if self._patients.valid else tr("Mend the rule for patients first.")

    def _has_source(self) -> bool:
        """Whether masks, or a table of classes, were chosen."""
        return self._classes.table is not None if self._of_whole_images() else bool(self._masks)

    def _count_of(self, images: Sequence[Row]) -> int:
        """How many of the images get something: all that come in, or those that are brought a mask or a class."""
        if not self.bringing:
            return len(images) - (self._classes.refused if self._of_whole_images() else 0)
        if not self._has_source():
            return 0
        if self._of_whole_images():
            return sum(row.label is not None for row in images)
        return sum(row.mask == "yes" for row in images)

    # The end -----------------------------------------------------------------------------------------------------------

    def plan(self) -> ImportPlan:
        """What the person decided."""
        is_coco = self._are_drawn()
        of_objects = self._context.session.task == "instance" and not is_coco
        said, choice = self._values.categories(), self._place.choice()
        drawn = Division(self._ratios, self._seed, from_folders=choice == "rest")
        plan = ImportPlan(
            self.paths,
            found=tuple(self.images()),
            left_out=self._images_left_out(),
            unlikely=self._unlikely,
            masks=None if is_coco else next(iter(self._masks), None),
            values=self._meanings(),
            split=self._place.fixed(),
            split_from_folders=choice in ("folders", "rest"),
            division=drawn if choice in ("divide", "rest") else None,
            patient_from=self._patients.pattern(),
            coco=self._masks if is_coco else (),
            categories={} if of_objects else said,
            object_class=next(iter(said.values()), "") if of_objects else "",
            bring=self.bringing,
        )
        if self.bringing:
            plan = replace(plan, split="", split_from_folders=False, division=None, patient_from="")
        return self._classes.complete(plan) if self._of_whole_images() else plan

    def _meanings(self) -> Meanings | None:
        """What each value means; of files of one class each, what the files of each name do."""
        said, survey = self._values.values(), self._survey
        if said is None or not isinstance(survey, MaskSurvey) or not survey.by_files:
            return said
        return {survey.names[value].name: name for value, name in said.items() if value in survey.names}

    @Slot()
    def _take(self) -> None:
        plan = self.plan()
        self.busy = "adding"
        self._refresh()
        if self.bringing:
            self._wait()
        self._context.session.import_images(plan, self._scan.refused)
        self.progressed.emit(tr("Adding the items…"), -1.0)

    def _wait(self) -> None:
        """Nothing is painted meanwhile: a stroke would be of a mask that is about to be another."""
        session, title = self._context.session, tr("Bringing masks and classes…")
        waiting = QProgressDialog(title, tr("Stop"), 0, 0, self)
        named(waiting, "import.bringing", title)
        waiting.setWindowModality(Qt.WindowModality.WindowModal)
        waiting.canceled.connect(session.cancel_imports)
        session.import_finished.connect(waiting.deleteLater)
        waiting.show()

    @Slot(object)
    def _imported(self, done: object) -> None:
        if self.busy == "adding":
            self.busy = ""
            if isinstance(done, Imported):
                self.active = False
                self.ended.emit()
            else:
                self._refresh()

    @Slot()
    def give_up(self) -> None:
        """Bring nothing in; an import under way is stopped, and what it has added stays."""
        if self.busy == "adding":
            self._context.session.cancel_imports()
            return
        self._drop_job()
        self.active = False
        self.ended.emit()

    def leave(self) -> None:
        """Another project is open: nothing that is under way is about it."""
        self._drop_job()
        self.active, self.busy = False, ""

    @Slot(list)
    def _add_classes(self, wanted: Sequence[tuple[str, str]]) -> None:
        session = self._context.session
        known = [(c.name, c.color) for c in session.classes]
        try:
            session.set_classes(make_classes([*known, *wanted]))
        except EngineError as fault:
            session.failed.emit(fault)


def _own_patient(image: Found) -> str:
    return image.patient


class FoundPictures(Thumbnails):
    """Pictures of images that are no items yet, by their place among the found."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(context.session, context.jobs, parent)
        self._found: Sequence[Found] = ()

    def show_found(self, found: Sequence[Found]) -> None:
        self._forget()
        self._found = found

    def _sources(self, wanted: Sequence[int]) -> list[tuple[int, Source]]:
        return [(id, self._found[id].source) for id in wanted if 0 <= id < len(self._found)]
