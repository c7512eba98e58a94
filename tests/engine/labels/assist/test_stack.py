"""An outline carried through slices on which it moves, changes and ends."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.assist.crop import NOTHING, DisplayedSlice, ProposedRegion
from engine.labels.assist.stack import carry, moved
from engine.labels.shapes import Region

COUNT, SIZE = 15, 90
DOWN, ACROSS = np.mgrid[:SIZE, :SIZE]


def organ(index: int) -> Region:
    """It wanders aslant, grows towards the middle of the stack, and is there on slices 2 to 12."""
    if not 2 <= index <= 12:
        return np.zeros((SIZE, SIZE), bool)
    size = 14 + 6 * np.sin(np.pi * index / (COUNT - 1))
    return np.asarray((DOWN - 40 - index) ** 2 + (ACROSS - 35 - 1.5 * index) ** 2 < size**2)


TRUTH = np.stack([organ(index) for index in range(COUNT)])


def scan(*, color: bool = False) -> DisplayedSlice:
    noise = np.random.default_rng(1).normal(0, 8, TRUTH.shape)
    shown = np.clip(90 + 60 * TRUTH + noise, 0, 255).astype(np.uint8)
    return np.repeat(shown[..., None], 3, axis=-1) if color else shown


def key(index: int) -> ProposedRegion:
    return ProposedRegion.of(TRUTH[index])


def carried(shown: DisplayedSlice, keys: dict[int, ProposedRegion]) -> dict[int, Region]:
    found = [(index, region.on(shown.shape[1:3])) for index, region in carry(lambda at: shown[at], len(shown), keys)]
    assert len({index for index, _ in found}) == len(found) and not {index for index, _ in found} & set(keys)
    return dict(found)


def dice(one: Region, two: Region) -> float:
    return 2 * int(np.count_nonzero(one & two)) / max(int(np.count_nonzero(one)) + int(np.count_nonzero(two)), 1)


@pytest.mark.parametrize("color", [False, True])
def test_one_slice_is_enough_where_the_structure_is_seen(color: bool) -> None:
    found = carried(scan(color=color), {7: key(7)})
    assert set(range(2, 13)) - {7} <= set(found)
    assert min(dice(found[index], TRUTH[index]) for index in range(2, 13) if index != 7) > 0.9
    copies = np.mean([dice(TRUTH[7], TRUTH[index]) for index in range(2, 13)])
    assert np.mean([dice(found[index], TRUTH[index]) for index in range(2, 13) if index != 7]) > copies + 0.1


def test_it_stops_where_the_structure_ends_or_a_person_says_so() -> None:
    ends = carried(scan(), {7: key(7), 5: NOTHING, 10: NOTHING})
    assert set(ends) == {6, 8, 9}
    shown = scan()
    shown[11:] = 90  # nothing is there any more
    assert not carried(shown, {7: key(7)}).keys() & set(range(13, COUNT))


def test_slices_between_two_keys_are_filled_from_both() -> None:
    found = carried(scan(), {3: key(3), 8: key(8), 9: key(9), 13: NOTHING})
    assert set(found) >= {2, 4, 5, 6, 7, 10, 11, 12} and 14 not in found
    assert min(dice(found[index], TRUTH[index]) for index in (4, 5, 6, 7)) > 0.93


def test_a_correction_is_carried_on_from_its_own_slice() -> None:
    smaller = TRUTH[9] & (ACROSS < 45)
    found = carried(scan(), {7: key(7), 9: ProposedRegion.of(smaller)})
    assert np.count_nonzero(found[10]) < 0.8 * np.count_nonzero(TRUTH[10])
    assert dice(found[6], TRUTH[6]) > 0.93


def test_a_structure_at_the_border_of_the_slice_stays_within_it() -> None:
    shown = np.full((3, 40, 40), 60, np.uint8)
    shown[:, :20, :20] = 180
    corner = np.zeros((40, 40), bool)
    corner[:20, :20] = True
    found = carried(shown, {1: ProposedRegion.of(corner)})
    assert all(dice(found[index], corner) > 0.97 for index in (0, 2))


def test_nothing_to_carry_is_said() -> None:
    with pytest.raises(EngineError, match="Outline the structure on one slice first"):
        list(carry(lambda at: scan()[at], COUNT, {3: NOTHING}))
    with pytest.raises(EngineError, match="No slice is left"):
        list(carry(lambda at: scan()[at], 1, {0: key(7)}))


def test_where_nothing_is_seen_a_region_stays_where_it_was() -> None:
    flat = np.full((SIZE, SIZE), 0.5, np.float32)
    assert dice(moved(TRUTH[7], flat, flat), TRUTH[7]) > 0.97
