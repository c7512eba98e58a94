"""Dice by hand: two small grids that can be clicked, or the slice of a case, counted class by class, with the losses of the same pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.dialogs.answers import answered
from engine.labels.classes import default_color
from engine.labels.edit import Labels
from engine.scoring.by_hand import ByHand, left_out
from engine.scoring.metrics import ClassScores, Confusion, confusion
from engine.words import translatable
from widgets.class_grid import ClassGrid
from widgets.column_parts import fit_window, scrolled
from widgets.controls import Choice, Heading, PrimaryButton, Segmented, Separator, Text, named
from widgets.figures import figure
from widgets.overlap_pictures import OverlapPictures
from widgets.panels import Panel
from widgets.sliders import Slider
from widgets.text import tr

_CASE = "case"
_SURE = 90  # percent


@dataclass(frozen=True, eq=False)
class CaseSlice:
    """What is counted of an open case: the slice of this title, `picture` (h, w) or (h, w, 3) with its masks (h, w), as it hangs. They hold
    the classes of these names and colours, from 1 on; `pixel` is the height and width of one, in any unit."""

    title: str
    names: tuple[str, ...]
    colors: tuple[str, ...]
    picture: Labels
    truth: Labels
    predicted: Labels
    pixel: tuple[float, float] = (1.0, 1.0)

    @cached_property
    def counts(self) -> Confusion:
        return confusion(self.truth, self.predicted, len(self.names))


@dataclass(frozen=True)
class _Example:
    text: str
    truth: tuple[tuple[int, ...], ...]
    predicted: tuple[tuple[int, ...], ...]
    classes: int


_TWO = ((0, 1, 1), (0, 2, 0), (2, 0, 1)), ((0, 1, 0), (2, 2, 0), (2, 0, 1))
_EXAMPLES = {
    "binary": _Example(
        translatable("One class"), ((1, 0, 0), (0, 1, 0), (1, 0, 1)), ((1, 0, 0), (1, 1, 0), (0, 0, 1)), 1
    ),
    "two": _Example(translatable("Two classes"), *_TWO, 2),
    "empty": _Example(translatable("A class in neither"), *_TWO, 3),
}


def show_dice_by_hand(parent: QWidget | None, case: CaseSlice | None = None) -> None:
    """Show it until it is closed; `case` is the slice on the screen, which comes first."""
    answered(DiceByHandDialog(parent, case))


class DiceByHandDialog(QDialog):
    """The lecture's examples to click through, and the open case's slice where there is one."""

    def __init__(self, parent: QWidget | None, case: CaseSlice | None = None) -> None:
        super().__init__(parent)
        named(self, "dice_by_hand", tr("Dice by hand"))
        self.setWindowTitle(tr("Dice by hand"))
        self._case = case
        choices = [Choice(name, tr(example.text)) for name, example in _EXAMPLES.items()]
        if case is not None:
            choices.insert(0, Choice(_CASE, tr("This slice")))
        self._example = Segmented("dice_by_hand.example", tr("Example"), choices)
        self.truth = ClassGrid("dice_by_hand.truth", tr("Truth"))
        self.predicted = ClassGrid("dice_by_hand.predicted", tr("Predicted"))
        self._grids = QWidget()
        self.pictures = OverlapPictures("dice_by_hand.pictures")
        if case is not None:
            self.pictures.show_slice(case.picture, case.truth, case.predicted, case.colors, case.pixel)
        self._ground = Text("", "dim")
        self._counted, self._means, self._empty, self._losses = Text(), Text("", "strong"), Text("", "dim"), Text()
        parts = {"ground": self._ground, "counted": self._counted, "means": self._means}
        for name, text in {**parts, "empty": self._empty, "losses": self._losses}.items():
            text.setObjectName(f"dice_by_hand.{name}")
            text.setWordWrap(True)
        self._sure = Slider("dice_by_hand.sure", tr("Confidence"), 51, 99, _SURE, unit="%")
        self._lay_out()
        self._example.picked.connect(self._choose)
        self.truth.changed.connect(self._count)
        self.predicted.changed.connect(self._count)
        self._sure.changed.connect(self._count)
        self._choose(self._example.current())

    def _lay_out(self) -> None:
        self._grids.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self._grids)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(28)
        for title, grid in ((tr("Truth (B)"), self.truth), (tr("Predicted (A)"), self.predicted)):
            column = QVBoxLayout()
            column.setSpacing(6)
            column.addWidget(Text(title, "dim"))
            column.addWidget(grid)
            row.addLayout(column)
        row.addStretch(1)
        counts = Panel()
        counts.add(self._example, self._ground, self._grids, self.pictures)
        counts.add(Heading(tr("Counted, class by class")), self._counted)
        counts.add(self._means, self._empty, Separator(), Heading(tr("As losses")))
        counts.add_row(Text(tr("Confidence"), "dim"), self._sure).setStretch(1, 1)
        counts.add(self._losses)
        counts.body.addStretch(1)
        close = PrimaryButton("dice_by_hand.close", tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 14)
        foot.addStretch(1)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scrolled("dice_by_hand.scroll", counts, read=True), 1)
        whole.addWidget(Separator())
        whole.addLayout(foot)
        fit_window(self, 680, 680)

    @Slot(str)
    def _choose(self, name: str) -> None:
        self._grids.setVisible(name != _CASE)
        self.pictures.setVisible(name == _CASE)
        if name == _CASE and self._case is not None:
            self._ground.setText(self._case.title)
        else:
            example = _EXAMPLES[name]
            colors = [default_color(place) for place in range(example.classes)]
            self.truth.show_values(np.array(example.truth, np.uint8), colors)
            self.predicted.show_values(np.array(example.predicted, np.uint8), colors)
            self._ground.setText(
                tr(
                    "Click the cells. Rings mark the intersection: the same class in both. 0 is the background and is not counted."
                )
            )
        self._count()

    @Slot()
    def _count(self) -> None:
        name = self._example.current()
        if name == _CASE and self._case is not None:
            counts, names = self._case.counts, self._case.names
        else:
            names = tuple(tr("Class {number}", number=place + 1) for place in range(_EXAMPLES[name].classes))
            counts = confusion(self.truth.values, self.predicted.values, len(names))
            shared = (self.truth.values == self.predicted.values) & (self.truth.values > 0)
            self.truth.mark(shared)
            self.predicted.mark(shared)
        by_hand = ByHand(counts, self._sure.value() / 100)
        classes = by_hand.scores.classes
        self._counted.setText("\n".join(class_in_words(*each) for each in zip(names, classes, strict=True)))
        self._means.setText("\n".join(_means(by_hand)))
        self._empty.setText("\n".join(_empty(names, classes)))
        self._empty.setVisible(bool(self._empty.text()))
        self._losses.setText("\n".join(_losses(by_hand)))


def class_in_words(name: str, one: ClassScores) -> str:
    """Class 1: 2·3 / (4 + 4) = 0.750, with what is counted."""
    if one.dice is None:
        return tr("{name}: |A| = 0, |B| = 0 → 0/0, no value", name=name)
    values = {"both": figure(one.both), "a": figure(one.predicted), "b": figure(one.truth)}
    return tr(
        "{name}: |A∩B| = {both}, |A| = {a}, |B| = {b} → 2·{both} / ({a} + {b}) = {dice}",
        name=name,
        dice=figure(one.dice, 3),
        **values,
    )


def _means(by_hand: ByHand) -> list[str]:
    found = by_hand.scores
    known = [one for one in found.classes if one.dice is not None]
    if not known:
        return [tr("No class in either: there is no Dice.")]
    if len(known) == 1:
        return [tr("Dice {value}", value=figure(found.mean_dice, 3))]
    parts = " + ".join(figure(one.dice, 3) for one in known)
    lines = [tr("Mean: ({parts}) / {count} = {value}", parts=parts, count=len(known), value=figure(found.mean_dice, 3))]
    if found.weighted_dice is not None:
        weighed = " + ".join(f"{figure(one.truth)}·{figure(one.dice, 3)}" for one in known)
        whole = figure(sum(one.truth for one in known))
        value = figure(found.weighted_dice, 3)
        lines.append(tr("Weighted by |B|: ({parts}) / {whole} = {value}", parts=weighed, whole=whole, value=value))
    return lines


def _empty(names: Sequence[str], classes: tuple[ClassScores, ...]) -> list[str]:
    """What is said of classes that one of the two does not hold, or neither."""
    lines = []
    for name, one in zip(names, classes, strict=True):
        if one.missed or one.extra:
            where = tr("only in the truth") if one.missed else tr("only in the prediction")
            lines.append(tr("{name} is {where}: Dice 0, and it counts in the mean.", name=name, where=where))
    absent = ", ".join(name for name, one in zip(names, classes, strict=True) if not one.present)
    otherwise = left_out(classes)
    if absent and otherwise is not None:
        low, high = (figure(value, 3) for value in otherwise)
        lines.append(
            tr(
                "In neither, so left out of the mean: {names}. Counted as 0, the mean would be {low}; counted as 1, {high}.",
                names=absent,
                low=low,
                high=high,
            )
        )
    return lines


def _losses(by_hand: ByHand) -> list[str]:
    digits = 2 if round(by_hand.rest, 2) == round(by_hand.rest, 6) else 3
    sure, rest = figure(by_hand.confidence, digits), figure(by_hand.rest, digits)
    lines = [
        tr(
            "Suppose that the network gives {sure} to the class it predicts and {rest} to each other one.",
            sure=sure,
            rest=rest,
        )
    ]
    if by_hand.cross_entropy is None:
        return lines
    right, wrong = figure(by_hand.right), figure(by_hand.pixels - by_hand.right)
    values = {"right": right, "wrong": wrong, "sure": sure, "rest": rest, "n": figure(by_hand.pixels)}
    lines.append(
        tr(
            "Cross-entropy: −({right}·ln {sure} + {wrong}·ln {rest}) / {n} = {value}",
            value=figure(by_hand.cross_entropy, 3),
            **values,
        )
    )
    soft = [by_hand.soft_dice(place) for place in range(len(by_hand.scores.classes))]
    known = [value for value in soft if value is not None]
    if not known:
        return [*lines, tr("Dice loss: 0, since the truth holds no class.")]
    parts = " + ".join(figure(value, 3) for value in known)
    inner = f"({parts}) / {len(known)}" if len(known) > 1 else parts
    lines.append(tr("Dice loss: 1 − {inner} = {value}", inner=inner, value=figure(by_hand.dice_loss, 3)))
    lines.append(
        tr(
            "Its Dice is a soft one: the probabilities stand where pixels are counted. Classes that the truth does not hold are left out."
        )
    )
    return lines
