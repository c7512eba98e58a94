"""The cases shown are the telling ones, each once, of as many classes as there are."""

import numpy as np
import pytest

from engine.scoring.cases import choose_cases, kind_of

SHARES = np.array(
    [
        [0.99, 0.01],  # 0: surely right
        [0.97, 0.03],  # 1: right, surer than 4
        [0.02, 0.98],  # 2: surely wrong
        [0.51, 0.49],  # 3: unsure
        [0.05, 0.95],  # 4: surely right, the other class
        [0.40, 0.60],  # 5: rather unsure
    ]
)
TRUTH = np.array([0, 0, 0, 0, 1, 1])


def test_one_of_each_kind_then_the_rest_in_turn() -> None:
    assert choose_cases(SHARES, TRUTH, 3) == [(0, "right"), (2, "wrong"), (3, "unsure")]
    # no second wrong one exists; the second right one is of the other class
    assert choose_cases(SHARES, TRUTH, 5) == [
        (0, "right"),
        (4, "right"),
        (2, "wrong"),
        (3, "unsure"),
        (5, "unsure"),
    ]


def test_no_image_twice_and_never_more_than_there_are() -> None:
    found = choose_cases(SHARES, TRUTH, 100)
    assert sorted(index for index, _ in found) == [0, 1, 2, 3, 4, 5]


def test_nothing_wrong_means_no_wrong_case() -> None:
    assert choose_cases(SHARES[[0, 1, 4]], TRUTH[[0, 1, 4]], 3) == [(0, "right"), (1, "right"), (2, "unsure")]


def test_unknown_truth_is_left_out() -> None:
    assert choose_cases(SHARES, [-1, -1, -1, -1, 1, -1], 4) == [(4, "right")]


def test_edges() -> None:
    assert choose_cases(np.zeros((0, 2)), [], 4) == []
    assert choose_cases(SHARES, TRUTH, 0) == []
    with pytest.raises(ValueError, match="belong together"):
        choose_cases(SHARES, TRUTH[:2])


def test_an_answer_that_is_no_number_is_no_case() -> None:
    probabilities = np.array([[np.nan, np.nan], [0.2, 0.8]])
    assert choose_cases(probabilities, [0, 1]) == [(1, "right")]


def test_the_kind_of_a_case_is_that_of_the_answer_of_each_network() -> None:
    assert kind_of(np.array([0.7, 0.2, 0.1]), 0) == "right" and kind_of(np.array([0.7, 0.2, 0.1]), 1) == "wrong"
    assert kind_of(np.array([0.45, 0.3, 0.25]), 0) == "unsure" and kind_of(np.array([0.9, 0.1]), None) == ""
