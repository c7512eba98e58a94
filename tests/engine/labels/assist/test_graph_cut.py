"""The graph cut on structures that are known."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.assist.crop import Click, DisplayedSlice, ProposedRegion, Rect
from engine.labels.assist.graph_cut import GraphCut, log_ratio, minimum_cut
from engine.labels.shapes import Region

SIZE = 160
DOWN, ACROSS = np.mgrid[:SIZE, :SIZE]
ORGAN: Region = ((DOWN - 80) / 40) ** 2 + ((ACROSS - 75) / 28) ** 2 < 1
BOX = Rect(38, 45, 122, 105)


def dice(one: Region, two: Region) -> float:
    return float(2 * np.count_nonzero(one & two) / (np.count_nonzero(one) + np.count_nonzero(two)))


def scan(organ: Region = ORGAN, noise: float = 12, contrast: float = 40) -> DisplayedSlice:
    values = 100 + contrast * organ + np.random.default_rng(0).normal(0, noise, organ.shape)
    return np.clip(values, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("dark", [False, True])
def test_a_box_is_enough_for_an_organ_in_noise(dark: bool) -> None:
    proposal = GraphCut(scan(contrast=-40 if dark else 40), BOX).propose()
    assert dice(proposal.on(ORGAN.shape), ORGAN) > 0.97


def test_colour_tells_what_grey_does_not() -> None:
    picture = np.full((SIZE, SIZE, 3), (150, 100, 100), np.uint8)
    picture[ORGAN] = (100, 128, 100)  # of nearly the same luminance
    assert dice(GraphCut(picture, BOX).propose().on(ORGAN.shape), ORGAN) > 0.97


def test_clicks_take_away_and_add_and_undo_finds_the_answer_before() -> None:
    lobe: Region = (DOWN - 50) ** 2 + (ACROSS - 88) ** 2 < 14**2
    cut = GraphCut(scan(ORGAN | lobe), Rect(30, 45, 122, 108))
    first = cut.propose()
    assert first.on(ORGAN.shape)[42, 92]  # the lobe is of the organ's grey
    less = cut.propose((Click((42.0, 92.0), adds=False),)).on(ORGAN.shape)
    assert not less[42, 92] and less[80, 75]
    more = cut.propose((Click((42.0, 92.0), adds=False), Click((42.0, 92.0)))).on(ORGAN.shape)
    assert more[42, 92]
    assert np.array_equal(cut.propose().on(ORGAN.shape), first.on(ORGAN.shape))


def test_a_click_outside_of_the_box_makes_it_larger() -> None:
    small = Rect(38, 45, 90, 105)  # the lower part was forgotten
    cut = GraphCut(scan(noise=4), small)
    assert not cut.propose().on(ORGAN.shape)[112, 75]
    found = cut.propose((Click((112.0, 75.0)),)).on(ORGAN.shape)
    assert found[112, 75] and dice(found, ORGAN) > 0.9


def test_it_begins_from_a_given_region_and_corrects_that() -> None:
    start = ORGAN.copy()
    start[:60] = False
    cut = GraphCut(scan(noise=4), BOX, ProposedRegion.of(start))
    assert np.array_equal(cut.propose().on(ORGAN.shape), start)
    found = cut.propose((Click((52.0, 75.0)),)).on(ORGAN.shape)
    assert found[52, 75] and dice(found, ORGAN) > dice(start, ORGAN)


def test_a_click_on_one_of_two_parts_keeps_the_other() -> None:
    one, two = ((DOWN - 80) ** 2 + (ACROSS - at) ** 2 < 16**2 for at in (45, 115))
    start = (one | two) & (DOWN < 88)
    cut = GraphCut(scan(one | two, noise=4), Rect(55, 20, 105, 140), ProposedRegion.of(start))
    corrected = cut.propose((Click((92.0, 45.0)),)).on(ORGAN.shape)
    assert dice(corrected & (ACROSS < 80), one) > dice(start & one, one) and dice(corrected & two, two) > 0.8


def test_a_click_corrects_what_it_began_from_there_alone() -> None:
    unseen = ACROSS < 70  # the left half of the structure looks like what is around it
    start = ORGAN & ~((DOWN > 90) & (ACROSS > 80))
    cut = GraphCut(scan(ORGAN & ~unseen), BOX, ProposedRegion.of(start))
    corrected = cut.propose((Click((100.0, 88.0)),)).on(ORGAN.shape)
    assert dice(corrected & unseen, ORGAN & unseen) > 0.97, "where nobody clicked it stays"
    assert dice(corrected & ~unseen, ORGAN & ~unseen) > dice(start & ~unseen, ORGAN & ~unseen) + 0.03


def test_a_large_structure_is_cut_in_a_smaller_crop() -> None:
    large = np.kron(scan(noise=4), np.ones((5, 5), np.uint8))
    truth = np.kron(ORGAN, np.ones((5, 5), bool))
    found = GraphCut(large, Rect(*(5 * edge for edge in (38, 45, 122, 105)))).propose()
    assert dice(found.on(large.shape), truth) > 0.97


@pytest.mark.parametrize("box", [Rect(5, 5, 7, 40), Rect(-40, -40, -2, -2)])
def test_a_box_that_holds_nothing_is_refused_in_words(box: Rect) -> None:
    with pytest.raises(EngineError, match="too small"):
        GraphCut(scan(), box)


def test_a_flat_picture_proposes_something_or_nothing_but_never_fails() -> None:
    flat = np.full((SIZE, SIZE), 90, np.uint8)
    proposal = GraphCut(flat, BOX).propose((Click((80.0, 75.0)), Click((80.0, 75.0), adds=False)))
    assert not proposal.on(flat.shape)[:38].any()


def cost_of(
    region: Region, likely: NDArray[np.float64], across: NDArray[np.float64], down: NDArray[np.float64]
) -> float:
    unlikely = np.where(region, -np.minimum(likely, 0), np.maximum(likely, 0)).sum()
    cuts = (across * (region[:, 1:] != region[:, :-1])).sum() + (down * (region[1:] != region[:-1])).sum()
    return float(unlikely + cuts)


NUMBERS = st.floats(-4, 4, width=16)


@settings(max_examples=30, deadline=None)
@given(
    arrays.arrays(np.float64, (3, 3), elements=NUMBERS),
    arrays.arrays(np.float64, (3, 2), elements=st.floats(0, 3, width=16)),
    arrays.arrays(np.float64, (2, 3), elements=st.floats(0, 3, width=16)),
    st.lists(st.integers(0, 8), max_size=2),
    st.lists(st.integers(0, 8), max_size=2),
)
def test_no_other_region_costs_less(
    likely: NDArray[np.float64],
    across: NDArray[np.float64],
    down: NDArray[np.float64],
    inside: list[int],
    outside: list[int],
) -> None:
    yes, no = np.zeros((3, 3), bool), np.zeros((3, 3), bool)
    yes.flat[inside] = True
    no.flat[[at for at in outside if at not in inside]] = True
    free = [at for at in range(9) if not yes.flat[at] and not no.flat[at]]
    best = np.inf
    for chosen in product((False, True), repeat=len(free)):
        region = yes.copy()
        region.flat[free] = chosen
        best = min(best, cost_of(region, likely, across, down))
    found = minimum_cut(likely, (across, down), yes, no)
    assert (found[yes]).all() and not found[no].any()
    assert cost_of(found, likely, across, down) == pytest.approx(best, abs=0.2)  # the flow counts in 200ths


def test_the_ratio_favours_what_is_seen_inside() -> None:
    values = np.zeros((4, 4), np.uint8)
    values[:2] = 200
    inside = values > 100
    ratio = log_ratio(values, inside, ~inside)
    assert (ratio[:2] > 0).all() and (ratio[2:] < 0).all()
