"""Where reader and model differ, one region or object after the other: keep mine, or take the model's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QProgressBar, QVBoxLayout

from app.dialogs.test_reference import with_leave
from app.services.kept_answers import KeptAnswers
from app.services.mask_changes import AT_ONCE
from app.shell.context import AppContext
from app.tabs.review import words as words
from app.tabs.review.least import SmallOnes
from app.tabs.review.study import SHOWN, CaseStudy
from engine.imaging.image import Window
from engine.labels.edit import Edit
from engine.labels.mask import Mask
from engine.scoring.differences import AnyDifference
from engine.scoring.instances import FATES
from engine.words import PART, stored_words, translatable
from widgets.column_parts import ActionBinding
from widgets.controls import Button, IconButton, Text, named
from widgets.fate_legend import FateLegend
from widgets.figures import figure
from widgets.panels import Panel
from widgets.region_list import RegionList, RegionRow
from widgets.region_picture import picture
from widgets.text import tr

_LEAST = 96  # px of the list: the column scrolls before it is squeezed further


@dataclass(frozen=True)
class _WhenOpened:
    """What the case was like before the first answer."""

    count: int  # of the regions that are asked about
    dice: float | None  # the mean over the classes


_REPLACES = translatable("{model}, not {mine}")


class DifferencesPanel(QFrame):
    """The regions, the largest first. `went(region)` when one is to be seen; None: none is."""

    went = Signal(object)
    listed = Signal()  # `regions` are others
    fate_picked = Signal(str)  # of objects: those with that fate alone are to be seen; "": all

    def __init__(
        self,
        context: AppContext,
        study: CaseStudy,
        window: Callable[[], Window],
        seen: Callable[[AnyDifference], bool],
    ) -> None:
        """`window` gives the window that the scan is seen with, `seen` says whether a region is in sight: an answer to one that is not
        brings it there first."""
        super().__init__()
        named(self, "differences", tr("Where you and the model differ"))
        self.setProperty("role", "panel")
        self._context, self._session, self._study = context, context.session, study
        self._window, self._seen = window, seen
        self._kept = KeptAnswers(context.session)
        self.regions: tuple[AnyDifference, ...] = ()  # that are listed, the largest first
        self._opened: _WhenOpened | None = None
        self._current: AnyDifference | None = None
        self._held: tuple[object, ...] | None = None  # the key of the current one, while it is looked for again
        self._place = 0
        self._awaited = ""  # the edit of the last answer, until it is in the history
        self._progress = QProgressBar()
        named(self._progress, "differences_answered", tr("Differences answered"))
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(3)
        self._answered, self._dice = Text("", "dim"), Text("", "dim")
        self._answered.setObjectName("answered")
        self._list = RegionList[AnyDifference]("regions", tr("Where you and the model differ"), self._row)
        self._list.setMinimumHeight(_LEAST)
        self._mine = Button("keep_mine_button", tr("Keep mine"))
        self._model = Button("take_model_button", tr("Take the model's"))
        self._followers = [
            ActionBinding(self._mine, context.commands["keep_mine"], self._why_not),
            ActionBinding(self._model, context.commands["take_model"], self._why_not),
        ]
        head = Panel(tr("Where you and the model differ"))
        head.body.setContentsMargins(14, 14, 14, 8)
        explain = IconButton("explain_here_button", "question", tr("Explain here"), side=24)
        ActionBinding(explain, context.commands["explain_here"])
        head.add_to_heading(explain)
        self.fates = FateLegend()
        self._compared = Text("", "dim")
        self._compared.setObjectName("slices_compared")
        self._compared.setWordWrap(True)
        head.add(self.fates, self._compared, self._progress)
        line = head.add_row(self._answered)
        line.addStretch(1)
        line.addWidget(self._dice)
        row = head.add_row(self._mine, self._model)
        row.setStretch(0, 1)
        row.setStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._list, 1)
        self._small = SmallOnes()
        column.addWidget(self._small)
        self._small.changed.connect(self._list_others)
        self.fates.picked.connect(self._pick_fate)
        context.session.project_changed.connect(self._kept.forget)
        study.regions_changed.connect(self._show)
        context.session.classes_changed.connect(self._show)
        context.session.predictions.scores_changed.connect(self._show_dice)
        context.session.current.history_changed.connect(self._go_on)
        context.session.current.item_about_to_close.connect(self._forget)
        context.session.predictions.prediction_changed.connect(self._forget)
        self._list.picked.connect(self._pick)
        self._show()

    @property
    def current(self) -> AnyDifference | None:
        return self._current

    @property
    def title(self) -> str:
        """What is wrong with the current region: "Stomach · too much"."""
        return self._name(self._current) if self._current is not None else ""

    @Slot()
    def keep_mine(self) -> None:
        """The mask is right there: on to the next."""
        if self._current is not None and self._in_sight(self._current):
            self._kept.add(self._current)
            self._next(1)
            self._show()

    @Slot()
    def take_model(self) -> None:
        """Let the mask say there what the model says, as one edit, and on to the next."""
        if self._session.current.mask is None or self._current is None or not self._session.writable:
            return
        if self._in_sight(self._current):
            with_leave(self._context, self, self._take)

    def _take(self) -> None:
        mask, region = self._session.current.mask, self._current
        if mask is None or region is None:
            return
        name, current = PART.join((translatable("Prediction taken"), self._stored_name(region))), self._session.current
        work = self._taking(region, name)
        self._awaited = name
        if region.reach > AT_ONCE:
            self._next(1, taken=region)
            current.change_slice(name, work, region.reach)
            return
        edit = work(mask)
        if edit.empty:
            self._session.notification.emit(tr("Nothing changed: the class is locked."), "warn")
            return
        self._next(1, taken=region)
        current.record_edit(edit)

    @Slot()
    def _go_on(self) -> None:
        """Views go to where a mask changes: after an answer the next region is what a person wants to see."""
        history = self._session.current.history()
        if self._awaited and history and history[-1].name == self._awaited and not history[-1].undone:
            self._awaited = ""
            self.went.emit(self._current)

    def _taking(self, region: AnyDifference, name: str) -> Callable[[Mask], Edit]:
        """What takes the region over, as it is shown now: a job may do it when another prediction is there."""
        predictions, objects = self._session.predictions, self._study.objects
        assert predictions.labels is not None
        ids = objects.ids if objects is not None else predictions.ids
        return partial(region.take, name=name, labels=predictions.labels, ids=ids)

    def step(self, steps: int) -> None:
        """Go to another region, round and round."""
        if self.regions:
            self._pick((self._place + steps) % len(self.regions) if self._current is not None else 0)

    def _in_sight(self, region: AnyDifference) -> bool:
        """Whether it is seen. Where it is not it is brought into sight, and the answer is given again."""
        seen = self._seen(region)
        if not seen:
            self.went.emit(region)
        return seen

    @Slot(int)
    def _pick(self, place: int) -> None:
        self._place, self._current = place, self.regions[place]
        self._list.set_current(place)
        self._refresh()
        self.went.emit(self._current)

    def _next(self, step: int, taken: AnyDifference | None = None) -> None:
        """To the next region that is not answered, nor with what was taken; to none where all are."""
        regions, here = self.regions, self._current
        order = [(self._place + step * n) % len(regions) for n in range(1, len(regions))] if regions else []
        place = next((at for at in order if regions[at] not in self._kept and not _together(regions[at], taken)), None)
        self._current = regions[place] if place is not None and regions[place] is not here else None
        self._place = place or 0
        self._list.set_current(place)
        self.went.emit(self._current)

    @Slot()
    def _forget(self) -> None:
        self._opened, self._current, self._held, self._place, self._awaited = None, None, None, 0, ""
        self._small.fold()
        self.fates.show_all()
        self.fate_picked.emit("")
        self.went.emit(None)

    @Slot(str)
    def _pick_fate(self, fate: str) -> None:
        self._current = self._held = None
        self._list_others()
        self.went.emit(self._current)
        self.fate_picked.emit(fate)

    def _regions(self) -> tuple[AnyDifference, ...]:
        """What is asked about: of objects those of the fate that is picked, else all that were not simply found."""
        objects, fate = self._study.objects, self.fates.current
        if objects is None or not fate:
            return self._study.regions
        return tuple(each for each in objects.differences if FATES[each.fate] == fate)[:SHOWN]

    @Slot()
    def _list_others(self) -> None:
        """Other regions are asked about from now on."""
        if self._opened is not None:
            self._opened = replace(self._opened, count=0)
        self._show()

    @Slot()
    def _show(self) -> None:
        study, image = self._study, self._session.current.image
        begins = study.known and self._opened is None
        if begins and image is not None:
            self._kept.read()
            self._small.measure(image.geometry)
        self.fates.show_counts(study.objects)
        self._compared.setText(self._words_of_slices())
        self._compared.setVisible(bool(self._compared.text()))
        wanted = self._regions()
        whole = len(wanted) if self.fates.current else study.count  # a slice keeps its largest ones alone
        large = self._small.large(wanted)
        self.regions = regions = wanted if self._small.shown else large
        count = whole if self._small.shown else len(large)
        self._small.say(whole - len(large))
        if begins:
            self._opened = _WhenOpened(count, self._mean())
        to_answer = [at for at, region in enumerate(regions) if region not in self._kept]
        if self._current is not None:
            self._held = self._current.key
        if self._held is not None:
            self._put(next((at for at, region in enumerate(regions) if region.key == self._held), None))
        gone = study.known and self._held is not None and self._current is None
        if study.known:
            self._held = None
        if study.known and self._current is None:  # so that the keys have what they answer
            self._put(to_answer[0] if to_answer else None)
        self._list.set_regions(regions, self._place if self._current else None)
        present = len(regions) - len(to_answer)
        total = max(self._opened.count if self._opened is not None else 0, count)
        done = present + total - count
        self._progress.setRange(0, max(total, 1))
        self._progress.setValue(done if study.known else 0)
        self._answered.setText(self._words(done, total))
        self._refresh()
        self._show_dice()
        self.listed.emit()
        if begins and self._current is not None:
            self.went.emit(self._current)
        elif gone:
            self.went.emit(None)  # the scan frames what is no more

    def _put(self, place: int | None) -> None:
        """What is in hand: the region that is listed there, or none."""
        self._current = self.regions[place] if place is not None else None
        self._place = place or 0

    def _words(self, done: int, total: int) -> str:
        if not self._study.possible:
            return tr("There is nothing to compare yet.")
        if not self._study.known:
            return tr("Looking…")
        if not total:
            return tr("Only in small places.") if self._study.count else tr("Nowhere.")
        return tr("{done} of {total} answered", done=done, total=total)

    def _words_of_slices(self) -> str:
        """Which slices of a volume are left out; "" where none is."""
        mask, labelled = self._session.current.mask, self._session.current.labelled
        if not self._study.known or mask is None or len(labelled) == mask.shape[0]:
            return ""
        if self._study.unlabelled:
            return tr(
                "Nothing was labelled here when it was opened: what the model says is no mistake, and labelled slices alone are scored."
            )
        values = {"count": len(labelled), "total": mask.shape[0]}
        if self._study.objects is None:
            return tr("{count} of {total} slices are labelled: mask and prediction are compared there alone.", **values)
        return tr(
            "{count} of {total} slices are labelled: objects are compared there alone, and taken over there alone.",
            **values,
        )

    def _refresh(self) -> None:
        there = bool(self.regions)
        self._small.setVisible(self._study.known and bool(self._study.count))
        self._mine.setVisible(there)
        self._model.setVisible(there)
        self._progress.setVisible(there)
        for follower in self._followers:
            follower.refresh()

    def _why_not(self) -> str:
        return "" if self._current is not None else tr("Choose a region first.")

    @Slot()
    def _show_dice(self) -> None:
        now = self._mean()
        before = self._opened.dice if self._opened is not None else None
        moved = before is not None and now is not None and abs(before - now) >= 0.0005
        self._dice.setVisible(moved)
        self._dice.setText(tr("Dice {before} → {after}", before=figure(before, 3), after=figure(now, 3)))

    def _mean(self) -> float | None:
        return self._session.predictions.live.scores.mean_dice if self._session.predictions.live is not None else None

    def _row(self, region: AnyDifference) -> RegionRow:
        session = self._session
        image, mask, prediction = session.current.image, session.current.mask, session.predictions.labels
        assert image is not None
        assert mask is not None
        assert prediction is not None
        parts = [words.area(region, image.geometry)]
        if region.iou is not None:
            parts.append(f"IoU {figure(region.iou, 2)}")
        if image.shape[0] > 1:
            parts.append(tr("slice {number}", number=region.index + 1))
        small = cache(partial(picture, region, image, self._window(), mask, prediction, self._study.objects))
        color = session.classes[region.value - 1].color if region.value <= len(session.classes) else ""
        name = self._name(region)
        tail = f" · {tr(region.finding)}"
        return RegionRow(
            name, " · ".join(parts), color, small, region in self._kept, tail if name.endswith(tail) else ""
        )

    def _name(self, region: AnyDifference) -> str:
        name, replaced = self._classes_of(region)
        return tr(_REPLACES, model=name, mine=replaced) if replaced else PART.join((name, tr(region.finding)))

    def _stored_name(self, region: AnyDifference) -> str:
        """The same for the history, in no language."""
        name, replaced = self._classes_of(region)
        if replaced:
            return stored_words(_REPLACES, model=name, mine=replaced)
        return PART.join((name, stored_words(region.finding)))

    def _classes_of(self, region: AnyDifference) -> tuple[str, str]:
        """The class that the model says, and the one that it says it in place of ("" for none)."""
        names = [each.name for each in self._session.classes]
        name = names[region.value - 1] if region.value <= len(names) else str(region.value)
        return name, names[region.replaced - 1] if 0 < region.replaced <= len(names) else ""


def _together(region: AnyDifference, other: AnyDifference | None) -> bool:
    """Whether the model's objects take the place of both at once."""
    return other is not None and region.group is not None and region.group == other.group
