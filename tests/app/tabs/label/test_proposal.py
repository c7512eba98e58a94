"""What is proposed belongs to who asked for it: nobody else gets an answer, and no answer is to what is not asked any more."""

from collections.abc import Callable
from threading import Event

import numpy as np
from PySide6.QtCore import Qt

from app.tabs.label.proposal import MaskProposal, ProposedChange
from engine.errors import EngineError
from engine.labels.edit import Edit
from engine.labels.mask import Mask
from tests.app.tabs.label.conftest import PATIENCE, Hand


class Asker:
    """Who asks, and what it was told."""

    def __init__(self, hand: Hand, goes_on: bool = False) -> None:
        self.hand = hand
        self.made: list[ProposedChange] = []
        self.refusals: list[EngineError] = []
        self.ends: list[str] = []
        self.proposal: MaskProposal = hand.tab.proposals.begin(
            made=self.made.append,
            refused=self.refusals.append,
            ended=lambda: self.ends.append("ended"),
            declined=lambda: self.ends.append("declined"),
            goes_on=goes_on,
        )

    def waits(self, count: int = 1) -> None:
        """For so many answers."""
        self.hand.qtbot.waitUntil(lambda: len(self.made) + len(self.refusals) == count, timeout=PATIENCE)

    @property
    def values(self) -> list[int]:
        """Of each change, which class it paints."""
        return [int(change.labels.max()) for change in self.made]


def paints(value: int, began: Event | None = None, go_on: Event | None = None) -> Callable[[Mask], Edit]:
    """Make all of the mask one class; say that it has begun, and wait until it may go on."""

    def work(mask: Mask) -> Edit:
        if began is not None and go_on is not None:
            began.set()
            assert go_on.wait(60)
        return mask.replace_with("all of it", np.full(mask.shape, value, np.uint8))

    return work


def test_what_is_not_asked_any_more_is_not_answered(hand: Hand) -> None:
    """A number is typed anew while the one before is worked out: what Enter takes is what was shown."""
    began, go_on = Event(), Event()
    asker = Asker(hand)
    asker.proposal.ask("one", paints(1, began, go_on))
    hand.qtbot.waitUntil(began.is_set, timeout=PATIENCE)
    asker.proposal.ask("two", paints(2))
    go_on.set()
    asker.waits()
    hand.rest()
    assert asker.values == [2]
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert (hand.labels == 2).all() and asker.ends == ["ended"]


def test_the_answer_reaches_nobody_else(hand: Hand) -> None:
    began, go_on = Event(), Event()
    first = Asker(hand)
    first.proposal.ask("one", paints(1, began, go_on))
    hand.qtbot.waitUntil(began.is_set, timeout=PATIENCE)
    second = Asker(hand)
    assert first.ends == ["ended"] and not first.proposal.active and hand.tab.proposals.current is second.proposal
    go_on.set()
    second.proposal.ask("two", paints(2))
    second.waits()
    hand.rest()
    assert not first.made and not first.refusals and second.values == [2]
    first.proposal.ask("three", paints(1))  # of what has ended nothing is done
    first.proposal.take()
    first.proposal.decline()
    first.proposal.drop()
    hand.rest()
    assert second.proposal.active and second.proposal.change is second.made[0] and first.ends == ["ended"]
    assert not hand.labels.any()


def test_a_refusal_leaves_the_question_open(hand: Hand) -> None:
    def refuse(mask: Mask) -> Edit:
        raise EngineError("Nothing is painted here yet.")

    asker = Asker(hand)
    asker.proposal.ask("one", refuse)
    asker.waits()
    assert [str(fault) for fault in asker.refusals] == ["Nothing is painted here yet."]
    assert asker.proposal.active and asker.proposal.change is None
    asker.proposal.ask("two", paints(2))
    asker.waits(2)
    hand.key(Qt.Key.Key_Escape)
    assert asker.ends == ["declined", "ended"] and not hand.labels.any()


def test_one_that_goes_on_is_asked_with_again(hand: Hand) -> None:
    asker, taken = Asker(hand, goes_on=True), list[ProposedChange]()
    asker.proposal.ask("one", paints(1), taken.append)
    asker.waits()
    hand.key(Qt.Key.Key_Return)
    assert taken == asker.made and asker.proposal.active and not asker.proposal.asking and not asker.ends
    asker.proposal.take()
    assert len(taken) == 1, "nothing is shown that could be taken"
    asker.proposal.ask("two", paints(2), taken.append)
    asker.waits(2)
    hand.window.context.commands["close_project"].trigger()
    assert asker.ends == ["ended"] and len(taken) == 1


def test_a_fault_of_the_program_ends_it_and_is_told_as_every_fault(hand: Hand) -> None:
    def fail(mask: Mask) -> Edit:
        raise ZeroDivisionError

    faults: list[BaseException] = []
    hand.session.failed.connect(faults.append)
    asker = Asker(hand)
    asker.proposal.ask("one", fail)
    hand.qtbot.waitUntil(lambda: bool(faults), timeout=PATIENCE)
    assert isinstance(faults[0], ZeroDivisionError) and asker.ends == ["ended"] and not asker.refusals
