"""The scores of the case on the screen: Dice as it is corrected, distances as soon as they are measured, volumes."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Slot

from app.shell.context import AppContext
from app.tabs.review import words as words
from app.tabs.review.study import CaseStudy
from engine.scoring.metrics import ClassScores, mean, weighted_mean
from engine.scoring.surface import UNITS, SurfaceScores, unit_of
from engine.words import translatable
from widgets.column_parts import ActionBinding
from widgets.controls import Button, Text
from widgets.elided import ElidedButton
from widgets.panels import Panel
from widgets.score_table import Column, Score, ScoreTable
from widgets.text import tr


class CaseScoresPanel(Panel):
    """A row a class, mean and weighted mean beneath. Pressing a row makes the class the current one."""

    def __init__(self, context: AppContext, study: CaseStudy) -> None:
        super().__init__(tr("Scores of this case"))
        self._context, self._session, self._study = context, context.session, study
        self._ground = Text("", "dim")
        self._ground.setObjectName("case_ground")
        self._ground.setWordWrap(True)
        # Distances are in mm only where the image knows its pixels, so there is a table for each unit
        self._tables = {unit: self._make_table(unit) for unit in UNITS}
        self._over = Text("", "dim")
        self._over.setObjectName("case_distances_over")
        self._over.setWordWrap(True)
        self._predict = Button("predict_this", tr("Predict this item"))
        self._predicting = ActionBinding(self._predict, context.commands["predict_item"], self._under_way)
        self._take = Button("review.take", tr("Use as mask"))
        self._take_class = ElidedButton("review.take_class", tr("Only this class"))
        ActionBinding(self._take, context.commands["use_prediction"])
        ActionBinding(self._take_class, context.commands["use_prediction_class"])
        self._never = Text("", "dim")
        self._never.setObjectName("case_never_learnt")
        self._never.setWordWrap(True)
        self.add(self._ground, *self._tables.values(), self._over, self._never, self._predict)
        self.add_row(self._take, self._take_class).setStretch(1, 1)
        self._next_turn = QTimer(self)  # one change of the case is told by several of these
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._show)
        session = self._session
        for signal in (
            session.current.image_changed,
            session.predictions.prediction_changed,
            session.current.item_changed,
            session.predictions.scores_changed,
            session.classes_changed,
            session.active_class_changed,
            session.project_changed,
            context.trainings.runs.under_way_changed,
            study.surfaces_changed,
        ):
            signal.connect(self._show_soon)
        self._show()

    def _make_table(self, unit: str) -> ScoreTable:
        columns = [
            Column(tr("Dice"), 2, help=tr("Overlap of mask and prediction, 0 to 1")),
            Column(
                tr("HD95 mm") if unit == "mm" else tr("HD95 px"),
                1,
                help=tr("Hausdorff distance: 95 % of either surface lie closer to the other than this"),
            ),
            Column(tr("Vol. %"), 1, signed=True, help=tr("How much larger or smaller the prediction is than the mask")),
        ]
        table = ScoreTable(f"case_scores_{unit}", tr("Scores of this case"), columns)
        table.picked.connect(self._pick)
        return table

    @Slot()
    def _show_soon(self) -> None:
        self._next_turn.start()

    @Slot()
    def _show(self) -> None:
        session = self._session
        live, run = session.predictions.live, session.predictions.run
        compared = live is not None and session.current.image is not None
        self._ground.setText(self._words())
        if live is not None and session.current.image is not None:
            unit = unit_of(session.current.image.geometry.calibrated)
            for name, table in self._tables.items():
                table.setVisible(name == unit)
            self._tables[unit].set_scores(self._rows(live.scores.classes))
        else:
            for table in self._tables.values():
                table.hide()
        self._over.setText(self._about_distances(live.scores.classes) if live is not None and compared else "")
        self._over.setVisible(bool(self._over.text()))
        self._never.setText(words.other_classes(session))
        self._never.setVisible(compared and bool(self._never.text()))
        self._predict.setVisible(not compared and session.current.image is not None and run is not None)
        self._predicting.refresh()
        several = len(session.classes) > 1
        self._take.setVisible(compared)
        self._take_class.setVisible(compared and several)
        if several and 0 < session.active_class <= len(session.classes):
            self._take_class.say(tr("Only {name}", name=session.classes[session.active_class - 1].name))

    def _words(self) -> str:
        session = self._session
        if session.current.image is None or session.predictions.run is None:
            return tr("No case is open.")
        if session.predictions.labels is None:
            return tr("{run} has not predicted this case yet.", run=session.predictions.run.name)
        if session.current.mask is not None and not session.current.history() and session.predictions.live is not None:
            counts = session.predictions.live.counts
            if not counts.any():
                return tr("{run} against your mask, of which nothing is labelled.", run=session.predictions.run.name)
            if not counts[1:].any():
                if counts.sum() < session.current.mask.labels.size:
                    return tr(
                        "{run} against your mask, which is empty where labelled.", run=session.predictions.run.name
                    )
                return tr("{run} against your mask, which is empty.", run=session.predictions.run.name)
        if session.current.item is not None and session.current.item.split == "test" and session.current.helped:
            return tr(
                "{run} against your mask, which was changed with its help or another run's.",
                run=session.predictions.run.name,
            )
        return tr("{run} against your mask", run=session.predictions.run.name)

    def _about_distances(self, found: Sequence[ClassScores]) -> str:
        """Why there are none, or which classes their mean leaves out, though they are there; "" where it is over all of them."""
        if not self._study.measurable:
            return tr(_HALF)
        pairs = list(zip(self._session.classes, found, strict=False))
        alone = [each.name for each, scored in pairs if scored.missed or scored.extra]
        if not alone:
            return ""
        count = sum(scored.present for _, scored in pairs)
        return tr(
            "Distances are over {known} of {count} classes; in one of the masks alone: {names}",
            known=count - len(alone),
            count=count,
            names=", ".join(alone),
        )

    def _rows(self, found: Sequence[ClassScores]) -> list[Score]:
        surfaces = self._study.surfaces
        measured: list[SurfaceScores | None] = [*surfaces] if surfaces is not None else []
        if len(measured) != len(found):  # not measured yet, or a class was added meanwhile
            measured = [None] * len(found)
        rows = []
        for each, scored, surface, known in zip(
            self._session.classes, found, measured, self._session.predictions.knows, strict=False
        ):
            if not known:
                continue
            distance = surface.hd95 if surface is not None else None
            error = scored.volume_error
            volume = None if error is None else 100 * error
            why = _why(scored, surface is not None, self._why_no_distance())
            rows.append(Score(each.name, (scored.dice, distance, volume), each.color, why))
        if len(rows) > 1:
            taught = [scored for scored, there in zip(found, self._session.predictions.knows, strict=False) if there]
            rows += [self._mean(rows, taught), self._weighted(rows, taught)]
        return rows

    def _mean(self, rows: Sequence[Score], found: Sequence[ClassScores]) -> Score:
        present = sum(each.present for each in found)
        why = tr("Nothing to take the mean of.") if not present else self._why_no_distance()
        columns = [mean(_size(row.values[at], at) for row in rows) for at in range(3)]
        return Score(tr("Mean"), tuple(columns), strong=True, why=why)

    @staticmethod
    def _weighted(rows: Sequence[Score], found: Sequence[ClassScores]) -> Score:
        pairs = list(zip(rows, found, strict=True))
        columns = [weighted_mean((_size(row.values[at], at), each.truth) for row, each in pairs) for at in range(3)]
        why = tr("Classes count by their size in your mask.")
        return Score(tr("Weighted mean"), tuple(columns), lesser=True, why=why)

    def _why_no_distance(self) -> str:
        return tr("Being measured.") if self._study.measurable else tr(_HALF)

    def _under_way(self) -> str:
        return tr("A prediction is under way.") if self._context.trainings.runs.predicting else ""

    @Slot(str)
    def _pick(self, name: str) -> None:
        place = next((at for at, each in enumerate(self._session.classes, start=1) if each.name == name), None)
        if place is not None:
            self._session.pick_class(place)


_HALF = translatable("Distances are measured where all slices are labelled: the end of the labels is no surface.")


def _size(value: float | None, column: int) -> float | None:
    """Errors of volume are averaged by their size, else too much and too little would cancel out."""
    return abs(value) if value is not None and column == 2 else value


def _why(scored: ClassScores, measured: bool, otherwise: str) -> str:
    """Why a class lacks a number, `otherwise` where it has no reason of its own; "" where it lacks none."""
    if not scored.present:
        return tr("Neither in your mask nor in the prediction: it has no Dice and is left out of the mean.")
    if not scored.truth:
        return tr("Your mask has none of it, so there is no distance and no share.")
    if not scored.predicted:
        return tr("The prediction has none of it, so there is no distance.")
    return "" if measured else otherwise
