from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from scipy import ndimage

from engine.errors import EngineError
from engine.imaging.geometry import Plane, axes
from engine.labels.classes import UNLABELLED
from engine.labels.edit import EMPTY_BOX, Box, Edit, Labels
from engine.labels.mask import EVERYTHING, Brush, Mask, Stroke
from engine.labels.shapes import inside

PLANES: tuple[Plane, ...] = get_args(Plane)
SHAPE = (5, 140, 300)  # more than one tile of 128 in both directions, none of them full


def _mask(labels: Labels | None = None) -> Mask:
    return Mask(np.zeros(SHAPE, np.uint8) if labels is None else labels)


def test_only_volumes_of_bytes_are_masks() -> None:
    with pytest.raises(ValueError):
        Mask(np.zeros((3, 3), np.uint8))
    with pytest.raises(ValueError):
        Mask(np.zeros((1, 3, 3), np.int32))


@pytest.mark.parametrize("plane", PLANES)
def test_dab_lands_in_its_plane(plane: Plane) -> None:
    mask = _mask()
    stroke = mask.begin("Brush")
    box = stroke.line(plane, 2, (3, 4), (3, 4), Brush.round(0.5), 7)
    through, down, across = axes(plane)
    place = [0, 0, 0]
    place[through], place[down], place[across] = 2, 3, 4
    assert np.argwhere(mask.labels).tolist() == [place]
    assert (mask.labels[box.slices] == 7).sum() == 1
    assert mask.slice(plane, 2)[3, 4] == 7


@pytest.mark.parametrize("plane", PLANES)
def test_edit_is_what_changed(plane: Plane) -> None:
    mask = _mask()
    before = mask.labels.copy()
    stroke = mask.begin("Brush · lung")
    boxes = [stroke.line(plane, 1, (0, 0), (120, 130), Brush((1.5, 4)), 3)]
    boxes.append(stroke.line(plane, 1, (120, 130), (2, 135), Brush((1.5, 4)), 3))
    edit = stroke.end()
    after = mask.labels.copy()
    assert edit.name == "Brush · lung"
    changed = np.argwhere(before != after)
    repaint = boxes[0].union(boxes[1])
    assert (changed >= repaint.low).all() and (changed < repaint.high).all()
    for patch in edit.patches:
        assert np.array_equal(patch.old, before[patch.box.slices])
        assert np.array_equal(patch.new, after[patch.box.slices])
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, before)
    assert mask.apply(edit) == edit.box
    assert np.array_equal(mask.labels, after)


def test_fast_stroke_has_no_gaps() -> None:
    mask = _mask()
    stroke = mask.begin("Brush")
    places = [(5.2, 5.1), (130.7, 60.3), (8.9, 150.5), (120.1, 290.8)]
    for start, end in pairwise(places):
        stroke.line("axial", 0, start, end, Brush.round(0.6), 1)
    _, pieces = ndimage.label(mask.labels[0], np.ones((3, 3)))
    assert pieces == 1


def test_stroke_outside_paints_nothing() -> None:
    mask = _mask()
    stroke = mask.begin("Brush")
    assert stroke.line("axial", 0, (-50, -50), (-20, 400), Brush.round(3), 1).empty
    assert stroke.paint_region("axial", 0, (200, 0), np.ones((4, 4), bool), 1) == EMPTY_BOX
    assert stroke.end().empty


def test_stroke_over_the_border_is_cut() -> None:
    mask = _mask()
    mask.begin("Brush").paint_region("axial", 4, (-2, 297), np.ones((4, 9), bool), 2)
    assert np.argwhere(mask.labels).tolist() == [[4, row, column] for row in (0, 1) for column in (297, 298, 299)]


def test_painting_what_is_there_is_no_edit() -> None:
    mask = _mask(np.full(SHAPE, 4, np.uint8))
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (5, 5), (50, 50), Brush.round(9), 4)
    assert stroke.end().empty


def test_edit_keeps_tiles_that_changed_alone() -> None:
    mask = _mask()
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (5, 5), (5, 250), Brush.round(2), 1)
    stroke.line("axial", 0, (5, 5), (5, 120), Brush.round(2), 0)
    assert [patch.box.low for patch in stroke.end().patches] == [(0, 0, 0), (0, 0, 128)]
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (5, 5), (5, 250), Brush.round(1), 0)
    stroke.line("axial", 0, (5, 140), (5, 250), Brush.round(1), 1)
    assert all(not np.array_equal(patch.old, patch.new) for patch in stroke.end().patches)


def test_edit_does_not_change_with_the_mask() -> None:
    mask = _mask()
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (5, 5), (5, 9), Brush.round(2), 1)
    edit = stroke.end()
    kept = [patch.new.copy() for patch in edit.patches]
    mask.labels[:] = 9
    assert all(np.array_equal(a, b.new) for a, b in zip(kept, edit.patches, strict=True))


def test_cancel_puts_everything_back() -> None:
    rng = np.random.default_rng(1)
    before = rng.integers(0, 4, SHAPE).astype(np.uint8)
    mask = _mask(before.copy())
    stroke = mask.begin("Brush")
    for plane in PLANES:
        stroke.line(plane, 3, (0, 0), (100, 100), Brush.round(4), 3)
    assert not np.array_equal(mask.labels, before)
    box = stroke.cancel()
    assert np.array_equal(mask.labels, before)
    assert not box.empty
    assert stroke.end().empty


stripes = np.zeros((1, 4, 8), np.uint8)
stripes[0, :, 2:4], stripes[0, :, 4:6], stripes[0, :, 6:] = 1, 2, 3


def _painted(locked: set[int], over: int, value: int) -> list[int]:
    mask = Mask(stripes.copy())
    mask.locked, mask.paint_over = frozenset(locked), over
    mask.begin("Brush").paint_region("axial", 0, (0, 0), np.ones((4, 8), bool), value)
    return [int(value) for value in mask.labels[0, 0, ::2]]


@pytest.mark.parametrize(
    ("locked", "over", "value", "result"),
    [
        (set(), EVERYTHING, 1, [1, 1, 1, 1]),
        (set(), EVERYTHING, 0, [0, 0, 0, 0]),
        ({2}, EVERYTHING, 1, [1, 1, 2, 1]),
        ({2}, EVERYTHING, 0, [0, 0, 2, 0]),
        ({1}, EVERYTHING, 1, [0, 1, 2, 3]),  # a locked class gains nothing either
        ({0}, EVERYTHING, 1, [0, 1, 1, 1]),
        ({0}, EVERYTHING, 0, [0, 1, 2, 3]),
        (set(), 0, 1, [1, 1, 2, 3]),
        (set(), 2, 1, [0, 1, 1, 3]),
        (set(), 2, 0, [0, 0, 0, 0]),  # the rule is for painting; erasing heeds locks alone
        ({2}, 2, 1, [0, 1, 2, 3]),
        ({0, 3}, 2, 1, [0, 1, 1, 3]),
    ],
)
def test_what_may_be_painted_over(locked: set[int], over: int, value: int, result: list[int]) -> None:
    assert _painted(locked, over, value) == result


def test_locks_are_asked_for() -> None:
    mask = _mask()
    mask.locked = frozenset({2})
    assert mask.may_paint(1)
    assert not mask.may_paint(2)


@given(arrays.arrays(np.uint8, (1, 9, 11), elements=st.integers(0, 2)), st.integers(0, 8), st.integers(0, 10))
def test_fill_takes_the_connected_area(labels: Labels, down: int, across: int) -> None:
    mask = Mask(labels.copy())
    areas, _ = ndimage.label(labels[0] == labels[0, down, across])
    expected = labels.copy()
    expected[0][areas == areas[down, across]] = 9
    edit = mask.fill("Fill", "axial", 0, (down, across), 9)
    assert np.array_equal(mask.labels, expected)
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, labels)


@pytest.mark.parametrize("plane", PLANES)
def test_fill_in_every_plane(plane: Plane) -> None:
    mask = _mask()
    mask.fill("Fill", plane, 3, (2, 2), 1)
    assert (mask.slice(plane, 3) == 1).all()
    assert mask.labels.sum() == mask.slice(plane, 3).size


def test_fill_heeds_locks_and_borders() -> None:
    mask = Mask(stripes.copy())
    mask.locked = frozenset({2})
    assert mask.fill("Fill", "axial", 0, (1, 4), 1).empty
    assert mask.fill("Fill", "axial", 0, (-1, 0), 1).empty
    assert mask.fill("Fill", "axial", 0, (0, 8), 1).empty
    assert mask.fill("Fill", "axial", 0, (0, 2), 1).empty


@pytest.mark.parametrize("plane", PLANES)
def test_polygon_is_filled(plane: Plane) -> None:
    mask = _mask(np.zeros((7, 8, 9), np.uint8))
    edit = mask.polygon("Polygon", plane, 1, [(1, 2), (1, 6), (4, 6), (4, 2)], 5)
    assert np.argwhere(mask.slice(plane, 1)).tolist() == [[r, c] for r in range(1, 5) for c in range(2, 7)]
    assert mask.labels.sum() == 20 * 5
    mask.apply(edit.inverse())
    assert not mask.labels.any()


def test_polygon_needs_three_points() -> None:
    assert _mask().polygon("Polygon", "axial", 0, [(1, 1), (9, 9)], 1).empty


def test_polygon_outside_is_cut() -> None:
    mask = _mask()
    mask.polygon("Polygon", "axial", 0, [(-1000, -1000), (-1000, 2), (2, 2), (2, -1000)], 1)
    assert mask.labels.sum() == 9


volumes = arrays.arrays(np.uint8, (2, 6, 7), elements=st.integers(0, 3))


@given(volumes, volumes, st.sets(st.integers(0, 3)), st.sampled_from([EVERYTHING, 0, 2]))
def test_take_becomes_the_labels_but_for_locks(now: Labels, new: Labels, locked: set[int], over: int) -> None:
    mask = Mask(now.copy())
    mask.locked, mask.paint_over = frozenset(locked), over
    edit = mask.replace_with("Use prediction", new)
    free = ~np.isin(now, list(locked)) & ~np.isin(new, list(locked))
    assert np.array_equal(mask.labels, np.where(free, new, now))
    assert mask.paint_over == over
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, now)


@given(volumes, volumes, st.integers(0, 3), st.sets(st.integers(0, 3)))
def test_take_one_class_leaves_the_rest(now: Labels, new: Labels, only: int, locked: set[int]) -> None:
    mask = Mask(now.copy())
    mask.locked = frozenset(locked)
    mask.replace_with("Use prediction", new, only)
    expected = now.copy()
    if not {0, only} & locked:
        expected[(now == only) & (new != only)] = 0
    if only not in locked:
        expected[(new == only) & ~np.isin(now, list(locked))] = only
    assert np.array_equal(mask.labels, expected)


@pytest.mark.parametrize("only", [None, 1, 2])
def test_what_is_unlabelled_stays_so_under_a_prediction(only: int | None) -> None:
    """A prediction has a class for every pixel: it says nothing of those that a person took out of learning and scores."""
    mask = _mask(np.zeros((2, 6, 8), np.uint8))
    mask.labels[:, 2:4], mask.labels[1, 4:] = UNLABELLED, 1
    before, said = mask.labels.copy(), np.zeros(mask.shape, np.uint8)
    said[:, :, :4], said[:, :, 4:6] = 1, 2
    edit = mask.replace_with("Prediction taken", said, only)
    assert np.array_equal(mask.labels == UNLABELLED, before == UNLABELLED)
    taken = said if only is None else np.where(said == only, said, np.where(before == only, 0, before))
    assert np.array_equal(mask.labels[before != UNLABELLED], taken[before != UNLABELLED])
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, before)


def test_labels_that_say_themselves_what_is_unlabelled() -> None:
    mask = _mask(np.zeros((1, 4, 6), np.uint8))
    mask.labels[0, :2] = UNLABELLED
    brought = np.ones(mask.shape, np.uint8)
    mask.replace_with("Import", brought, unlabelled=np.zeros(mask.shape, bool))
    assert (mask.labels == 1).all(), "a file says what each pixel is"
    brought[0, 3] = UNLABELLED
    mask.replace_with("Clean up", brought, by_rule=True)
    assert np.array_equal(mask.labels, brought), "it was made of the mask's own labels"


def test_take_needs_the_same_shape() -> None:
    with pytest.raises(ValueError):
        _mask().replace_with("Use prediction", np.zeros((1, 2, 3), np.uint8))


def test_take_of_the_same_is_no_edit() -> None:
    assert Mask(stripes.copy()).replace_with("Use prediction", stripes).empty


class Painting(RuleBasedStateMachine):
    """Any course of strokes, cancels, fills, undos and redos leaves the mask that the edits tell of."""

    points = st.tuples(st.floats(-5, 145), st.floats(-5, 305))

    @initialize()
    def start(self) -> None:
        self.mask = _mask()
        self.done: list[tuple[Edit, Labels]] = []  # each with the mask before it
        self.undone: list[tuple[Edit, Labels]] = []

    def _keep(self, edit: Edit, before: Labels) -> None:
        if edit.empty:
            assert np.array_equal(self.mask.labels, before)
        else:
            self.done.append((edit, before))
            self.undone.clear()

    @rule(
        plane=st.sampled_from(PLANES),
        index=st.integers(0, 4),
        points=st.lists(points, min_size=2, max_size=4),
        radius=st.floats(0.5, 40),
        value=st.integers(0, 3),
        kept=st.booleans(),
    )
    def stroke(
        self, plane: Plane, index: int, points: list[tuple[float, float]], radius: float, value: int, kept: bool
    ) -> None:
        before = self.mask.labels.copy()
        stroke = self.mask.begin("Brush")
        for start, end in pairwise(points):
            stroke.line(plane, index, start, end, Brush.round(radius), value)
        locked = np.isin(before, list(self.mask.locked))
        assert np.array_equal(self.mask.labels[locked], before[locked])
        if kept:
            self._keep(stroke.end(), before)
        else:
            stroke.cancel()
            assert np.array_equal(self.mask.labels, before)

    @rule(index=st.integers(0, 4), at=st.tuples(st.integers(0, 139), st.integers(0, 299)), value=st.integers(0, 3))
    def fill(self, index: int, at: tuple[int, int], value: int) -> None:
        before = self.mask.labels.copy()
        self._keep(self.mask.fill("Fill", "axial", index, at, value), before)

    @rule(locked=st.sets(st.integers(0, 3), max_size=2), over=st.integers(-1, 3))
    def set_rules(self, locked: set[int], over: int) -> None:
        self.mask.locked, self.mask.paint_over = frozenset(locked), over

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        edit, before = self.done.pop()
        after = self.mask.labels.copy()
        box = self.mask.apply(edit.inverse())
        assert np.array_equal(self.mask.labels, before)
        changed = np.argwhere(before != after)
        assert (changed >= box.low).all() and (changed < box.high).all()
        self.undone.append((edit, after))

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        edit, after = self.undone.pop()
        before = self.mask.labels.copy()
        self.mask.apply(edit)
        assert np.array_equal(self.mask.labels, after)
        self.done.append((edit, before))


TestPainting = Painting.TestCase
TestPainting.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


def test_where_a_mask_is_written_is_noted() -> None:
    mask = _mask()
    before = mask.begin("Brush")
    before.line("axial", 1, (5, 5), (5, 5), Brush.round(3), 1)
    touched = mask.watch()
    assert touched.boxes == set(before.boxes) and mask.painting, "a stroke that has begun goes on writing"
    before.line("axial", 1, (5, 200), (5, 200), Brush.round(3), 1)
    assert touched.boxes == set(before.boxes) and len(touched.boxes) == 2
    edit = before.end()
    assert not mask.painting
    again = mask.watch()
    assert not again.boxes
    mask.apply(edit.inverse())
    assert again.boxes == {patch.box for patch in edit.patches}
    box = Box((0, 0, 0), (2, 10, 10))
    mask.become(box, Mask(np.full(SHAPE, 3, np.uint8)))
    assert box in again.boxes and (mask.labels == 3).sum() == 200 and (mask.labels[box.slices] == 3).all()


def test_a_stroke_that_nobody_holds_has_ended() -> None:
    mask = _mask()
    stroke = mask.begin("Brush")
    stroke.line("axial", 1, (5, 5), (5, 5), Brush.round(3), 1)
    assert mask.painting
    del stroke
    assert not mask.painting


@pytest.mark.parametrize("plane", PLANES)
def test_settled_labels_are_those_before_the_stroke(plane: Plane) -> None:
    before = np.random.default_rng(3).integers(0, 4, SHAPE, np.uint8)
    mask = _mask(before.copy())
    stroke = mask.begin("Brush")
    stroke.line(plane, 2, (0, 0), (139, 299), Brush.round(20), 7)
    assert not np.array_equal(mask.labels, before)
    for box in (Box((0, 0, 0), SHAPE), Box((1, 100, 100), (4, 135, 260)), *stroke.boxes):
        assert np.array_equal(mask.settled(box), before[box.slices])
    stroke.end()
    assert np.array_equal(mask.settled(Box((0, 0, 0), SHAPE)), mask.labels)


def test_a_watch_knows_the_strokes_that_stand() -> None:
    mask = Mask(np.zeros((1, 50, 50), np.uint8))
    watch = mask.watch()

    def stroke(at: int) -> Stroke:
        made = mask.begin("Brush")
        made.line("axial", 0, (at, at), (at, at), Brush.round(2), 1)
        return made

    kept = stroke(5).end()
    stroke(25).cancel()
    refused = stroke(45).end()
    assert watch.strokes == [kept, refused]
    assert mask.revert(refused) == refused.box
    assert watch.strokes == [kept] and mask.labels[0, 5, 5] == 1 and not mask.labels[0, 20:, 20:].any()


def test_fill_of_what_nothing_encloses_is_refused_on_request() -> None:
    mask = Mask(np.zeros((1, 20, 20), np.uint8))
    mask.labels[0, 5:10, 5:10] = 1
    mask.labels[0, 6:9, 6:9] = 0
    with pytest.raises(EngineError, match="not closed"):
        mask.fill("Fill", "axial", 0, (0, 0), 2, enclosed=True)
    assert not (mask.labels == 2).any()
    assert mask.fill("Fill", "axial", 0, (7, 7), 2, enclosed=True).gained()[[0, 1, 2]].tolist() == [-9, 0, 9]
    assert not mask.fill("Fill", "axial", 0, (0, 0), 0, enclosed=True).gained().any()
    assert mask.fill("Fill", "axial", 0, (0, 0), 2).gained()[2] == 400 - 25, "without the request it is poured out"


@pytest.mark.parametrize("plane", PLANES)
def test_a_polygon_cuts_through_all_slices_of_its_plane(plane: Plane) -> None:
    rng = np.random.default_rng(2)
    labels = rng.integers(0, 3, (6, 30, 40)).astype(np.uint8)
    mask = Mask(labels.copy())
    mask.locked = frozenset({2})
    points = [(1.0, 2.0), (1.0, 4.0), (4.0, 4.0), (4.0, 2.0)]
    expected = Mask(labels.copy())
    expected.locked = mask.locked
    for index in range(labels.shape[axes(plane)[0]]):
        expected.polygon("Polygon", plane, index, points, 0)
    edit = mask.cut_through("Cut", plane, *inside(points, mask.slice(plane, 0).shape))
    assert np.array_equal(mask.labels, expected.labels) and not np.array_equal(mask.labels, labels)
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, labels)
    assert mask.cut_through("Cut", plane, (-9, -9), np.ones((6, 6), bool)).empty


@pytest.mark.parametrize("plane", PLANES)
def test_a_ball_is_an_ellipsoid_swept_along_the_slice(plane: Plane) -> None:
    mask = Mask(np.zeros((20, 24, 28), np.uint8))
    start, end, radius = (9.0, 8.0), (11.0, 14.0), np.array([3.3, 4.2, 2.6])  # through, down, across
    stroke = mask.begin("Ball")
    box = stroke.ball(plane, 9, start, end, Brush((radius[1], radius[2])), radius[0], 2)
    edit = stroke.end()
    shown = mask.labels.transpose(axes(plane))
    places = np.indices(shown.shape).transpose(1, 2, 3, 0) / radius
    one, two = np.array([9, *start]) / radius, np.array([9, *end]) / radius
    along = np.clip((places - one) @ (two - one) / ((two - one) @ (two - one)), 0, 1)
    far = np.linalg.norm(places - one - along[..., None] * (two - one), axis=-1)
    assert (shown[far < 1] == 2).all() and not shown[far > 1].any()
    assert (
        np.array_equal(mask.labels[box.slices] == 2, (mask.labels == 2)[box.slices]) and edit.box.union(box) == edit.box
    )
    mask.apply(edit.inverse())
    assert not mask.labels.any()


def test_a_stroke_through_all_slices_touches_those_alone_that_hold_something() -> None:
    mask = Mask(np.zeros((5, 300, 300), np.uint8))
    mask.labels[[1, 3], 100:120, 100:120] = 4
    stroke = mask.begin("Eraser")
    stroke.line_through("axial", (110.0, 80.0), (110.0, 140.0), Brush.round(3), 0)
    edit = stroke.end()
    assert {patch.box.low[0] for patch in edit.patches} == {1, 3} and not mask.labels[:, 110].any()
    assert mask.labels[1, 101, 110] == 4


def test_what_was_reverted_is_done_once_more_by_todays_rules() -> None:
    mask = Mask(np.zeros((3, 20, 20), np.uint8))
    stroke = mask.begin("Ball")
    stroke.ball("axial", 1, (10.0, 10.0), (10.0, 12.0), Brush.round(4), 2.0, 1)
    edit = stroke.end()
    wanted = mask.labels.copy()
    mask.revert(edit)
    mask.labels[1, 10, 10], mask.locked = 5, frozenset({5})
    again = mask.repeat(edit)
    wanted[1, 10, 10] = 5
    assert np.array_equal(mask.labels, wanted) and again.name == "Ball"


def test_a_wall_is_painted_around_other_classes() -> None:
    mask = Mask(np.zeros((2, 12, 12), np.uint8))
    mask.polygon("inner", "axial", 1, [(4, 4), (4, 7), (7, 7), (7, 4)], 2)
    edit = mask.polygon("wall", "axial", 1, [(2, 2), (2, 9), (9, 9), (9, 2)], 1, around=True)
    assert np.count_nonzero(mask.labels == 2) == 16 and np.count_nonzero(mask.labels == 1) == 64 - 16
    mask.apply(edit.inverse())
    assert np.count_nonzero(mask.labels) == 16
    whole = mask.region("over", "axial", 1, ((2, 2), np.ones((8, 8), bool)), 1)
    assert np.count_nonzero(mask.labels == 1) == 64 and not whole.empty
