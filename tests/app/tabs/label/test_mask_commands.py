"""Copy, fill between and clean up, as a hand does them in the real window."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QToolButton

from engine.labels.edit import Edit, Labels
from tests.app.tabs.label.conftest import CONTROL, NO, PATIENCE, SHAPE, SHIFT, Hand


def test_a_slice_is_copied_to_its_neighbours(hand: Hand) -> None:
    hand.go(3)
    hand.key(Qt.Key.Key_PageDown, SHIFT)
    assert hand.note == "Nothing is painted on this slice." and hand.canvas.index == 3
    hand.square((5, 5), (15, 15))
    one = hand.labels[3]
    hand.key(Qt.Key.Key_PageDown, SHIFT)
    hand.key(Qt.Key.Key_PageDown, SHIFT)
    assert hand.canvas.index == 5 and (hand.labels[[3, 4, 5]] == one).all() and not hand.labels[6].any()
    assert hand.session.current.labelled == {3, 4, 5} and hand.last == "Copy of slice 5 · 6"
    hand.go(3)
    hand.key(Qt.Key.Key_PageUp, SHIFT)
    assert hand.canvas.index == 2 and (hand.labels[2] == one).all()
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.key(Qt.Key.Key_Z, CONTROL)
    assert hand.canvas.index == 5 and not hand.labels[[2, 5]].any()  # there, where it was undone
    assert hand.session.current.labelled == {3, 4}
    hand.go(3)
    hand.key(Qt.Key.Key_PageDown, SHIFT)
    assert hand.note == "This slice holds it already."
    hand.go(0)
    hand.key(Qt.Key.Key_PageUp, SHIFT)
    assert hand.note == "This is the first slice."


def test_the_slice_that_is_left_is_found_from_another_plane(hand: Hand) -> None:
    """The last one too: seen across, no slice is the one after which to begin."""
    last = SHAPE[0] - 1
    hand.session.current.record_edit(Edit("Nothing here", ()), range(last))
    hand.key(Qt.Key.Key_V, SHIFT)
    assert hand.canvas.plane != "axial"
    hand.key(Qt.Key.Key_U)
    assert (hand.canvas.plane, hand.canvas.index, hand.note) == ("axial", last, "")
    hand.key(Qt.Key.Key_U)
    assert hand.canvas.index == last and hand.note == "No other slice is left to label."


def test_a_slice_is_copied_and_pasted(hand: Hand) -> None:
    hand.go(1)
    hand.key(Qt.Key.Key_V, CONTROL)
    assert "No slice was copied yet" in hand.note
    hand.square((5, 5), (15, 15))
    hand.key(Qt.Key.Key_C, CONTROL)
    hand.go(7)
    hand.key(Qt.Key.Key_2)
    hand.square((10, 10), (20, 20))
    hand.key(Qt.Key.Key_V, CONTROL)
    assert hand.labels[7, 6, 6] == 1 and hand.labels[7, 18, 18] == 2  # laid over it: its background takes nothing away
    assert hand.last == "Pasted slice · 8"


def test_what_was_copied_keeps_its_class_when_another_goes(hand: Hand) -> None:
    hand.go(1)
    hand.key(Qt.Key.Key_2)
    hand.square((5, 5), (15, 15))
    hand.key(Qt.Key.Key_C, CONTROL)
    with hand.qtbot.waitSignal(hand.session.class_removal_ended, timeout=PATIENCE):
        hand.session.remove_class(1)
    hand.qtbot.waitUntil(lambda: hand.session.current.image is not None, timeout=PATIENCE)
    hand.rest()
    hand.go(7)
    hand.key(Qt.Key.Key_V, CONTROL)
    assert [one.name for one in hand.session.classes] == ["kidney"]
    assert set(np.unique(hand.labels).tolist()) == {0, 1} and (hand.labels[7] == hand.labels[1]).all()


def paint_two(hand: Hand) -> Labels:
    """A square on slices 1 and 7, a larger one on the second."""
    hand.go(1)
    hand.square((10, 10), (20, 20))
    hand.go(7)
    hand.square((8, 8), (26, 26))
    return hand.labels


def test_what_lies_between_is_shown_taken_and_undone(hand: Hand) -> None:
    before = paint_two(hand)
    hand.key(Qt.Key.Key_I)
    hand.proposed("Fills 5 slices, 3 to 7.")
    assert np.array_equal(hand.labels, before)  # nothing is done before Enter
    bar = hand.tab.filling.bar
    assert bar.width() >= bar.sizeHint().width() and len(bar.findChildren(QAbstractButton)) >= 3
    assert all(button.width() >= button.sizeHint().width() for button in bar.findChildren(QAbstractButton)[-3:])
    shown = [layer for layer in hand.canvas._layers if layer.name == "proposal"]
    assert len(shown) == 1 and shown[0].labels[4, 15, 15] == 1 and not shown[0].labels[[0, 1, 7, 8]].any()
    hand.key(Qt.Key.Key_Escape)
    assert not hand.tab.filling.bar.isVisible() and not any(each.name == "proposal" for each in hand.canvas._layers)
    hand.rest()
    assert np.array_equal(hand.labels, before)

    hand.key(Qt.Key.Key_I)
    hand.proposed("Fills 5 slices")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert hand.canvas.index == 7, "who painted that slice stays there"
    filled = hand.labels
    assert (filled[2:7, 12:18, 12:18] == 1).all() and not filled[[0, 8]].any()
    sizes = [int((filled[z] == 1).sum()) for z in range(1, 8)]
    assert sizes == sorted(sizes) and np.array_equal(filled[[1, 7]], before[[1, 7]])
    assert hand.session.current.labelled == set(range(1, 8)) and hand.last == "Fill between slices"
    hand.go(8)
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, before) and hand.session.current.labelled == {1, 7}
    assert hand.canvas.index == 6  # there, where it was undone
    hand.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    hand.rest()
    assert np.array_equal(hand.labels, filled) and hand.session.current.labelled == set(range(1, 8))


def test_what_was_filled_is_brought_into_view_where_nothing_else_is_to_be_seen(hand: Hand) -> None:
    paint_two(hand)
    hand.go(8)
    hand.key(Qt.Key.Key_I)
    hand.proposed("Fills 5 slices")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert hand.labels[6].any() and hand.canvas.index == 6


def test_what_locks_keep_from_being_filled_is_said(hand: Hand) -> None:
    paint_two(hand)
    hand.key(Qt.Key.Key_2)
    for index in (1, 7):
        hand.go(index)
        hand.square((30, 30), (36, 36))
    hand.key(Qt.Key.Key_K)
    hand.key(Qt.Key.Key_I)
    hand.proposed("Fills 5 slices, 3 to 7. Part of it is locked, or may not be painted over.")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert set(np.unique(hand.labels[2:7])) == {0, 1}


def test_it_says_why_nothing_lies_between(hand: Hand) -> None:
    hand.key(Qt.Key.Key_I)
    hand.qtbot.waitUntil(lambda: "Nothing is painted here yet" in hand.note, timeout=PATIENCE)
    assert not hand.tab.filling.bar.isVisible()
    hand.go(2)
    hand.square((10, 10), (20, 20))
    hand.key(Qt.Key.Key_I)
    hand.qtbot.waitUntil(lambda: "Only slice 3 is painted" in hand.note, timeout=PATIENCE)


def label_every_slice(hand: Hand) -> None:
    """With the first class: painted on two, and filled between them."""
    paint_two(hand)
    hand.key(Qt.Key.Key_I)
    hand.proposed("Fills 5 slices")
    hand.key(Qt.Key.Key_Return)
    hand.rest()


def test_a_class_is_filled_between_its_slices_where_others_are_painted(hand: Hand) -> None:
    """Organ by organ: every slice is labelled when the second one is painted."""
    label_every_slice(hand)
    hand.key(Qt.Key.Key_2)
    for index in (1, 7):
        hand.go(index)
        hand.square((30, 30), (36, 36))
    hand.key(Qt.Key.Key_I)
    hand.proposed("kidney · Fills 5 slices")
    hand.press("label.proposal.0")  # a click does what Enter does
    hand.rest()
    assert (hand.labels[1:8, 32:35, 32:35] == 2).all() and hand.last == "Fill between slices · kidney"


def test_shapes_that_lie_apart_are_named_where_every_slice_is_labelled(hand: Hand) -> None:
    """That no slice is left said nothing of the class, nor what to do."""
    label_every_slice(hand)
    hand.key(Qt.Key.Key_2)
    for index, corner in ((1, (2, 2)), (7, (33, 40))):
        hand.go(index)
        hand.square(corner, (corner[0] + 4, corner[1] + 4))
    hand.key(Qt.Key.Key_I)
    said = "kidney · Nothing comes out between: the shapes lie too far apart"
    hand.qtbot.waitUntil(lambda: hand.note.startswith(said) and hand.note.endswith("Paint a slice between them."))
    hand.key(Qt.Key.Key_0)
    hand.key(Qt.Key.Key_I)
    hand.qtbot.waitUntil(lambda: "paint another one further on, or pick a class" in hand.note)


def test_the_proposal_follows_the_hand(hand: Hand) -> None:
    paint_two(hand)
    hand.key(Qt.Key.Key_I)
    hand.proposed("Fills 5 slices")
    hand.go(4)
    hand.square((11, 11), (22, 22))  # while it is shown: the slice is painted now
    proposal = hand.tab.proposals.current
    assert proposal is not None
    hand.qtbot.waitUntil(
        lambda: proposal.change is not None and 4 not in proposal.change.slices and bool(proposal.change.slices),
        timeout=PATIENCE,
    )
    hand.window.context.commands["close_project"].trigger()  # and it goes with the item
    assert not proposal.active and not hand.tab.filling.bar.isVisible()


def test_holes_are_filled_on_the_slice_that_is_open(hand: Hand) -> None:
    hand.go(3)
    hand.square((5, 5), (25, 25))
    hand.square((10, 10), (14, 14), CONTROL)
    hand.key(Qt.Key.Key_PageDown, SHIFT)
    before = hand.labels
    hole = int((before[4, 5:26, 5:26] == 0)[3:12, 3:12].sum())
    assert hole > 9
    hand.key(Qt.Key.Key_L, CONTROL)
    hand.told(f"{hole} pixels change")
    shown = next(layer for layer in hand.canvas._layers if layer.name == "proposal")
    assert (shown.labels[4, 11:14, 11:14] == 1).all() and not shown.labels[3].any()
    assert np.array_equal(hand.labels, before)
    hand.wheel(1)  # the preview goes with the slice
    hand.qtbot.waitUntil(
        lambda: any(each.name == "proposal" and each.labels[3].any() for each in hand.canvas._layers),
        timeout=PATIENCE,
    )
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert hand.tab.cleaning.dialog is None and (hand.labels[3, 7:24, 7:24] == 1).all()
    assert (
        np.array_equal(np.delete(hand.labels, 3, 0), np.delete(before, 3, 0)) and hand.last == "Fill holes · liver · 4"
    )
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, before)


def test_the_volume_is_cleaned_in_one_step(hand: Hand) -> None:
    for index in (2, 3, 4):
        hand.go(index)
        hand.square((5, 5), (20, 20))
    hand.square((30, 30), (33, 33))  # specks, of voxels of 3 mm³
    hand.key(Qt.Key.Key_2)
    hand.square((30, 40), (33, 43))
    before = hand.labels
    one, two = (int((before[4, 28:] == value).sum()) for value in (1, 2))
    assert 4 <= two <= one + 8 and one >= 4
    hand.key(Qt.Key.Key_L, CONTROL)
    dialog = hand.tab.cleaning.dialog
    assert dialog is not None and dialog.isVisible() and not dialog.isModal()
    dialog.action.setCurrentIndex(dialog.action.findData("small"))
    assert dialog.amount.suffix() == " mm²"
    hand.press("clean_up.scope.volume")
    assert dialog.amount.suffix() == " mm³"
    dialog.amount.setValue(3 * two)
    hand.told("Nothing would change.")  # kidney is the active class
    dialog.amount.setValue(3 * two + 0.1)
    hand.told(f"{two} pixels change on 1 slice")
    dialog.amount.setValue(3 * max(one, two) + 0.1)
    hand.press("clean_up.of.all")
    hand.told(f"{one + two} pixels change on 1 slice")
    hand.press("clean_up_dialog.accept")
    hand.rest()
    assert not hand.labels[:, 30:].any() and np.array_equal(hand.labels[:, :30], before[:, :30])
    assert hand.last == "Remove small parts"
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, before)


def test_the_panel_of_a_clean_up_goes_with_its_tab(hand: Hand) -> None:
    """Over another one it would lie on what is aimed at there, and change a mask that is not seen."""
    hand.key(Qt.Key.Key_L, CONTROL)
    dialog = hand.tab.cleaning.dialog
    assert dialog is not None and dialog.isVisible()
    hand.window.show_tab("train")
    assert not dialog.isVisible() and hand.tab.cleaning.dialog is None


def test_closing_the_panel_changes_nothing(hand: Hand) -> None:
    hand.go(3)
    hand.square((5, 5), (25, 25))
    before = hand.labels
    hand.key(Qt.Key.Key_L, CONTROL)
    dialog = hand.tab.cleaning.dialog
    assert dialog is not None
    dialog.action.setCurrentIndex(dialog.action.findData("grow"))
    hand.told("pixels change")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    hand.rest()
    assert hand.tab.cleaning.dialog is None and np.array_equal(hand.labels, before)
    assert not any(each.name == "proposal" for each in hand.canvas._layers)


def test_a_leak_is_cut_through_all_slices_by_one_polygon(hand: Hand) -> None:
    for index in (2, 3, 4):
        hand.go(index)
        hand.square((5, 5), (20, 20))
    before = hand.labels
    hand.square((12, 2), (25, 25), CONTROL | SHIFT)
    hand.rest()
    assert not hand.labels[:, 14:].any() and np.array_equal(hand.labels[:, :11], before[:, :11])
    assert hand.last == "Cut through all slices"
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, before)


def test_a_cut_through_all_slices_that_erases_nothing_says_so_at_the_pointer(hand: Hand) -> None:
    failed = list[object]()
    hand.session.failed.connect(failed.append)
    hand.square((10, 10), (20, 20), CONTROL | SHIFT)
    hand.qtbot.waitUntil(lambda: hand.note.startswith("Nothing was erased: no slice holds anything there"))
    assert not failed


def test_a_leak_is_erased_through_all_slices_by_one_stroke(hand: Hand) -> None:
    for index in (2, 3, 4):
        hand.go(index)
        hand.square((5, 5), (20, 20))
    before = hand.labels
    hand.key(Qt.Key.Key_E)
    one, two = (hand.canvas.to_screen((12.0, across)).toPoint() for across in (0.0, 25.0))
    QTest.mousePress(hand.canvas, Qt.MouseButton.LeftButton, SHIFT, one)
    QTest.mouseMove(hand.canvas, two)
    QTest.mouseRelease(hand.canvas, Qt.MouseButton.LeftButton, SHIFT, two)
    assert not hand.labels[:, 12].any() and hand.last == "Eraser through all slices"
    hand.key(Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(hand.labels, before)


def test_a_ball_is_one_stroke_over_several_slices(hand: Hand) -> None:
    hand.go(4)
    hand.key(Qt.Key.Key_B)
    hand.key(Qt.Key.Key_B, SHIFT)
    hand.tab.options.radius.set_radius(7.0)
    hand.tab.options.radius.changed.emit(7.0)
    QTest.mouseClick(hand.canvas, Qt.MouseButton.LeftButton, NO, hand.canvas.to_screen((20.0, 25.0)).toPoint())
    assert np.flatnonzero(hand.labels.any(axis=(1, 2))).tolist() == [2, 3, 4, 5, 6], "14 mm over slices 3 mm apart"
    assert hand.last.startswith("Brush") and hand.last.endswith("3–7"), "which slices it went over"
    hand.key(Qt.Key.Key_Z, CONTROL)
    assert not hand.labels.any()
    hand.key(Qt.Key.Key_B, SHIFT)
    QTest.mouseClick(hand.canvas, Qt.MouseButton.LeftButton, NO, hand.canvas.to_screen((20.0, 25.0)).toPoint())
    assert np.flatnonzero(hand.labels.any(axis=(1, 2))).tolist() == [4]


def test_the_radius_is_in_pixels_where_a_person_wants_them(hand: Hand) -> None:
    hand.key(Qt.Key.Key_B)
    bar = hand.tab.options
    assert bar.radius.unit == "mm"
    pixels = next(action for action in bar.brush.menu().actions() if action.text() == "Radius in pixels")
    pixels.trigger()
    assert bar.radius.unit == "px" and not hand.canvas.context.in_mm
    pixels.trigger()
    assert bar.radius.unit == "mm" and hand.canvas.context.in_mm


def test_the_menu_holds_them_all_with_their_keys(hand: Hand) -> None:
    button = hand.window.findChild(QToolButton, "label.mask_menu")
    assert button is not None and button.isVisible()
    texts = [action.text() for action in button.menu().actions() if not action.isSeparator()]
    assert {"Fill between slices", "Grow strokes", "Clean up…"} < set(texts) and len(texts) == 10
