"""The left column of the Review tab: which run, which set, its cases, and how good the run is on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from app.shell import settings
from app.shell.context import AppContext
from app.tabs.parts.series import part_text, series_titles
from app.tabs.review import words as words
from app.tabs.review.summary import NothingPredicted, SetSummary
from engine.project.items import Item
from engine.scoring.instances import ObjectMatches, ObjectScores, object_scores
from engine.scoring.metrics import ABSENT, ItemScores, SetScores, set_scores
from widgets.case_list import CaseList, CaseRow
from widgets.controls import Choice, FilterChips, Separator, named
from widgets.elided import ElidedButton
from widgets.panels import PAD, Panel
from widgets.text import tip, tr
from widgets.word_combo import ElidedCombo

_NOTE = "review set"
_SOON = 200  # ms


@dataclass(frozen=True, eq=False)
class _CorrectedObjects:
    """The objects of a set as they were scored, those of one case as they are now, and the set with that case."""

    scored: ObjectScores
    case: ObjectMatches
    whole: ObjectScores


class CasesPanel(QFrame):
    """Shows the cases of the chosen set, worst first, scored against the run in use. `changed` when list or scores are others."""

    changed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._context = context
        self._items: list[Item] = []  # of the project
        self._predicted: set[int] = set()
        self._masked: set[int] = set()
        self._helped: set[int] = set()  # test cases whose mask was changed with the model's help
        self._run: int | None = None  # the one that `_live` belongs to
        self._live: dict[str, ItemScores] = {}  # corrected since the set was scored
        self._with_help: dict[str, ItemScores] = {}  # helped cases as they are now
        self._asked_with: dict[str, ItemScores] = {}  # corrections that the scoring under way knows
        self._corrected_objects: _CorrectedObjects | None = None
        self._matched: ObjectMatches | None = None  # the open case's objects as they are now
        self._stale = True  # the scores of the set may be of older masks
        self._judged: Mapping[int, tuple[str, bool]] = {}  # in which set each item is, and whether it was rejected
        self._sort = True  # the list is put in order when it is next drawn
        self._late = True  # what is on the screen is older than the project
        self._begins = False  # the tab came to the front, and nothing was picked since
        self._new = True  # nothing was looked at in this project yet
        self._last: int | None = None  # the item that was on the screen before
        self._dice_of = ""  # the class whose Dice is listed; "": the mean of all
        self._soon = QTimer(self)  # predictions arrive faster than a long list is sorted
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._show)
        self._next_turn = QTimer(
            self
        )  # one correction is told by several signals: shown once, and not within the correction's own turn
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._show)
        self._runs = ElidedCombo()
        named(self._runs, "review_run", tr("Run whose predictions are reviewed"))
        self._newer = ElidedButton("review_newer", "")
        self._newer.setProperty("role", "link")
        self._newer.hide()
        self._of_class = ElidedCombo()
        named(self._of_class, "review_dice_of", tr("Dice in the list"))
        self._sets = FilterChips("review_set", tr("Set"))
        self._list = CaseList("case_list", tr("Cases"))
        self._nothing = NothingPredicted(context)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list)
        self._pages.addWidget(self._nothing)
        self._summary = SetSummary(context)
        head = Panel()
        head.body.setContentsMargins(PAD, PAD - 2, PAD, 8)
        head.add(self._runs, self._newer, self._sets, self._of_class)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._pages, 1)
        column.addWidget(Separator())
        column.addWidget(self._summary)
        self._connect()

    def _connect(self) -> None:
        session, trainings = self._context.session, self._context.trainings
        session.project_changed.connect(self._project_changed)
        session.items_changed.connect(self._items_changed)
        session.current.item_changed.connect(self._went_on)
        session.predictions.prediction_changed.connect(self._predictions_changed)
        session.predictions.scores_changed.connect(self._corrected)
        session.current.history_changed.connect(self._edited)
        session.import_finished.connect(self._outdated)
        trainings.runs.changed.connect(self._predictions_changed)
        trainings.runs.under_way_changed.connect(self._predictions_changed)
        trainings.runs.predicted.connect(self._arrived)
        trainings.runs.scored.connect(self._scored)
        trainings.runs.scores_outdated.connect(self._forget_scores)
        self._runs.activated.connect(self._use_run)
        self._newer.clicked.connect(self._use_newer)
        self._of_class.activated.connect(self._use_class)
        self._sets.picked.connect(self._use_set)
        self._list.picked.connect(self._picked)
        self._list.thumbnail_wanted.connect(self._context.thumbnails.ask)
        self._context.thumbnails.ready.connect(self._list.set_thumbnail)
        self._context.thumbnails.forgotten.connect(self._list.forget_thumbnails)

    # What others ask ---------------------------------------------------------------------------------------------------

    @property
    def set_name(self) -> str:
        """ "test", "val", "train" or "all"."""
        return self._sets.current() or "test"

    @property
    def anything(self) -> bool:
        """Whether the run has predicted anything of the set."""
        return any(item.id in self._predicted for item in self._of_set())

    def unpredicted(self) -> list[int]:
        """Items of the set that the run has not predicted; all of the set where it has predicted all."""
        ids = [item.id for item in self._of_set()]
        return [id for id in ids if id not in self._predicted] or ids

    def ids(self) -> list[int]:
        """The cases as the list shows them."""
        return self._list.ids()

    def next_todo(self) -> int | None:
        """The case to do that comes after the open one in the list, from the top again at its end."""
        ids, current = self._list.ids(), self._context.session.current.item
        at = ids.index(current.id) + 1 if current is not None and current.id in ids else 0
        todo = {item.id for item in self._items if item.state == "todo"}
        return next((id for id in ids[at:] + ids[:at] if id in todo), None)

    def shown(self) -> None:
        """The tab comes to the front: with the worst case that is to do, the first time and where the open item is none of the list."""
        self._sort = self._begins = True
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._soon.stop()
        self._next_turn.stop()
        super().hideEvent(event)

    def show_objects(self, matched: ObjectMatches | None) -> None:
        """The open case's objects were compared anew; None: there are none, or they are not known yet."""
        if matched is not self._matched:
            self._matched = matched
            if matched is not None:
                self._show()

    def refresh(self) -> None:
        """Catch up with the project."""
        self._late = True
        self._load()
        self._show_runs()
        self._show_sets()
        self._show_class_names()
        self._ask()
        self._show()

    @Slot()
    def _went_on(self) -> None:
        """A person went to another case, in whatever way: the list does not choose one any more."""
        item = self._context.session.current.item
        if item is not None and self._last not in (None, item.id):
            self._begins = False
        self._last = item.id if item is not None else None
        self._show()

    @Slot(int)
    def _picked(self, id: int) -> None:
        self._begins = False
        self._context.session.current.open(id)

    # What happens ------------------------------------------------------------------------------------------------------

    @Slot()
    def _project_changed(self) -> None:
        self._forget_scores()
        self._new, self._last, self._dice_of = True, None, ""
        with QSignalBlocker(self._sets):
            self._sets.set_choices([])
        self._again()

    @Slot()
    def _again(self) -> None:
        self._late = True
        if self.isVisible():
            self.refresh()

    @Slot()
    def _items_changed(self) -> None:
        """Where others are in the sets, or rejected, they are scored anew."""
        judged = {item.id: (item.split, item.rejected) for item in self._context.session.items()}
        if judged != self._judged:
            self._judged, self._stale = judged, True
        self._again()

    @Slot()
    def _predictions_changed(self) -> None:
        self._again()

    @Slot(int, int)
    def _arrived(self, run: int, item: int) -> None:
        if self._context.session.predictions.run is not None and self._context.session.predictions.run.id == run:
            self._predicted.add(item)
            self._stale, self._sort = True, True
            if self.isVisible() and not self._soon.isActive():
                self._soon.start()

    @Slot(object)
    def _outdated(self, imported: object) -> None:
        self._stale = True

    @Slot()
    def _edited(self) -> None:
        """Without a prediction on the screen a stroke has no live Dice: the set is scored when it is next looked at."""
        if self._context.session.predictions.live is None:
            self._stale = True

    @Slot()
    def _corrected(self) -> None:
        """The open case has another live Dice."""
        session = self._context.session
        if session.predictions.live is None or session.current.item is None:
            return
        self._follow_run()
        self._masked.add(session.current.item.id)
        item = session.current.item
        found = session.predictions.live.scores.classes
        known = zip(session.classes, found, session.predictions.knows, strict=False)
        now = ItemScores(item.name, {each.name: one for each, one, there in known if there})
        if item.split == "test" and session.current.helped:  # its score stays that of the mask before
            self._helped.add(item.id)
            self._with_help[item.name] = now
        else:
            self._helped.discard(item.id)
            self._with_help.pop(item.name, None)
            self._live[item.name] = now
        if self.isVisible():
            self._next_turn.start()

    @Slot()
    def _forget_scores(self) -> None:
        self._live, self._with_help, self._asked_with, self._stale = {}, {}, {}, True

    @Slot(int, str)
    def _scored(self, run: int, split: str) -> None:
        in_use = self._context.session.predictions.run
        if in_use is None or in_use.id != run or split != words.split_of(self.set_name):
            return
        for name, known in self._asked_with.items():
            if self._live.get(name) is known:
                del self._live[name]
        self._asked_with, self._sort = {}, True
        if self.isVisible():
            self._show()

    @Slot()
    def _use_run(self) -> None:
        id = self._runs.currentData()
        self._context.session.predictions.use_run(
            next((run for run in self._context.trainings.runs.all() if run.id == id), None)
        )

    @Slot()
    def _use_newer(self) -> None:
        """The run that was trained while another one was looked at."""
        trainings = self._context.trainings
        run = trainings.runs.find(trainings.newer) if trainings.newer is not None else None
        if run is not None:
            self._context.session.predictions.use_run(run)

    @Slot()
    def _use_class(self) -> None:
        self._dice_of = self._of_class.currentData() or ""
        self._sort = True
        self._show()

    @Slot(str)
    def _use_set(self, name: str) -> None:
        settings.set_ui_state(_NOTE, name)
        self._stale, self._sort, self._begins = True, True, True
        self.refresh()

    def _follow_run(self) -> None:
        """Scores of another run are not this one's."""
        run = self._context.session.predictions.run
        if (run.id if run is not None else None) != self._run:
            self._run = run.id if run is not None else None
            self._forget_scores()
            self._sort = True

    # What is shown -----------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        session = self._context.session
        self._follow_run()
        self._items = session.items()
        self._late = False
        self._predicted, self._masked, self._helped = set(), set(), set()
        if session.project is not None and session.task != "classification":
            self._masked = session.project.layers.masked()
            helped = session.project.layers.helped()
            self._helped = {item.id for item in self._items if item.split == "test" and item.id in helped}
            if session.predictions.run is not None:
                self._predicted = session.project.layers.predicted(session.predictions.run.id)

    def _of_set(self) -> list[Item]:
        split = words.split_of(self.set_name)
        return [item for item in self._items if not split or item.split == split]

    def _ask(self) -> None:
        """Have the set scored where its scores are missing or old."""
        session, trainings = self._context.session, self._context.trainings
        if session.predictions.run is None or not self.anything:
            return
        split = words.split_of(self.set_name)
        if self._stale or trainings.runs.scores(session.predictions.run, split) is None:
            trainings.runs.show_scores(session.predictions.run, split, anew=self._stale)
            self._stale = False
            self._asked_with = dict(self._live)

    def _show_runs(self) -> None:
        session = self._context.session
        runs = [run for run in self._context.trainings.runs.all() if run.bundle.exists()]
        shown = [(words.run_title(run), run.id) for run in reversed(runs)]
        now = [(self._runs.itemText(at), self._runs.itemData(at)) for at in range(self._runs.count())]
        if shown != now:
            self._runs.clear()
            for title, id in shown:
                self._runs.addItem(title, id)
        if session.predictions.run is not None:
            self._runs.setCurrentIndex(self._runs.findData(session.predictions.run.id))
        self._runs.setToolTip(tip(self._runs.currentText()))
        newer, in_use = self._context.trainings.newer, session.predictions.run
        offered = next((run for run in runs if run.id == newer and in_use is not None and run.id != in_use.id), None)
        self._newer.setVisible(offered is not None)
        if offered is not None:
            self._newer.say(tr("{run} is trained: review it", run=offered.name))

    def _show_class_names(self) -> None:
        """Of one class alone the mean is its own."""
        names = self._class_names()
        if self._dice_of not in names:
            self._dice_of = ""
        self._of_class.setVisible(len(names) > 1)
        wanted = [(tr("Dice: mean of the classes"), ""), *((tr("Dice: {name}", name=name), name) for name in names)]
        if wanted != [
            (self._of_class.itemText(at), self._of_class.itemData(at)) for at in range(self._of_class.count())
        ]:
            self._of_class.clear()
            for text, name in wanted:
                self._of_class.addItem(text, name)
        self._of_class.setCurrentIndex(self._of_class.findData(self._dice_of))

    def _show_sets(self) -> None:
        counts = dict.fromkeys(words.SETS, 0) | {"all": len(self._items)}
        for item in self._items:
            if item.split:
                counts[item.split] += 1
        wanted = self._sets.current() or settings.ui_state(_NOTE, "test")
        if not counts.get(wanted):
            wanted = next((name for name in words.SETS if counts[name]), "all")
        self._sets.set_choices([Choice(name, words.chip(name), count=counts[name]) for name in words.SETS], wanted)
        for name in words.SETS:
            button = self._sets.button(name)
            button.setEnabled(bool(counts[name]))
            button.setToolTip("" if counts[name] else tr("No item is in this set: the Data tab makes the sets."))

    @Slot()
    def _show(self) -> None:
        self._soon.stop()
        self._next_turn.stop()
        if not self.isVisible():
            return
        if self._late:
            self._load()
        session = self._context.session
        items, scored = self._of_set(), self._scores()
        known = {each.name: each for each in scored.items} if scored is not None else {}
        current = session.current.item.id if session.current.item is not None else None
        titles = series_titles(items)
        rows = [self._row(item, known.get(item.name), item.id == current, titles) for item in items]
        self._list.set_cases(rows, keep_order=not self._sort)
        self._sort = False
        self._list.set_current(current)
        nothing = session.predictions.run is not None and not self.anything
        self._pages.setCurrentWidget(self._nothing if nothing else self._list)
        self._nothing.show_set(self.set_name)
        self._summary.setVisible(not nothing)
        self._summary.show_scores(self.set_name, scored, items, self._predicted)
        self.changed.emit()
        if self._begins and self._all_scored():
            self._begins = False
            there = current in self._predicted and any(item.id == current for item in items)
            if self._new or not there:
                self._open_worst(items)
            self._new = False

    def _all_scored(self) -> bool:
        """Whether more than the case on the screen has a score yet."""
        run = self._context.session.predictions.run
        split = words.split_of(self.set_name)
        return run is not None and self._context.trainings.runs.scores(run, split) is not None

    def _open_worst(self, items: list[Item]) -> None:
        """The first case of the list that is to do, else its first."""
        todo = {item.id for item in items if item.state == "todo"}
        predicted = [id for id in self._list.ids() if id in self._predicted]
        first = next((id for id in predicted if id in todo), predicted[0] if predicted else None)
        if first is not None:
            self._context.session.current.open(first)

    def _scores(self) -> SetScores | None:
        """The scores of the set, with what was corrected since they were computed."""
        session, trainings = self._context.session, self._context.trainings
        if session.predictions.run is None:
            return None
        known = trainings.runs.scores(session.predictions.run, words.split_of(self.set_name))
        counted = [item for item in self._of_set() if not item.rejected]
        names = {item.name for item in counted}
        cases = {each.name: each for each in known.items if each.name in names} if isinstance(known, SetScores) else {}
        for name, live in self._live.items():
            if name in names and not (name in cases and _counted_alike(cases[name], live)):
                cases[name] = live  # what is as it was keeps the distances that were measured
        if not cases:
            return None
        unknown = known.unknown if isinstance(known, SetScores) else ()
        found = [
            replace(each, classes={name: one for name, one in each.classes.items() if name not in unknown})
            for each in cases.values()
        ]
        helped = {each.name: each for each in known.helped} if isinstance(known, SetScores) else {}
        helped |= self._with_help
        there = {item.name for item in counted if item.id in self._helped}
        whole = set_scores(found, [each.name for each in session.classes], unknown)
        return replace(
            whole,
            helped=tuple(each for name, each in helped.items() if name in there),
            objects=self._objects(known) if isinstance(known, SetScores) else None,
        )

    def _objects(self, known: SetScores) -> ObjectScores | None:
        """Those of the set with the open case's as they are now; AP waits for the set's next scoring, since it goes by how sure the network
        was of each. A helped case stays as it was before the help."""
        session, found, now = self._context.session, known.objects, self._matched
        helped = session.current.item is not None and session.current.item.id in self._helped
        if found is None or now is None or helped or now.name not in {one.name for one in found.items}:
            return found
        kept = self._corrected_objects
        if kept is None or kept.scored is not found or kept.case is not now:
            kept = _CorrectedObjects(found, now, _with_case(found, now, [each.name for each in session.classes]))
            self._corrected_objects = kept
        return kept.whole

    def _class_names(self) -> list[str]:
        """The classes that the run has learnt."""
        session = self._context.session
        return [each.name for each, known in zip(session.classes, session.predictions.knows, strict=False) if known]

    def _row(self, item: Item, scored: ItemScores | None, is_open: bool, titles: Mapping[str, str]) -> CaseRow:
        dice = None
        if scored is not None:
            dice = scored.classes.get(self._dice_of, ABSENT).dice if self._dice_of else scored.mean_dice
        if item.id not in self._predicted:
            why = tr("Not predicted yet.")
        elif item.id not in self._masked and not is_open:
            why = tr("It has no mask to compare with.")
        elif item.rejected and scored is None:
            why = tr("It was rejected: it is not scored.")
        elif item.id in self._helped and scored is None:
            why = tr("Its mask is the model's own: there is nothing to score it by.")
        elif scored is None:
            why = tr("Being computed.")
        elif self._dice_of:
            why = tr("{name} is neither in the mask nor in the prediction, so there is no Dice.", name=self._dice_of)
        else:
            why = tr("No class is in the mask or in the prediction, so there is no Dice.")
        text, tone = words.state(item, is_open)
        size, rank = words.size_of_item(item), words.RANKS[item.state]
        if item.id in self._helped:
            size = tr("with the model's help · {size}", size=size)
        row = CaseRow(item.id, item.name, size, dice, why, text, tone, rank, item.comment)
        if item.part is None or item.part.key not in titles:
            return row
        key = item.part.key
        return replace(row, group=key, group_title=titles[key], part=part_text(item.part), place=item.part.number)


def _counted_alike(one: ItemScores, other: ItemScores) -> bool:
    """Whether they are of the same masks, as far as voxels tell, with distances or without."""

    def counts(scored: ItemScores) -> dict[str, tuple[int, int, int]]:
        return {name: (each.truth, each.predicted, each.both) for name, each in scored.classes.items()}

    return counts(one) == counts(other)


def _with_case(found: ObjectScores, now: ObjectMatches, names: Sequence[str]) -> ObjectScores:
    """The objects of a set with one case as it is now. With many objects that takes a while: it is not done at every stroke."""
    items = [now if one.name == now.name else one for one in found.items]
    live = object_scores(items, names)
    classes = {
        name: replace(live.classes[name], ap=one.ap, ap50=one.ap50, ap75=one.ap75)
        for name, one in found.classes.items()
        if name in live.classes
    }
    return ObjectScores(classes, tuple(items))
