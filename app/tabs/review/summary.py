"""How good the run is on the chosen set, and what to do where it has predicted nothing of it."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from app.dialogs.save_file import SaveFileDialog
from app.shell.context import AppContext
from app.tabs.parts.test_set import ReadTestSet
from app.tabs.review import words as words
from app.tabs.review.objects_by import ObjectsBy
from app.tabs.review.other_run import OtherRun
from engine.formats.names import safe_name
from engine.formats.score_tables import cases_csv
from engine.project.items import Item
from engine.project.runs import LEARNT_BEFORE, learnt_before
from engine.scoring.metrics import SetScores, set_scores
from engine.words import translatable
from widgets.bars import DotStrip
from widgets.column_parts import ActionBinding
from widgets.controls import Button, Heading, IconButton, PrimaryButton, Text, named
from widgets.figures import figure
from widgets.panels import Panel
from widgets.score_table import Column, Score, ScoreTable
from widgets.text import counted, tr

_MOST = 7  # rows of the classes: the cases above need room


@dataclass(frozen=True, eq=False)
class _ShownSet:
    name: str  # "test", "val", "train" or "all"
    items: tuple[Item, ...]
    scores: SetScores


class NothingPredicted(QFrame):
    """In the place of the list: nothing of the set is predicted yet, and the one step that changes it."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        named(self, "nothing_predicted", "")
        self.setProperty("role", "panel")
        self._context = context
        self._text = Text("", "dim")
        self._text.setWordWrap(True)
        self._set = PrimaryButton("predict_this_set", "")
        self._all = Button("predict_everything", tr("Predict all items"), role="large")
        self._followers = [
            ActionBinding(self._set, context.commands["predict_set"], self._under_way),
            ActionBinding(self._all, context.commands["predict_all"], self._under_way),
        ]
        panel = Panel()
        panel.add(self._text, self._set, self._all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        column.addStretch(1)

    def show_set(self, name: str) -> None:
        run = self._context.session.predictions.run
        text = words.nothing_predicted(name, run.name) if run is not None else ""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._set.setText(words.predict_set(name))
        self._set.setAccessibleName(words.predict_set(name))
        self._all.setVisible(name != "all")
        for follower in self._followers:
            follower.refresh()

    def _under_way(self) -> str:
        return tr("A prediction is under way.") if self._context.trainings.runs.predicting else ""


class SetSummary(Panel):
    """How good the run is on the set: the number, against what, its cases as dots, what is missing."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.setObjectName("set_summary")
        self._heading, self._reviewed = Heading(""), Text("", "dim")
        self._save = IconButton("save_cases", "export", tr("Save the scores of the cases as CSV"), side=24)
        self._save.clicked.connect(self._save_cases)
        self._shown: _ShownSet | None = None
        self._other = OtherRun(context)
        self._number, self._ground = Text("", "big"), Text("", "dim")
        self._number.setObjectName("set_mean_dice")
        self._ground.setObjectName("set_ground")
        self._ground.setWordWrap(True)
        self._dots = DotStrip("case_dots", tr("Dice of the cases"))
        self._classes = ScoreTable(
            "set_classes",
            tr("Dice of the classes in this set"),
            [
                Column(
                    tr("Dice"), 3, help=tr("Mean over the cases that hold the class, in your mask or in the prediction")
                ),
                Column("n", 0, help=tr("Cases that hold the class")),
            ],
            most=_MOST,
        )
        self._classes.picked.connect(self._pick)
        self._weighted, self._caution = Text("", "dim"), Text("", "dim")
        self._weighted.setObjectName("set_weighted")
        self._caution.setObjectName("set_caution")
        self._objects = Text("", "dim")
        self._objects.setObjectName("set_objects")
        self._objects_by = ObjectsBy(context)
        self._absent = Text("", "dim")
        self._absent.setObjectName("set_absent")
        self._helped = Text("", "dim")
        self._helped.setObjectName("set_helped")
        self._never = Text("", "dim")
        self._never.setObjectName("set_never_learnt")
        for text in (self._weighted, self._objects, self._caution, self._absent, self._helped, self._never):
            text.setWordWrap(True)
        self._test_set = ReadTestSet(context, "review.read_test_set")
        self._more = Button("predict_rest", "", role="link")
        self._more.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        ActionBinding(self._more, context.commands["predict_set"])
        self._by_hand = IconButton("review.dice_by_hand", "grid", tr("Dice by hand"), side=24)
        ActionBinding(self._by_hand, context.commands["dice_by_hand"])
        head = self.add_row(self._heading, self._by_hand, self._save)
        head.setStretch(0, 1)
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(self._ground)
        beside.addWidget(self._reviewed)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._number)
        line.addLayout(beside, 1)
        self.body.addLayout(line)
        self.add(
            self._dots,
            self._classes,
            self._weighted,
            self._objects_by,
            self._objects,
            self._helped,
            self._never,
            self._absent,
            self._caution,
            self._test_set,
            self._other,
            self._more,
        )

    def show_scores(self, name: str, scored: SetScores | None, items: list[Item], predicted: set[int]) -> None:
        run, current = self._context.session.predictions.run, self._context.session.current.item
        unread = run is not None and run.test_reading is None
        if unread and scored is not None:
            scored = _without_test(scored, items, [each.name for each in self._context.session.classes])
        self._test_set.show_run(run if name == "test" else None)
        self._heading.setText(words.heading(name))
        self._shown = _ShownSet(name, tuple(items), scored) if scored is not None else None
        self._save.setEnabled(self._shown is not None)
        self._other.show_set(name, scored, items)
        done = sum(item.state != "todo" for item in items)
        self._reviewed.setText(tr("{done} of {count} reviewed", done=done, count=len(items)))
        mean = scored.mean_dice if scored is not None else None
        self._number.setText(figure(mean, 3))
        self._number.setAccessibleName(tr("Mean Dice {value}", value=figure(mean, 3)))
        values = [each.mean_dice for each in scored.items] if scored is not None else []
        real = [value for value in values if value is not None]
        if run is not None:
            number = tr("not read") if unread and name == "test" else f"n\u00a0=\u00a0{len(real)}"
            self._ground.setText(
                tr("against {run}, {set}, {number}", run=run.name, set=words.set_name(name), number=number)
            )
        named_dice = {each.name: each.mean_dice for each in scored.items} if scored is not None else {}
        self._dots.set_values(real, mean, current=named_dice.get(current.name) if current is not None else None)
        self._dots.setVisible(bool(real))
        self._show_classes(scored)
        weighted = scored.weighted_dice if scored is not None else None
        self._weighted.setText(tr("Weighted by the size of the classes: {value}", value=figure(weighted, 3)))
        self._weighted.setVisible(weighted is not None and scored is not None and len(scored.classes) > 1)
        objects = scored.objects if scored is not None else None
        self._objects.setText(words.objects(objects) if objects is not None else "")
        self._objects.setVisible(objects is not None)
        self._objects_by.show_set(name, objects)
        left_out = _left_out(scored) if scored is not None else ""
        self._absent.setText(left_out)
        self._absent.setVisible(bool(left_out))
        self._show_help(scored)
        self._never.setText(words.other_classes(self._context.session))
        self._never.setVisible(bool(self._never.text()))
        learnt = any(item.split == "train" for item in items)
        caution = words.caution(name) if mean is not None and (learnt or name != "all") else ""
        if unread and name == "all" and any(item.split == "test" for item in items):
            caution = " ".join(filter(None, (caution, tr("Without the test set, which was not read."))))
        if run is not None and mean is not None:
            count = learnt_before((item for item in items if item.id in predicted), run.learnt_items())
            caution = " ".join(filter(None, (caution, counted(count, *LEARNT_BEFORE) if count else "")))
        self._caution.setText(caution)
        self._caution.setVisible(bool(caution))
        missing = sum(item.id not in predicted for item in items)
        self._more.setText(tr("Predict {count} more", count=missing))
        self._more.setAccessibleName(self._more.text())
        self._more.setVisible(bool(missing))

    @Slot()
    def _save_cases(self) -> None:
        run = self._context.session.predictions.run
        if self._shown is None or run is None:
            return
        shown = self._shown
        SaveFileDialog(
            self._context,
            "save_cases_file",
            tr("Save the scores of the cases as CSV"),
            tr("Tables ({pattern})", pattern="*.csv"),
            f"{safe_name(run.name)} {shown.name}.csv",
            partial(cases_csv, shown.scores, shown.items, run.name),
            self,
        ).open()

    def _show_help(self, scored: SetScores | None) -> None:
        """How many references were changed with the model's help, and what that would make of the number above, which leaves it out."""
        count = len(scored.helped) if scored is not None else 0
        self._helped.setVisible(bool(count))
        if scored is not None and count:
            one = translatable(
                "1 mask was changed with the model's help and is scored as it was before: with it {value}"
            )
            many = translatable(
                "{count} masks were changed with the model's help and are scored as they were before: with them {value}"
            )
            value = figure(scored.mean_dice_with_help, 3)
            self._helped.setText(tr(one if count == 1 else many, count=count, value=value))

    def _show_classes(self, scored: SetScores | None) -> None:
        """Of one class alone the number above says it all."""
        found = scored.classes if scored is not None else {}
        self._classes.setVisible(len(found) > 1)
        colors = {each.name: each.color for each in self._context.session.classes}
        absent, untaught = tr("In no mask and no prediction of this set."), tr("Never taught to this run.")
        unknown = scored.unknown if scored is not None else ()
        why = {name: untaught if name in unknown else absent for name in found}
        self._classes.set_scores(
            [Score(name, (each.dice, each.n), colors.get(name, ""), why[name]) for name, each in found.items()]
        )

    @Slot(str)
    def _pick(self, name: str) -> None:
        for value, each in enumerate(self._context.session.classes, start=1):
            if each.name == name:
                self._context.session.pick_class(value)


def _left_out(scored: SetScores) -> str:
    """Which classes that the run knows have no score, and why."""
    absent = [name for name, found in scored.classes.items() if not found.n and name not in scored.unknown]
    return tr("In no mask and no prediction, so not in the mean: {names}", names=", ".join(absent)) if absent else ""


def _without_test(scored: SetScores, items: list[Item], classes: list[str]) -> SetScores | None:
    """Of the means of a set nothing is told of test cases, until the test set is read; each case can be looked at all the same."""
    tests = {item.name for item in items if item.split == "test"}
    if not tests:
        return scored
    left = [each for each in scored.items if each.name not in tests]
    return set_scores(left, classes, scored.unknown) if left else None
