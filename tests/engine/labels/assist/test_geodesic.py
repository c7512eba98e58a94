"""Geodesic distances against Dijkstra's of SciPy."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from engine.labels.assist.geodesic import FAR, edge_cost, geodesic_distances, nearest_labels


def exact(cost: NDArray[np.float32], seeds: NDArray[np.bool_], spacing: tuple[float, ...]) -> NDArray[np.float64]:
    """By a graph of all neighbours that differ along one or two axes."""
    number = np.arange(cost.size).reshape(cost.shape)
    rows, columns, lengths = [], [], []
    for at in np.ndindex(cost.shape):
        for shift in product((-1, 0, 1), repeat=cost.ndim):
            to = tuple(a + s for a, s in zip(at, shift, strict=True))
            if 0 < sum(map(abs, shift)) <= 2 and all(0 <= t < n for t, n in zip(to, cost.shape, strict=True)):
                rows.append(number[at])
                columns.append(number[to])
                way = np.sqrt(sum((s * unit) ** 2 for s, unit in zip(shift, spacing, strict=True)))
                lengths.append((float(cost[at]) + float(cost[to])) / 2 * way)
    graph = coo_array((lengths, (rows, columns)), shape=(cost.size, cost.size)).tocsr()
    found = dijkstra(graph, indices=np.flatnonzero(seeds), min_only=True)
    return np.asarray(found).reshape(cost.shape)


COSTS = arrays.arrays(np.float32, st.sampled_from([(6, 7), (1, 9), (3, 4, 5)]), elements=st.floats(0.0625, 1, width=32))


@settings(max_examples=25, deadline=None)
@given(COSTS, st.data())
def test_distances_are_those_of_dijkstra(cost: NDArray[np.float32], data: st.DataObject) -> None:
    spacing = tuple(data.draw(st.sampled_from([1.0, 2.5])) for _ in cost.shape)
    seeds = np.zeros(cost.shape, bool)
    for at in data.draw(st.lists(st.integers(0, cost.size - 1), min_size=1, max_size=3)):
        seeds.flat[at] = True
    found = geodesic_distances(cost, seeds, spacing)
    assert found == pytest.approx(exact(cost, seeds, spacing), rel=1e-4, abs=1e-4)


def test_sets_of_seeds_at_once_are_as_each_alone() -> None:
    cost = np.random.default_rng(2).uniform(0.1, 1, (8, 9)).astype(np.float32)
    seeds = np.zeros((2, 8, 9), bool)
    seeds[0, 1, 1] = seeds[1, 6, 7] = True
    both = geodesic_distances(cost, seeds)
    assert np.array_equal(both[0], geodesic_distances(cost, seeds[0]))
    assert np.array_equal(both[1], geodesic_distances(cost, seeds[1]))


def test_without_a_seed_all_is_far_and_nothing_has_a_label() -> None:
    cost = np.ones((4, 5), np.float32)
    assert (geodesic_distances(cost, np.zeros((4, 5), bool)) == FAR).all()
    assert not nearest_labels(cost, np.zeros((4, 5), np.uint8)).any()


def test_labels_meet_at_the_edge_not_half_way() -> None:
    cost = np.full((9, 30), 0.01, np.float32)
    cost[:, 20] = 1.0
    seeds = np.zeros((9, 30), np.uint8)
    seeds[4, 1], seeds[4, 28] = 1, 2
    grown = nearest_labels(cost, seeds)
    assert (grown[:, :20] == 1).all() and (grown[:, 21:] == 2).all()


def test_noise_costs_nothing_where_it_shall_not() -> None:
    values = np.random.default_rng(3).normal(100, 3, (40, 40))
    values[:, 20:] += 60
    quiet = edge_cost(values, above_noise=True)
    assert np.median(quiet[:, :15]) < np.median(edge_cost(values)[:, :15]) / 2
    assert quiet[:, 19:21].min() > 0.8
