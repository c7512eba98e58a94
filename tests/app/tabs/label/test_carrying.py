"""The mask carried on from slice to slice, as a hand does it in the real window."""

from collections.abc import Callable
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from engine.labels.edit import Edit, Labels
from engine.labels.mask import Mask
from tests.app.tabs.label.conftest import CONTROL, PATIENCE, SHAPE, SHIFT, Hand

TRUTH = np.zeros(SHAPE, np.uint8)
for _z in range(SHAPE[0]):
    TRUTH[_z, 10:25, 10 + 2 * _z : 25 + 2 * _z] = 1


@pytest.fixture
def drifting(open_volume: Callable[[NDArray[np.float32]], Hand]) -> Hand:
    """A bright square that moves by two pixels from slice to slice."""
    noise = np.random.default_rng(2).normal(size=SHAPE)
    return open_volume(np.asarray(1000.0 * TRUTH + 20 * noise, np.float32))


def paint(hand: Hand, z: int) -> None:
    hand.go(z)
    hand.square((10, 10 + 2 * z), (24, 24 + 2 * z))


def carried(hand: Hand, text: str) -> None:
    """Wait until the bar over the scan says so."""
    bar = hand.tab.carrying.bar
    hand.qtbot.waitUntil(lambda: bar.isVisible() and text in bar.text(), timeout=PATIENCE)


def said(hand: Hand, text: str) -> None:
    hand.qtbot.waitUntil(lambda: text in hand.note, timeout=PATIENCE)


def shown(hand: Hand) -> Labels:
    return next(layer.labels for layer in hand.canvas._layers if layer.name == "proposal")


def moved(hand: Hand, start: int, z: int, labels: Labels | None = None) -> bool:
    """Whether liver lies on slice z as it was painted on `start`, moved as the square is."""
    one = (hand.labels if labels is None else labels)[z] == 1
    two = np.roll(hand.labels[start] == 1, 2 * (z - start), axis=1)
    return bool(2 * (one & two).sum() / (one.sum() + two.sum()) > 0.97)


def test_enter_takes_a_slice_and_goes_on(drifting: Hand) -> None:
    hand = drifting
    paint(hand, 2)
    before = hand.labels
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4, carried from 3.")
    assert hand.canvas.index == 3 and np.array_equal(hand.labels, before), "nothing is done before Enter"
    assert moved(hand, 2, 3, shown(hand)) and not shown(hand)[[2, 4]].any()
    hand.key(Qt.Key.Key_Return)
    assert hand.note == "Slice 4 carried from 3" and hand.last == "Slice 4 carried from 3"
    carried(hand, "Slice 5, carried from 4.")
    assert hand.canvas.index == 4 and moved(hand, 2, 3) and not hand.labels[4].any()
    hand.key(Qt.Key.Key_Return)
    carried(hand, "Slice 6, carried from 5.")
    hand.key(Qt.Key.Key_Escape)
    assert hand.canvas.index == 4, "where it was carried from: there it is painted better"
    assert not hand.tab.carrying.bar.isVisible() and not any(each.name == "proposal" for each in hand.canvas._layers)
    assert moved(hand, 2, 4) and not hand.labels[5].any() and hand.session.current.labelled == {2, 3, 4}
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert moved(hand, 2, 3) and not hand.labels[4].any(), "each slice is one step"


def test_it_goes_back_as_far_as_the_volume_does(drifting: Hand) -> None:
    hand = drifting
    paint(hand, 1)
    hand.key(Qt.Key.Key_P, SHIFT)
    carried(hand, "Slice 1, carried from 2.")
    hand.key(Qt.Key.Key_Return)
    said(hand, "This is the first slice: there is nothing to carry the mask to.")
    assert moved(hand, 1, 0) and not hand.tab.carrying.bar.isVisible() and hand.canvas.index == 0


def test_a_painted_slice_is_not_painted_over(drifting: Hand) -> None:
    hand = drifting
    for z in (2, 4):
        paint(hand, z)
    before = hand.labels
    hand.go(2)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4")
    hand.key(Qt.Key.Key_Return)
    said(hand, "Slice 5 is painted already: nothing is carried over it.")
    assert np.array_equal(np.delete(hand.labels, 3, 0), np.delete(before, 3, 0))
    hand.go(5)
    hand.key(Qt.Key.Key_O)  # somebody looked: it is empty
    hand.go(4)
    hand.key(Qt.Key.Key_N, SHIFT)
    said(hand, "Slice 6 is labelled as empty: nothing is carried there.")
    assert not hand.labels[5].any()


def test_an_unpainted_slice_gets_the_mask_of_the_one_before(drifting: Hand) -> None:
    hand = drifting
    paint(hand, 2)
    hand.go(3)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4, carried from 3.")
    hand.key(Qt.Key.Key_Escape)
    hand.go(6)
    hand.key(Qt.Key.Key_N, SHIFT)
    said(hand, "Nothing is painted on slice 7.")


def test_three_slices_at_a_time_are_three_steps(drifting: Hand) -> None:
    hand = drifting
    paint(hand, 2)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4")
    for text in ("Slices 4 to 5, carried from 3.", "Slices 4 to 6, carried from 3."):
        hand.press("label.carrying.2")
        carried(hand, text)
    assert hand.canvas.index == 5, "the last one has gone furthest: it is looked at"
    hand.key(Qt.Key.Key_Return)
    carried(hand, "Slices 7 to 9, carried from 6.")
    hand.key(Qt.Key.Key_Escape)
    taken = hand.labels
    assert all(moved(hand, 2, z) for z in (3, 4, 5)) and not taken[6:].any()
    assert [hand.tab.history.list.item(at).text() for at in range(3)] == [
        "Slice 6 carried from 5",
        "Slice 5 carried from 4",
        "Slice 4 carried from 3",
    ]
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels[:5], taken[:5]) and not hand.labels[5].any()
    hand.go(2)
    hand.key(Qt.Key.Key_N, SHIFT)
    said(hand, "Slice 4 is painted already")


def test_what_was_painted_better_is_carried_anew(drifting: Hand) -> None:
    hand = drifting
    paint(hand, 2)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4")
    assert shown(hand)[3, 10:25].any()
    hand.go(2)
    hand.square((10, 14), (16, 28), CONTROL)  # erased there
    proposal = hand.tab.proposals.current
    assert proposal is not None
    hand.qtbot.waitUntil(lambda: proposal.change is not None and not shown(hand)[3, 10:15].any(), timeout=PATIENCE)
    assert hand.canvas.index == 2, "who went there stays there"
    hand.key(Qt.Key.Key_Return)
    carried(hand, "Slice 5, carried from 4.")
    assert hand.labels[3, 18:24].any() and not hand.labels[3, :15].any()


def test_class_by_class_the_active_one_is_carried(drifting: Hand) -> None:
    hand = drifting
    paint(hand, 2)
    hand.key(Qt.Key.Key_2)
    for z in (2, 3):
        hand.go(z)
        hand.square((30, 30), (36, 36))
    kidney = hand.labels == 2
    hand.key(Qt.Key.Key_1)
    hand.go(2)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4, carried from 3.")
    hand.key(Qt.Key.Key_Return)
    carried(hand, "Slice 5")
    assert hand.last == "Slice 4 carried from 3 · liver"
    assert moved(hand, 2, 3) and np.array_equal(hand.labels == 2, kidney)
    hand.key(Qt.Key.Key_Escape)


def test_a_locked_class_is_not_carried_and_that_is_said(drifting: Hand) -> None:
    hand = drifting
    paint(hand, 2)
    hand.key(Qt.Key.Key_2)
    hand.square((30, 30), (36, 36))
    hand.key(Qt.Key.Key_1)
    hand.key(Qt.Key.Key_K)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Part of it is locked, or may not be painted over.")
    hand.key(Qt.Key.Key_Return)
    carried(hand, "Slice 5")
    assert set(np.unique(hand.labels[3])) == {0, 2}
    hand.key(Qt.Key.Key_Escape)
    hand.key(Qt.Key.Key_2)
    hand.key(Qt.Key.Key_K)
    hand.go(2)
    hand.key(Qt.Key.Key_P, SHIFT)
    said(hand, "What would be carried may not be painted over, or is locked.")


def test_it_does_not_go_on_where_something_else_was_asked_for_meanwhile(drifting: Hand) -> None:
    hand, go_on = drifting, Event()
    paint(hand, 2)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4, carried from 3.")

    def slowly(mask: Mask) -> Edit:
        assert go_on.wait(60)
        return mask.replace_with("kidney", np.where(mask.labels > 0, np.uint8(2), np.uint8(0)))

    hand.session.current.change("kidney", slowly)  # what is taken stands in line behind it
    hand.key(Qt.Key.Key_Return)
    assert hand.session.current.changing and not hand.labels[3].any()
    hand.key(Qt.Key.Key_I)
    hand.proposed("Working it out")
    hand.key(Qt.Key.Key_Escape)
    go_on.set()
    hand.rest()
    assert hand.labels[3].any() and not hand.tab.carrying.bar.isVisible() and hand.tab.proposals.current is None


def test_it_goes_on_when_the_mask_has_what_was_taken(drifting: Hand) -> None:
    hand, go_on = drifting, Event()
    paint(hand, 2)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4, carried from 3.")

    def slowly(mask: Mask) -> Edit:
        assert go_on.wait(60)
        return mask.replace_with("speck", np.where(mask.labels == 1, np.uint8(1), np.uint8(0)))

    hand.session.current.change("speck", slowly)
    hand.key(Qt.Key.Key_Return)
    assert hand.session.current.changing and not hand.tab.carrying.bar.isVisible()
    go_on.set()
    carried(hand, "Slice 5, carried from 4.")
    assert moved(hand, 2, 3)


def test_it_does_not_go_on_where_what_was_taken_was_refused(drifting: Hand) -> None:
    hand, go_on = drifting, Event()
    paint(hand, 2)
    hand.key(Qt.Key.Key_N, SHIFT)
    carried(hand, "Slice 4, carried from 3.")
    carried_there = shown(hand)[3].copy()

    def slowly(mask: Mask) -> Edit:
        assert go_on.wait(60)
        labels = mask.labels.copy()
        labels[3] = carried_there
        return mask.replace_with("the same", labels)

    faults: list[BaseException] = []
    hand.session.failed.connect(faults.append)
    hand.session.current.change("the same", slowly)
    hand.key(Qt.Key.Key_Return)
    assert hand.session.current.changing
    go_on.set()
    hand.rest()
    assert [str(fault).split(":")[0] for fault in faults] == ["Nothing was copied"]
    assert hand.tab.proposals.current is None
    paint(hand, 6)
    hand.rest()
    assert not hand.tab.carrying.bar.isVisible()
