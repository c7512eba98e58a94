"""The Classify tab: images get their classes here, networks are trained on them, compared, and asked why."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.services.jobs import JobHandle
from app.services.visits import Visits
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.classify.compare import ComparePage
from app.tabs.classify.inside import InsidePanel
from app.tabs.classify.labels import ImagePage, ItemsPanel
from app.tabs.classify.opinion import OpinionPanel
from app.tabs.classify.study import StudyPanel
from app.tabs.parts.counts import classes_text, images_text, patients_of, patients_text
from app.tabs.parts.explaining import chosen_method, why_not
from app.tabs.parts.study_page import StudyPage, StudySource
from app.tabs.tab import Tab
from engine.config import Split
from engine.project.runs import Run, classifier_of
from widgets.column_parts import EmptyState, HeaderBar, WrappingBar, beside, stacked
from widgets.controls import Choice, Segmented, Text
from widgets.network_tables import FactTable, note_on_errors
from widgets.panels import Panel
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained

LABEL, COMPARE, TUNE = "label", "compare", "tune"


_PAGES = {COMPARE: 0, LABEL: 1, TUNE: 2}  # of the middle


class ClassifyTab(Tab):
    """Three faces on the same columns: label the images, compare the networks, or tune their settings; for other projects the
    comparison table alone."""

    def __init__(self, context: AppContext, parent: QWidget | None = None, *, in_steps: bool = False) -> None:
        """`in_steps`: it is whole when `steps` has ended, not before."""
        super().__init__("classify", context, parent)
        self._single: dict[tuple[int, str, int], Explained] = {}  # run, method, item
        self._asked: dict[tuple[int, str, int], JobHandle | None] = {}
        self._refused: dict[tuple[int, str, int], str] = {}  # and why
        self._visits, self._backwards = Visits(), False
        self.build(self._build(), in_steps=in_steps)

    def _build(self) -> Iterator[None]:
        context = self._context
        self.study, self.items = StudyPanel(context), ItemsPanel(context)
        yield
        self.inside, self.opinion = InsidePanel(context), OpinionPanel(context)
        yield
        self.compare = ComparePage(context)
        yield
        self.image = ImagePage(context)
        networks = self.study.networks
        source = StudySource("classification", networks.ticked, lambda: self.study.base, self.study.why_no_training)
        self.tune = StudyPage(context, source)
        yield
        self._left, self._right, self._middle = QStackedWidget(), QStackedWidget(), QStackedWidget()
        for stack, parts in (
            (self._left, (self.study, self.items)),
            (self._right, (self.inside, self.opinion)),
            (self._middle, (self.compare, self.image, self.tune)),
        ):
            for part in parts:
                stack.addWidget(part)
        self._mode = Segmented(
            "classify.mode",
            tr("What to do"),
            [
                Choice(LABEL, tr("Label images"), short=tr("Label")),
                Choice(COMPARE, tr("Compare networks"), short=tr("Compare")),
                Choice(TUNE, tr("Tune settings"), short=tr("Tune")),
            ],
        )
        self._split = Segmented(
            "classify.split",
            tr("Scores of which set"),
            [Choice("val", tr("Validation")), Choice("test", tr("Test"))],
            settings.ui_state("classify.split", "val"),
        )
        self._ground = Text("", "dim")
        self._ground.setObjectName("classify.ground")
        self._ground.setToolTip(tr("The same images for all networks"))
        self._of_scores = beside(self._ground, self._split)
        middle = stacked(WrappingBar(self._mode, self._of_scores), self._middle, grows=self._middle)
        self.set_columns(self._left, middle, self._right, (336, 296))
        self._elsewhere = _WrongTaskPage(context)
        self.set_pages(task=self._elsewhere)
        yield
        self._connect()
        self._project_changed()

    def _connect(self) -> None:
        context = self._context
        session, trainings = context.session, context.trainings
        self._mode.picked.connect(self.show_mode)
        self._split.picked.connect(self._split_picked)
        self.study.picked.connect(self._network_picked)
        self.study.settings_changed.connect(self._show_inside)
        self.study.wanted_changed.connect(self.tune.refresh)
        self.compare.run_picked.connect(self._run_picked)
        self.compare.item_opened.connect(self.open_image)
        self.compare.why.opened.connect(self._case_opened)
        self.compare.why.opacity_changed.connect(self._opacity_changed)
        self.opinion.wish_changed.connect(self._look_anew)
        self.opinion.check_asked.connect(self._check_map)
        self.opinion.opacity_changed.connect(self._opacity_changed)
        self.image.canvas.slice_changed.connect(self._look)
        session.project_changed.connect(self._project_changed)
        session.items_changed.connect(self._items_changed)
        session.classes_changed.connect(self._classes_changed)
        session.current.item_changed.connect(self._visited)
        session.current.image_changed.connect(self._image_changed)
        trainings.runs.explained.connect(self._explained)
        trainings.runs.predicted.connect(self._predicted)
        context.commands.connect_to(
            self.name,
            find_item=self._find,
            unlabel=self._unlabel,
            undo_labels=self._undo_labels,
            previous_item=self._go_back,
            next_item=self._go_forward,
            predict_set=self.compare.predict_set,
            **{f"label_{n}": _Label(self, n - 1).give for n in range(1, 10)},
        )

    def _find(self) -> None:
        if not self.page:
            self.show_mode(LABEL)
            self.items.search.jump()

    # What is shown -----------------------------------------------------------------------------------------------------

    @property
    def mode(self) -> str:
        return self._mode.current()

    @property
    def run(self) -> Run | None:
        """The run that is looked at: the board's, else the one in use."""
        return self.compare.run or self._context.session.predictions.run

    @Slot(str)
    def show_mode(self, mode: str) -> None:
        """ "label", "compare" or "tune"."""
        self._mode.set_current(mode)
        for stack, place in ((self._left, mode == LABEL), (self._right, mode == LABEL), (self._middle, _PAGES[mode])):
            stack.setCurrentIndex(int(place))
            _ask_room_of_shown(stack)
        settings.set_ui_state("classify.mode", mode)
        self.study.foot.setVisible(mode != TUNE)
        self._of_scores.setVisible(mode == COMPARE)
        self._refresh()

    def shown(self) -> None:
        """The tab came to the front."""
        if self._context.session.task == "classification":
            self.study.look_for_weights()
            self._visited()
            self._refresh()

    def order(self) -> list[int]:
        """The images as the list shows them."""
        return self.items.list.ids() if self.mode == LABEL else []

    @Slot(int)
    def open_image(self, item: int) -> None:
        """Show that image large."""
        self._context.session.current.open(item)
        self.show_mode(LABEL)

    def _refresh(self) -> None:
        if self._context.session.task != "classification":
            return
        if self.mode == LABEL:
            self.items.refresh()
            self.image.shown()
            self.opinion.show_choices()
            self.opinion.show_run(self.run)
            self._look_anew()
            hints = [tr("1–9 class"), tr("0 no class"), tr("D next"), tr("A previous")]
        else:
            self.study.refresh()
            if self.mode == TUNE:
                self.tune.shown()
            else:
                self.compare.shown(self._split_name)
            self._show_inside()
            hints = [tr("You can go on working while it trains")]
        self._tell()
        if self.isVisible():
            self._context.status.set_hints(hints)

    @Slot()
    def _show_inside(self) -> None:
        run = self.compare.run
        arch = self.study.networks.current()
        if run is not None and not arch:
            self.inside.show_network(classifier_of(run), run)
        else:
            self._network_picked(arch or (self.study.networks.ticked() or ("resnet18",))[0])

    @property
    def _split_name(self) -> Split:
        return "test" if self._split.current() == "test" else "val"

    def _tell(self) -> None:
        """The ground of the numbers: which set, how many images, the same for all."""
        session = self._context.session
        items = session.items()
        count = sum(1 for item in items if item.split == self._split_name and item.label is not None)
        self._ground.setText(images_text(count))
        patients = patients_of(item.patient for item in items)
        parts = [patients_text(patients) if patients else images_text(len(items)), classes_text(len(session.classes))]
        if self.isVisible():
            self._context.status.set_place(parts)

    @Slot()
    def _project_changed(self) -> None:
        session = self._context.session
        self._single.clear()
        self._asked.clear()
        self._visits.forget()
        classifies = session.task == "classification"
        self.show_page("" if classifies else "task")
        self._elsewhere.refresh()
        self.compare.forget()
        if classifies:
            self.study.networks.set_current("")
            self.show_mode(self._first_mode())

    def _first_mode(self) -> str:
        """Where images have no class yet they want one; else as it was left."""
        if self._context.trainings.runs.all():
            left = settings.ui_state("classify.mode", COMPARE)
            return left if left in _PAGES else COMPARE
        items = self._context.session.items()
        return COMPARE if items and all(item.label is not None for item in items) else LABEL

    @Slot()
    def _items_changed(self) -> None:
        if self.isVisible():
            self._tell()
        self.compare.items_changed(look=self.mode == COMPARE and self.isVisible())

    @Slot()
    def _classes_changed(self) -> None:
        """What was explained names classes by their places of before."""
        self._single.clear()
        self._asked.clear()
        self.compare.forget_cases()
        self._items_changed()

    @Slot(str)
    def _split_picked(self, name: str) -> None:
        settings.set_ui_state("classify.split", name)
        self.compare.shown(self._split_name)
        self._tell()

    @Slot(str)
    def _network_picked(self, arch: str) -> None:
        self.inside.show_network(arch, learning=self.study.learning(arch))

    @Slot(object)
    def _run_picked(self, run: Run | None) -> None:
        self.study.networks.set_current("")
        self.study.refresh()
        if run is not None:
            self.inside.show_network(classifier_of(run), run)

    # Labels ------------------------------------------------------------------------------------------------------------

    def label(self, place: int) -> None:
        """The digit of that class was pressed."""
        if self.mode == LABEL:
            self.image.label(place)

    def _unlabel(self) -> None:
        self.label(-1)

    def _undo_labels(self) -> None:
        """Take the last class back where it is seen: at the image that it was given to."""
        changed = self._context.session.assignments.undo_labels()
        if len(changed) == 1:
            self.open_image(changed[0])

    # Back and forward --------------------------------------------------------------------------------------------------

    @Slot()
    def _visited(self) -> None:
        item = self._context.session.current.item
        if item is not None and self.isVisible():
            self._visits.look(item.id, back=self._backwards)

    def _go_back(self) -> None:
        """To the image that was seen before, wherever the labelling had gone on from there."""
        last = self._visits.back(self._known())
        if last is not None:
            self._context.session.current.open(last)
        else:
            self._backwards = True
            self._context.session.walk.step(-1, among=self.order())
            self._backwards = False

    def _go_forward(self) -> None:
        """To the image from which a person went back, else to the next of the list."""
        following = self._visits.forward(self._known())
        if following is not None:
            self._context.session.current.open(following)
        else:
            self._context.session.walk.step(1, among=self.order())

    def _known(self) -> set[int]:
        return {item.id for item in self._context.session.items()}

    # Where the network looked at the open image ------------------------------------------------------------------------

    @Slot()
    def _look_anew(self) -> None:
        """What could not be asked before may be now."""
        self._refused.clear()
        self._look()

    @Slot()
    def _look(self) -> None:
        """Show where the run looked at the open image, or ask for it, if that is wanted."""
        session, run = self._context.session, self.run
        if self.page or self.mode != LABEL or not self.isVisible():  # nobody sees it: nothing is asked
            return
        if session.current.image is None or session.current.item is None:
            return
        if not self.opinion.where.isChecked() or run is None or not run.bundle.exists():
            self.image.show_heat(None)
            self.opinion.say("" if run is not None else tr("Train a network first."))
            return
        method = chosen_method(classifier_of(run))
        key = run.id, method, session.current.item.id
        case = self._single.get(key) or self.compare.case_of(*key)
        self.image.show_heat(case)
        if case is not None:
            self.opinion.show_case(case)
            return
        self.opinion.say(self._refused.get(key, tr("{run} is being asked …", run=run.name)))
        asked = self._asked.get(key)
        if key not in self._refused and (asked is None or not asked.active):
            refused = partial(self._not_explained, key)
            self._asked[key] = self._context.trainings.runs.explain(
                run, [session.current.item.id], method, refused=refused
            )

    def _not_explained(self, key: tuple[int, str, int], fault: BaseException) -> None:
        self._refused[key] = why_not(fault, self._context.session)
        self._look()

    @Slot()
    def _check_map(self) -> None:
        """Have the map of the open image held against those of shuffled weights."""
        run, item = self.run, self._context.session.current.item
        if run is not None and item is not None:
            method = chosen_method(classifier_of(run))
            self._context.trainings.runs.explain(run, [item.id], method, checked=True, refused=self._not_checked)

    def _not_checked(self, fault: BaseException) -> None:
        self._context.session.failed.emit(fault)
        self._look()  # the map may be checked again

    @Slot(object)
    def _explained(self, case: "Explained") -> None:
        if case.kind:
            return  # one that the program chose: the board's
        self._single[case.run, case.method, case.item] = case
        self._asked.pop((case.run, case.method, case.item), None)
        self._look()

    @Slot(object)
    def _case_opened(self, case: "Explained") -> None:
        self.opinion.where.setChecked(True)
        self.open_image(case.item)

    @Slot(int, int)
    def _predicted(self, run: int, item: int) -> None:
        """The run said something new, perhaps with other weights."""
        for key in [key for key in self._single if key[0] == run]:
            del self._single[key]
        current = self._context.session.current.item
        if current is not None and current.id == item and self.mode == LABEL:
            self.opinion.show_run(self.run)

    @Slot()
    def _image_changed(self) -> None:
        if self.mode == LABEL and self.isVisible():
            self.opinion.show_run(self.run)
            self._look_anew()

    @Slot(float)
    def _opacity_changed(self, value: float) -> None:
        self.compare.why.show_opacity()
        self.opinion.show_choices()
        self._look()


def _ask_room_of_shown(stack: QStackedWidget) -> None:
    """A page that nobody sees makes the window scroll no sooner."""
    for at in range(stack.count()):
        page, seen = stack.widget(at), at == stack.currentIndex()
        policy = QSizePolicy.Policy.Preferred if seen else QSizePolicy.Policy.Ignored
        if page is not None:
            page.setSizePolicy(policy, policy)


class _Label:
    """A digit's command: knows its place among the classes."""

    def __init__(self, tab: ClassifyTab, place: int) -> None:
        self._tab, self._place = tab, place

    def give(self) -> None:
        self._tab.label(self._place)


class _WrongTaskPage(QWidget):
    """For projects that paint masks, and without any: what belongs here, and the comparison of the lecture, which is always readable."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        words = {"new_project": tr("New classification project")}
        self._empty = EmptyState("classify.empty", _belongs(False), context.commands.actions("new_project"), words)
        self._empty.setFixedHeight(190)
        table = Panel()
        table.body.setContentsMargins(0, 0, 0, 0)
        note = note_on_errors()
        note.setContentsMargins(14, 8, 14, 8)
        table.add(note, FactTable())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._empty)
        column.addWidget(HeaderBar(tr("Architectures compared")))
        column.addWidget(table, 1)

    def refresh(self) -> None:
        self._empty.set_text(_belongs(self._context.session.project is not None))


def _belongs(paints: bool) -> str:
    text = tr("Here networks that give a class to a whole image are trained and compared.")
    return text + " " + tr("This project paints masks.") if paints else text
